"""Checks for the exercises of Chapter 12, Object detection."""

import numpy as np

from helpers.boxes import batched_non_max_suppression, non_max_suppression
from helpers.checks._compare import as_numbers, compare


def dense_as_filter(parameters, side):
    """Check 12.1: VGG-16's first dense layer as a convolution, on 384×384 pixels."""
    try:
        parameters, side = float(parameters), float(side)
    except (TypeError, ValueError):
        return "Give two numbers: parameters and side."
    weights = 7 * 7 * 512 * 4096
    hints = {
        weights: "The 4,096 biases are missing.",
        512 * 4096 + 4096: "The first dense layer needs a filter of 7×7, not 1×1.",
        12 * 12 * 512 * 4096 + 4096: "The filter keeps its size: 7×7. The maps grow.",
        7 * 7 * 512 + 1: "That is one filter. There are 4,096 of them.",
    }
    if parameters != weights + 4096:
        fallback = "A filter has 7·7·512 weights and a bias; there are 4,096 filters."
        return "Parameters: " + hints.get(parameters, fallback)
    hints = {
        12: "These are the maps, 384 / 32. A filter of 7×7 must fit into them.",
        5: "One more: a filter of size 7 fits into 7 cells once.",
        7: "That is the size of the filter. In how many places does it fit?",
        1: "That is the grid for 224×224. Here the maps are larger.",
        36: "That is the number of answers. How many are in a row?",
    }
    if side != 6:
        fallback = "The maps are 384 / 32 wide; in how many places does 7×7 fit?"
        return "Side: " + hints.get(side, fallback)
    return None


def _one_class_apart(boxes, scores, classes, iou_threshold):
    return batched_non_max_suppression(boxes, scores, classes, iou_threshold)


def _together(boxes, scores, classes, iou_threshold):
    return non_max_suppression(boxes, scores, iou_threshold)


def _class_after_class(boxes, scores, classes, iou_threshold):
    kept = []
    for each in np.unique(classes):
        own = np.flatnonzero(classes == each)
        kept += own[
            non_max_suppression(boxes[own], scores[own], iou_threshold)
        ].tolist()
    return np.array(kept)


def _numbers_in_class(boxes, scores, classes, iou_threshold):
    kept = []
    for each in np.unique(classes):
        own = np.flatnonzero(classes == each)
        kept += non_max_suppression(boxes[own], scores[own], iou_threshold).tolist()
    return np.array(kept)


def _in_order_of_index(*case):
    return np.sort(_one_class_apart(*case))


def _mask(*case):
    kept = np.zeros(len(case[0]), bool)
    kept[_one_class_apart(*case)] = True
    return kept


def _one_a_class(boxes, scores, classes, iou_threshold):
    best = [
        np.flatnonzero(classes == each)[scores[classes == each].argmax()]
        for each in np.unique(classes)
    ]
    return np.array(best)[np.argsort(-scores[best])]


def suppress_by_class(function):
    """Check 12.2: ``function(boxes, scores, classes, iou_threshold)``."""
    rng = np.random.default_rng(12)
    cases = []
    for count, threshold in ((12, 0.3), (20, 0.5)):
        low = rng.uniform(0, 40, (count, 2))
        boxes = np.hstack([low, low + rng.uniform(20, 50, (count, 2))])
        scores = rng.permutation(count) / count
        cases.append((boxes, scores, rng.integers(0, 3, count), threshold))
    mistakes = {
        "You suppress all classes together. A cup does not drop a table.": _together,
        "Your answer goes class after class. Return the best first, over all.": (
            _class_after_class
        ),
        "Your indices count within a class. Return those of the arrays given.": (
            _numbers_in_class
        ),
        "Your indices are in their own order. Return the best first.": (
            _in_order_of_index
        ),
        "Return indices, best first, not a mask.": _mask,
        "You keep one box a class. Boxes that lie apart all stay.": _one_a_class,
        "You drop nothing: boxes of one class that overlap by more go.": (
            lambda boxes, scores, classes, least: np.argsort(-scores)
        ),
    }
    return compare(function, _one_class_apart, mistakes, cases)


def _right(overlaps, threshold):
    free = np.ones(overlaps.shape[1], bool)
    right = np.zeros(len(overlaps), bool)
    for n, row in enumerate(overlaps):
        open_to = np.where(free, row, -1.0)
        if open_to.max() >= threshold:
            free[open_to.argmax()], right[n] = False, True
    return right


def _doubles_count(overlaps, threshold):
    return overlaps.max(axis=1) >= threshold


def _best_only(overlaps, threshold):
    free = np.ones(overlaps.shape[1], bool)
    right = np.zeros(len(overlaps), bool)
    for n, row in enumerate(overlaps):
        if row.max() >= threshold and free[row.argmax()]:
            free[row.argmax()], right[n] = False, True
    return right


def _first_free(overlaps, threshold):
    free = np.ones(overlaps.shape[1], bool)
    right = np.zeros(len(overlaps), bool)
    for n, row in enumerate(overlaps):
        enough = np.flatnonzero(free & (row >= threshold))
        if len(enough):
            free[enough[0]], right[n] = False, True
    return right


def _strictly(overlaps, threshold):
    return _right(overlaps, np.nextafter(threshold, 1))


