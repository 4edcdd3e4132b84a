"""The checks of Chapter 5: the right answers, and named wrong ones."""

import numpy as np
import pytest
from exercise_answers import exercise_tests

from helpers.checks.first_cnn import EXERCISES, expected_best


def fold(kernel, gamma, beta, mean, variance, epsilon, root=np.sqrt, sign=1):
    out = np.empty_like(kernel)
    bias = np.empty_like(beta)
    for k in range(kernel.shape[-1]):
        deviation = root(variance[k] + epsilon)
        out[..., k] = kernel[..., k] * gamma[k] / deviation
        bias[k] = beta[k] - sign * mean[k] * gamma[k] / deviation
    return out, bias


def epsilon_after_the_root(kernel, gamma, beta, mean, variance, epsilon):
    scale = gamma / (variance**0.5 + epsilon)
    return kernel * scale, beta - mean * scale


def decay(step, peak, warmup, every, start=None, power=None, ahead=0):
    if step < warmup:
        return peak * (step + ahead) / warmup
    periods = 0
    start = warmup if start is None else start
    while step >= start + (periods + 1) * every:
        periods += 1
    return peak / (10**periods if power is None else power(periods))


def smooth(labels, classes, alpha, share=None, taken=None):
    rows = np.full((len(labels), classes), alpha / classes if share is None else share)
    for row, label in zip(rows, labels, strict=True):
        row[label] += 1 - (alpha if taken is None else taken)
    return rows


def only_the_wrong(labels, classes, alpha):
    rows = smooth(labels, classes, alpha, share=alpha / (classes - 1))
    rows[np.arange(len(labels)), labels] = 1 - alpha
    return rows


RIGHT = {
    "5.1": {"convolution": 73_856, "dense": 295_040},
    "5.2": [fold],
    "5.3": [decay],
    "5.4": [smooth],
    "5.5": [1.74],
}

WRONG = [
    ("5.1", {"convolution": 73_728, "dense": 295_040}, "bias"),
    ("5.1", {"convolution": 1_280, "dense": 295_040}, "all 64 maps"),
    ("5.1", {"convolution": 24_704, "dense": 295_040}, "9 weights"),
    ("5.1", {"convolution": 73_792, "dense": 295_040}, "exchanged"),
    ("5.1", {"convolution": 9, "dense": 295_040}, "3 · 3 · 64"),
    ("5.1", {"convolution": 73_856, "dense": 294_912}, "biases"),
    ("5.1", {"convolution": 73_856, "dense": 32_896}, "not 256"),
    ("5.1", {"convolution": 73_856, "dense": 1_605_760}, "not 7×7"),
    ("5.1", {"convolution": 73_856, "dense": 1}, "3 · 3 · 256"),
    ("5.1", {"convolution": "some", "dense": 1}, "two numbers"),
    ("5.2", [lambda *given: fold(*given[:5], 0)], "epsilon is missing"),
    ("5.2", [lambda *given: fold(*given, root=float)], "square root"),
    ("5.2", [epsilon_after_the_root], "before the root"),
    ("5.2", [lambda *given: fold(*given, sign=-1)], "subtracted"),
    (
        "5.2",
        [lambda k, g, b, m, v, e: (fold(k, g, b, m, v, e)[0], b - m)],
        "scaled as well",
    ),
    ("5.2", [lambda k, g, *rest: fold(k, g * 0 + 1, *rest)], "Gamma"),
    ("5.2", [lambda *given: fold(*given)[0]], "two arrays"),
    ("5.2", [lambda k, *rest: (k, np.float64(0))], "shapes"),
    ("5.2", [lambda k, g, b, *rest: (k, b)], "should be"),
    ("5.2", [3], "function itself"),
    ("5.3", [lambda *given: decay(*given, start=0)], "from step 0"),
    ("5.3", [lambda s, p, w, n: decay(max(s, w), p, w, n)], "no warm-up"),
    (
        "5.3",
        [lambda s, p, w, n: p * s / w if s < w else p * 0.1 ** ((s - w) / n)],
        "// and not /",
    ),
    (
        "5.3",
        [lambda *given: decay(*given, power=lambda n: 10 * n if n else 1)],
        "by 20",
    ),
    ("5.3", [lambda *given: decay(*given, ahead=1)], "a step ahead"),
    ("5.3", [lambda s, p, w, n: p], "should be"),
    ("5.4", [only_the_wrong], "wrong classes only"),
    ("5.4", [lambda y, n, a: smooth(y, n, a, taken=0)], "more than 1"),
    ("5.4", [lambda y, n, a: smooth(y, n, a, share=a)], "share it"),
    ("5.4", [lambda y, n, a: smooth(y, n, 0)], "one-hot"),
    ("5.4", [lambda y, n, a: smooth(y, n, a).T], "transposed"),
    ("5.4", [lambda y, n, a: y], "shape"),
    ("5.5", [0.0], "at random"),
    ("5.5", [0.0174], "percentage points"),
    ("5.5", [91.74], "above 90"),
    ("5.5", [0.95], "one standard error"),
    ("5.5", [5.0], "binomial"),
    ("5.5", [[1.7, 1.8]], "one number"),
    ("5.5", ["much"], "type str"),
]


TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, functions=["5.2", "5.3", "5.4"])


@pytest.mark.parametrize(
    ("images", "networks", "chance", "mean"),
    [(1, 1, 0.3, 0.3), (1, 2, 0.5, 0.75), (2, 1, 0.5, 0.5), (2, 2, 0.5, 11 / 16)],
)
def test_expected_best_by_hand(images, networks, chance, mean):
    assert expected_best(images, networks, chance) == pytest.approx(mean)


def test_expected_best_is_what_a_simulation_finds():
    draws = np.random.default_rng(0).binomial(1000, 0.9, (50_000, 20)).max(axis=1)
    assert draws.mean() / 1000 == pytest.approx(expected_best(), abs=2e-4)


def test_what_is_folded_computes_what_keras_does():
    import keras

    rng = np.random.default_rng(5)
    convolution = keras.layers.Conv2D(4, 3, use_bias=False)
    normalization = keras.layers.BatchNormalization(epsilon=0.01)
    images = rng.normal(size=(2, 6, 6, 3)).astype("float32")
    normalization.build((None, 4, 4, 4))
    values = [rng.uniform(0.5, 2, 4).astype("float32") for _ in range(4)]
    normalization.set_weights(values)
    expected = normalization(convolution(images), training=False)
    kernel, bias = fold(convolution.get_weights()[0], *values, 0.01)
    from helpers.conv import conv2d

    assert np.allclose(conv2d(images, kernel, bias=bias), expected, atol=1e-4)
