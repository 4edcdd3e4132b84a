"""The checks of Chapter 4: the right answers, and named wrong ones."""

import numpy as np
import pytest
from exercise_answers import exercise_tests

from helpers.checks import check
from helpers.checks.convolution_family import EXERCISES


def depthwise(image, filters):
    f_h, f_w, channels, multiplier = filters.shape
    height, width = image.shape[0] - f_h + 1, image.shape[1] - f_w + 1
    answer = np.zeros((height, width, channels * multiplier))
    for i, j, c, m in np.ndindex(height, width, channels, multiplier):
        patch = image[i : i + f_h, j : j + f_w, c]
        answer[i, j, c * multiplier + m] = (patch * filters[:, :, c, m]).sum()
    return answer


def other_order(image, filters):
    maps = [
        depthwise(image[..., c, None], filters[:, :, c, None])
        for c in range(image.shape[-1])
    ]
    return np.stack(maps, -1).reshape(*maps[0].shape[:2], -1)


def summed(image, filters):
    maps = depthwise(image, filters)
    return maps.reshape(*maps.shape[:2], *filters.shape[2:]).sum(2)


def unfolded(image, filters):
    maps = depthwise(image, filters)
    return maps.reshape(*maps.shape[:2], *filters.shape[2:])


def painted(image, kernel, stride, add=True):
    shape = [
        (n - 1) * stride + f for n, f in zip(image.shape, kernel.shape, strict=True)
    ]
    answer = np.zeros(shape)
    for i, j in np.ndindex(image.shape):
        place = np.s_[
            i * stride : i * stride + kernel.shape[0],
            j * stride : j * stride + kernel.shape[1],
        ]
        answer[place] = image[i, j] * kernel + add * answer[place]
    return answer


def cropped(image, kernel, stride):
    answer = painted(image, kernel, stride)
    cuts = []
    for n, size in zip(image.shape, answer.shape, strict=True):
        before = max(size - n * stride, 0) // 2
        cuts.append(slice(before, before + n * stride))
    return answer[tuple(cuts)]


def saving(f, channels, maps):
    return f * f * maps / (f * f + maps)


STACK = {"samples": 31, "zeros": 16, "parameters": 3104}
RIGHT = {
    "4.1": STACK,
    "4.2": [depthwise],
    "4.3": [painted],
    "4.4": [saving],
    "4.5": [(1, 3, 9)],
}
WRONG = [
    ("4.1", STACK | {"samples": 30}, "own sample"),
    ("4.1", STACK | {"samples": 9}, "without dilation"),
    ("4.1", STACK | {"samples": 17}, "layers below"),
    ("4.1", STACK | {"samples": 16}, "2 taps"),
    ("4.1", STACK | {"samples": 5}, "for each of the four"),
    ("4.1", STACK | {"samples": "many"}, "three numbers"),
    ("4.1", STACK | {"zeros": 2}, "gaps"),
    ("4.1", STACK | {"zeros": 8}, "two gaps"),
    ("4.1", STACK | {"zeros": 17}, "one less"),
    ("4.1", STACK | {"zeros": 30}, "its own input"),
    ("4.1", STACK | {"zeros": 1}, "less one"),
    ("4.1", STACK | {"parameters": 3072}, "bias"),
    ("4.1", STACK | {"parameters": 17440}, "no parameters"),
    ("4.1", STACK | {"parameters": 128}, "all 32 channels"),
    ("4.1", STACK | {"parameters": 1}, "taps · channels"),
    ("4.2", [other_order], "another order"),
    ("4.2", [summed], "added the channels up"),
    ("4.2", [lambda x, w: depthwise(x, w[::-1, ::-1])], "180 degrees"),
    ("4.2", [lambda x, w: depthwise(x, w[..., :1])], "first filter"),
    ("4.2", [unfolded], "one last axis"),
    ("4.2", [lambda x, w: depthwise(x, w) + 1], "it should be"),
    ("4.2", [np.zeros(3)], "Pass the function itself"),
    ("4.3", [lambda x, w, s: painted(x, w, s, add=False)], r"\+="),
    ("4.3", [lambda x, w, s: painted(x, w[::-1, ::-1], s)], "180 degrees"),
    ("4.3", [lambda x, w, s: painted(x, w, 1)], "stride 1"),
    ("4.3", [cropped], "SAME"),
    ("4.3", [lambda x, w, s: painted(x, w, s) * 2], "it should be"),
    ("4.4", [lambda f, c, n: 1 / saving(f, c, n)], "one over"),
    ("4.4", [lambda f, c, n: n], "depthwise half alone"),
    ("4.4", [lambda f, c, n: saving(f**0.5, c, n)], "Square"),
    ("4.4", [lambda f, c, n: f * f * c / (f * f + c)], "one filter a channel"),
    ("4.4", [lambda f, c, n: n / (1 + n)], "1×1 layer do not"),
    ("4.4", [lambda f, c, n: 9], "it should be"),
    ("4.5", [(2, 4, 8)], "multiples of 2"),
    ("4.5", [(1, 2, 9)], "4 steps away"),
    ("4.5", [(1, 2, 5)], "only 17"),
    ("4.5", [(1, 3)], "three rates"),
    ("4.5", [(1, 2.5, 9)], "whole numbers"),
    ("4.5", [(0, 3, 9)], "from 1 on"),
    ("4.5", ["wide"], "type str"),
]


TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, functions=["4.2", "4.3", "4.4"])


@pytest.mark.parametrize("rates", [(9, 1, 3), [1, 3, 8], np.array([3, 1, 9])])
def test_any_order_and_every_gapless_field_will_do(rates):
    assert check("4.5", rates)
