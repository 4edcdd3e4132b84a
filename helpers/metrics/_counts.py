"""Counts over images or pixels: who was taken for whom."""

import numpy as np

from helpers._validation import as_count, show


def confusion_matrix(labels, predictions, num_classes):
    """Return how often each class was taken for each; derived in Chapter 5.

    Parameters
    ----------
    labels, predictions : array_like of int
        The true and the predicted class of each image or pixel, of one shape, from 0
        to ``num_classes - 1``.
    num_classes : int
        Number of classes.

    Returns
    -------
    ndarray of int64, shape (num_classes, num_classes)
        A row for each true class, a column for each predicted one.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Examples
    --------
    >>> from helpers.metrics import confusion_matrix
    >>> confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], 2)
    array([[1, 1],
           [0, 2]])
    """
    return _confusion("confusion_matrix", labels, predictions, num_classes)


def mean_iou(labels, predictions, num_classes, ignore_label=None):
    """Return the mean intersection over union of the classes; derived in Chapter 14.

    For each class: the pixels that have it both in truth and in the prediction, divided
    by those that have it in either.

    Parameters
    ----------
    labels, predictions : array_like of int
        The true and the predicted class of each pixel, of one shape, from 0 to
        ``num_classes - 1``.
    num_classes : int
        Number of classes. One that appears in neither does not count.
    ignore_label : int, optional
        Pixels with this label are left out; it may lie outside of the classes.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, or no pixel is left.

    Examples
    --------
    Of class 0 one of two pixels, of class 1 two of three:

    >>> from helpers.metrics import mean_iou
    >>> mean_iou([[0, 0], [1, 1]], [[0, 1], [1, 1]], 2)
    0.5833333333333333
    """
    counts = _confusion("mean_iou", labels, predictions, num_classes, ignore_label)
    both = np.diag(counts)
    either = counts.sum(axis=0) + counts.sum(axis=1) - both
    return float((both[either > 0] / either[either > 0]).mean())


def dice(labels, predictions, num_classes, ignore_label=None):
    """Return the mean Dice score of the classes; derived in Chapter 14.

    For each class: twice the pixels that have it both in truth and in the prediction,
    divided by those that have it in truth plus those that have it in the prediction.
    From a class's intersection over union it follows, as ``2 * iou / (1 + iou)``.

    Parameters
    ----------
    labels, predictions : array_like of int
        The true and the predicted class of each pixel, of one shape, from 0 to
        ``num_classes - 1``.
    num_classes : int
        Number of classes. One that appears in neither does not count.
    ignore_label : int, optional
        Pixels with this label are left out; it may lie outside of the classes.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, or no pixel is left.

    References
    ----------
    Dice: "Measures of the amount of ecologic association between species", Ecology 26,
    1945.

    Examples
    --------
    Of class 0 one of two pixels, of class 1 two of three:

    >>> from helpers.metrics import dice
    >>> dice([[0, 0], [1, 1]], [[0, 1], [1, 1]], 2)
    0.7333333333333334
    """
    counts = _confusion("dice", labels, predictions, num_classes, ignore_label)
    both = np.diag(counts)
    each = counts.sum(axis=0) + counts.sum(axis=1)
    return float((2 * both[each > 0] / each[each > 0]).mean())


def _confusion(name, labels, predictions, num_classes, ignore_label=None):
    labels, predictions, counted, num_classes = checked_classes(
        name, labels, predictions, num_classes, ignore_label
    )
    if ignore_label is not None:
        labels, predictions = labels[counted], predictions[counted]
    labels, predictions = labels.ravel(), predictions.ravel()
    pairs = labels.astype(np.int64) * num_classes + predictions.astype(np.int64)
    counts = np.bincount(pairs, minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes)


def checked_classes(name, labels, predictions, num_classes, ignore_label):
    """Return labels and predictions as arrays, which count, and the number of classes.

    Those that do not count may have any value. If no label is ignored, `counted` is one
    ``True`` for all.
    """
    num_classes = as_count(name, "num_classes", num_classes)
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    for argument, values in (("labels", labels), ("predictions", predictions)):
        if values.dtype.kind not in "iu":
            raise TypeError(
                f"{name}: {argument} must hold integers, got {show(values)}"
            )
    if labels.shape != predictions.shape:
        raise ValueError(
            f"{name}: labels and predictions must have one shape, got {labels.shape} "
            f"and {predictions.shape}"
        )
    counted = np.True_
    if ignore_label is not None:
        ignored = as_count(name, "ignore_label", ignore_label, minimum=-(1 << 62))
        counted = labels != ignored
    if not labels.size or not counted.any():
        raise ValueError(f"{name}: labels must hold at least one that counts, got none")
    for argument, values in (("labels", labels), ("predictions", predictions)):
        outside = counted & ((values < 0) | (values >= num_classes))
        if outside.any():
            raise ValueError(
                f"{name}: {argument} must be from 0 to {num_classes - 1}, got "
                f"{values[outside][0]}"
            )
    return labels, predictions, counted, num_classes
