"""Mean average precision, as COCO's evaluation defines it.

Which detection is right is decided in `helpers.metrics._matching`.
"""

from dataclasses import dataclass

import numpy as np

from helpers._validation import as_number, show
from helpers.boxes._checks import as_boxes, as_classes, as_scores, one_a_box
from helpers.metrics._curves import RECALLS, at_recalls, falling
from helpers.metrics._matching import Objects, best_of_each_group, match

NAME = "mean_average_precision"


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


def mean_average_precision(predictions, ground_truths, iou_thresholds=0.5):
    """Return COCO's mean average precision of a detector; derived in Chapter 12.

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

    Returns
    -------
    MeanAveragePrecision
        Classes of which there is no object do not count, whatever was detected.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, an array is missing, or the arrays of
        an image differ in length.

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
    """
    thresholds = _as_thresholds(iou_thresholds)
    found, true = _gathered(predictions, ground_truths)
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


def _gathered(predictions, ground_truths):
    """Return all detections and all objects, each image's arrays checked."""
    sizes = []
    for argument, value in (
        ("predictions", predictions),
        ("ground_truths", ground_truths),
    ):
        if not isinstance(value, (list, tuple)):
            raise TypeError(
                f"{NAME}: {argument} must be a list with a dict for each image, got "
                f"{show(value)}"
            )
        sizes.append(len(value))
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"{NAME}: predictions and ground_truths must have one dict an image each, "
            f"got {sizes[0]} and {sizes[1]}"
        )
    found = [_image("predictions", n, one) for n, one in enumerate(predictions)]
    true = [_image("ground_truths", n, one) for n, one in enumerate(ground_truths)]
    return _joined(found), _joined(true)


def _image(argument, index, value):
    """Return one image's labels, boxes, scores and crowd marks."""
    where = f"{argument}[{index}]"
    needed = {"boxes", "labels"} | ({"scores"} if argument == "predictions" else set())
    if not isinstance(value, dict):
        raise TypeError(f"{NAME}: {where} must be a dict, got {show(value)}")
    if missing := sorted(needed - set(value)):
        raise ValueError(f"{NAME}: {where} must have {missing[0]!r}")
    function = f"{NAME}: {where}"
    boxes = as_boxes(function, "boxes", value["boxes"]).astype(np.float64)
    labels = as_classes(function, value["labels"], len(boxes), "labels")
    scores = crowd = None
    if argument == "predictions":
        scores = as_scores(function, value["scores"], len(boxes)).astype(np.float64)
    else:
        crowd = value.get("crowd", np.zeros(len(boxes), bool))
        crowd = one_a_box(function, "crowd", crowd, len(boxes)).astype(bool)
    return Objects(
        np.full(len(boxes), index), labels.astype(np.int64), boxes, scores, crowd
    )


def _joined(images):
    nothing = Objects(
        np.empty(0, np.int64),
        np.empty(0, np.int64),
        np.empty((0, 4)),
        np.empty(0),
        np.empty(0, bool),
    )
    parts = zip(*(images or [nothing]), strict=True)
    return Objects(*(None if p[0] is None else np.concatenate(p) for p in parts))


def _average_precisions(right, ignored, positives):
    """Return the average precision of one class for each threshold."""
    found = np.cumsum(right, axis=1, dtype=np.float64)
    wrong = np.cumsum(~right & ~ignored, axis=1, dtype=np.float64)
    envelope = falling(found / np.maximum(found + wrong, 1))
    return [
        at_recalls(line, recall, RECALLS).mean()
        for line, recall in zip(envelope, found / positives, strict=True)
    ]
