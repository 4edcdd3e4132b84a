"""Which of many boxes to keep."""

import numpy as np

from helpers._validation import as_count, as_number, float_dtype
from helpers.boxes._checks import areas, as_boxes, as_classes, as_scores
from helpers.boxes._greedy import best_first, suppress
from helpers.boxes._overlap import overlaps


def non_max_suppression(
    boxes, scores, iou_threshold=0.5, score_threshold=None, max_boxes=None
):
    """Return the indices of the boxes to keep: the best of each heap of boxes.

    Derived in Chapter 12. The box of the highest score is kept. All boxes that overlap
    it by more than the threshold are dropped. Of those that are left, again the best is
    kept, and so on.

    Parameters
    ----------
    boxes : array_like, shape (boxes, 4)
        ``[x_min, y_min, x_max, y_max]``.
    scores : array_like, shape (boxes,)
        One number for each box, NaN excepted.
    iou_threshold : float, optional
        A box is dropped when its `iou` with a kept one is *greater than* this, 0 to 1.
    score_threshold : float, optional
        Only boxes with scores strictly greater take part; all do if it is None.
    max_boxes : int, optional
        Keep so many boxes at most; None sets no limit.

    Returns
    -------
    ndarray of int64, shape (kept,)
        Best first; of equal scores, the lower index first.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Examples
    --------
    >>> from helpers.boxes import non_max_suppression
    >>> boxes = [[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]]
    >>> non_max_suppression(boxes, [0.8, 0.9, 0.7])
    array([1, 2])
    >>> non_max_suppression(boxes, [0.8, 0.9, 0.7], iou_threshold=0.9)
    array([1, 0, 2])
    """
    name = "non_max_suppression"
    boxes, scores, settings = _checked(
        name, boxes, scores, iou_threshold, score_threshold, max_boxes
    )
    return suppress(boxes, areas(name, "boxes", boxes), scores, *settings)


def batched_non_max_suppression(
    boxes, scores, classes, iou_threshold=0.5, score_threshold=None, max_boxes=None
):
    """Return the indices of the boxes to keep when each class is treated by itself.

    Used in Chapters 12 and 13. A cup may stand on a table: boxes of different classes
    never drop each other.

    Parameters
    ----------
    boxes : array_like, shape (boxes, 4)
        ``[x_min, y_min, x_max, y_max]``.
    scores : array_like, shape (boxes,)
        One number for each box.
    classes : array_like of int, shape (boxes,)
        The class of each box.
    iou_threshold, score_threshold : float, optional
        As `non_max_suppression` takes them.
    max_boxes : int, optional
        Keep so many boxes *of each class* at most; None sets no limit.

    Returns
    -------
    ndarray of int64, shape (kept,)
        Best first over all classes; of equal scores, the lower index first.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Examples
    --------
    >>> from helpers.boxes import batched_non_max_suppression
    >>> boxes = [[0, 0, 10, 10], [1, 0, 11, 10], [2, 0, 12, 10]]
    >>> batched_non_max_suppression(boxes, [0.8, 0.9, 0.7], [0, 0, 1])
    array([1, 2])
    """
    name = "batched_non_max_suppression"
    boxes, scores, settings = _checked(
        name, boxes, scores, iou_threshold, score_threshold, max_boxes
    )
    classes = as_classes(name, classes, len(boxes))
    area = areas(name, "boxes", boxes)
    kept = [np.empty(0, np.int64)]
    for each in np.unique(classes):
        own = np.flatnonzero(classes == each)
        kept.append(own[suppress(boxes[own], area[own], scores[own], *settings)])
    kept = np.sort(np.concatenate(kept))
    return kept[best_first(scores[kept])]


def soft_non_max_suppression(boxes, scores, sigma=0.5, score_threshold=0.001):
    """Return boxes with scores that others lower, none dropped outright.

    Derived in Chapter 12. Each time the box of the highest score is taken, the scores
    of those that are left are multiplied by ``exp(-iou**2 / sigma)``.

    Parameters
    ----------
    boxes : array_like, shape (boxes, 4)
        ``[x_min, y_min, x_max, y_max]``.
    scores : array_like, shape (boxes,)
        One number of at least 0 for each box.
    sigma : float, optional
        Width of the Gaussian, as in the paper; TensorFlow's ``soft_nms_sigma`` is half
        of it.
    score_threshold : float, optional
        A box whose score is no longer strictly greater goes.

    Returns
    -------
    indices : ndarray of int64, shape (kept,)
        In the order in which they were taken: best first.
    new_scores : ndarray, shape (kept,)
        Their scores at that moment.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    Bodla, Singh, Chellappa, Davis: "Soft-NMS: improving object detection with one line
    of code", ICCV 2017.

    Examples
    --------
    >>> from helpers.boxes import soft_non_max_suppression
    >>> boxes = [[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]]
    >>> indices, scores = soft_non_max_suppression(boxes, [0.8, 0.9, 0.7])
    >>> indices, scores.round(2)
    (array([1, 2, 0]), array([0.9 , 0.7 , 0.21]))
    """
    name = "soft_non_max_suppression"
    boxes, scores, _ = _checked(name, boxes, scores, 0, score_threshold, None)
    sigma = as_number(name, "sigma", sigma, above=0)
    if (scores < 0).any():
        raise ValueError(f"{name}: scores must be at least 0, got {scores.min()}")
    area, indices, taken = areas(name, "boxes", boxes), [], []
    waiting = np.flatnonzero(scores > score_threshold)
    scores = scores.copy()
    while len(waiting):
        best = waiting[np.argmax(scores[waiting])]
        indices.append(best)
        taken.append(scores[best])
        waiting = waiting[waiting != best]
        overlap = overlaps(boxes[best], area[best], boxes[waiting], area[waiting])
        scores[waiting] *= np.exp(-(overlap**2) / sigma)
        waiting = waiting[scores[waiting] > score_threshold]
    return np.array(indices, np.int64), np.array(taken, scores.dtype)


def _checked(name, boxes, scores, iou_threshold, score_threshold, max_boxes):
    """Return boxes, scores, and the three settings, each checked."""
    boxes = as_boxes(name, "boxes", boxes)
    boxes = boxes.astype(float_dtype(boxes))
    scores = as_scores(name, scores, len(boxes))
    overlap = as_number(name, "iou_threshold", iou_threshold, minimum=0, maximum=1)
    if score_threshold is not None:
        score_threshold = as_number(name, "score_threshold", score_threshold)
    if max_boxes is not None:
        max_boxes = as_count(name, "max_boxes", max_boxes, minimum=0)
    return boxes, scores, (overlap, score_threshold, max_boxes)
