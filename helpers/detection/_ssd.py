"""A single-shot detector: every anchor on two maps says what it holds, or nothing."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.data.labelled_images import FASHION_CLASSES
from helpers.detection._anchors import (
    IGNORED,
    anchor_grid,
    anchor_shapes,
    assign,
    encode,
)
from helpers.detection._backbone import backbone, merged, normalized
from helpers.detection._detector import Detector
from helpers.detection._tensors import decode, mean_over, smooth_l1

# Small objects on the fine map, large ones on the coarse map.
RATIOS = (0.45, 1.0, 2.1)
MAPS = ((8, anchor_shapes((22, 31), RATIOS)), (16, anchor_shapes((42, 56), RATIOS)))
NEGATIVES = 3  # for each positive: those that are most wrong
BACKGROUND = 0


class Ssd(Detector):
    """A small single-shot detector; `ssd` builds one."""

    def anchors(self, image_size):
        """Return the anchors of both maps ``[anchors, 4]``, in the outputs' order."""
        return np.concatenate(
            [anchor_grid(image_size, stride, shapes) for stride, shapes in MAPS]
        )

    def batch(self, scenes):
        """Return images; each anchor's class, -1 if left out; its object's offsets."""
        anchors = self.anchors(scenes.images.shape[1:3])
        shape = len(scenes.images), len(anchors)
        classes, offsets = np.zeros(shape, np.int32), np.zeros((*shape, 4), np.float32)
        for n, (boxes, labels) in enumerate(
            zip(scenes.boxes, scenes.labels, strict=True)
        ):
            objects = assign(anchors, boxes)
            own = np.flatnonzero(objects >= 0)
            classes[n, objects == IGNORED] = -1
            classes[n, own] = labels[objects[own]] + 1
            offsets[n, own] = encode(boxes[objects[own]], anchors[own])
        return scenes.images, classes, offsets

    def loss(self, images, classes, offsets):
        """Return the errors of boxes and classes, each a mean a positive anchor."""
        found, scores = self.network(images, training=True)
        positive = tf.cast(classes > BACKGROUND, tf.float32)
        count = tf.maximum(tf.reduce_sum(positive), 1)
        wrong = tf.nn.sparse_softmax_cross_entropy_with_logits(
            tf.maximum(classes, BACKGROUND), scores
        )
        hard = hardest(wrong * tf.cast(classes == BACKGROUND, tf.float32), positive)
        apart = tf.reduce_sum(smooth_l1(found - offsets), axis=-1)
        return {
            "boxes": mean_over(apart, positive),
            "classes": tf.reduce_sum(wrong * (positive + hard)) / count,
        }

    def _candidates(self, images):
        offsets, scores = self.network(images, training=False)
        _, height, width, _ = images.shape
        boxes = decode(offsets, tf.constant(self.anchors((height, width))))
        return boxes, tf.nn.softmax(scores)[..., 1:]


def hardest(negatives, positive):
    """Return 1 for the negatives that are most wrong, so many a positive, else 0.

    Parameters
    ----------
    negatives, positive : tensor, shape (batch, anchors)
        How wrong each negative is, 0 for the others; 1 for positives, else 0.

    Returns
    -------
    tensor of float32, shape (batch, anchors)

    References
    ----------
    Liu et al.: "SSD: single shot multibox detector", ECCV 2016, section 2.2.
    """
    wanted = NEGATIVES * tf.maximum(tf.reduce_sum(positive, axis=1), 1)
    wanted = tf.minimum(tf.cast(wanted, tf.int32), tf.shape(negatives)[1])
    falling = tf.sort(negatives, axis=1, direction="DESCENDING")
    least = tf.gather(falling, wanted[:, tf.newaxis] - 1, batch_dims=1)
    return tf.cast((negatives >= least) & (negatives > 0), tf.float32)


def ssd(class_names=FASHION_CLASSES):
    """Build a small single-shot detector with anchors on two maps; used in Chapter 12.

    Maps of strides 8 and 16 look for small and for large objects. Unlike in the paper,
    the fine map also gets what the coarse one knows, as in a feature pyramid.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes to tell apart.

    Returns
    -------
    Ssd

    Examples
    --------
    >>> from helpers.detection import ssd
    >>> boxes, scores = ssd().candidates(np.zeros((1, 128, 128, 3)))
    >>> boxes.shape, scores.shape
    ((1, 1920, 4), (1, 1920, 10))
    """
    body = backbone()
    *_, fine, coarse = body.outputs
    fine = normalized(merged(fine, coarse, 64), 64)
    coarse = normalized(coarse, 64)
    outputs = [
        _head(maps, len(shapes), 5 + len(class_names))
        for maps, (_, shapes) in zip((fine, coarse), MAPS, strict=True)
    ]
    joined = layers.Concatenate(axis=1)(outputs)
    network = keras.Model(body.input, [joined[..., :4], joined[..., 4:]], name="ssd")
    return Ssd(network, class_names)


def _head(maps, shapes, numbers):
    """Return numbers for each anchor of a map, [batch, anchors, numbers]."""
    outputs = layers.Conv2D(shapes * numbers, 3, padding="same", dtype="float32")(maps)
    return layers.Reshape((-1, numbers))(outputs)
