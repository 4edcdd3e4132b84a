"""The checks of Chapter 6: the right answers, and named wrong ones."""

import numpy as np
from exercise_answers import exercise_tests

from helpers.checks.classic_networks import (
    EXERCISES,
    MODULE_3B,
    _multiply_adds,
    _parameters,
)
from helpers.geometry import conv_cost


def subsample(maps, coefficients, biases):
    sums = maps[..., ::2, ::2, :] + maps[..., 1::2, ::2, :]
    sums = sums + maps[..., ::2, 1::2, :] + maps[..., 1::2, 1::2, :]
    return 1.7159 * np.tanh((coefficients * sums + biases) * 2 / 3)


def largest(maps, coefficients, biases):
    batch, height, width, channels = maps.shape
    blocks = maps.reshape(batch, height // 2, 2, width // 2, 2, channels)
    return 1.7159 * np.tanh((coefficients * blocks.max((2, 4)) + biases) * 2 / 3)


def overlapping(maps, coefficients, biases):
    view = np.lib.stride_tricks.sliding_window_view(maps, (2, 2), axis=(1, 2))
    return 1.7159 * np.tanh((coefficients * view.sum((-2, -1)) + biases) * 2 / 3)


def logistic(maps, coefficients, biases):
    sums = 1.5 * np.arctanh(subsample(maps, coefficients, biases) / 1.7159)
    return 1 / (1 + np.exp(-sums))


def normalize(a, n, k, alpha, beta, take=np.sum, radius=None, sign=-1):
    out = np.empty_like(a)
    radius = n // 2 if radius is None else radius
    for i in range(a.shape[-1]):
        window = a[..., max(0, i - radius) : i + radius + 1] ** 2
        out[..., i] = a[..., i] * (k + alpha * take(window, axis=-1)) ** (sign * beta)
    return out


def linear_sum(a, n, k, alpha, beta):
    squares = normalize(np.sqrt(a), n, k, alpha, beta)
    return squares * np.sqrt(a)


def around(a, n, k, alpha, beta):
    padded = np.concatenate([a[..., -(n // 2) :], a, a[..., : n // 2]], axis=-1)
    return normalize(padded, n, k, alpha, beta)[..., n // 2 : -(n // 2)]


def by_layers(channels, widths):
    one, reduce3, three, reduce5, five, pool = widths
    layers = [
        (channels, one, 1),
        (channels, reduce3, 1),
        (reduce3, three, 3),
        (channels, reduce5, 1),
        (reduce5, five, 5),
        (channels, pool, 1),
    ]
    costs = [conv_cost((9, 9, c), maps, f, 1, "SAME") for c, maps, f in layers]
    return sum(cost.parameters for cost in costs)


RIGHT = {
    "6.1": {"grouped": 307_456, "ungrouped": 614_656},
    "6.2": [subsample],
    "6.3": [normalize],
    "6.4": [by_layers],
    "6.5": [(192, 64, 128, 16, 32, 128)],
}

WRONG = [
    ("6.1", {"grouped": 307_200, "ungrouped": 614_656}, "bias"),
    ("6.1", {"grouped": 614_656, "ungrouped": 614_656}, "48 of the 96"),
    ("6.1", {"grouped": 307_328, "ungrouped": 614_656}, "not the biases"),
    ("6.1", {"grouped": 153_728, "ungrouped": 614_656}, "one of the two groups"),
    ("6.1", {"grouped": 19_456, "ungrouped": 614_656}, "not colours"),
    ("6.1", {"grouped": 3, "ungrouped": 614_656}, "for each map it reads"),
    ("6.1", {"grouped": 307_456, "ungrouped": 614_400}, "left out the biases"),
    ("6.1", {"grouped": 307_456, "ungrouped": 614_912}, "biases do not"),
    ("6.1", {"grouped": 307_456, "ungrouped": 5}, "all 96 maps"),
    ("6.1", {"grouped": "many", "ungrouped": 5}, "two numbers"),
    ("6.2", [lambda x, w, b: subsample(x / 4, w, b)], "mean"),
    ("6.2", [lambda x, w, b: 1.5 * np.arctanh(subsample(x, w, b) / 1.7159)], "missing"),
    ("6.2", [lambda x, w, b: subsample(x * 1.5, w, b * 1.5) / 1.7159], "tanh alone"),
    ("6.2", [lambda x, w, b: subsample(x, w, w * b)], "before you multiply"),
    ("6.2", [lambda x, w, b: subsample(x, 1, 0) * w + b], "before you weigh"),
    ("6.2", [largest], "largest"),
    ("6.2", [overlapping], "overlap"),
    ("6.2", [logistic], "logistic"),
    ("6.2", [lambda x, w, b: x], "shape"),
    ("6.3", [lambda a, n, *rest: normalize(a, n, *rest, radius=n)], "for the radius"),
    ("6.3", [linear_sum], "sums their squares"),
    (
        "6.3",
        [lambda a, n, k, s, b: normalize(a, n, k, s / n, b)],
        "mean of the squares",
    ),
    ("6.3", [lambda *given: normalize(*given, sign=1)], "exponent is"),
    ("6.3", [lambda *given: normalize(*given, radius=99)], "over all maps"),
    ("6.3", [around], "around the end"),
    ("6.4", [lambda c, w: by_layers(c, w) - sum(w)], "biases are missing"),
    ("6.4", [lambda c, w: by_layers(c, w) - (c + 1) * w[5]], "after the pooling"),
    (
        "6.4",
        [
            lambda c, w: (
                (c + 1) * (w[0] + w[5]) + (9 * c + 1) * w[2] + (25 * c + 1) * w[4]
            )
        ],
        "read their bottlenecks",
    ),
    (
        "6.4",
        [lambda c, w: by_layers(c, w) - 6 * w[1] * w[2] - 20 * w[3] * w[4]],
        "as 3 weights",
    ),
    ("6.5", [MODULE_3B], "100 %"),
    ("6.5", [(192, 64, 128, 16, 32, 120)], "472 maps"),
    ("6.5", [(256, 64, 64, 16, 32, 128)], "64 maps of 3×3"),
    ("6.5", [(192, 64, 128, 8, 32, 128)], "fewer than 16"),
    ("6.5", [(192, 64, 128)], "six whole numbers"),
    ("6.5", [(192.5, 64, 128, 16, 32, 128)], "six whole numbers"),
    ("6.5", ["wide"], "type str"),
]


TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, functions=["6.2", "6.3", "6.4"])


def test_costs_agree_with_the_geometry():
    assert _parameters(256, MODULE_3B) == by_layers(256, MODULE_3B)
    one, reduce3, three, reduce5, five, pool = MODULE_3B
    layers = [(256, one, 1), (256, reduce3, 1), (reduce3, three, 3)]
    layers += [(256, reduce5, 1), (reduce5, five, 5), (256, pool, 1)]
    costs = [conv_cost((28, 28, c), maps, f, 1, "SAME") for c, maps, f in layers]
    total = sum(cost.multiplications for cost in costs)
    assert _multiply_adds(256, MODULE_3B) == total
