"""The checks of Chapter 11: the right answers, and named wrong ones."""

import numpy as np
from exercise_answers import exercise_tests

from helpers.boxes import convert, iou
from helpers.checks.localization import EXERCISES, PAIRS


def overlap(a, b, cut=True, extra=0, over=None):
    width = min(a[2], b[2]) - max(a[0], b[0]) + extra
    height = min(a[3], b[3]) - max(a[1], b[1]) + extra
    if cut:
        width, height = max(0, width), max(0, height)
    shared = width * height
    areas = [(x[2] - x[0] + extra) * (x[3] - x[1] + extra) for x in (a, b)]
    return shared / (sum(areas) - shared if over is None else over(*areas))


def product_cut(a, b):
    return max(0, overlap(a, b, cut=False))


def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def generalized(a, b, empty=lambda c, union: (c - union) / c, sign=-1):
    shared = iou(a[None], b[None])[0, 0]
    union = (area(a) + area(b)) / (1 + shared)
    around = [*np.minimum(a[:2], b[:2]), *np.maximum(a[2:], b[2:])]
    return shared + sign * empty(area(around), union)


def targets(boxes, size, swapped=False):
    size = size[::-1] if swapped else size
    return convert(boxes, "xyxy", "rel_center_xywh", size)


def part(name):
    return lambda boxes, size: convert(boxes, "xyxy", name, size)


RIGHT = {
    "11.1": {"numbers": [0.3, 0.5, 0.4, 0.5], "overlap": 0.333},
    "11.2": [overlap],
    "11.3": [targets],
    "11.4": [generalized],
    "11.5": {"better": [32, 0, 96, 96], "worse": (48, 48, 80, 80)},
}


def numbers(*box, overlap=0.333):
    return {"numbers": box, "overlap": overlap}


def shared(overlap):
    return numbers(0.3, 0.5, 0.4, 0.5, overlap=overlap)


def answers(better, worse):
    return {"better": better, "worse": worse}


TRUE, GOOD = [32, 32, 96, 96], [32, 32, 128, 96]

WRONG = [
    ("11.1", numbers(30, 40, 40, 40), "are pixels"),
    ("11.1", numbers(0.1, 0.25, 0.4, 0.5), "corner, not the centre"),
    ("11.1", numbers(0.1, 0.25, 0.5, 0.75), "kept the corners"),
    ("11.1", numbers(0.375, 0.4, 0.5, 0.4), "x goes with the width"),
    ("11.1", numbers(0.5, 0.3, 0.5, 0.4), "exchanged"),
    ("11.1", numbers(0.3, 0.5, 0.5, 0.75), "not a corner"),
    ("11.1", numbers(1, 2, 3, 4), "mean of both corners"),
    ("11.1", numbers(1, 2), "four numbers"),
    ("11.1", {"numbers": "many", "overlap": 1}, "four numbers"),
    ("11.1", shared(800), "That is the intersection"),
    ("11.1", shared(0.5), "one box"),
    ("11.1", shared(0.25), "counted twice"),
    ("11.1", shared(0.9), "20 by 40"),
    ("11.1", shared("a third"), "Give a number"),
    ("11.2", [lambda a, b: overlap(a, b, cut=False)], "no side may count as negative"),
    ("11.2", [product_cut], "their product is positive"),
    ("11.2", [lambda a, b: overlap(a, b, over=lambda x, y: x + y)], "counted twice"),
    ("11.2", [lambda a, b: overlap(a, b, over=min)], "smaller area"),
    ("11.2", [lambda a, b: overlap(a, b, over=lambda x, y: x)], "first box"),
    ("11.2", [lambda a, b: overlap(a, b, over=lambda x, y: 1)], "the intersection"),
    ("11.2", [lambda a, b: overlap(a, b, extra=1)], "add 1"),
    ("11.2", [lambda a, b: 0.5], "your answer is 0.5"),
    ("11.3", [lambda b, s: targets(b, s, swapped=True)], "x by the height"),
    ("11.3", [part("rel_xywh")], "corner, not the centre"),
    ("11.3", [part("center_xywh")], "are pixels"),
    ("11.3", [lambda b, s: targets(b, (s[0], s[0]))], "everything by the height"),
    ("11.3", [lambda b, s: targets(b, (s[1], s[1]))], "everything by the width"),
    ("11.3", [part("rel_xyxy")], "kept the corners"),
    ("11.3", [lambda b, s: targets(b, s)[:, [1, 0, 3, 2]]], "exchanged"),
    ("11.3", [lambda b, s: targets(b[:1], s)], "shape"),
    ("11.4", [lambda a, b: iou(a[None], b[None])[0, 0]], "IoU alone"),
    ("11.4", [lambda a, b: generalized(a, b, sign=1)], "add the empty part"),
    ("11.4", [lambda a, b: generalized(a, b, lambda c, u: u / c)], "covered part"),
    ("11.4", [lambda a, b: generalized(a, b, lambda c, u: c / u - 1)], "by the union"),
    ("11.4", [lambda a, b: generalized(a, b, lambda c, u: c - u)], "an area"),
    ("11.5", answers([1, 2], GOOD), "better: give four"),
    ("11.5", answers(GOOD, [96, 96, 32, 32]), "worse: left, top"),
    ("11.5", answers(GOOD, TRUE), "squared errors are 256 and 0"),
    ("11.5", answers(GOOD, [0, 32, 96, 96]), "0.00 apart"),
    ("11.5", answers([48, 48, 80, 80], GOOD), "-0.42 apart"),
    ("11.5", answers([np.inf, 0, 1, 1], GOOD), "better: give four"),
]


TestExercises = exercise_tests(
    EXERCISES, RIGHT, WRONG, functions=["11.2", "11.3", "11.4"]
)


def test_cases_hold_boxes_that_overlap_lie_inside_touch_and_are_apart():
    found = [overlap(a, b) for a, b in PAIRS]
    np.testing.assert_allclose(found, [iou(a[None], b[None])[0, 0] for a, b in PAIRS])
    assert [value > 0 for value in found] == [True, True, False, False, False]
