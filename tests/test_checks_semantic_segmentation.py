"""The checks of Chapter 14: the right answers, and named wrong ones."""

import numpy as np
import pytest
from exercise_answers import exercise_tests

from helpers.checks.semantic_segmentation import (
    EXERCISES,
    _disc_iou,
    _mean_overlap,
)
from helpers.metrics import mean_iou


def overlap(truth, found, classes, ignored, empty=None, dice=False):
    values = []
    for c in range(classes):
        both = either = 0
        for t, p in zip(truth.ravel(), found.ravel(), strict=True):
            if t != ignored:
                both += t == c and p == c
                either += t == c or p == c
        if either:
            values.append(2 * both / (both + either) if dice else both / either)
        elif empty is not None:
            values.append(empty)
    return sum(values) / len(values)


def summed(truth, found, classes, ignored):
    counted = truth != ignored
    both = (truth == found)[counted].sum()
    return both / (2 * counted.sum() - both)


def right_pixels(truth, found, classes, ignored):
    return (truth == found)[truth != ignored].mean()


def at(image, row, column):
    height, width = image.shape
    row, column = (
        min(max(place, 0), side - 1) for place, side in ((row, height), (column, width))
    )
    top, left = min(int(row), height - 2), min(int(column), width - 2)
    down, right = row - top, column - left
    four = image[top : top + 2, left : left + 2]
    return [1 - down, down] @ four @ [1 - right, right]


def centres(o, factor, size):
    return (o + 0.5) / factor - 0.5


def points(o, factor, size):
    return o / factor


def corners(o, factor, size):
    return o * (size - 1) / (size * factor - 1)


def larger(image, factor, place=centres):
    height, width = image.shape
    rows = [place(o, factor, height) for o in range(height * factor)]
    columns = [place(o, factor, width) for o in range(width * factor)]
    return np.array([[at(image, y, x) for x in columns] for y in rows])


def repeated(image, factor):
    return np.kron(image, np.ones((factor, factor)))


def loss(mask, chance, smooth, times=2, above=1, below=1, power=1):
    shared = sum(c for m, c in zip(mask.ravel(), chance.ravel(), strict=True) if m)
    under = mask.sum() + (chance**power).sum() + below * smooth
    return 1 - (times * shared + above * smooth) / under


def soft_iou(mask, chance, smooth):
    shared = chance[mask].sum()
    return 1 - (shared + smooth) / (mask.sum() + chance.sum() - shared + smooth)


RIGHT = {
    "14.1": {"coarsest": 6300, "weights": 7056, "factor": 16},
    "14.2": [overlap],
    "14.3": [larger],
    "14.4": [loss],
    "14.5": {"stride": 8, "diameter": 80},
}

WRONG = [
    ("14.1", {"coarsest": 300, "weights": 1, "factor": 1}, "places"),
    ("14.1", {"coarsest": 25200, "weights": 1, "factor": 1}, "stride 16"),
    ("14.1", {"coarsest": 6451200, "weights": 1, "factor": 1}, "enlarged map"),
    ("14.1", {"coarsest": 7, "weights": 1, "factor": 1}, "count rows"),
    ("14.1", {"coarsest": 6300, "weights": 16, "factor": 1}, "pair of classes"),
    ("14.1", {"coarsest": 6300, "weights": 336, "factor": 1}, "all 21"),
    ("14.1", {"coarsest": 6300, "weights": 7077, "factor": 1}, "no bias"),
    ("14.1", {"coarsest": 6300, "weights": 3, "factor": 1}, "classes out"),
    ("14.1", {"coarsest": 6300, "weights": 7056, "factor": 32}, "twice already"),
    ("14.1", {"coarsest": 6300, "weights": 7056, "factor": 8}, "FCN-8s"),
    ("14.1", {"coarsest": 6300, "weights": 7056, "factor": 2}, "first step"),
    ("14.1", {"coarsest": 6300, "weights": 7056, "factor": 5}, "makes 32"),
    ("14.1", {"coarsest": "many", "weights": 1, "factor": 1}, "three numbers"),
    ("14.2", [lambda *a: overlap(*a, empty=0)], "neither map"),
    ("14.2", [lambda t, f, c, i: overlap(t, f, c, -1)], "still count"),
    ("14.2", [summed], "for each class"),
    ("14.2", [right_pixels], "right pixels"),
    ("14.2", [lambda *a: overlap(*a, dice=True)], "Dice"),
    ("14.3", [repeated], "repeated"),
    ("14.3", [lambda *a: larger(*a, place=points)], "at 0, 1, 2"),
    ("14.3", [lambda *a: larger(*a, place=corners)], "onto the corners"),
    ("14.3", [lambda im, f: upright(im, f)], "height only"),
    ("14.3", [lambda im, f: upright(im.T, f).T], "width only"),
    ("14.4", [lambda *a: 1 - loss(*a)], "1 less"),
    ("14.4", [lambda *a: loss(*a, times=1)], "count twice"),
    ("14.4", [lambda *a: loss(*a, above=0)], "above the line"),
    ("14.4", [lambda *a: loss(*a, below=0)], "below the line"),
    ("14.4", [lambda m, c, s: loss(m, c, 0)], "left smooth out"),
    ("14.4", [lambda *a: loss(*a, power=2)], "squares"),
    ("14.4", [soft_iou], "soft IoU"),
    ("14.5", {"stride": 16, "diameter": 80}, "only"),
    ("14.5", {"stride": 4, "diameter": 80}, "larger one would do"),
    ("14.5", {"stride": 8, "diameter": 64}, "only"),
    ("14.5", {"stride": 8, "diameter": 96}, "smaller discs would do"),
    ("14.5", {"stride": 10, "diameter": 80}, "2, 4, 8"),
    ("14.5", {"stride": 8, "diameter": 81}, "multiple of 16"),
    ("14.5", {"stride": 8, "diameter": 80.5}, "whole numbers"),
]


def upright(image, factor):
    """Enlarge the height alone."""
    size = len(image)
    places = [centres(o, factor, size) for o in range(size * factor)]
    return np.array([np.interp(places, range(size), column) for column in image.T]).T


TestExercises = exercise_tests(
    EXERCISES, RIGHT, WRONG, functions=["14.2", "14.3", "14.4"]
)


def test_right_overlap_agrees_with_the_helper():
    rng = np.random.default_rng(0)
    truth, found = rng.integers(0, 5, (2, 4, 9, 9))
    truth[1] = 255
    expected = mean_iou(truth, found, 7, ignore_label=255)
    assert _mean_overlap(truth, found, 7, 255) == pytest.approx(expected)


def test_discs_depend_on_their_size_in_cells():
    assert _disc_iou(48, 8) > _disc_iou(48, 16) > _disc_iou(48, 32)
    assert _disc_iou(24, 8) == pytest.approx(_disc_iou(48, 16), abs=0.03)
