"""How well a segmentation follows the boundaries of the objects."""

import math

import numpy as np

from helpers._validation import as_array, as_number
from helpers.metrics._counts import checked_classes

NAME = "boundary_iou"
AXES = "height, width", "images, height, width"


def boundary_iou(
    labels, predictions, num_classes=None, ignore_label=None, dilation_ratio=0.02
):
    """Return the intersection over union of boundary regions; see Chapter 14.

    The boundary region of a mask is the part of it that lies within d pixels of its
    outline: the mask without its erosion, d times, by squares of 3 × 3 pixels. Outside
    of the image nothing belongs to a mask, so its border is an outline too. Boundary
    IoU is the intersection over union of two such regions. Unlike `mean_iou` it does
    not come near 1 just because objects are large. What lies deeper than d it does not
    see: a ring is as good as the disc that it bounds.

    Parameters
    ----------
    labels, predictions : array_like of bool or int, shape ([images,] height, width)
        The truth and the prediction, of one shape: both masks (bool), or both the class
        of each pixel, from 0 to ``num_classes - 1``. Of several images, pixels are
        counted over all.
    num_classes : int, optional
        Number of classes; needed for classes, not for masks. The answer is the mean
        over those that appear in truth or prediction.
    ignore_label : int, optional
        Pixels with this label belong to no class, neither in truth nor in the
        prediction; it may lie outside of the classes.
    dilation_ratio : float, optional
        Above 0, at most 1: d is this share of the image's diagonal, rounded, and at
        least 1.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, no pixel is left, or two masks are both
        empty.

    References
    ----------
    Cheng, Girshick, Dollár, Berg and Kirillov: "Boundary IoU: improving object-centric
    image segmentation evaluation", CVPR 2021.

    Examples
    --------
    Of a square of 8 × 8 pixels, a column is missing. The rings, one pixel wide, have 28
    and 26 pixels, and share 7 + 7 + 6:

    >>> import numpy as np
    >>> from helpers.metrics import boundary_iou
    >>> masks = np.zeros((2, 10, 10), bool)
    >>> masks[0, 1:9, 1:9] = masks[1, 1:9, 1:8] = True
    >>> boundary_iou(*masks) == 20 / (28 + 26 - 20)
    True
    """
    ratio = as_number(NAME, "dilation_ratio", dilation_ratio, above=0, maximum=1)
    labels = as_array(NAME, "labels", labels, AXES)
    predictions = as_array(NAME, "predictions", predictions, AXES)
    distance = max(1, round(ratio * math.hypot(*labels.shape[-2:])))
    if labels.dtype == predictions.dtype == bool:
        _check_masks(labels, predictions, num_classes, ignore_label)
        return _iou(labels, predictions, distance)
    if num_classes is None:
        raise ValueError(
            f"{NAME}: labels and predictions must be masks, both bool, or num_classes "
            f"be given; got {labels.dtype} and {predictions.dtype}"
        )
    labels, predictions, counted, num_classes = checked_classes(
        NAME, labels, predictions, num_classes, ignore_label
    )
    classes = np.unique(np.stack([labels, predictions])[:, counted])
    found = [
        _iou((labels == one) & counted, (predictions == one) & counted, distance)
        for one in classes
    ]
    return float(np.mean(found))


def _check_masks(labels, predictions, num_classes, ignore_label):
    for argument, value in (
        ("num_classes", num_classes),
        ("ignore_label", ignore_label),
    ):
        if value is not None:
            raise ValueError(f"{NAME}: {argument} must not be given with masks")
    if labels.shape != predictions.shape:
        raise ValueError(
            f"{NAME}: labels and predictions must have one shape, got {labels.shape} "
            f"and {predictions.shape}"
        )
    if not labels.any() and not predictions.any():
        raise ValueError(
            f"{NAME}: labels or predictions must have a pixel, got two empty masks"
        )


def _iou(labels, predictions, distance):
    labels, predictions = (
        mask & ~_eroded(mask, distance) for mask in (labels, predictions)
    )
    return float((labels & predictions).sum() / (labels | predictions).sum())


def _eroded(masks, distance):
    """Return where all pixels up to `distance` away, also aslant, belong to a mask."""
    side = 2 * distance + 1
    before = [(0, 0)] * (masks.ndim - 1)
    # A square is a row of columns: first along one axis, then along the other.
    for _ in range(2):
        padded = np.pad(masks, [*before, (distance + 1, distance)])
        sums = padded.cumsum(axis=-1, dtype=np.int32)
        masks = sums[..., side:] - sums[..., :-side] == side
        masks = masks.swapaxes(-1, -2)
    return masks
