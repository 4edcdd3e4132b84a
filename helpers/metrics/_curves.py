"""From scored detections to a curve, and from the curve to one number."""

import numpy as np

from helpers._validation import as_array, as_count, show

METHODS = ("11_point", "all_points", "101_point")
# The recalls of VOC, and those of COCO, rounded as in COCO's own program.
ELEVEN, RECALLS = np.arange(11) / 10, np.linspace(0, 1, 101)


def precision_recall(scores, matches, num_positives):
    """Return precision and recall after each detection, best score first.

    Derived in Chapter 12. Of the first n detections, the precision is the part that is
    right, the recall the part of all objects that they have found.

    Parameters
    ----------
    scores : array_like, shape (detections,)
        How sure the detector is of each; NaN is refused. Equal scores keep their order.
    matches : array_like of bool, shape (detections,)
        Whether each has found an object that no better one has.
    num_positives : int
        Number of objects that there are, at least as many as were found.

    Returns
    -------
    precision, recall : ndarray of float64, shape (detections,)

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Examples
    --------
    >>> from helpers.metrics import precision_recall
    >>> matches = [True, True, False, True]
    >>> precision, recall = precision_recall([0.9, 0.6, 0.8, 0.7], matches, 4)
    >>> precision.round(2), recall
    (array([1.  , 0.5 , 0.67, 0.75]), array([0.25, 0.25, 0.5 , 0.75]))
    """
    name = "precision_recall"
    scores = as_array(name, "scores", scores, ("detections",), empty=True)
    if np.isnan(scores).any():
        raise ValueError(f"{name}: scores must not be NaN")
    matches = np.asarray(matches)
    if matches.size and matches.dtype != bool:
        raise TypeError(f"{name}: matches must hold bool, got {show(matches)}")
    if matches.shape != scores.shape:
        raise ValueError(
            f"{name}: matches must have one value for each of the {len(scores)} "
            f"scores, got shape {matches.shape}"
        )
    num_positives = as_count(name, "num_positives", num_positives)
    if matches.sum() > num_positives:
        raise ValueError(
            f"{name}: num_positives must be at least the {matches.sum()} matches, got "
            f"{num_positives}"
        )
    order = np.argsort(-scores.astype(np.float64), kind="stable")
    found = np.cumsum(matches[order], dtype=np.float64)
    return found / np.arange(1, len(found) + 1), found / num_positives


def average_precision(precision, recall, method):
    """Return the average precision: one number for a precision–recall curve.

    Derived in Chapter 12. At each recall, the precision that counts is the highest one
    at this recall or a larger one; 0 where the curve does not reach.

    Parameters
    ----------
    precision, recall : array_like, shape (detections,)
        As `precision_recall` returns them: recall never falls.
    method : str
        ``"11_point"``: its mean at the recalls 0, 0.1, … 1 (PASCAL VOC 2007);
        ``"all_points"``: the area under it (PASCAL VOC 2010);
        ``"101_point"``: its mean at the recalls 0, 0.01, … 1 (COCO).

    Returns
    -------
    float
        From 0 to 1; 0 for a curve without a point.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    Everingham et al.: "The PASCAL visual object classes (VOC) challenge", IJCV 88,
    2010, section 4.2.

    Examples
    --------
    >>> from helpers.metrics import average_precision
    >>> average_precision([1.0, 0.5, 2 / 3], [0.5, 0.5, 1.0], "all_points")
    0.8333333333333333
    """
    name = "average_precision"
    if method not in METHODS:
        raise ValueError(
            f"{name}: method must be one of {', '.join(METHODS)}, got {show(method)}"
        )
    precision, recall = (
        as_array(name, argument, value, ("detections",), empty=True).astype(np.float64)
        for argument, value in (("precision", precision), ("recall", recall))
    )
    if precision.shape != recall.shape:
        raise ValueError(
            f"{name}: precision and recall must have equal lengths, got "
            f"{len(precision)} and {len(recall)}"
        )
    for argument, values in (("precision", precision), ("recall", recall)):
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"{name}: {argument} must be from 0 to 1")
    if (np.diff(recall) < 0).any():
        raise ValueError(f"{name}: recall must not fall from one point to the next")
    envelope = falling(precision)
    if method == "all_points":
        return float((np.diff(recall, prepend=0) * envelope).sum())
    points = ELEVEN if method == "11_point" else RECALLS
    return float(at_recalls(envelope, recall, points).mean())


def falling(precision):
    """Return the highest precision at this place or a later one, along the last axis.

    >>> falling(np.array([1.0, 0.5, 0.7]))
    array([1. , 0.7, 0.7])
    """
    return np.maximum.accumulate(precision[..., ::-1], axis=-1)[..., ::-1]


def at_recalls(envelope, recall, points):
    """Return what a falling curve has at some recalls; 0 beyond its end."""
    places = np.searchsorted(recall, points, side="left")
    return np.append(envelope, 0.0)[places]
