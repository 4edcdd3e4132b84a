"""Features of a region, however it lies on the pixels."""

import numpy as np

from helpers._validation import as_array, as_count, as_counts, float_dtype
from helpers.boxes._checks import as_boxes


def roi_align(features, boxes, output_size, sampling_ratio=2, aligned=True):
    """Return each box's features on a grid of one size; derived in Chapter 15.

    A box is divided into cells of equal size. In each, some points are read off by
    bilinear interpolation, and their mean is the cell's answer. No coordinate is
    rounded.

    Parameters
    ----------
    features : array_like, shape (height, width, channels)
        One feature map.
    boxes : array_like, shape (boxes, 4)
        ``[x_min, y_min, x_max, y_max]``, in pixels of the feature map.
    output_size : int or (int, int)
        Cells down and across.
    sampling_ratio : int, optional
        Points down and across each cell.
    aligned : bool, optional
        Whether the value of a pixel is that of its centre, half a pixel from its edge.
        With False it is that of its corner, as in the first published code, and boxes
        are at least one pixel wide and high.

    Returns
    -------
    ndarray, shape (boxes, height, width, channels)
        A point up to one pixel outside of the map gets the value at the border, one
        farther off gets 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    He, Gkioxari, Dollár, Girshick: "Mask R-CNN", ICCV 2017, section 3.

    Examples
    --------
    >>> from helpers.boxes import roi_align
    >>> features = np.arange(4.0)[np.newaxis, :, np.newaxis]  # 0, 1, 2, 3 in one row
    >>> roi_align(features, [[1.0, 0.0, 3.0, 1.0]], (1, 2))[0, 0, :, 0]
    array([1., 2.])
    """
    name = "roi_align"
    features = as_array(name, "features", features, ("height, width, channels",))
    boxes = as_boxes(name, "boxes", boxes)
    rows, columns = as_counts(name, "output_size", output_size, 2)
    ratio = as_count(name, "sampling_ratio", sampling_ratio)
    if not isinstance(aligned, (bool, np.bool_)):
        raise TypeError(f"{name}: aligned must be True or False, got {aligned!r}")
    dtype = float_dtype(features)
    height, width, channels = features.shape
    sides = boxes.astype(np.float64).T
    across = _weights(sides[0], sides[2], columns, ratio, aligned, width)
    down = _weights(sides[1], sides[3], rows, ratio, aligned, height)
    features = features.astype(dtype, copy=False)
    answer = np.empty((len(boxes), rows, columns, channels), dtype)
    for index in range(len(boxes)):
        lines = np.tensordot(down[index].astype(dtype), features, 1)
        answer[index] = across[index].astype(dtype) @ lines
    return answer


def _weights(start, end, cells, ratio, aligned, size):
    """Return how much each pixel along an axis adds to each cell, [boxes, cells, size].

    The mean over a grid of points, each interpolated bilinearly, is one such sum along
    the height, and one along the width.
    """
    length = end - start
    if aligned:
        start = start - 0.5
    else:
        length = np.maximum(length, 1)
    steps = (np.arange(cells * ratio) + 0.5) / (cells * ratio)
    places = start[:, np.newaxis] + length[:, np.newaxis] * steps
    outside = (places < -1) | (places > size)
    places = np.clip(places, 0, size - 1)
    before = np.minimum(places.astype(int), max(size - 2, 0))
    part = places - before
    weights = np.zeros((*places.shape, size))
    after = np.minimum(before + 1, size - 1)
    for index, share in ((before, 1 - part), (after, part)):
        box, point = np.indices(places.shape)
        np.add.at(weights, (box, point, index), np.where(outside, 0, share))
    return weights.reshape(len(places), cells, ratio, size).mean(axis=2)
