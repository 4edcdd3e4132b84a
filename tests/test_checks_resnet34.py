"""Checks of Chapter 8's exercises: right answers pass, usual mistakes meet a hint."""

import numpy as np
import pytest
from exercise_answers import exercise_tests
from hypothesis import given
from hypothesis import strategies as st

from helpers.accounting import account, weightless
from helpers.architectures import resnet34
from helpers.checks.resnet34 import EXERCISES, _multiply_adds, _padded, _parameters
from helpers.conv import conv2d
from helpers.layers import ResidualUnit


def relu(maps):
    return np.maximum(maps, 0)


def same(maps, kernel):
    return conv2d(maps, kernel, padding="SAME")


def multiply_adds(size, channels, filters, strides):
    places = (-(-size // strides)) ** 2
    skip = channels * filters if strides > 1 or channels != filters else 0
    return places * (9 * filters * (channels + filters) + skip)


def unit(maps, first, second):
    return relu(same(relu(same(maps, first)), second) + maps)


def padded(maps, filters, strides):
    answer = np.zeros((*maps[:, ::strides, ::strides].shape[:3], filters))
    answer[..., : maps.shape[-1]] = maps[:, ::strides, ::strides]
    return answer


RIGHT = {
    "8.1": {"unit": 919_040, "skip": 33_280},
    "8.2": [multiply_adds],
    "8.3": [unit],
    "8.4": [padded],
    "8.5": [(5, 5, 5, 1)],
}

WRONG = [
    ("8.1", {"unit": 919_040, "skip": 32_768}, "two numbers a map"),
    ("8.1", {"unit": 919_040, "skip": 33_024}, "a scale and a shift"),
    ("8.1", {"unit": 919_040, "skip": 33_792}, "are not trained"),
    ("8.1", {"unit": 919_040, "skip": 295_424}, "1×1"),
    ("8.1", {"unit": 919_040, "skip": 1}, "without bias"),
    ("8.1", {"unit": 885_760, "skip": 33_280}, "That is the branch"),
    ("8.1", {"unit": 917_504, "skip": 33_280}, "scales and shifts"),
    ("8.1", {"unit": 920_576, "skip": 33_280}, "not trained"),
    ("8.1", {"unit": 919_808, "skip": 33_280}, "no biases"),
    ("8.1", {"unit": 624_128, "skip": 33_280}, "reads the 256"),
    ("8.1", {"unit": 2, "skip": 33_280}, "three norms"),
    ("8.1", {"unit": "many", "skip": 33_280}, "two numbers"),
    (
        "8.2",
        [lambda n, c, f, s: (-(-n // s)) ** 2 * 9 * f * (c + f)],
        "1×1 convolution of the skip is missing",
    ),
    (
        "8.2",
        [
            lambda n, c, f, s: (
                (-(-n // s)) ** 2 * (9 * f * (c + f) + (c * f if s > 1 else 0))
            )
        ],
        "only the number of maps",
    ),
    (
        "8.2",
        [lambda n, c, f, s: (-(-n // s)) ** 2 * (9 * f * (c + f) + c * f)],
        "One that fits has none",
    ),
    (
        "8.2",
        [lambda n, c, f, s: multiply_adds(n, c, f, s) // (-(-n // s)) ** 2 * n**2],
        "a quarter",
    ),
    (
        "8.2",
        [
            lambda n, c, f, s: (
                multiply_adds(n, c, f, s) // (-(-n // s)) ** 2 * (n // s) ** 2
            )
        ],
        "rounded up",
    ),
    (
        "8.2",
        [lambda n, c, f, s: multiply_adds(n, c, f, s) + 9 * f * (f - c) * (n // s)],
        "should be",
    ),
    (
        "8.2",
        [lambda n, c, f, s: multiply_adds(n, c, f, s) + places(n, s) * 9 * f * (f - c)],
        "maps of the input",
    ),
    ("8.3", [lambda x, a, b: relu(same(relu(same(x, a)), b))], "skip is missing"),
    ("8.3", [lambda x, a, b: relu(same(relu(same(x, a)), b)) + x], "after the sum,"),
    ("8.3", [lambda x, a, b: same(relu(same(x, a)), b) + x], "sum is missing"),
    ("8.3", [lambda x, a, b: relu(same(same(x, a), b) + x)], "between the two"),
    (
        "8.3",
        [lambda x, a, b: relu(same(relu(same(x, a)), b) + relu(same(x, a)))],
        "its own middle",
    ),
    (
        "8.3",
        [lambda x, a, b: relu(np.concatenate([same(relu(same(x, a)), b), x], -1))],
        "adds",
    ),
    ("8.4", [lambda x, f, s: padded(x, f, s)[..., ::-1]], "should be"),
    ("8.4", [lambda x, f, s: np.roll(padded(x, f, s), f - x.shape[-1], -1)], "behind"),
    (
        "8.4",
        [lambda x, f, s: np.tile(x[:, ::s, ::s], (1, 1, 1, f))[..., :f]],
        "repeated",
    ),
    ("8.4", [lambda x, f, s: padded(x[:, s - 1 :, s - 1 :], f, s)], "first"),
    ("8.4", [lambda x, f, s: x[:, ::s, ::s]], "zeros are missing"),
    ("8.4", [lambda x, f, s: padded(x, f, 1)], "skipped as well"),
    ("8.5", [(3, 4, 6, 3)], "21,797,672"),
    ("8.5", [(5, 5, 5, 2)], "17 units"),
    ("8.5", [(8, 8, 0, 0)], "at least 1"),
    ("8.5", [(8, 8)], "four whole numbers"),
    ("8.5", ["few"], "type str"),
]


def places(size, strides):
    return (-(-size // strides)) ** 2


TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, functions=["8.2", "8.3", "8.4"])


@pytest.mark.parametrize("case", [(56, 64, 64, 1), (28, 32, 48, 1), (7, 16, 32, 2)])
def test_multiply_adds_agree_with_the_account(case):
    import keras

    size, channels, filters, strides = case
    with weightless():
        image = keras.Input((size, size, channels))
        model = keras.Model(image, ResidualUnit(filters, strides)(image))
    assert account(model).totals.multiply_adds == _multiply_adds(*case)


def test_parameters_agree_with_the_network():
    with weightless():
        weights = resnet34().trainable_weights
    assert _parameters((3, 4, 6, 3)) == sum(w.shape.num_elements() for w in weights)


@given(
    height=st.integers(1, 7),
    channels=st.integers(1, 4),
    more=st.integers(0, 3),
    strides=st.integers(1, 3),
)
def test_padded_skip_has_no_parameters_and_forgets_no_map(
    height, channels, more, strides
):
    maps = np.random.default_rng(0).normal(size=(1, height, 5, channels))
    answer = _padded(maps, channels + more, strides)
    assert answer.shape[-1] == channels + more
    assert np.array_equal(answer[..., :channels], maps[:, ::strides, ::strides])
    assert not answer[..., channels:].any()
