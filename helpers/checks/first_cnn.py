"""Checks for the exercises of Chapter 5, A first CNN."""

from math import comb

import numpy as np

from helpers.checks._compare import as_numbers, compare, run


def two_layers(convolution, dense):
    """Check 5.1: parameters of a convolution and of the first dense layer."""
    try:
        convolution, dense = float(convolution), float(dense)
    except (TypeError, ValueError):
        return "Give two numbers: convolution and dense."
    right = 128 * (9 * 64 + 1)
    hints = {
        right - 128: "You counted the weights. Each of the 128 maps has a bias, too.",
        128 * (9 + 1): "A filter reads all 64 maps below, not one.",
        128 * (3 * 64 + 1): "A 3×3 filter has 9 weights for each map it reads, not 3.",
        64 * (9 * 128 + 1): "You exchanged the two: 128 filters read 64 maps.",
    }
    if convolution != right:
        fallback = "Each of the 128 filters has 3 · 3 · 64 weights and a bias."
        return "Convolution: " + hints.get(convolution, fallback)
    hints = {
        128 * 9 * 256: "you left out the biases, one a neuron.",
        128 * (256 + 1): "flattening keeps all places: 3 · 3 · 256 inputs, not 256.",
        128 * (49 * 256 + 1): "a pooling comes first: the maps are 3×3, not 7×7.",
    }
    if dense != 128 * (9 * 256 + 1):
        fallback = "each neuron has a weight for each of the 3 · 3 · 256 inputs."
        return "Dense: " + hints.get(dense, fallback)
    return None


