"""Boxes inside of a TensorFlow graph: from offsets to boxes, overlaps, losses."""

import math

import tensorflow as tf

MOST_TIMES = math.log(1000 / 16)  # keeps exp from overflowing, as in Detectron


def decode(offsets, anchors):
    """Return the boxes that offsets from anchors mean: the inverse of `encode`.

    Parameters
    ----------
    offsets, anchors : tensor, shape (..., 4)
        Boxes in pixels.
    """
    size = anchors[..., 2:] - anchors[..., :2]
    centre = (anchors[..., :2] + anchors[..., 2:]) / 2 + offsets[..., :2] * size
    half = size * tf.exp(tf.minimum(offsets[..., 2:], MOST_TIMES)) / 2
    return tf.concat([centre - half, centre + half], axis=-1)


def overlaps(boxes, others):
    """Return the IoU of boxes ``[batch, n, 4]`` and ``[batch, m, 4]``."""
    one, other = boxes[:, :, tf.newaxis], others[:, tf.newaxis]
    shared = tf.minimum(one[..., 2:], other[..., 2:]) - tf.maximum(
        one[..., :2], other[..., :2]
    )
    shared = tf.reduce_prod(tf.maximum(shared, 0), axis=-1)
    areas = (
        tf.reduce_prod(each[..., 2:] - each[..., :2], axis=-1) for each in (one, other)
    )
    return tf.math.divide_no_nan(shared, sum(areas) - shared)


def smooth_l1(differences):
    """Return half the square of small differences, and large ones less a half."""
    size = tf.abs(differences)
    return tf.where(size < 1, size**2 / 2, size - 0.5)


def mean_over(values, weights):
    """Return the mean of values with these weights; 0 if all are 0."""
    return tf.math.divide_no_nan(
        tf.reduce_sum(values * weights), tf.reduce_sum(weights)
    )


def encode_tensors(boxes, anchors):
    """Return offsets as `helpers.detection.encode` does, of tensors.

    Boxes and anchors without a width or height count as a pixel wide and high.
    """
    size = tf.maximum(anchors[..., 2:] - anchors[..., :2], 1)
    times = tf.maximum(boxes[..., 2:] - boxes[..., :2], 1) / size
    distance = boxes[..., :2] + boxes[..., 2:] - anchors[..., :2] - anchors[..., 2:]
    return tf.concat([distance / 2 / size, tf.math.log(times)], axis=-1)


def align_regions(maps, regions, cells):
    """Return each region's features on a grid of one size, as `roi_align` does.

    Parameters
    ----------
    maps : tensor, shape (batch, height, width, channels)
    regions : tensor, shape (batch, n, 4)
        ``[x_min, y_min, x_max, y_max]`` in pixels of the maps, inside of them.
    cells : int
        Cells down and across; each is the mean of 2×2 points.

    Returns
    -------
    tensor, shape (batch * n, cells, cells, channels)
    """
    batch, count = tf.unstack(tf.shape(regions)[:2])
    # A pixel of margin, equal to the border: points up to half a pixel outside.
    maps = tf.pad(maps, [[0, 0], [1, 1], [1, 1], [0, 0]], "SYMMETRIC")
    last = tf.cast(tf.shape(maps)[1:3] - 1, tf.float32)
    regions = tf.reshape(regions, (-1, 4)) + 0.5  # of the margin, less half a pixel
    edge = (regions[:, 2:] - regions[:, :2]) / (4 * cells)
    low, high = regions[:, :2] + edge, regions[:, 2:] - edge
    corners = tf.concat([low[:, ::-1] / last, high[:, ::-1] / last], axis=1)
    points = tf.image.crop_and_resize(
        maps, corners, tf.repeat(tf.range(batch), count), (2 * cells, 2 * cells)
    )
    return tf.nn.avg_pool2d(points, 2, 2, "VALID")
