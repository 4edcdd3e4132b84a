"""Checks of boxes, of their scores and classes."""

import numpy as np

from helpers._validation import as_array, float_dtype


def as_boxes(function, argument, value):
    """Return boxes as an array [boxes, 4] of finite numbers, possibly of none."""
    if isinstance(value, (list, tuple)) and len(value) == 0:
        value = np.empty((0, 4), np.float32)
    boxes = as_array(function, argument, value, ("boxes, 4",), empty=True)
    if boxes.shape[1] != 4:
        raise ValueError(
            f"{function}: {argument} must have the axes [boxes, 4], "
            f"got shape {boxes.shape}"
        )
    if not np.isfinite(boxes).all():
        row = int(np.flatnonzero(~np.isfinite(boxes).all(axis=1))[0])
        raise ValueError(
            f"{function}: {argument} must be finite, got {boxes[row].tolist()} "
            f"in row {row}"
        )
    turned = (boxes[:, 2:] < boxes[:, :2]).any(axis=1)
    if turned.any():
        row = int(np.flatnonzero(turned)[0])
        raise ValueError(
            f"{function}: {argument} must be [x_min, y_min, x_max, y_max] with no "
            f"maximum below its minimum, got {boxes[row].tolist()} in row {row}"
        )
    return boxes


def as_scores(function, value, count):
    """Return one score a box, in float32 or wider; NaN is refused."""
    scores = one_a_box(function, "scores", value, count)
    scores = scores.astype(float_dtype(scores))
    if np.isnan(scores).any():
        row = int(np.flatnonzero(np.isnan(scores))[0])
        raise ValueError(f"{function}: scores must not be NaN, got one in row {row}")
    return scores


def as_classes(function, value, count, argument="classes"):
    """Return one whole number a box."""
    classes = one_a_box(function, argument, value, count)
    if count and classes.dtype.kind not in "iu":
        raise TypeError(
            f"{function}: {argument} must hold whole numbers, got {classes.dtype}"
        )
    return classes


def one_a_box(function, argument, value, count):
    values = as_array(function, argument, value, ("boxes",), empty=True)
    if values.shape != (count,):
        raise ValueError(
            f"{function}: {argument} must have one value for each of the {count} "
            f"boxes, got shape {values.shape}"
        )
    return values


def areas(function, argument, boxes):
    """Return the area of each box, [...]; one that overflows is refused."""
    with np.errstate(over="ignore"):
        found = (boxes[..., 3] - boxes[..., 1]) * (boxes[..., 2] - boxes[..., 0])
    if not np.isfinite(found).all():
        row = int(np.flatnonzero(~np.isfinite(found))[0])
        raise ValueError(
            f"{function}: {argument} must have areas that {boxes.dtype} holds, "
            f"got {boxes[row].tolist()} in row {row}"
        )
    return found
