"""Checks for the exercises of Chapter 6, LeNet-5 to GoogLeNet."""

import numpy as np

from helpers.checks._compare import as_numbers, compare
from helpers.conv import local_response_normalization


def grouped_layer(grouped, ungrouped):
    """Check 6.1: AlexNet's second convolution, with two groups and with one."""
    try:
        grouped, ungrouped = float(grouped), float(ungrouped)
    except (TypeError, ValueError):
        return "Give two numbers: grouped and ungrouped."
    right, whole = 256 * (25 * 48 + 1), 256 * (25 * 96 + 1)
    hints = {
        right - 256: "You counted the weights. Each of the 256 maps has a bias, too.",
        whole: "That is without groups. With two, a filter reads 48 of the 96 maps.",
        whole / 2: "Two groups halve the weights, not the biases.",
        128 * (25 * 48 + 1): "That is one of the two groups. Both have to be counted.",
        256 * (25 * 3 + 1): "A filter reads maps of the layer below, not colours.",
    }
    if grouped != right:
        fallback = "Each of the 256 filters has 5 · 5 weights for each map it reads."
        return "Grouped: " + hints.get(grouped, fallback)
    if ungrouped == whole - 256:
        return "Ungrouped: you left out the biases."
    if ungrouped == 2 * right:
        return "Ungrouped: the weights double, but the biases do not."
    if ungrouped != whole:
        return "Ungrouped: now each filter reads all 96 maps."
    return None


def _squash(values):
    return 1.7159 * np.tanh(2 / 3 * values)


def _sums(maps):
    corners = [maps[..., i::2, j::2, :] for i in (0, 1) for j in (0, 1)]
    return np.sum(corners, axis=0)


def _subsampling(maps, coefficients, biases):
    return _squash(_sums(maps) * coefficients + biases)


def trained_subsampling(function):
    """Check 6.2: LeNet-5's subsampling, as ``function(maps, coefficients, biases)``."""
    rng = np.random.default_rng(6)
    cases = [
        (rng.normal(size=(2, 4, 6, 3)), rng.normal(size=3), rng.normal(size=3)),
        (rng.normal(size=(1, 6, 6, 6)), rng.normal(size=6), rng.normal(size=6)),
    ]
    mistakes = {
        "You took the mean. LeNet-5 sums its four inputs.": (
            lambda maps, w, b: _squash(_sums(maps) / 4 * w + b)
        ),
        "You took the largest of the four. LeNet-5 sums them.": (
            lambda maps, w, b: _squash(_largest(maps) * w + b)
        ),
        "The squashing function is missing.": lambda maps, w, b: _sums(maps) * w + b,
        "You squashed with tanh alone; the paper's function is "
        "1.7159 · tanh(2/3 · a).": lambda maps, w, b: np.tanh(_sums(maps) * w + b),
        "You squashed with the logistic sigmoid; the paper's function is "
        "1.7159 · tanh(2/3 · a).": (
            lambda maps, w, b: 1 / (1 + np.exp(-_sums(maps) * w - b))
        ),
        "You squash before you weigh: the coefficient and the bias come first.": (
            lambda maps, w, b: _squash(_sums(maps)) * w + b
        ),
        "You add the bias before you multiply. It comes after the coefficient.": (
            lambda maps, w, b: _squash((_sums(maps) + b) * w)
        ),
        "Your windows overlap: they should lie two pixels apart.": (
            lambda maps, w, b: _squash(_overlapping(maps) * w + b)
        ),
    }
    return compare(function, _subsampling, mistakes, cases)


def _largest(maps):
    corners = [maps[..., i::2, j::2, :] for i in (0, 1) for j in (0, 1)]
    return np.max(corners, axis=0)


def _overlapping(maps):
    rows = maps[..., :-1, :, :] + maps[..., 1:, :, :]
    return rows[..., :-1, :] + rows[..., 1:, :]


