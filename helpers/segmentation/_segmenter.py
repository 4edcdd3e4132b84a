"""What the networks that give each pixel a class have in common."""

from functools import partial

import numpy as np
import tensorflow as tf

from helpers.detection._images import as_scene_images
from helpers.metrics import mean_iou
from helpers.segmentation._losses import cross_entropy, dice_loss

AT_ONCE = 25  # images that a network gets together: more take more memory


class Segmenter:
    """A network that gives each pixel a class.

    Parameters
    ----------
    network : keras.Model
        From images ``[batch, height, width, channels]`` in 0..1 to logits ``[batch,
        height, width, classes]``.
    class_names : sequence of str
        The classes, the background first.
    stride : int
        What must divide the sides of the images that the network gets; others are
        filled up with zeros, and the answer is cropped.
    """

    def __init__(self, network, class_names, stride):
        self.network = network
        self.class_names = tuple(class_names)
        self.stride = stride
        # Of any size from the start: to trace each anew takes time, and warns.
        images = tf.TensorSpec([None, None, None, network.input_shape[-1]], tf.float32)
        self._run = {
            flip: tf.function(partial(self._classes, flip=flip), [images], False)
            for flip in (False, True)
        }

    def batch(self, scenes):
        """Return images and the class of each pixel, to learn from.

        Raises
        ------
        ValueError
            If the stride does not divide the sides of the images, or a class is not
            one of the segmenter's.
        """
        height, width = scenes.images.shape[1:3]
        if height % self.stride or width % self.stride:
            raise ValueError(
                f"batch: images to learn from must have sides that {self.stride} "
                f"divides, got {height}×{width}; resize them, or cut tiles out of them"
            )
        return scenes.images, self._known_truth("batch", scenes)

    def truth(self, scenes):
        """Return the class of each pixel of scenes."""
        return class_maps(scenes)

    def _known_truth(self, function, scenes):
        truth = self.truth(scenes)
        if truth.max() >= len(self.class_names):
            raise ValueError(
                f"{function}: scenes hold the class {truth.max()}, the segmenter knows "
                f"0 to {len(self.class_names) - 1}"
            )
        return truth

    def loss(self, images, labels):
        """Return the cross-entropy of the pixels, and the Dice loss of the classes."""
        return losses(labels, self.network(images, training=True))

    def _classes(self, images, flip):
        logits = self.network(images, training=False)
        if flip:
            mirrored = self.network(images[:, :, ::-1], training=False)[:, :, ::-1]
            logits = tf.nn.softmax(logits) + tf.nn.softmax(mirrored)
        return tf.argmax(logits, axis=-1)

    def segment(self, images, flip=False):
        """Return the class of each pixel.

        Parameters
        ----------
        images : array_like
            ``[batch, height, width, channels]``, uint8 or floats from 0 to 1, of any
            size.
        flip : bool, optional
            Average the answers to each image and to its mirror image.

        Returns
        -------
        ndarray of int64, shape (batch, height, width)

        Raises
        ------
        TypeError, ValueError
            If they are no such images.
        """
        return self._in_parts(self._run[bool(flip)], images)

    def _in_parts(self, run, images):
        """Return what a function gives for images, some at a time, in their size."""
        channels = self.network.input_shape[-1]
        images = as_scene_images("segment", images, channels=channels)
        height, width = images.shape[1:3]
        whole = filled_up(images, self.stride)
        found = [
            run(tf.constant(whole[n : n + AT_ONCE])).numpy()
            for n in range(0, max(1, len(whole)), AT_ONCE)
        ]
        return np.concatenate(found)[..., :height, :width]

    def evaluate(self, scenes, flip=False):
        """Return the mean intersection over union over scenes; `flip` as in `segment`.

        Returns
        -------
        dict
            ``mean_iou``, over all pixels of all scenes.

        Raises
        ------
        ValueError
            If a class is not one of the segmenter's.
        """
        truth = self._known_truth("evaluate", scenes)
        return self._figures(truth, self.segment(scenes.images, flip))

    def _figures(self, truth, found):
        return {"mean_iou": mean_iou(truth, found, len(self.class_names))}


def losses(labels, logits):
    """Return both losses of a segmentation map, by name."""
    return {
        "pixels": cross_entropy(labels, logits),
        "classes": dice_loss(labels, logits),
    }


def class_maps(scenes):
    """Return the class of each pixel of scenes; used from Chapter 14 on.

    Parameters
    ----------
    scenes : Scenes
        Of `helpers.data.scenes`.

    Returns
    -------
    ndarray of uint8, shape (scenes, height, width)
        0 for the photograph, and 1 more than its label for each item.

    Raises
    ------
    ValueError
        If masks have another size than the images, or hold the number of an item that
        has no label.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.data import scenes
    >>> from helpers.segmentation import class_maps
    >>> some = scenes(1)
    >>> np.unique(class_maps(some)).tolist(), some.labels[0].tolist()
    ([0, 5, 9], [8, 4])
    """
    if scenes.masks.shape != scenes.images.shape[:3]:
        raise ValueError(
            f"class_maps: masks must have the size of the images, "
            f"{scenes.images.shape[:3]}, got {scenes.masks.shape}"
        )
    maps = np.empty(scenes.masks.shape, np.uint8)
    for target, mask, labels in zip(maps, scenes.masks, scenes.labels, strict=True):
        if mask.max() > len(labels):
            raise ValueError(
                f"class_maps: a mask holds item {mask.max()}, of which there is no "
                f"label; labels has {len(labels)}"
            )
        target[:] = np.concatenate([[0], labels + 1]).astype(np.uint8)[mask]
    return maps


def filled_up(images, stride):
    """Return images with zeros at the right and below, so that the stride fits."""
    more = [-side % stride for side in images.shape[1:3]]
    return np.pad(images, [(0, 0), (0, more[0]), (0, more[1]), (0, 0)])