def _best_for_each_object(overlaps, threshold):
    right = np.zeros(len(overlaps), bool)
    for column in overlaps.T:
        if column.max() >= threshold:
            right[column.argmax()] = True
    return right


OVERLAPS = np.array(
    [
        [0.60, 0.55, 0.00],  # finds object 0
        [0.70, 0.52, 0.00],  # would rather have 0; gets 1
        [0.65, 0.58, 0.10],  # both are taken
        [0.00, 0.10, 0.50],  # exactly the threshold
        [0.20, 0.30, 0.90],  # too late
    ]
)


def match_detections(function):
    """Check 12.3: which detections are right, ``function(overlaps, threshold)``."""
    cases = [
        (OVERLAPS, 0.5),
        (np.array([[0.4, 0.8], [0.75, 0.7], [0.76, 0.9], [0.2, 0.1]]), 0.7),
        (np.array([[0.55, 0.9], [0.3, 0.8]]), 0.5),
    ]
    mistakes = {
        "A second detection of the same object is wrong. Mark objects as found.": (
            _doubles_count
        ),
        "If its best object is taken, a detection may still find another one.": (
            _best_only
        ),
        "Of the free objects, a detection takes the one that it overlaps most.": (
            _first_free
        ),
        "An overlap of exactly the threshold counts.": _strictly,
        "The better score finds the object, even if a later box overlaps it more.": (
            _best_for_each_object
        ),
    }
    return compare(function, _right, mistakes, cases)


def _decoded(offsets, anchors, grow=np.exp, from_corner=False, halve=0.5):
    size = anchors[:, 2:] - anchors[:, :2]
    start = anchors[:, :2] if from_corner else (anchors[:, :2] + anchors[:, 2:]) / 2
    centre = start + offsets[:, :2] * size
    half = halve * size * grow(offsets[:, 2:])
    return np.hstack([centre - half, centre + half])


def _in_pixels(offsets, anchors):
    size = anchors[:, 2:] - anchors[:, :2]
    centre = (anchors[:, :2] + anchors[:, 2:]) / 2 + offsets[:, :2]
    half = size * np.exp(offsets[:, 2:]) / 2
    return np.hstack([centre - half, centre + half])


def _centre_form(offsets, anchors):
    boxes = _decoded(offsets, anchors)
    size = boxes[:, 2:] - boxes[:, :2]
    return np.hstack([boxes[:, :2] + size / 2, size])


def decode_offsets(function):
    """Check 12.4: from offsets to boxes, ``function(offsets, anchors)``."""
    rng = np.random.default_rng(13)
    low = rng.uniform(0, 50, (6, 2))
    anchors = np.hstack([low, low + rng.uniform(10, 60, (6, 2))])
    cases = [(rng.normal(0, 0.4, (6, 4)), anchors), (np.zeros((2, 4)), anchors[:2])]
    mistakes = {
        "Width and height grow by exp of the offset, not by the offset.": (
            lambda o, a: _decoded(o, a, grow=lambda value: 1 + value)
        ),
        "Your width is the anchor's times the offset. Take its exponential.": (
            lambda o, a: _decoded(o, a, grow=lambda value: value)
        ),
        "The first two offsets move the centre. You moved the corner.": (
            lambda o, a: _decoded(o, a, from_corner=True)
        ),
        "From the centre to an edge it is half of the width.": (
            lambda o, a: _decoded(o, a, halve=1.0)
        ),
        "The first two offsets are in widths and heights of the anchor.": _in_pixels,
        "Your answer holds centres and sizes. Return corners.": _centre_form,
    }
    return compare(function, _decoded, mistakes, cases)


TOLERANT, STRICT = 0.6, 0.3


def fewer_at_a_higher_threshold(boxes, scores):
    """Check 12.5: boxes of which a more tolerant threshold keeps fewer."""
    boxes, hint = as_numbers(boxes)
    if hint:
        return f"Boxes: {hint}"
    scores, hint = as_numbers(scores)
    if hint:
        return f"Scores: {hint}"
    if boxes.ndim != 2 or boxes.shape[1] != 4 or scores.shape != (len(boxes),):
        return "Give boxes [n, 4] as x_min, y_min, x_max, y_max, and n scores."
    if len(boxes) > 20:
        return f"At most 20 boxes; four are enough. You gave {len(boxes)}."
    if not (np.isfinite(boxes).all() and (boxes[:, 2:] > boxes[:, :2]).all()):
        return "Each box needs x_max > x_min and y_max > y_min."
    if len(np.unique(scores)) < len(scores):
        return "Give all boxes different scores, so that the order is clear."
    few, many = (
        len(non_max_suppression(boxes, scores, threshold))
        for threshold in (TOLERANT, STRICT)
    )
    if few >= many:
        return (
            f"At {STRICT} {many} boxes are kept, at {TOLERANT} {few}. Let the best box "
            f"drop the second at {STRICT} only, and the second, where it stays, drop "
            "two others."
        )
    return None


EXERCISES = {
    "12.1": dense_as_filter,
    "12.2": suppress_by_class,
    "12.3": match_detections,
    "12.4": decode_offsets,
    "12.5": fewer_at_a_higher_threshold,
}
