"""How much boxes overlap."""

import numpy as np

from helpers._validation import float_dtype
from helpers.boxes._checks import areas, as_boxes


def iou(boxes_a, boxes_b):
    """Return the intersection over union of each box of one set with each of another.

    Derived in Chapter 11.

    Parameters
    ----------
    boxes_a : array_like, shape (A, 4)
        Boxes as ``[x_min, y_min, x_max, y_max]``.
    boxes_b : array_like, shape (B, 4)
        Boxes in the same units.

    Returns
    -------
    ndarray, shape (A, B)
        From 0, apart, to 1, the same. A box of zero area has 0 with everything.

    Raises
    ------
    TypeError
        If boxes hold no real numbers.
    ValueError
        If an array is not of such a shape, a number is not finite, an area is not, or
        a maximum lies below its minimum.

    Examples
    --------
    Two squares of 2 × 2 that share a quarter: 1 of 7 unit squares.

    >>> from helpers.boxes import iou
    >>> float(iou([[0.0, 0.0, 2.0, 2.0]], [[1.0, 1.0, 3.0, 3.0]])[0, 0] * 7)
    1.0
    """
    a, b = as_boxes("iou", "boxes_a", boxes_a), as_boxes("iou", "boxes_b", boxes_b)
    dtype = float_dtype(a, b)
    a, b = a.astype(dtype), b.astype(dtype)
    area_a, area_b = areas("iou", "boxes_a", a), areas("iou", "boxes_b", b)
    return overlaps(a[:, None], area_a[:, None], b, area_b)


def overlaps(a, area_a, b, area_b):
    """Return the IoU of boxes that broadcast against each other.

    The order of the operations is TensorFlow's, so that a tie with a threshold falls
    to the same side.
    """
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    np.maximum(sides, 0, out=sides)
    shared = sides[..., 1] * sides[..., 0]
    union = area_a + area_b - shared
    some = (area_a > 0) & (area_b > 0) & (union > 0)
    return np.divide(shared, union, out=np.zeros_like(shared), where=some)
