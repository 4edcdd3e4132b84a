"""The checks of Chapter 15: the right answers, and named wrong ones."""

import math

import numpy as np
import pytest
from exercise_answers import exercise_tests

from helpers.boxes import roi_align
from helpers.checks.instance_segmentation import EXERCISES, _drawn, _read, _table
from helpers.metrics import dice


def pairs(masks, others, below):
    table = np.empty((len(masks), len(others)))
    for n, one in enumerate(masks):
        for k, other in enumerate(others):
            table[n, k] = (one & other).sum() / below(one, other)
    return table


def either(one, other):
    return (one | other).sum()


def point(features, x, y, half=0.5):
    rows, columns, _ = features.shape
    x = min(max(x - half, 0), columns - 1)
    y = min(max(y - half, 0), rows - 1)
    left, top = min(int(x), columns - 2), min(int(y), rows - 2)
    p, q = x - left, y - top
    upper = (1 - p) * features[top, left] + p * features[top, left + 1]
    lower = (1 - p) * features[top + 1, left] + p * features[top + 1, left + 1]
    return (1 - q) * upper + q * lower


def zeros_outside(features, x, y):
    framed = np.zeros((len(features) + 2, features.shape[1] + 2, features.shape[2]))
    framed[1:-1, 1:-1] = features
    return point(framed, x + 1, y + 1)


def nearest(features, x, y):
    rows, columns, _ = features.shape
    return features[min(int(y), rows - 1), min(int(x), columns - 1)]


def cells_of(mask, box, cells, place=0.5, change=float):
    x_min, y_min, x_max, y_max = (change(side) for side in box)
    answer = np.zeros((cells, cells))
    for i in range(cells):
        for j in range(cells):
            x = math.floor(x_min + (j + place) / cells * (x_max - x_min))
            y = math.floor(y_min + (i + place) / cells * (y_max - y_min))
            x, y = min(x, mask.shape[1] - 1), min(y, mask.shape[0] - 1)
            answer[i, j] = mask[y, x]
    return answer


def rows_from_x(mask, box, cells):
    x_min, y_min, x_max, y_max = box
    steps = (np.arange(cells) + 0.5) / cells
    rows = np.floor(x_min + steps * (x_max - x_min)).astype(int)
    columns = np.floor(y_min + steps * (y_max - y_min)).astype(int)
    return mask[np.minimum(rows, len(mask) - 1)][:, columns]


RIGHT = {
    "15.1": {"numbers": 6_272_000, "used": 78_400},
    "15.2": [lambda one, other: pairs(one, other, either)],
    "15.3": [point],
    "15.4": [cells_of],
    "15.5": {"stride": 4, "cells": 14},
}

WRONG = [
    ("15.1", {"numbers": 62_720, "used": 1}, "one box"),
    ("15.1", {"numbers": 78_400, "used": 1}, "one a class"),
    ("15.1", {"numbers": 224_000, "used": 1}, "rows and columns"),
    ("15.1", {"numbers": 1_568_000, "used": 1}, "puts out 28"),
    ("15.1", {"numbers": 6_350_400, "used": 1}, "needs no mask"),
    ("15.1", {"numbers": 7, "used": 1}, "each box and each class"),
    ("15.1", {"numbers": 6_272_000, "used": 6_272_000}, "Those are all"),
    ("15.1", {"numbers": 6_272_000, "used": 784}, "one box"),
    ("15.1", {"numbers": 6_272_000, "used": 100}, "counts masks"),
    ("15.1", {"numbers": 6_272_000, "used": 3}, "class that was found"),
    ("15.1", {"numbers": "many", "used": 3}, "two numbers"),
    (
        "15.2",
        [lambda a, b: pairs(a, b, lambda m, n: m.sum() + n.sum())],
        "count once",
    ),
    (
        "15.2",
        [lambda a, b: pairs(a, b, lambda m, n: (m.sum() + n.sum()) / 2)],
        "That is Dice",
    ),
    ("15.2", [lambda a, b: pairs(a, b, lambda m, n: m.sum())], "first mask alone"),
    ("15.2", [lambda a, b: pairs(a, b, lambda m, n: m.size)], "all pixels"),
    ("15.2", [lambda a, b: pairs(a, b, either).T], "turned"),
    ("15.3", [lambda f, x, y: point(f, x, y, half=0)], r"subtract 0\.5"),
    ("15.3", [lambda f, x, y: point(f, x, y, half=-0.5)], "other way"),
    ("15.3", [nearest], "nearest pixel"),
    ("15.3", [lambda f, x, y: point(f, y, x)], "exchanged x and y"),
    ("15.3", [zeros_outside], "clip the point"),
    ("15.4", [lambda *a: cells_of(*a, place=0)], "corner of each cell"),
    ("15.4", [lambda *a: cells_of(*a, change=round)], "as RoIPool does"),
    ("15.4", [lambda *a: cells_of(*a, change=int)], "whole pixels first"),
    ("15.4", [rows_from_x], "rows go with y"),
    ("15.4", [lambda m, b, c: cells_of(m.T, b, c)], "read as mask"),
    (
        "15.4",
        [lambda m, b, c: cells_of(m, (0, 0, m.shape[1], m.shape[0]), c)],
        "whole image",
    ),
    ("15.4", [lambda *a: cells_of(*a).T], "in the answer"),
    ("15.5", {"stride": 8, "cells": 56}, r"0\.8\d\d; 0\.9 is asked"),
    ("15.5", {"stride": 4, "cells": 7}, r"0\.8\d\d; 0\.9 is asked"),
    ("15.5", {"stride": 2, "cells": 28}, "coarser map"),
    ("15.5", {"stride": 4, "cells": 28}, "fewer cells"),
    ("15.5", {"stride": 3, "cells": 28}, "2, 4, 8 or 16"),
    ("15.5", {"stride": 4, "cells": 14.5}, "whole numbers"),
    ("15.5", {"stride": "small", "cells": 14}, "type list"),
]

TestExercises = exercise_tests(
    EXERCISES, RIGHT, WRONG, functions=["15.2", "15.3", "15.4"]
)


def test_right_table_agrees_with_dice():
    masks = np.random.default_rng(0).random((2, 6, 8)) < 0.5
    inside, outside = (_table(each[:1], each[1:])[0, 0] for each in (masks, ~masks))
    scores = [2 * found / (1 + found) for found in (inside, outside)]
    assert np.mean(scores) == pytest.approx(dice(*masks.astype(int), 2))


def test_right_point_is_one_of_roi_align_s():
    features = np.random.default_rng(1).normal(size=(5, 7, 2))
    x, y = 3.3, 2.6
    around = [[x - 0.1, y - 0.1, x + 0.1, y + 0.1]]
    found = roi_align(features, around, 1, sampling_ratio=1)[0, 0, 0]
    np.testing.assert_allclose(_read(features, x, y), found)


@pytest.mark.parametrize("cells", [7, 28])
def test_finer_maps_and_more_cells_fit_better(cells):
    values = [_drawn(stride, cells) for stride in (2, 4, 8, 16)]
    assert values == sorted(values, reverse=True)
    assert _drawn(4, 2 * cells) > _drawn(4, cells)
