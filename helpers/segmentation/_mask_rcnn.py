"""Mask R-CNN: the two-stage detector, and a third head that draws each object."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers._validation import as_number
from helpers.data.labelled_images import FASHION_CLASSES
from helpers.detection._backbone import normalized
from helpers.detection._detector import THRESHOLDS, chosen, everything_found
from helpers.detection._images import as_scene_images
from helpers.detection._tensors import align_regions, mean_over
from helpers.detection._two_stage import MAPS, STRIDE, two_stage
from helpers.metrics import mean_average_precision
from helpers.training._scene_changes import seed_of

REGION = 14  # cells across a region, for the mask head
MASK = 2 * REGION  # cells across a mask
JITTER = 0.1  # of a box's sides, in training


class MaskRcnn:
    """A detector whose objects come with masks; `mask_rcnn` builds one.

    Attributes
    ----------
    detector : TwoStage
        Where and what the objects are. It is not trained here.
    network : keras.Model
        The mask head: from regions of the detector's map, ``[regions, 14, 14, maps]``,
        to logits ``[regions, 28, 28, classes]``.
    """

    def __init__(self, detector, network):
        self.detector, self.network = detector, network
        self.class_names = detector.class_names
        self._run = tf.function(detector.candidates_and_map, autograph=False)
        self._features = tf.function(
            lambda images: detector.first(images, training=False)[0], autograph=False
        )

    def batch(self, scenes):
        """Return images, boxes near the objects, their labels and their masks.

        Objects are filled up to the most that a scene holds; those have the label -1.
        """
        rng = np.random.default_rng(seed_of(scenes))
        count, most = len(scenes.images), max(1, *map(len, scenes.boxes))
        boxes = np.tile(np.float32([0, 0, 1, 1]), (count, most, 1))
        labels = np.full((count, most), -1, np.int32)
        for n, (own, names) in enumerate(zip(scenes.boxes, scenes.labels, strict=True)):
            boxes[n, : len(own)] = _moved(own, scenes.images.shape[1:3], rng)
            labels[n, : len(own)] = names
        return scenes.images, boxes, labels, scenes.masks

    def loss(self, images, boxes, labels, masks):
        """Return the error of the pixels of each object's own class."""
        logits = self._masks(images, boxes, training=True)
        labels = tf.reshape(labels, (-1,))
        own = tf.gather(logits, tf.maximum(labels, 0), axis=3, batch_dims=1)
        wanted = mask_targets(masks, boxes)
        wrong = tf.nn.sigmoid_cross_entropy_with_logits(wanted, own)
        there = tf.cast(labels >= 0, tf.float32)
        return {"masks": mean_over(tf.reduce_mean(wrong, axis=(1, 2)), there)}

    def _masks(self, images, boxes, training):
        regions = align_regions(self._features(images), boxes / STRIDE, REGION)
        return self.network(regions, training=training)

    def detect(self, images, score_threshold=0.5, iou_threshold=0.5, max_boxes=None):
        """Return what is in each image, with a mask for each object.

        Parameters and errors are those of `helpers.detection.Detector.detect`.

        Returns
        -------
        list of dict
            For each image ``boxes``, ``scores``, ``labels``, and ``masks``, bool ``[n,
            height, width]``.
        """
        as_number("detect", "score_threshold", score_threshold, 0, 1)
        images = as_scene_images("detect", images, self.detector.stride)
        image_size, found = images.shape[1:3], []
        for boxes, scores, maps in zip(*self._run(tf.constant(images)), strict=True):
            limits = score_threshold, iou_threshold, max_boxes
            one = chosen(boxes.numpy(), scores.numpy(), image_size, *limits)
            shares = self._shares(maps, one["boxes"], one["labels"])
            found.append(one | {"masks": pasted(shares, one["boxes"], image_size)})
        return found

    def _shares(self, maps, boxes, labels):
        """Return how likely each cell of each box belongs to its object."""
        if not len(boxes):  # TensorFlow convolves no empty batch
            return np.empty((0, MASK, MASK), np.float32)
        boxes = tf.constant(boxes[np.newaxis] / STRIDE)
        regions = align_regions(maps[tf.newaxis], boxes, REGION)
        logits = self.network(regions, training=False)
        own_class = tf.gather(logits, labels, axis=3, batch_dims=1)
        return tf.sigmoid(own_class).numpy()

    def evaluate(self, scenes):
        """Return the mean average precision of the masks, and of the boxes.

        Returns
        -------
        dict
            ``mask_map_50`` and ``mask_map``, COCO's mean over 0.5, 0.55, … 0.95, with
            the overlaps of masks; ``map_50`` and ``map`` with those of boxes.
        """
        found = everything_found(self, scenes)
        truths = [
            {"boxes": boxes, "labels": labels, "masks": instance_masks(mask)}
            for boxes, labels, mask in zip(
                scenes.boxes, scenes.labels, scenes.masks, strict=True
            )
        ]
        figures = {}
        for prefix, overlap in (("mask_", "masks"), ("", "boxes")):
            answer = mean_average_precision(found, truths, THRESHOLDS, overlap=overlap)
            figures[f"{prefix}map_50"] = answer.per_threshold[0.5]
            figures[f"{prefix}map"] = answer.map
        return figures