def _folded(kernel, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return _flat(kernel * scale, beta - mean * scale)


def _flat(kernel, bias):
    return np.concatenate([np.ravel(kernel), np.ravel(bias)])


def folded_normalization(function):
    """Check 5.2: a batch normalization folded into the convolution before it."""
    if not callable(function):
        return run(function)[1]
    problems = []

    def pair(kernel, *others):
        answer = function(kernel, *others)
        if answer is None or answer is ...:
            return None
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            problems.append("Return two arrays: the kernel and the bias.")
            return np.zeros(1)
        shapes = [np.shape(array) for array in answer]
        wanted = [kernel.shape, kernel.shape[-1:]]
        if shapes != wanted:
            problems.append(
                f"Kernel and bias have the shapes {shapes[0]} and {shapes[1]}; they "
                f"should have {wanted[0]} and {wanted[1]}."
            )
            return np.zeros(1)
        return _flat(*answer)

    hint = compare(pair, _folded, _fold_mistakes(), _fold_cases())
    return problems[0] if problems else hint


def _fold_cases():
    rng = np.random.default_rng(52)

    def case(shape):
        gamma, beta, mean = rng.normal(size=(3, shape[-1]))
        variance = rng.uniform(0.2, 3, shape[-1])
        return rng.normal(size=shape), gamma, beta, mean, variance, 0.1

    return [case((3, 3, 2, 5)), case((1, 1, 4, 3))]


def _fold_mistakes():
    return {
        "The epsilon is missing under the root.": (
            lambda k, g, b, m, v, e: _folded(k, g, b, m, v, 0)
        ),
        "You divide by the variance. It is its square root that divides.": (
            lambda k, g, b, m, v, e: _flat(k * g / (v + e), b - m * g / (v + e))
        ),
        "The epsilon is added to the variance, before the root is taken.": (
            lambda k, g, b, m, v, e: _flat(
                k * g / (np.sqrt(v) + e), b - m * g / (np.sqrt(v) + e)
            )
        ),
        "The sign of the mean: it is subtracted.": (
            lambda k, g, b, m, v, e: _folded(k, g, b, -m, v, e)
        ),
        "The mean is scaled as well: it was subtracted before the division.": (
            lambda k, g, b, m, v, e: _folded(k, g, b, m / g * np.sqrt(v + e), v, e)
        ),
        "Gamma is missing.": (
            lambda k, g, b, m, v, e: _folded(k, np.ones_like(g), b, m, v, e)
        ),
    }


def _step_decay(step, peak, warmup, every):
    if step < warmup:
        return peak * step / warmup
    return peak / 10 ** ((step - warmup) // every)


def step_decay(function):
    """Check 5.3: a schedule, as ``function(step, peak, warmup, every)``."""
    steps = (0, 5, 20, 119, 120, 125, 219, 220, 325)
    cases = [(step, 0.1, 20, 100) for step in steps]
    mistakes = {
        "You count the periods from step 0. They begin when the warm-up ends.": (
            lambda s, peak, w, n: peak * s / w if s < w else peak / 10 ** (s // n)
        ),
        "There is no warm-up: below `warmup` the rate rises along a line.": (
            lambda s, peak, w, n: peak / 10 ** max((s - w) // n, 0)
        ),
        "The rate falls a little at every step. It should stay until `every` steps "
        "are complete: // and not /.": (
            lambda s, peak, w, n: peak * s / w if s < w else peak / 10 ** ((s - w) / n)
        ),
        "You divide by 10, then by 20, then by 30. Each time it is by another 10: "
        "by 10, 100, 1,000.": (
            lambda s, peak, w, n: (
                peak * s / w if s < w else peak / max(10 * ((s - w) // n), 1)
            )
        ),
        "The rise should reach `peak` at step `warmup`, from 0 at step 0; yours is a "
        "step ahead.": (
            lambda s, peak, w, n: (
                peak * (s + 1) / w if s < w else _step_decay(s, peak, w, n)
            )
        ),
    }
    return compare(function, _step_decay, mistakes, cases)


def _smoothed(labels, classes, alpha):
    return (1 - alpha) * np.eye(classes)[labels] + alpha / classes


def smoothed_labels(function):
    """Check 5.4: label smoothing, as ``function(labels, classes, alpha)``."""
    cases = [(np.array([2, 0, 1, 2]), 4, 0.1), (np.array([9, 3]), 10, 0.3)]
    mistakes = {
        "You spread alpha over the wrong classes only. Here the right one gets its "
        "share of it, too.": (
            lambda y, n, a: (1 - a) * np.eye(n)[y] + a / (n - 1) * (1 - np.eye(n)[y])
        ),
        "Your rows add up to more than 1: what is spread has to be taken from the "
        "right class.": lambda y, n, a: np.eye(n)[y] + a / n,
        "Each class gets alpha; all of them together should share it.": (
            lambda y, n, a: (1 - a) * np.eye(n)[y] + a
        ),
        "That is one-hot: nothing is smoothed yet.": lambda y, n, a: np.eye(n)[y],
        "Your answer is transposed: images are rows, classes are columns.": (
            lambda y, n, a: _smoothed(y, n, a).T
        ),
    }
    return compare(function, _smoothed, mistakes, cases)


def expected_best(images=1000, networks=20, chance=0.9):
    """Mean of the best share of right answers, of several equally good networks."""
    log = [_log_binomial(images, k, chance) for k in range(images + 1)]
    below = np.minimum(np.cumsum(np.exp(log)), 1)
    return (1 - below**networks).sum() / images


def _log_binomial(n, k, p):
    # comb is a whole number of up to 300 digits: only its logarithm is a float.
    return float(np.log(float(comb(n, k))) + k * np.log(p) + (n - k) * np.log1p(-p))


def best_of_twenty(points):
    """Check 5.5: by how much the best of twenty equal networks flatters."""
    points, hint = as_numbers(points)
    if hint:
        return hint
    if points.shape:
        return "Give one number: the mean over many repetitions."
    right = 100 * (expected_best() - 0.9)
    near = {
        0.0: "That is a network taken at random. The report takes the best of twenty.",
        right / 100: "Give percentage points: your number is a share.",
        90 + right: "That is the accuracy reported. How far above 90 does it lie?",
        100 * np.sqrt(0.9 * 0.1 / 1000): (
            "That is one standard error, for one network. The best of twenty lies "
            "further out."
        ),
    }
    if abs(points - right) <= 0.08:
        return None
    for value, hint in near.items():
        if abs(points - value) < 0.05 * max(value, 0.02):
            return hint
    return (
        "Draw twenty numbers of right answers from rng.binomial(1000, 0.9), take the "
        "largest, and average that over thousands of repetitions."
    )


EXERCISES = {
    "5.1": two_layers,
    "5.2": folded_normalization,
    "5.3": step_decay,
    "5.4": smoothed_labels,
    "5.5": best_of_twenty,
}
