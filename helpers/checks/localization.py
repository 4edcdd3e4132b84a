"""Checks for the exercises of Chapter 11, Classification and localization."""

import numpy as np

from helpers.checks._compare import as_numbers, compare


def box_in_parts(numbers, overlap):
    """Check 11.1: a box in ``rel_center_xywh``, and an IoU."""
    numbers, hint = as_numbers(numbers)
    if hint or numbers.shape != (4,):
        return "Give four numbers for the box."
    right = np.array([0.3, 0.5, 0.4, 0.5])
    hints = {
        (30, 40, 40, 40): "Your numbers are pixels. Divide them by the image's size.",
        (0.1, 0.25, 0.4, 0.5): "Your first two numbers are the corner, not the centre.",
        (0.1, 0.25, 0.5, 0.75): "You kept the corners. Centre, width and height.",
        (0.375, 0.4, 0.5, 0.4): "You divided x by the height. x goes with the width.",
        (0.5, 0.3, 0.5, 0.4): "You exchanged x and y.",
        (0.3, 0.5, 0.5, 0.75): "The last two numbers are width and height, not a "
        "corner.",
    }
    if not np.allclose(numbers, right, atol=1e-3):
        for wrong, words in hints.items():
            if np.allclose(numbers, wrong, atol=1e-3):
                return words
        return (
            "The centre is the mean of both corners, the size their difference. "
            "Then divide by 100 and by 80."
        )
    try:
        overlap = float(overlap)
    except (TypeError, ValueError):
        return "Give a number for the IoU."
    hints = {
        800: "That is the intersection. Divide it by the union.",
        0.5: "You divided by the area of one box. Divide by that of the union.",
        0.25: "You divided by both areas together. What is shared was counted twice.",
    }
    if abs(overlap - 1 / 3) > 0.005:
        for wrong, words in hints.items():
            if abs(overlap - wrong) < 0.005:
                return words
        return "They share 20 by 40 pixels. The union is what at least one covers."
    return None