def instance_masks(numbers):
    """Return a mask for each object, bool ``[objects, height, width]``.

    Used in Chapter 15.

    Parameters
    ----------
    numbers : ndarray of int, shape (height, width)
        The number of the object whose pixel it is, from 1; 0 for none.
    """
    return numbers == np.arange(1, numbers.max() + 1)[:, np.newaxis, np.newaxis]


def mask_targets(numbers, boxes):
    """Return what a mask head should say in each box about its object.

    Used in Chapter 15.

    Parameters
    ----------
    numbers : tensor of int, shape (batch, height, width)
        The number of the object whose pixel it is, from 1.
    boxes : tensor of float32, shape (batch, objects, 4)
        One for each object, in the order of the numbers, in pixels.

    Returns
    -------
    tensor of float32, shape (batch * objects, 28, 28)
        1 for cells of which the object covers a half or more, else 0.
    """
    count = tf.shape(boxes)[1]
    covered = tf.one_hot(tf.cast(numbers, tf.int32) - 1, count)
    cells = align_regions(covered, boxes, MASK)
    own = tf.tile(tf.range(count), [tf.shape(boxes)[0]])
    return tf.cast(tf.gather(cells, own, axis=3, batch_dims=1) >= 0.5, tf.float32)


def pasted(shares, boxes, image_size):
    """Return masks in an image's size; used in Chapter 15.

    Parameters
    ----------
    shares : ndarray, shape (objects, cells, cells)
        How likely each cell of each box belongs to its object.
    boxes : ndarray, shape (objects, 4)
        In pixels.
    image_size : (int, int)
        Height and width.

    Returns
    -------
    ndarray of bool, shape (objects, height, width)
        Pixels at whose centre the shares, interpolated, are a half or more.
    """
    masks = np.zeros((len(boxes), *image_size), bool)
    for mask, share, (x_min, y_min, x_max, y_max) in zip(
        masks, shares, boxes, strict=True
    ):
        rows, down = _between_cells(y_min, y_max, image_size[0], len(share))
        columns, across = _between_cells(x_min, x_max, image_size[1], len(share))
        mask[rows, columns] = down @ share @ across.T >= 0.5
    return masks


def _between_cells(low, high, size, cells):
    """Return the pixels of a side, and how much each takes from each cell."""
    pixels = np.arange(max(0, round(float(low))), min(size, round(float(high))))
    places = (pixels + 0.5 - low) / max(high - low, 1e-6) * cells - 0.5
    places = np.clip(places, 0, cells - 1)
    near = 1 - np.abs(places[:, np.newaxis] - np.arange(cells))
    return slice(pixels[0], pixels[-1] + 1) if len(pixels) else slice(0), near.clip(0)


def _moved(boxes, image_size, rng):
    """Return boxes whose sides moved a little, as a detector's would be."""
    height, width = image_size
    sides = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    moved = boxes + rng.normal(0, JITTER / 2, boxes.shape) * sides
    moved = np.clip(moved, 0, [width, height] * 2)
    low = np.minimum(moved[:, :2], [width - 1, height - 1])
    return np.concatenate([low, np.maximum(moved[:, 2:], low + 1)], axis=1)


def mask_rcnn(class_names=FASHION_CLASSES, trained=None):
    """Build a small Mask R-CNN on a two-stage detector; used in Chapter 15.

    Unlike in the paper, the heads are trained one after the other: the masks' last, on
    the finished detector's map.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes to tell apart.
    trained : TwoStage, optional
        The detector to build on; otherwise a new one, which finds nothing.

    Returns
    -------
    MaskRcnn

    References
    ----------
    He, Gkioxari, Dollár, Girshick: "Mask R-CNN", ICCV 2017, section 3.

    Examples
    --------
    >>> from helpers.segmentation import mask_rcnn
    >>> mask_rcnn().network.output_shape
    (None, 28, 28, 10)
    """
    regions = keras.Input((REGION, REGION, MAPS), name="regions")
    maps = regions
    for _ in range(3):
        maps = normalized(maps, MAPS)
    maps = layers.Conv2DTranspose(MAPS, 2, strides=2, activation="relu")(maps)
    logits = layers.Conv2D(len(class_names), 1, dtype="float32")(maps)
    network = keras.Model(regions, logits, name="mask_head")
    return MaskRcnn(trained or two_stage(class_names), network)
