"""Mean average precision, as COCO's evaluation defines it.

The arrays are checked and joined in `helpers.metrics._gathering`; which detection is
right is decided in `helpers.metrics._matching`.
"""

from dataclasses import dataclass

import numpy as np

from helpers._validation import as_number, show
from helpers.metrics._curves import RECALLS, at_recalls, falling
from helpers.metrics._gathering import NAME, gathered
from helpers.metrics._matching import best_of_each_group, match

OVERLAPS = "boxes", "masks"


@dataclass(frozen=True)
class MeanAveragePrecision:
    """What `mean_average_precision` found.

    Attributes
    ----------
    map : float
        Mean over classes and thresholds; NaN if no image has an object.
    per_class : dict of int to float
        For each class of which there is an object, the mean over the thresholds.
    per_threshold : dict of float to float
        For each IoU threshold, the mean over the classes.
    """

    map: float
    per_class: dict
    per_threshold: dict


def mean_average_precision(
    predictions, ground_truths, iou_thresholds=0.5, overlap="boxes"
):
    """Return COCO's mean average precision of a detector; derived in Chapter 12.

    Of masks in place of boxes, it is the mask AP of Chapter 15.

    In each image, the detections of a class are taken best score first. Each is matched
    with the free object of its class that it overlaps most, if by at least the
    threshold. One that is matched with a *crowd* only counts neither as right nor as
    wrong, and a crowd can be matched more than once: the overlap is then the part of
    the detection that lies in it. Average precision is the mean over 101 recalls.

    Parameters
    ----------
    predictions : sequence of dict
        For each image ``boxes`` ``[n, 4]``, ``scores`` ``[n]`` and ``labels`` ``[n]``
        (int). Of each class, the 100 best detections of an image count.
    ground_truths : sequence of dict
        For each image ``boxes``, ``labels`` and, if there are crowds, ``crowd``
        ``[n]`` (bool).
    iou_thresholds : float or sequence of float, optional
        Above 0, at most 1. COCO's first figure is the mean over 0.5, 0.55, … 0.95.
    overlap : str, optional
        ``"boxes"``, or ``"masks"``: the overlaps are those of ``masks``
        ``[n, height, width]`` (bool), which each dict then has; boxes are not read.
        Images may differ in size.

    Returns
    -------
    MeanAveragePrecision
        Classes of which there is no object do not count, whatever was detected.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, an array is missing, the arrays of an
        image differ in length, or its masks in size.

    References
    ----------
    Lin et al.: "Microsoft COCO: common objects in context", ECCV 2014, and its
    evaluation code, ``pycocotools``.

    Examples
    --------
    Of two objects one is found, and the better of two detections is right:

    >>> from helpers.metrics import mean_average_precision
    >>> found = {"boxes": [[0, 0, 9, 10], [50, 50, 60, 60]], "scores": [0.9, 0.8],
    ...          "labels": [1, 1]}
    >>> truth = {"boxes": [[0, 0, 10, 10], [20, 20, 30, 30]], "labels": [1, 1]}
    >>> round(mean_average_precision([found], [truth]).map, 3)
    0.505

    A mask that covers the lower half of an object is right at 0.5, not at 0.75:

    >>> import numpy as np
    >>> masks = np.zeros((2, 1, 8, 8), bool)
    >>> masks[0, 0, 2:6, 2:6] = masks[1, 0, 4:6, 2:6] = True
    >>> truth = {"masks": masks[0], "labels": [1]}
    >>> found = {"masks": masks[1], "scores": [0.9], "labels": [1]}
    >>> mean_average_precision([found], [truth], [0.5, 0.75], "masks").per_threshold
    {0.5: 1.0, 0.75: 0.0}
    """
    thresholds = _as_thresholds(iou_thresholds)
    if overlap not in OVERLAPS:
        raise ValueError(
            f"{NAME}: overlap must be one of {', '.join(OVERLAPS)}, got {show(overlap)}"
        )
    found, true = gathered(predictions, ground_truths, overlap)
    found = best_of_each_group(found)
    right, ignored = match(found, true, thresholds)
    counted = ~true.crowd
    classes, positives = np.unique(true.labels[counted], return_counts=True)
    table = np.zeros((len(classes), len(thresholds)))
    for row, (label, count) in enumerate(zip(classes, positives, strict=True)):
        own = np.flatnonzero(found.labels == label)
        own = own[np.argsort(-found.scores[own], kind="stable")]
        table[row] = _average_precisions(right[own].T, ignored[own].T, count)
    per_class = dict(zip(classes.tolist(), table.mean(axis=1).tolist(), strict=True))
    if not per_class:
        table = np.full((1, len(thresholds)), np.nan)
    means = table.mean(axis=0).tolist()
    per_threshold = dict(zip(thresholds.tolist(), means, strict=True))
    return MeanAveragePrecision(float(table.mean()), per_class, per_threshold)


def _as_thresholds(value):
    values = [value] if np.ndim(value) == 0 else list(value)
    if not values:
        raise ValueError(f"{NAME}: iou_thresholds must hold at least one, got none")
    checked = [
        as_number(NAME, "iou_thresholds", one, above=0, maximum=1) for one in values
    ]
    return np.array(checked)


def _average_precisions(right, ignored, positives):
    """Return the average precision of one class for each threshold."""
    found = np.cumsum(right, axis=1, dtype=np.float64)
    wrong = np.cumsum(~right & ~ignored, axis=1, dtype=np.float64)
    envelope = falling(found / np.maximum(found + wrong, 1))
    return [
        at_recalls(line, recall, RECALLS).mean()
        for line, recall in zip(envelope, found / positives, strict=True)
    ]
