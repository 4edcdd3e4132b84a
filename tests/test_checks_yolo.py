"""The checks of Chapter 13: the right answers, and named wrong ones."""

import math

import numpy as np
import pytest
from exercise_answers import exercise_tests

from helpers.boxes import iou, kmeans_anchors
from helpers.checks.yolo import EXERCISES, _lost, _moved
from helpers.detection import YoloLayout, yolo_boxes, yolo_targets


def logistic(value):
    return 1 / (1 + math.exp(-value))


def decode(raw, row, column, anchor, stride, place=logistic, power=math.exp, part=0.5):
    x = stride * (column + place(raw[0]))
    y = stride * (row + place(raw[1]))
    w = part * anchor[0] * power(raw[2])
    h = part * anchor[1] * power(raw[3])
    return [x - w, y - h, x + w, y + h]


def as_it_is(value):
    return value


def centre_and_size(*given):
    left, top, right, bottom = decode(*given)
    return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]


def moved_middle(raw, row, column, anchor, stride, x, y):
    w, h = (side * math.exp(t) / 2 for side, t in zip(anchor, raw[2:], strict=True))
    return [x - w, y - h, x + w, y + h]


def in_cells(raw, row, column, anchor, stride):
    x, y = column + logistic(raw[0]), row + logistic(raw[1])
    return moved_middle(raw, row, column, anchor, stride, x, y)


def place_in_pixels(raw, row, column, anchor, stride):
    x, y = stride * column + logistic(raw[0]), stride * row + logistic(raw[1])
    return moved_middle(raw, row, column, anchor, stride, x, y)


def ask(box, anchors, stride, at=None, best=None, size=math.log):
    left, top, right, bottom = box
    x, y = at or ((left + right) / 2, (top + bottom) / 2)
    shape = right - left, bottom - top
    centred = [[-w / 2, -h / 2, w / 2, h / 2] for w, h in [shape, *anchors]]
    k = int(iou(centred[:1], centred[1:]).argmax()) if best is None else best
    sizes = [size(side / a) for side, a in zip(shape, anchors[k], strict=True)]
    column, row = x // stride, y // stride
    return [row, column, k, x / stride - column, y / stride - row, *sizes]


def ask_corner(box, anchors, stride):
    return ask(box, anchors, stride, at=(box[0], box[1]))


def ask_turned(*given):
    row, column, *rest = ask(*given)
    return [column, row, *rest]


def ask_pixels(box, anchors, stride):
    row, column, k, x, y, *size = ask(box, anchors, stride)
    return [row, column, k, x * stride, y * stride, *size]


def ask_nearest(box, anchors, stride):
    shape = np.array([box[2] - box[0], box[3] - box[1]])
    best = int(((shape - anchors) ** 2).sum(axis=1).argmin())
    return ask(box, anchors, stride, best=best)


def k_step(shapes, anchors, alike=None, middle=np.mean, empty=None):
    def overlap(shape, anchor):
        shared = min(shape[0], anchor[0]) * min(shape[1], anchor[1])
        return shared / (shape[0] * shape[1] + anchor[0] * anchor[1] - shared)

    alike = alike or overlap
    owners = [int(np.argmax([alike(s, a) for a in anchors])) for s in shapes]
    new = []
    for k, anchor in enumerate(anchors):
        own = [s for s, owner in zip(shapes, owners, strict=True) if owner == k]
        nothing = anchor if empty is None else np.full(2, empty)
        new.append(middle(own, axis=0) if own else nothing)
    return np.array(new)


def near(shape, anchor):
    return -math.dist(shape, anchor)


def far(shape, anchor):
    shared = min(shape[0], anchor[0]) * min(shape[1], anchor[1])
    return -shared / (shape[0] * shape[1] + anchor[0] * anchor[1] - shared)


RIGHT = {
    "13.1": {"numbers": 425, "proposed": 1805},
    "13.2": [decode],
    "13.3": [ask],
    "13.4": [k_step],
    "13.5": {"stride": 16, "anchors": 5},
}

