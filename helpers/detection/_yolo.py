"""A detector that looks once: each cell of a grid answers for the centres in it."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers._validation import as_array, show
from helpers.boxes._anchors import shared_size
from helpers.data.labelled_images import FASHION_CLASSES
from helpers.detection._anchors import anchor_grid, assign
from helpers.detection._backbone import STRIDE, backbone, normalized
from helpers.detection._detector import Detector
from helpers.detection._tensors import MOST_TIMES, mean_over
from helpers.detection._yolo_layout import YoloLayout

# Widths and heights in pixels: k-means over the boxes of 2,000 training scenes.
SCENE_ANCHORS = ((32.2, 18.7), (21.9, 32.3), (32.7, 46.2), (48.9, 31.0), (49.7, 56.7))
BOX_WEIGHT = 2.0
PRIOR_OVERLAP = 0.5  # of an anchor that is not the best, and is left out


def yolo_boxes(places, sizes, anchors, stride):
    """Return the boxes that a grid of cells proposes; derived in Chapter 13.

    The centre stays in its cell, since a logistic function says where in it; the size
    is the anchor's, times an exponential.

    Parameters
    ----------
    places, sizes : array_like, shape (..., rows, columns, boxes, 2)
        As `YoloLayout.split` gives them.
    anchors : array_like, shape (boxes, 2)
        Widths and heights in pixels.
    stride : int
        Pixels from a cell to the next.

    Returns
    -------
    tensor of float32, shape (..., rows, columns, boxes, 4)
        ``[x_min, y_min, x_max, y_max]`` in pixels.

    References
    ----------
    Redmon, Farhadi: "YOLO9000: better, faster, stronger", CVPR 2017, section 2.

    Examples
    --------
    All zeros mean a box of the anchor's size in the middle of its cell:

    >>> from helpers.detection import yolo_boxes
    >>> zeros = np.zeros((1, 1, 1, 2), "float32")
    >>> yolo_boxes(zeros, zeros, [[20, 10]], 16).numpy().ravel().tolist()
    [-2.0, 3.0, 18.0, 13.0]
    """
    places = tf.convert_to_tensor(places, tf.float32)
    rows, columns = tf.unstack(tf.shape(places)[-4:-2])
    x, y = tf.meshgrid(tf.range(columns), tf.range(rows))
    cells = tf.cast(tf.stack([x, y], axis=-1), tf.float32)[:, :, tf.newaxis]
    centres = (cells + tf.sigmoid(places)) * stride
    half = tf.exp(tf.minimum(tf.cast(sizes, tf.float32), MOST_TIMES)) / 2
    half *= tf.constant(np.asarray(anchors, np.float32))
    return tf.concat([centres - half, centres + half], axis=-1)


def yolo_targets(boxes, labels, image_size, anchors, num_classes, stride):
    """Return what each cell should say about an image's objects; used in Chapter 13.

    The cell in which an object's centre lies answers for it, with the anchor whose
    shape is most like it. Of two objects that want the same anchor of the same cell,
    the later one gets it.

    Parameters
    ----------
    boxes : array_like, shape (objects, 4)
        In pixels, centres inside of the image.
    labels : array_like, shape (objects,)
        From 0 to ``num_classes - 1``.
    image_size : (int, int)
        Height and width.
    anchors : array_like, shape (anchors, 2)
        Widths and heights in pixels.
    num_classes, stride : int
        As in the network.

    Returns
    -------
    ndarray of float32, shape (rows, columns, anchors, 5 + num_classes)
        Where in its cell the centre is, 0 to 1; logarithms of how many times the
        anchor's width and height; objectness, 1, 0, or -1 for anchors that are not the
        best but overlap an object by more than a half, and are left out; classes.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.
    """
    anchors = np.asarray(anchors, np.float32)
    rows, columns = (-(-side // stride) for side in image_size)
    targets = np.zeros((rows, columns, len(anchors), 5 + num_classes), np.float32)
    if len(boxes) != len(labels):
        raise ValueError(
            f"yolo_targets: boxes and labels must be as many, got {len(boxes)} and "
            f"{len(labels)}"
        )
    if len(boxes) == 0:
        return targets
    boxes = np.asarray(boxes, np.float32)
    labels = as_array("yolo_targets", "labels", labels, ("objects",))
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f"yolo_targets: labels must be from 0 to {num_classes - 1}, got "
            f"{labels.min()} to {labels.max()}"
        )
    grid = anchor_grid(image_size, stride, anchors)
    close = assign(grid, boxes, PRIOR_OVERLAP, PRIOR_OVERLAP) >= 0
    targets[..., 4] = -close.reshape(targets.shape[:3]).astype(np.float32)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2 / stride
    sizes = boxes[:, 2:] - boxes[:, :2]
    best = shared_size(sizes, anchors).argmax(axis=1)
    column, row = np.floor(centres).astype(int).T
    if (centres < 0).any() or (row >= rows).any() or (column >= columns).any():
        raise ValueError(
            f"yolo_targets: boxes must have their centres in an image of {image_size}, "
            f"got {show(boxes.tolist())}"
        )
    own = row, column, best
    targets[own] = 0
    targets[(*own, slice(0, 2))] = centres - np.floor(centres)
    targets[(*own, slice(2, 4))] = np.log(sizes / anchors[best])
    targets[(*own, 4)] = 1
    targets[(*own, 5 + labels)] = 1
    return targets


class Yolo(Detector):
    """A small YOLO; `yolo` builds one."""

    def __init__(self, network, class_names, anchors):
        super().__init__(network, class_names)
        self.anchors = np.asarray(anchors, np.float32)
        self.layout = YoloLayout(len(self.anchors), len(self.class_names))

    def batch(self, scenes):
        """Return images, and what each cell should say: see `yolo_targets`."""
        size, classes = scenes.images.shape[1:3], len(self.class_names)
        targets = [
            yolo_targets(boxes, labels, size, self.anchors, classes, STRIDE)
            for boxes, labels in zip(scenes.boxes, scenes.labels, strict=True)
        ]
        return scenes.images, np.stack(targets)

    def loss(self, images, targets):
        """Return the errors of boxes, objectness and classes, each a mean an object."""
        outputs = self.network(images, training=True)
        places, sizes, objectness, classes = self.layout.split(outputs)
        there = tf.cast(targets[..., 4] == 1, tf.float32)
        counted = tf.cast(targets[..., 4] >= 0, tf.float32)
        objects = tf.maximum(tf.reduce_sum(there), 1)
        apart = tf.reduce_sum(
            (tf.sigmoid(places) - targets[..., :2]) ** 2
            + (sizes - targets[..., 2:4]) ** 2,
            axis=-1,
        )
        certainty = tf.nn.sigmoid_cross_entropy_with_logits(there, objectness)
        wrong = tf.nn.softmax_cross_entropy_with_logits(targets[..., 5:], classes)
        return {
            "boxes": BOX_WEIGHT * mean_over(apart, there),
            "objectness": tf.reduce_sum(certainty * counted) / objects,
            "classes": mean_over(wrong, there),
        }

    def _candidates(self, images):
        outputs = self.network(images, training=False)
        places, sizes, objectness, classes = self.layout.split(outputs)
        boxes = yolo_boxes(places, sizes, self.anchors, STRIDE)
        scores = tf.sigmoid(objectness)[..., tf.newaxis] * tf.nn.softmax(classes)
        batch = tf.shape(images)[0]
        return (
            tf.reshape(boxes, (batch, -1, 4)),
            tf.reshape(scores, (batch, -1, len(self.class_names))),
        )


def yolo(class_names=FASHION_CLASSES, anchors=SCENE_ANCHORS):
    """Build a small YOLO: one grid with a cell for 16×16 pixels; used in Chapter 13.

    Maps of stride 8 are folded into four times as many of stride 16 and laid beside
    those, YOLOv2's way of keeping fine detail.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes to tell apart.
    anchors : array_like, shape (anchors, 2), optional
        Widths and heights in pixels; those of `helpers.boxes.kmeans_anchors` over
        training scenes.

    Returns
    -------
    Yolo

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Examples
    --------
    >>> from helpers.detection import yolo
    >>> yolo().network.output_shape
    (None, None, None, 75)
    """
    anchors = as_array("yolo", "anchors", anchors, ("anchors, 2",))
    body = backbone()
    *_, fine, coarse = body.outputs
    fine = FoldedPixels()(normalized(fine, 16, size=1))
    maps = normalized(layers.Concatenate()([fine, coarse]), 96)
    numbers = YoloLayout(len(anchors), len(class_names)).numbers
    outputs = layers.Conv2D(numbers, 1, dtype="float32")(maps)
    return Yolo(keras.Model(body.input, outputs, name="yolo"), class_names, anchors)


@keras.saving.register_keras_serializable("helpers")
class FoldedPixels(layers.Layer):
    """Fold each 2×2 pixels of the maps into one pixel of four times as many maps."""

    def call(self, maps):
        """Return maps of half the height and width."""
        return tf.nn.space_to_depth(maps, 2)

    def compute_output_shape(self, shape):
        """Return half the sides, four times the channels."""
        batch, height, width, channels = shape
        halves = (side and side // 2 for side in (height, width))
        return (batch, *halves, 4 * channels)
