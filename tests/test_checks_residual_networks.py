"""The checks of Chapter 7: the right answers, and named wrong ones."""

import numpy as np
from exercise_answers import exercise_tests

from helpers.accounting import account, weightless
from helpers.architectures import resnet34
from helpers.checks.residual_networks import EXERCISES, RESNET_34, _costs
from helpers.layers import ResidualUnit, SqueezeExcite


def normalize(x, gamma, beta, epsilon, axes=None, ddof=0, power=0.5):
    axes = tuple(range(x.ndim - 1)) if axes is None else axes
    mean = np.mean(x, axis=axes, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=axes, keepdims=True)
    variance = variance if ddof == 0 else x.var(axis=axes, ddof=1, keepdims=True)
    return (x - mean) * (variance + epsilon) ** -power * gamma + beta


def outside(x, gamma, beta, epsilon):
    axes = tuple(range(x.ndim - 1))
    return gamma * (x - x.mean(axes)) / (x.std(axes) + epsilon) + beta


def unit(x, w1, w2, p, first=True, last=True, branch=False, wire=1):
    f = x @ w1
    f = np.maximum(f, 0) if first else f
    f = f @ w2
    f = np.maximum(f, 0) if branch else f
    y = f + wire * (x if p is None else x @ p)
    return np.maximum(y, 0) if last else y


def relu_on_the_wire(x, w1, w2, p):
    wire = np.maximum(x if p is None else x @ p, 0)
    return np.maximum(np.maximum(x @ w1, 0) @ w2 + wire, 0)


def recalibrate(x, w1, b1, w2, b2, take=np.mean, relu=True, sigmoid=True):
    hidden = take(x, axis=(1, 2)) @ w1 + b1
    hidden = np.maximum(hidden, 0) if relu else hidden
    scores = hidden @ w2 + b2
    gates = 1 / (1 + np.exp(-scores)) if sigmoid else scores
    return x * gates[:, None, None]


def gates_only(x, *layers):
    return (recalibrate(x, *layers) / x)[:, 0, 0]


def softmax(x, w1, b1, w2, b2):
    scores = recalibrate(x, w1, b1, w2, b2, sigmoid=False) / x
    powers = np.exp(scores)
    return x * powers / powers.sum(axis=-1, keepdims=True)


RIGHT = {
    "7.1": {"weights": 229_376, "trainable": 230_144},
    "7.2": [normalize],
    "7.3": [unit],
    "7.4": [recalibrate],
    "7.5": [(6, 6, 3, 1)],
}

WRONG = [
    ("7.1", {"weights": 221_184, "trainable": 1}, "shortcut is missing"),
    ("7.1", {"weights": 229_760, "trainable": 1}, "no biases"),
    ("7.1", {"weights": 155_648, "trainable": 1}, "second 3×3 layer reads 128"),
    ("7.1", {"weights": 303_104, "trainable": 1}, "first 3×3 layer reads 64"),
    ("7.1", {"weights": 294_912, "trainable": 1}, "1×1, not 3×3"),
    ("7.1", {"weights": 237_568, "trainable": 1}, "unit's input"),
    ("7.1", {"weights": 5, "trainable": 1}, "Two 3×3 layers"),
    ("7.1", {"weights": 229_376, "trainable": 229_376}, "normalizations are missing"),
    ("7.1", {"weights": 229_376, "trainable": 229_888}, "three batch"),
    ("7.1", {"weights": 229_376, "trainable": 230_912}, "moving averages"),
    ("7.1", {"weights": 229_376, "trainable": 229_760}, "two numbers"),
    ("7.1", {"weights": 229_376, "trainable": 3}, "Three batch"),
    ("7.1", {"weights": "many", "trainable": 3}, "two numbers"),
    ("7.2", [lambda *a: normalize(*a, axes=(0,))], "places of a map"),
    (
        "7.2",
        [lambda x, *a: normalize(x, *a, axes=tuple(range(1, x.ndim)))],
        "layer normalization",
    ),
    ("7.2", [lambda x, *a: normalize(x, *a, axes=(x.ndim - 1,))], "the last axis"),
    ("7.2", [lambda x, *a: normalize(x, *a, axes=tuple(range(x.ndim)))], "one mean"),
    ("7.2", [lambda *a: normalize(*a, ddof=1)], "m − 1"),
    ("7.2", [lambda *a: normalize(*a, power=1)], "square root"),
    ("7.2", [outside], "under the root"),
    ("7.2", [lambda x, g, b, e: normalize(x, g, b, 0)], "ε is missing"),
    ("7.2", [lambda x, g, b, e: normalize(x, 1, 0, e)], "are missing"),
    ("7.2", [lambda x, g, b, e: normalize(x, b, g, e)], "exchanged"),
    ("7.3", [lambda *a: unit(*a, branch=True, last=False)], "before the sum"),
    ("7.3", [lambda *a: unit(*a, branch=True)], "as well"),
    ("7.3", [lambda *a: unit(*a, last=False)], "after the sum is missing"),
    ("7.3", [lambda *a: unit(*a, first=False)], "first layer is missing"),
    ("7.3", [lambda *a: unit(*a, wire=0)], "shortcut is missing"),
    ("7.3", [relu_on_the_wire], "of its own"),
    ("7.3", [lambda *a: unit(*a, wire=-1)], "subtract"),
    ("7.3", [lambda x, w1, w2, p: x @ w1 @ w2 + x], "raised ValueError|value at"),
    ("7.4", [gates_only], "holds the gates"),
    ("7.4", [lambda *a: recalibrate(*a, take=np.max)], "largest"),
    ("7.4", [lambda *a: recalibrate(*a, take=np.sum)], "with the sum"),
    ("7.4", [lambda x, *a: x + recalibrate(x, *a) / x], "Multiply"),
    ("7.4", [lambda *a: recalibrate(*a, relu=False)], "ReLU"),
    ("7.4", [lambda *a: recalibrate(*a, sigmoid=False)], "sigmoid is missing"),
    ("7.4", [softmax], "softmax"),
    (
        "7.4",
        [lambda x, w1, b1, w2, b2: recalibrate(x, w1, 0, w2, 0)],
        "biases are missing",
    ),
    ("7.5", [RESNET_34], "100 % of ResNet-34's"),
    ("7.5", [(5, 6, 3, 1)], "32 layers"),
    ("7.5", [(7, 6, 3, 1)], "of the multiply-adds"),
    ("7.5", [(8, 8, 0, 1)], "at least 1"),
    ("7.5", [(8, 8)], "four whole numbers"),
    ("7.5", [(6.5, 6, 3, 1)], "four whole numbers"),
    ("7.5", ["deep"], "type str"),
]


TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, functions=["7.2", "7.3", "7.4"])


def test_costs_agree_with_the_book_s_network():
    with weightless():
        totals = account(resnet34()).totals
    expected = (34, totals.trainable_parameters, totals.multiply_adds)
    assert _costs(RESNET_34) == expected


def test_projected_unit_agrees_with_the_layer():
    layer = ResidualUnit(128, strides=2)
    layer.build((None, 56, 56, 64))
    counted = sum(w.shape.num_elements() for w in layer.trainable_weights)
    assert RIGHT["7.1"]["trainable"] == counted


def test_right_gates_agree_with_the_layer():
    maps = np.random.default_rng(0).normal(size=(2, 3, 4, 8)).astype("float32")
    layer = SqueezeExcite(ratio=4)
    expected = layer(maps)
    np.testing.assert_allclose(
        recalibrate(maps, *layer.get_weights()), expected, atol=1e-6
    )