WRONG = [
    ("13.1", {"numbers": 105, "proposed": 1}, "own classes"),
    ("13.1", {"numbers": 420, "proposed": 1}, "objectness"),
    ("13.1", {"numbers": 125, "proposed": 1}, "80 classes"),
    ("13.1", {"numbers": 255, "proposed": 1}, "v3's number"),
    ("13.1", {"numbers": 85, "proposed": 1}, "one box"),
    ("13.1", {"numbers": 7, "proposed": 1}, "Each of 5 boxes"),
    ("13.1", {"numbers": 425, "proposed": 361}, "the cells"),
    ("13.1", {"numbers": 425, "proposed": 95}, "rows and columns"),
    ("13.1", {"numbers": 425, "proposed": 845}, "416"),
    ("13.1", {"numbers": 425, "proposed": 153_425}, "all the numbers"),
    ("13.1", {"numbers": 425, "proposed": 3}, "Cells along"),
    ("13.1", {"numbers": "many", "proposed": 3}, "two numbers"),
    ("13.2", [lambda t, r, c, a, s: decode(t, c, r, a, s)], "exchanged"),
    ("13.2", [lambda *a: decode(*a, place=as_it_is)], "on the place is missing"),
    ("13.2", [lambda *a: decode(*a, power=logistic)], "takes an exponential"),
    ("13.2", [lambda *a: decode(*a, power=as_it_is)], "of the size is missing"),
    ("13.2", [lambda *a: decode(*a, part=1)], "whole width"),
    ("13.2", [centre_and_size], "corners"),
    ("13.2", [in_cells], "still in cells"),
    ("13.2", [place_in_pixels], "fraction of it"),
    ("13.3", [ask_turned], "row comes first"),
    ("13.3", [ask_corner], "The centre decides"),
    ("13.3", [ask_pixels], "not pixels"),
    ("13.3", [lambda *a: ask(*a, size=as_it_is)], "logarithms"),
    ("13.3", [ask_nearest], "largest IoU"),
    ("13.3", [lambda *a: ask(*a, size=lambda t: -math.log(t))], "other way"),
    ("13.4", [lambda *a: k_step(*a, alike=near)], "Euclid"),
    ("13.4", [lambda *a: k_step(*a, alike=far)], "least alike"),
    ("13.4", [lambda *a: k_step(*a, middle=np.median)], "median"),
    ("13.4", [lambda *a: k_step(*a, empty=0.0)], "stay where it is"),
    ("13.4", [lambda *a: k_step(*a, empty=np.nan)], "not a number|value at"),
    ("13.5", {"stride": 16, "anchors": 4}, r"2\.\d % of the objects"),
    ("13.5", {"stride": 32, "anchors": 9}, "are lost"),
    ("13.5", {"stride": 8, "anchors": 2}, "fewer would do"),
    ("13.5", {"stride": 10, "anchors": 2}, "8, 16 or 32"),
    ("13.5", {"stride": 8, "anchors": 0}, "1 to 9"),
    ("13.5", {"stride": 8, "anchors": 1.5}, "whole numbers"),
    ("13.5", {"stride": "small", "anchors": 2}, "type list"),
]

TestExercises = exercise_tests(
    EXERCISES, RIGHT, WRONG, functions=["13.2", "13.3", "13.4"]
)


def test_large_grid_agrees_with_the_layout():
    assert YoloLayout(5, 80).numbers == RIGHT["13.1"]["numbers"]


def test_right_box_agrees_with_the_helper():
    raw = np.random.default_rng(0).normal(size=(3, 4, 1, 4)).astype("float32")
    found = yolo_boxes(raw[..., :2], raw[..., 2:], [[30, 20]], 16).numpy()
    expected = decode(raw[2, 1, 0], 2, 1, (30, 20), 16)
    np.testing.assert_allclose(found[2, 1, 0], expected, rtol=1e-5)


def test_right_target_agrees_with_the_helper():
    anchors = np.array([[12.0, 12.0], [30.0, 34.0], [60.0, 20.0]])
    box = np.array([70.0, 11.0, 118.0, 40.0])
    row, column, k, *numbers = ask(box, anchors, 16)
    wanted = yolo_targets(box[None], [0], (128, 128), anchors, 1, 16)
    own = wanted[int(row), int(column), k]
    np.testing.assert_allclose(own[:4], numbers, atol=1e-5)
    assert own[4] == 1


def test_right_step_leaves_the_helper_s_anchors_where_they_are():
    shapes = np.exp(np.random.default_rng(1).uniform(1, 4, (60, 2)))
    anchors = kmeans_anchors(shapes, 4)
    np.testing.assert_allclose(_moved(shapes, anchors), anchors)


@pytest.mark.parametrize("stride", [8, 16, 32])
def test_more_anchors_and_smaller_cells_lose_fewer(stride):
    shares = [_lost(stride, count) for count in (1, 3, 9)]
    assert shares == sorted(shares, reverse=True)
    assert _lost(stride, 3) < _lost(2 * stride, 3)
