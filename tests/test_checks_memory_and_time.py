"""The checks of Chapter 16: the right answers, and named wrong ones."""

import keras
import numpy as np
import pytest
from exercise_answers import exercise_tests
from keras import layers

from helpers.accounting import account, weightless
from helpers.checks.memory_and_time import EXERCISES, _outputs
from helpers.quantization import dequantize, quantize


def accumulate(gradients, sizes):
    total = sum(
        size * gradient for size, gradient in zip(sizes, gradients, strict=True)
    )
    return total / sum(sizes)


def next_scale(scale, good_steps, finite, growth_steps, grow=2.0, late=0, again=0):
    if not finite:
        return scale / 2, 0
    if good_steps + 1 == growth_steps + late:
        return scale * grow, again * (good_steps + 1)
    return scale, good_steps + 1


def int8(weights, largest=127, axis=(0, 1, 2), nearest=np.round):
    scale = np.max(np.abs(weights), axis=axis, keepdims=True) / largest
    return nearest(weights / scale) * scale


def integers(weights):
    return np.round(127 * weights / np.max(np.abs(weights), axis=(0, 1, 2)))


FIVE = {"batch": 14, "stride": 3, "layers": 3, "half": False, "devices": 5}
KEPT = {"float32": 102_760_448, "float16": 51_380_224, "accumulated": 25_690_112}

RIGHT = {
    "16.1": KEPT,
    "16.2": [accumulate],
    "16.3": [next_scale],
    "16.4": [int8],
    "16.5": FIVE,
}

WRONG = [
    ("16.1", KEPT | {"float32": 25_690_112}, "number of values"),
    ("16.1", KEPT | {"float32": 3_211_264}, "one image"),
    ("16.1", KEPT | {"float32": 1_605_632}, "one map"),
    ("16.1", KEPT | {"float32": 822_083_584}, "32 bits"),
    ("16.1", KEPT | {"float32": 5}, "height"),
    ("16.1", KEPT | {"float32": "many"}, "three numbers"),
    ("16.1", KEPT | {"float16": 102_760_448}, "16 bits"),
    ("16.1", KEPT | {"accumulated": 102_760_448}, "one micro-batch"),
    ("16.1", KEPT | {"accumulated": 12_845_056}, "of 32 bits"),
    ("16.1", KEPT | {"accumulated": 3_211_264}, "eight images, not one"),
    ("16.1", KEPT | {"accumulated": 1}, "eight images at"),
    ("16.2", [lambda g, n: np.mean(g, axis=0)], "weigh each"),
    ("16.2", [lambda g, n: np.sum(g, axis=0)], "added the parts"),
    ("16.2", [lambda g, n: accumulate(g, n) * sum(n)], "did not divide"),
    ("16.2", [lambda g, n: accumulate(g, n) * sum(n) / len(n)], "number of parts"),
    ("16.2", [lambda g, n: g[-1]], "last part"),
    ("16.3", [lambda *a: next_scale(*a, grow=1)], "never grows"),
    (
        "16.3",
        [lambda s, g, f, n: next_scale(s, g, f, n) if f else (s, 0)],
        "does not shrink",
    ),
    (
        "16.3",
        [lambda s, g, f, n: next_scale(s, g, f, n) if f else (s / 2, g)],
        "back to 0",
    ),
    ("16.3", [lambda *a: next_scale(*a, late=1)], "one step late"),
    ("16.3", [lambda *a: next_scale(*a, again=1)], "begins at 0 again"),
    ("16.3", [lambda s, g, f, n: next_scale(s, g, not f, n)], "exchanged"),
    ("16.4", [lambda w: int8(w, axis=None)], "one scale for all"),
    ("16.4", [integers], "return the integers"),
    ("16.4", [lambda w: int8(w, nearest=np.trunc)], "cut off"),
    ("16.4", [lambda w: int8(w, nearest=np.floor)], "rounded down"),
    ("16.4", [lambda w: int8(w, 128)], "not 128"),
    ("16.4", [lambda w: int8(w, 255)], "not 255"),
    ("16.4", [np.round], "Divide by the scale"),
    ("16.4", [lambda w: int8(w, axis=(0, 1, 3))], "input channel"),
    ("16.5", FIVE | {"batch": 16}, "too much"),
    ("16.5", FIVE | {"batch": 8}, "9 would, too"),
    ("16.5", FIVE | {"stride": 2}, "too much"),
    ("16.5", FIVE | {"stride": 4}, "3 would, too"),
    ("16.5", FIVE | {"layers": 2}, "3 would, too"),
    ("16.5", FIVE | {"devices": 4}, "too much"),
    ("16.5", FIVE | {"devices": 8}, "7 would, too"),
    ("16.5", FIVE | {"half": True}, "8.6"),
    ("16.5", FIVE | {"batch": 1.5}, "whole numbers"),
    ("16.5", FIVE | {"batch": "small"}, "type list"),
]

TestExercises = exercise_tests(
    EXERCISES, RIGHT, WRONG, functions=["16.2", "16.3", "16.4"]
)


@pytest.mark.parametrize(("stride", "depth", "batch"), [(1, 16, 64), (3, 4, 2)])
def test_kept_outputs_agree_with_the_account(stride, depth, batch):
    with weightless():
        maps = images = keras.Input((256, 256, 3))
        for layer in range(depth):
            steps = stride if layer == 0 else 1
            maps = layers.Conv2D(64, 3, strides=steps, padding="same")(maps)
        found = account(keras.Model(images, maps), batch).totals
    kept = _outputs(batch=batch, stride=stride, layers=depth)
    assert kept == found.activation_bytes_training


def test_next_scale_agrees_with_keras():
    inner = keras.optimizers.SGD(0.1)
    optimizer = keras.optimizers.LossScaleOptimizer(inner, 256.0, 3)
    variable = keras.Variable([1.0])
    optimizer.build([variable])
    scale, good_steps = 256.0, 0
    for finite in [True, True, True, False, True, False, True, True, True, True]:
        gradient = keras.ops.array([1.0 if finite else np.inf])
        optimizer.apply([gradient], [variable])
        scale, good_steps = next_scale(scale, good_steps, finite, 3)
        assert float(optimizer.dynamic_scale) == scale
        assert int(optimizer.step_counter) == good_steps


def test_symmetric_weights_are_about_as_good_as_the_book_s():
    weights = np.random.default_rng(0).normal(size=(3, 3, 4, 8))
    ours = np.abs(int8(weights) - weights).max()
    theirs = np.abs(dequantize(*quantize(weights, axis=-1)) - weights).max()
    assert 0.5 < ours / theirs < 2