def _iou(a, b, shared_of=None, over=None):
    """Return the IoU of two boxes, or what one gets with a part done otherwise."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    shared = shared_of(sides) if shared_of else np.prod(np.maximum(sides, 0))
    area_a, area_b = np.prod(a[2:] - a[:2]), np.prod(b[2:] - b[:2])
    if over is not None:
        return shared / over(area_a, area_b)
    return shared / (area_a + area_b - shared)


def _inclusive(a, b):
    return _iou(np.append(a[:2], a[2:] + 1), np.append(b[:2], b[2:] + 1))


def _boxes(*boxes):
    return tuple(np.array(box, float) for box in boxes)


PAIRS = [
    _boxes([2, 3, 12, 9], [5, 1, 20, 8]),
    _boxes([0, 0, 10, 10], [2, 2, 6, 5]),
    _boxes([0, 0, 4, 4], [6, 1, 9, 3]),
    _boxes([0, 0, 4, 4], [7, 8, 10, 12]),
    _boxes([0, 0, 4, 4], [4, 0, 8, 4]),
]


def overlap_of(function):
    """Check 11.2: the IoU of two boxes, ``function(a, b)``."""
    mistakes = {
        "Boxes that are apart share nothing: no side may count as negative.": (
            lambda a, b: _iou(a, b, shared_of=np.prod)
        ),
        "When both sides of the intersection are negative, their product is positive. "
        "Cut each side off at 0.": (
            lambda a, b: _iou(a, b, shared_of=lambda s: max(0, np.prod(s)))
        ),
        "You divided by both areas together. What is shared was counted twice.": (
            lambda a, b: _iou(a, b, over=lambda one, other: one + other)
        ),
        "You divided by the smaller area. Divide by that of the union.": (
            lambda a, b: _iou(a, b, over=min)
        ),
        "You divided by the first box's area. Divide by that of the union.": (
            lambda a, b: _iou(a, b, over=lambda one, other: one)
        ),
        "You return the intersection. Divide it by the union.": (
            lambda a, b: _iou(a, b, over=lambda one, other: 1)
        ),
        "You add 1 to the sides. In this book a width is x_max - x_min.": _inclusive,
    }
    return compare(function, _iou, mistakes, PAIRS)


def _targets(boxes, image_size, scale=(1, 0, 1, 0), centre=0.5):
    parts = boxes / np.array([image_size[axis] for axis in scale], float)
    low, high = parts[:, :2], parts[:, 2:]
    return np.concatenate([low + centre * (high - low), high - low], axis=1)


def to_targets(function):
    """Check 11.3: pixels to parts, ``function(boxes, image_size)``."""
    boxes = np.array([[10, 20, 50, 60], [0, 0, 96, 40], [7, 3, 9, 71]], float)
    cases = [(boxes, (80, 120)), (boxes[:0], (80, 120))]
    mistakes = {
        "You divide x by the height. image_size is (height, width).": (
            lambda b, size: _targets(b, size, scale=(0, 1, 0, 1))
        ),
        "Your first two numbers are the corner, not the centre.": (
            lambda b, size: _targets(b, size, centre=0)
        ),
        "Your numbers are pixels. Divide them by the image's size.": (
            lambda b, size: _targets(b, (1, 1))
        ),
        "You divide everything by the height.": (
            lambda b, size: _targets(b, size, scale=(0, 0, 0, 0))
        ),
        "You divide everything by the width.": (
            lambda b, size: _targets(b, size, scale=(1, 1, 1, 1))
        ),
        "You kept the corners. Centre, width and height.": (
            lambda b, size: b / np.array([size[1], size[0]] * 2, float)
        ),
        "You exchanged x and y.": (lambda b, size: _targets(b, size)[:, [1, 0, 3, 2]]),
    }
    return compare(function, _targets, mistakes, cases)


def _generalized(a, b, part_of=None, sign=-1):
    sides = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)
    areas = np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])
    union = areas - np.prod(sides)
    around = np.prod(np.maximum(a[2:], b[2:]) - np.minimum(a[:2], b[:2]))
    part = (part_of or (lambda around, union: (around - union) / around))(around, union)
    return np.prod(sides) / union + sign * part


def generalized_iou(function):
    """Check 11.4: generalized IoU of two boxes, ``function(a, b)``."""
    mistakes = {
        "That is IoU alone. The part of C that no box covers is missing.": _iou,
        "You add the empty part of C. It is subtracted.": (
            lambda a, b: _generalized(a, b, sign=1)
        ),
        "You subtract the covered part of C. Subtract the part that is empty.": (
            lambda a, b: _generalized(a, b, part_of=lambda c, union: union / c)
        ),
        "You divide the empty area by the union. Divide it by the area of C.": (
            lambda a, b: _generalized(
                a, b, part_of=lambda c, union: (c - union) / union
            )
        ),
        "You subtract an area. Divide it by the area of C first.": (
            lambda a, b: _generalized(a, b, part_of=lambda c, union: c - union)
        ),
    }
    return compare(function, _generalized, mistakes, PAIRS)


TRUE = np.array([32.0, 32, 96, 96])


def same_error(better, worse):
    """Check 11.5: two answers with one squared error and different IoU."""
    found = []
    for name, box in (("better", better), ("worse", worse)):
        box, hint = as_numbers(box)
        if hint or box.shape != (4,) or not np.isfinite(box).all():
            return f"{name}: give four numbers."
        if (box[2:] <= box[:2]).any():
            return f"{name}: left, top, right, bottom; right and bottom are larger."
        found.append(box)
    errors = [((box - TRUE) ** 2).mean() for box in found]
    if not np.isclose(*errors, rtol=1e-3):
        return (
            f"The squared errors are {errors[0]:.4g} and {errors[1]:.4g}. "
            "They should be the same."
        )
    overlaps = [_iou(TRUE, box) for box in found]
    apart = overlaps[0] - overlaps[1]
    if apart < 0.4 - 1e-6:
        return (
            f"The IoUs are {overlaps[0]:.2f} and {overlaps[1]:.2f}: {apart:.2f} apart. "
            "Put all of the error into one side, and share it out among all four."
        )
    return None


EXERCISES = {
    "11.1": box_in_parts,
    "11.2": overlap_of,
    "11.3": to_targets,
    "11.4": generalized_iou,
    "11.5": same_error,
}
