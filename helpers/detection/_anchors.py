"""Anchors: boxes of fixed size at every place, and which object each answers for."""

import numpy as np

from helpers.boxes import iou

NOTHING, IGNORED = -1, -2


def anchor_shapes(sizes, ratios):
    """Return widths and heights, ``[len(sizes) * len(ratios), 2]``.

    Parameters
    ----------
    sizes : sequence of float
        Square roots of the areas, in pixels.
    ratios : sequence of float
        Width by height.

    Examples
    --------
    >>> from helpers.detection import anchor_shapes
    >>> anchor_shapes([32], [0.25, 1])
    array([[16., 64.],
           [32., 32.]], dtype=float32)
    """
    size, ratio = np.meshgrid(sizes, np.sqrt(ratios), indexing="ij")
    shapes = np.stack([size * ratio, size / ratio], axis=-1)
    return shapes.reshape(-1, 2).astype(np.float32)


def anchor_grid(image_size, stride, shapes):
    """Return a box of each shape around the centre of each cell; used in Chapter 13.

    Parameters
    ----------
    image_size : (int, int)
        Height and width, in pixels; what the stride does not divide is filled up, as
        SAME padding does.
    stride : int
        Pixels from a cell to the next.
    shapes : array_like, shape (shapes, 2)
        Widths and heights, in pixels.

    Returns
    -------
    ndarray of float32, shape (rows * columns * shapes, 4)
        ``[x_min, y_min, x_max, y_max]`` in pixels, row by row, in each cell shape by
        shape: the order in which a map ``[rows, columns, shapes * numbers]`` unrolls.

    Examples
    --------
    >>> from helpers.detection import anchor_grid
    >>> anchor_grid((16, 32), 16, [[8, 4]])
    array([[ 4.,  6., 12., 10.],
           [20.,  6., 28., 10.]], dtype=float32)
    """
    rows, columns = (-(-side // stride) for side in image_size)
    y, x = (np.indices((rows, columns)) + 0.5) * stride
    centres = np.stack([x, y], axis=-1)[:, :, np.newaxis]
    half = np.asarray(shapes, np.float32) / 2
    boxes = np.concatenate([centres - half, centres + half], axis=-1)
    return boxes.reshape(-1, 4).astype(np.float32)


def assign(anchors, boxes, positive=0.5, negative=0.4):
    """Return for each anchor the object that it answers for.

    Used in Chapters 12 and 13. An anchor answers for the object that it overlaps most,
    if by `positive` or more. Below `negative` it answers for nothing; between the two
    it is left out of the loss. Each object gets the anchor that overlaps it most in any
    case.

    Parameters
    ----------
    anchors, boxes : array_like, shapes (anchors, 4) and (objects, 4)
        In pixels.
    positive, negative : float, optional
        IoU.

    Returns
    -------
    ndarray of int64, shape (anchors,)
        Number of the object, -1 for nothing, -2 for left out.

    References
    ----------
    Ren, He, Girshick, Sun: "Faster R-CNN", NeurIPS 2015, section 3.1.2.

    Examples
    --------
    >>> from helpers.detection import assign
    >>> assign([[0, 0, 10, 10], [0, 0, 10, 22], [40, 40, 50, 50]], [[0, 0, 10, 9]])
    array([ 0, -2, -1])
    """
    answers = np.full(len(anchors), NOTHING, np.int64)
    if len(boxes) == 0 or len(anchors) == 0:
        return answers
    overlaps = iou(anchors, boxes)
    best = overlaps.max(axis=1)
    answers[best >= negative] = IGNORED
    own = best >= positive
    answers[own] = overlaps[own].argmax(axis=1)
    answers[overlaps.argmax(axis=0)] = np.arange(len(boxes))
    return answers


def encode(boxes, anchors):
    """Return boxes as four numbers that say how they differ from their anchors.

    The centre's distance in widths and heights of the anchor, and the logarithms of how
    many times the box is as wide and as high.

    Parameters
    ----------
    boxes, anchors : ndarray, shape (..., 4)
        In pixels, of widths and heights above 0.

    Returns
    -------
    ndarray of float32, shape (..., 4)

    References
    ----------
    Girshick, Donahue, Darrell, Malik: "Rich feature hierarchies for accurate object
    detection and semantic segmentation", CVPR 2014, appendix C.
    """
    size = anchors[..., 2:] - anchors[..., :2]
    distance = (
        boxes[..., :2] + boxes[..., 2:] - anchors[..., :2] - anchors[..., 2:]
    ) / 2
    times = (boxes[..., 2:] - boxes[..., :2]) / size
    return np.concatenate([distance / size, np.log(times)], axis=-1).astype(np.float32)
