"""The checks of Chapter 3: the right answers, and named wrong ones."""

import numpy as np
import pytest
from exercise_answers import assert_correct, assert_meets_hint, assert_not_answered

from helpers.checks.pooling_layers import EXERCISES


def largest(x, size, stride):
    rows, columns = ((n - size) // stride + 1 for n in x.shape)
    answer = np.empty((rows, columns))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        answer[i, j] = x[top : top + size, left : left + size].max()
    return answer


def mean_same(x):
    answer = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape):
        answer[i, j] = x[max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2].mean()
    return answer


def spread(upstream):
    return np.kron(upstream, np.full((2, 2), 0.25))


def first_only(upstream):
    return np.kron(upstream, [[1, 0], [0, 0]])


FOOLING = np.array([0, 1, 1, 0, 0, 1, 1, 0])
RIGHT = {
    "3.1": [55, 55, 64, 0],
    "3.2": [largest],
    "3.3": [mean_same],
    "3.4": [spread],
    "3.5": [FOOLING],
}

WRONG = [
    ("3.1", [55, 55, 64, 9], "multiplies by nothing"),
    ("3.1", [55, 55, 1, 0], "as many as before"),
    ("3.1", [56, 56, 64, 0], "56 is SAME"),
    ("3.1", [110, 109, 64, 0], "stride 1"),
    ("3.1", ["many", 55, 64, 0], "four numbers"),
    ("3.2", [lambda x, size, stride: -largest(-x, size, stride)], "smallest"),
    ("3.2", [lambda x, size, stride: largest(x, size, 1)], "stride is missing"),
    ("3.2", [lambda x, size, stride: largest(x, size, size)], "side by side"),
    (
        "3.2",
        [lambda x, size, stride: np.maximum(largest(x, size, stride), 0)],
        "never below 0",
    ),
    ("3.2", [lambda x, size, stride: largest(x, size, stride).T], "exchanged"),
    ("3.3", [lambda x: mean_same(x) + 1], "it should be"),
    ("3.3", [lambda x: mean_same(np.pad(x, 1))[1:-1, 1:-1]], "divided by 9"),
    (
        "3.3",
        [lambda x: mean_same(np.pad(x, 1, mode="edge"))[1:-1, 1:-1]],
        "repeated the pixels",
    ),
    ("3.4", [lambda upstream: 4 * spread(upstream)], "a quarter of a say"),
    ("3.4", [lambda upstream: 2 * spread(upstream)], "divided by 2"),
    ("3.4", [first_only], "gradient of a maximum"),
    ("3.4", [lambda upstream: np.tile(upstream, (2, 2)) / 4], "side by side"),
    ("3.5", [np.roll(FOOLING, 1)], "other way round"),
    ("3.5", [np.zeros(8)], "0 and 1 in turn"),
    ("3.5", [np.zeros(6)], "8 numbers"),
    ("3.5", [np.full(8, np.nan)], "range from 0 to 1"),
]


def test_every_exercise_is_tried():
    assert set(RIGHT) == {number for number, _, _ in WRONG} == set(EXERCISES)


@pytest.mark.parametrize("exercise", RIGHT)
def test_right_answer_is_correct(exercise):
    assert_correct(exercise, RIGHT[exercise])


@pytest.mark.parametrize(("exercise", "answer", "hint"), WRONG)
def test_wrong_answer_meets_its_hint(exercise, answer, hint):
    assert_meets_hint(exercise, answer, hint)


@pytest.mark.parametrize("exercise", ["3.2", "3.3", "3.4"])
def test_a_function_that_returns_nothing_is_not_answered(exercise):
    assert_not_answered(exercise)
