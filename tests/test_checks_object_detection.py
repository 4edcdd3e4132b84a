"""The checks of Chapter 12: the right answers, and named wrong ones."""

import numpy as np
from exercise_answers import exercise_tests

from helpers.boxes import iou, non_max_suppression
from helpers.checks.object_detection import EXERCISES, OVERLAPS
from helpers.detection import encode
from helpers.metrics import mean_average_precision


def by_class(boxes, scores, classes, iou_threshold):
    apart = boxes + 1000 * classes[:, None]
    return non_max_suppression(apart, scores, iou_threshold)


def class_after_class(boxes, scores, classes, iou_threshold, own_numbers=False):
    kept = []
    for each in sorted(set(classes.tolist())):
        own = np.flatnonzero(classes == each)
        chosen = non_max_suppression(boxes[own], scores[own], iou_threshold)
        kept += chosen.tolist() if own_numbers else own[chosen].tolist()
    return kept


def one_a_class(boxes, scores, classes, iou_threshold):
    best = [
        max(np.flatnonzero(classes == k), key=lambda n: scores[n]) for k in range(3)
    ]
    return sorted(best, key=lambda n: -scores[n])


def mask(boxes, *rest):
    kept = by_class(boxes, *rest)
    return [n in kept for n in range(len(boxes))]


def match(overlaps, threshold, best_only=False, first=False, free_again=False):
    taken, right = set(), []
    for row in overlaps:
        order = range(len(row)) if first else np.argsort(-row, kind="stable")
        hit = None
        for column in order:
            if row[column] >= threshold and column not in taken:
                hit = column
                break
            if best_only:
                break
        right.append(hit is not None)
        if hit is not None and not free_again:
            taken.add(hit)
    return right


def best_for_each_object(overlaps, threshold):
    winners = {
        int(column.argmax()) for column in overlaps.T if column.max() >= threshold
    }
    return [n in winners for n in range(len(overlaps))]


def decode(offsets, anchors, grow=np.exp, start=0.5, half=0.5, pixels=False):
    x, y, x_max, y_max = anchors.T
    width, height = x_max - x, y_max - y
    dx, dy, dw, dh = offsets.T
    x = x + start * width + dx * (1 if pixels else width)
    y = y + start * height + dy * (1 if pixels else height)
    w, h = width * grow(dw), height * grow(dh)
    return np.stack([x - half * w, y - half * h, x + half * w, y + half * h], axis=1)


def centres(offsets, anchors):
    boxes = decode(offsets, anchors)
    size = boxes[:, 2:] - boxes[:, :2]
    return np.hstack([(boxes[:, :2] + boxes[:, 2:]) / 2, size])


TRAP = [[0, -5, 10, 5], [0, 0, 10, 10], [0, 0, 6.2, 10], [3.8, 0, 10, 10]]
FALLING = [0.9, 0.8, 0.7, 0.6]

RIGHT = {
    "12.1": {"parameters": 102764544, "side": 6},
    "12.2": [by_class],
    "12.3": [match],
    "12.4": [decode],
    "12.5": {"boxes": TRAP, "scores": FALLING},
}
WRONG = [
    ("12.1", [102760448, 6], "biases"),
    ("12.1", [512 * 4096 + 4096, 6], "not 1×1"),
    ("12.1", [12 * 12 * 512 * 4096 + 4096, 6], "maps grow"),
    ("12.1", [7 * 7 * 512 + 1, 6], "one filter"),
    ("12.1", [1, 6], "4,096 filters"),
    ("12.1", [102764544, 12], "must fit"),
    ("12.1", [102764544, 5], "One more"),
    ("12.1", [102764544, 7], "size of the filter"),
    ("12.1", [102764544, 1], "larger"),
    ("12.1", [102764544, 36], "in a row"),
    ("12.1", [102764544, 3], "how many places"),
    ("12.1", ["many", 6], "two numbers"),
    ("12.2", [lambda b, s, k, t: by_class(b, s, 0 * k, t)], "together"),
    ("12.2", [class_after_class], "class after class"),
    ("12.2", [lambda *a: class_after_class(*a, own_numbers=True)], "within a class"),
    ("12.2", [lambda *a: sorted(by_class(*a))], "their own order"),
    ("12.2", [mask], "not a mask"),
    ("12.2", [one_a_class], "one box a class"),
    ("12.2", [lambda b, s, k, t: np.argsort(-s)], "drop nothing"),
    ("12.2", [lambda b, s, k, t: by_class(b, s, k, t + 0.2)], "shape|value at"),
    ("12.3", [lambda *a: match(*a, free_again=True)], "Mark objects as found"),
    ("12.3", [lambda *a: match(*a, best_only=True)], "still find another"),
    ("12.3", [lambda *a: match(*a, first=True)], "overlaps most"),
    ("12.3", [lambda o, t: match(o, t + 1e-9)], "exactly the threshold"),
    ("12.3", [best_for_each_object], "better score"),
    ("12.4", [lambda *a: decode(*a, grow=lambda v: 1 + v)], "by exp"),
    ("12.4", [lambda *a: decode(*a, grow=lambda v: v)], "exponential"),
    ("12.4", [lambda *a: decode(*a, start=0)], "moved the corner"),
    ("12.4", [lambda *a: decode(*a, half=1)], "half of the width"),
    ("12.4", [lambda *a: decode(*a, pixels=True)], "widths and heights"),
    ("12.4", [centres], "centres and sizes"),
    ("12.5", [TRAP[:3], FALLING[:3]], "At 0.3"),
    ("12.5", [TRAP, [0.9, 0.8, 0.7]], "n scores"),
    ("12.5", [TRAP, [0.9, 0.8, 0.7, 0.7]], "different scores"),
    ("12.5", [[[0, 0, 0, 5]], [1]], "x_max > x_min"),
    ("12.5", [[[n, 0, n + 1, 1] for n in range(21)], list(range(21))], "At most 20"),
    ("12.5", ["boxes", FALLING], "Boxes: .*type str"),
    ("12.5", [TRAP, "scores"], "Scores: .*type str"),
]

TestExercises = exercise_tests(
    EXERCISES, RIGHT, WRONG, functions=["12.2", "12.3", "12.4"]
)


def test_decoding_undoes_the_book_s_encoding():
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 30, (2, 8, 2))
    boxes, anchors = np.concatenate([low, low + rng.uniform(5, 40, (2, 8, 2))], axis=2)
    back = decode(encode(boxes, anchors), anchors)
    np.testing.assert_allclose(back, boxes, rtol=1e-4)


def test_the_rule_of_matching_is_the_one_of_the_book_s_metric():
    """Two objects, each found twice."""
    objects = np.array([[0.0, 0, 10, 10], [20, 0, 30, 10]])
    found = np.array([[0, 0, 10, 9.0], [0, 0, 10, 8], [20, 0, 30, 9], [22, 0, 30, 9]])
    overlaps = iou(found, objects)
    answer = mean_average_precision(
        [{"boxes": found, "scores": [0.9, 0.8, 0.7, 0.6], "labels": [0] * 4}],
        [{"boxes": objects, "labels": [0, 0]}],
    )
    assert match(overlaps, 0.5) == [True, False, True, False]
    # Precision 1 up to recall 0.5, then 2/3: the staircase of these matches.
    assert abs(answer.map - (51 * 1 + 50 * 2 / 3) / 101) < 1e-9
    assert match(OVERLAPS, 0.5) == [True, True, False, True, False]
