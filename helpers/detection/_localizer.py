"""A classifier with a second output: what is in the image, and where."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.boxes import convert, iou
from helpers.data.labelled_images import FASHION_CLASSES
from helpers.detection._backbone import backbone, copy_backbone, normalized
from helpers.detection._images import as_scene_images

SIZE = 128
BATCH = 24
BOX_WEIGHT = 20.0  # squares of parts of an image are small beside a cross-entropy
FORMAT = "rel_center_xywh"


class Localizer:
    """A network that says of one object what and where it is; `localizer` builds one.

    Attributes
    ----------
    network : keras.Model
        From images ``[batch, 128, 128, 3]`` in 0..1 to probabilities ``[batch,
        classes]`` and a box ``[batch, 4]``: centre, width and height as parts of the
        image.
    class_names : tuple of str
        The classes that it tells apart.
    """

    def __init__(self, network, class_names):
        self.network = network
        self.class_names = tuple(class_names)

    def batch(self, scenes):
        """Return images that hold one object, its label and its box.

        Always as many, `BATCH`, some of them twice if need be: TensorFlow prepares its
        convolutions for a size of batch, and would do so again for every other.
        """
        images, boxes, labels = (
            each[np.resize(np.arange(len(each)), BATCH)]
            for each in _some_single(scenes, "batch")
        )
        return images, labels, convert(boxes, "xyxy", FORMAT, images.shape[1:3])

    def loss(self, images, labels, boxes):
        """Return the cross-entropy of classes, and the squared error of boxes."""
        classes, found = self.network(images, training=True)
        wrong = keras.losses.sparse_categorical_crossentropy(labels, classes)
        return {
            "classes": tf.reduce_mean(wrong),
            "boxes": BOX_WEIGHT * tf.reduce_mean((found - boxes) ** 2),
        }

    def locate(self, images):
        """Return what is in each image, and where.

        Parameters
        ----------
        images : array_like
            ``[batch, 128, 128, 3]``, uint8 or floats from 0 to 1.

        Returns
        -------
        boxes : ndarray of float32, shape (batch, 4)
            ``[x_min, y_min, x_max, y_max]`` in pixels.
        probabilities : ndarray of float32, shape (batch, classes)

        Raises
        ------
        TypeError, ValueError
            If they are no such images.
        """
        images = as_scene_images("locate", images, size=SIZE)
        probabilities, boxes = self.network(images, training=False)
        boxes = convert(boxes.numpy(), FORMAT, "xyxy", images.shape[1:3])
        return boxes, probabilities.numpy()

    def evaluate(self, scenes):
        """Return how often class and place are right, over scenes with one object.

        Returns
        -------
        dict
            ``images``, how many have one object; ``accuracy`` of the class;
            ``mean_iou`` of the box; ``both``, the part with the right class and an IoU
            of 0.5 or more.

        Raises
        ------
        ValueError
            If no scene holds a single object.
        """
        images, boxes, labels = _some_single(scenes, "evaluate")
        found, probabilities = self.locate(images)
        right = probabilities.argmax(axis=1) == labels
        shared = paired_iou(found, boxes)
        return {
            "images": len(images),
            "accuracy": float(right.mean()),
            "mean_iou": float(shared.mean()),
            "both": float((right & (shared >= 0.5)).mean()),
        }


def single_objects(scenes):
    """Return images, boxes and labels of the scenes that hold one object."""
    single = [n for n, own in enumerate(scenes.boxes) if len(own) == 1]
    boxes = np.array([scenes.boxes[n][0] for n in single], np.float32)
    labels = np.array([scenes.labels[n][0] for n in single], np.int64)
    return scenes.images[single], boxes.reshape(-1, 4), labels


def _some_single(scenes, function):
    found = single_objects(scenes)
    if not len(found[0]):
        raise ValueError(
            f"{function}: no scene holds a single object, of {len(scenes.images)}; "
            "make more"
        )
    return found


def paired_iou(boxes, others):
    """Return the IoU of each box with the one of its own row, [boxes]."""
    return np.diagonal(iou(boxes, others))


def localizer(class_names=FASHION_CLASSES, trained=None):
    """Build a network with an output for the class and one for the box.

    Used in Chapter 11.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes to tell apart.
    trained : Detector, optional
        One whose lower layers are taken over, as in Chapter 10.

    Returns
    -------
    Localizer

    Examples
    --------
    >>> from helpers.detection import localizer
    >>> localizer().network.output_shape
    [(None, 10), (None, 4)]
    """
    images = keras.Input((SIZE, SIZE, 3), name="images")
    body = backbone()
    if trained is not None:
        copy_backbone(trained.network, body)
    *_, maps = body(images)
    maps = normalized(maps, 96)
    # What it is does not depend on where it is; the box does.
    what = layers.GlobalMaxPooling2D()(maps)
    where = layers.Flatten()(normalized(maps, 8, size=1))
    where = layers.Dense(64, activation="relu")(where)
    classes = layers.Dense(len(class_names), activation="softmax", name="classes")
    box = layers.Dense(4, activation="sigmoid", name="box")
    network = keras.Model(images, [classes(what), box(where)], name="localizer")
    return Localizer(network, class_names)