def _normalized(activations, n, k, alpha, beta):
    return local_response_normalization(activations, n // 2, k, alpha, beta)


def response_normalization(function):
    """Check 6.3: LRN, as ``function(activations, n, k, alpha, beta)``."""
    rng = np.random.default_rng(7)
    cases = [
        (rng.uniform(0, 3, (3, 4, 12)), 5, 2.0, 0.5, 0.75),
        (rng.uniform(0, 3, (2, 2, 2, 8)), 3, 1.0, 1.0, 0.5),
    ]
    mistakes = {
        "You took n for the radius. It is the width: n // 2 maps on each side.": (
            lambda a, n, k, alpha, beta: local_response_normalization(
                a, n, k, alpha, beta
            )
        ),
        "You summed the activations. The equation sums their squares.": (
            lambda a, n, k, alpha, beta: a * (k + alpha * _windows(a, n)) ** -beta
        ),
        "You took the mean of the squares. The paper takes their sum.": (
            lambda a, n, k, alpha, beta: _normalized(a, n, k, alpha / n, beta)
        ),
        "You multiply where you should divide: the exponent is −beta.": (
            lambda a, n, k, alpha, beta: a * (k + alpha * _windows(a**2, n)) ** beta
        ),
        "You summed over all maps. Only the n maps around each one count.": (
            lambda a, n, k, alpha, beta: local_response_normalization(
                a, a.shape[-1], k, alpha, beta
            )
        ),
        "Your window runs around the end: the first map is no neighbour of the last.": (
            lambda a, n, k, alpha, beta: (
                a * (k + alpha * _around_the_end(a**2, n)) ** -beta
            )
        ),
    }
    return compare(function, _normalized, mistakes, cases)


def _windows(values, n):
    """Sum the n neighbouring channels of each channel; fewer at the ends."""
    maps = np.arange(values.shape[-1])
    return values @ (abs(maps[:, None] - maps) <= n // 2)


def _around_the_end(values, n):
    return sum(np.roll(values, j, axis=-1) for j in range(-(n // 2), n // 2 + 1))


def _parameters(channels, widths):
    one, reduce3, three, reduce5, five, pool = widths
    ones = (channels + 1) * (one + reduce3 + reduce5 + pool)
    return ones + (9 * reduce3 + 1) * three + (25 * reduce5 + 1) * five


def inception_parameters(function):
    """Check 6.4: parameters of an inception module, ``function(channels, widths)``."""
    cases = [
        (192, (64, 96, 128, 16, 32, 32)),
        (832, (384, 192, 384, 48, 128, 128)),
        (7, (2, 3, 5, 4, 6, 1)),
    ]

    def biases(widths):
        return sum(widths)

    def pooling_free(channels, widths):
        return _parameters(channels, widths) - (channels + 1) * widths[-1]

    def no_bottlenecks(channels, widths):
        one, _, three, _, five, pool = widths
        return channels * (one + 9 * three + 25 * five + pool) + one + three + five

    mistakes = {
        "The biases are missing: one for each map of each of the six layers.": (
            lambda channels, widths: _parameters(channels, widths) - biases(widths)
        ),
        "The 1×1 after the pooling has parameters, too.": pooling_free,
        "Your 3×3 and 5×5 filters read the input. They read their bottlenecks.": (
            lambda channels, widths: no_bottlenecks(channels, widths) + widths[-1]
        ),
        "You counted a 3×3 filter over each map as 3 weights, and a 5×5 as 5.": (
            lambda channels, widths: (
                _parameters(channels, widths)
                - 6 * widths[1] * widths[2]
                - 20 * widths[3] * widths[4]
            )
        ),
    }
    return compare(function, _parameters, mistakes, cases)


MODULE_3B = (128, 128, 192, 32, 96, 64)


def _multiply_adds(channels, widths, pixels=28 * 28):
    one, reduce3, three, reduce5, five, pool = widths
    ones = channels * (one + reduce3 + reduce5 + pool)
    return pixels * (ones + 9 * reduce3 * three + 25 * reduce5 * five)


def cheaper_module(widths):
    """Check 6.5: an inception module of 480 maps for half of what 3b costs."""
    widths, hint = as_numbers(widths)
    if hint:
        return hint
    if widths.shape != (6,) or (widths % 1).any() or (widths < 1).any():
        return "Give six whole numbers, in the chapter's order, each at least 1."
    one, reduce3, three, reduce5, five, pool = map(int, widths)
    maps = one + three + five + pool
    if maps != sum(MODULE_3B) - MODULE_3B[1] - MODULE_3B[3]:
        return (
            f"Your module makes {maps} maps; it should make 480. The bottlenecks do "
            "not count: their maps are not concatenated."
        )
    if three < 96 or five < 32:
        return f"You have {three} maps of 3×3 and {five} of 5×5; at least 96 and 32."
    if min(reduce3, reduce5) < 16:
        return "A bottleneck has fewer than 16 maps."
    ratio = _multiply_adds(256, map(int, widths)) / _multiply_adds(256, MODULE_3B)
    if ratio > 0.5:
        return (
            f"It still needs {100 * ratio:.0f} % of the multiply-adds of 3b. The 3×3 "
            "branch costs 9 · bottleneck · filters a pixel: narrow both."
        )
    return None


EXERCISES = {
    "6.1": grouped_layer,
    "6.2": trained_subsampling,
    "6.3": response_normalization,
    "6.4": inception_parameters,
    "6.5": cheaper_module,
}
