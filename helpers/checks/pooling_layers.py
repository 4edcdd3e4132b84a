"""Checks for the exercises of Chapter 3, Pooling layers."""

import numpy as np

from helpers import pooling
from helpers.checks._compare import as_numbers, compare


def pooled_shape(height, width, maps, parameters):
    """Check 3.1: max pooling of 3×3, stride 2, VALID, on 64 maps of 112×111."""
    try:
        answer = [float(number) for number in (height, width, maps, parameters)]
    except (TypeError, ValueError):
        return "Give four numbers: height, width, maps and parameters."
    height, width, maps, parameters = answer
    if parameters != 0:
        return "A maximum multiplies by nothing and adds nothing: count again."
    if maps != 64:
        return "Each map is pooled for itself, so there are as many as before."
    if (height, width) == (56, 56):
        return "56 is SAME, or a window of 2. VALID: (size − 3) // 2 + 1."
    if (height, width) == (55, 54):
        return "You forgot to add 1 after dividing by the stride."
    if (height, width) == (110, 109):
        return "That is stride 1. Here the windows lie two pixels apart."
    if (height, width) == (37, 37):
        return "You took the window as the stride. The stride is 2."
    if (height, width) != (55, 55):
        return "For each axis: (size − window) // stride + 1."
    return None


def _pool(reduce, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))
    return reduce(windows[::stride, ::stride], axis=(2, 3))


def max_pool(x, size, stride):
    """Return the largest number of each window of a matrix, VALID."""
    return _pool(np.max, x, size, stride)


def largest(function):
    """Check 3.2: max pooling of one map, as ``function(x, size, stride)``."""
    rng = np.random.default_rng(32)
    cases = [
        (rng.integers(0, 50, (4, 6)).astype(float), 2, 2),
        (rng.normal(size=(7, 9)) - 5, 3, 2),
        (rng.normal(size=(8, 5)), 2, 3),
        (rng.normal(size=(6, 6)), 4, 1),
    ]
    mistakes = {
        "You returned the mean of each window; keep the largest number.": (
            lambda x, size, stride: _pool(np.mean, x, size, stride)
        ),
        "You returned the smallest number of each window.": (
            lambda x, size, stride: _pool(np.min, x, size, stride)
        ),
        "Your windows start at every pixel: the stride is missing.": (
            lambda x, size, stride: max_pool(x, size, 1)
        ),
        "Your windows lie side by side. Here the stride may differ from the size.": (
            lambda x, size, stride: max_pool(x, size, size)
        ),
        "Your answer is never below 0. Begin with the window's own numbers, or with "
        "minus infinity, not with 0.": (
            lambda x, size, stride: np.maximum(max_pool(x, size, stride), 0)
        ),
        "The last row and column of outputs are missing: there are "
        "(height − size) // stride + 1 rows.": (
            lambda x, size, stride: max_pool(x, size, stride)[:-1, :-1]
        ),
        "The rows and columns of your answer are exchanged.": (
            lambda x, size, stride: max_pool(x, size, stride).T
        ),
    }
    return compare(function, max_pool, mistakes, cases)


def mean_same(x):
    """Return the mean of the pixels that each window of 3×3 sees, SAME."""
    pooled = pooling.avg_pool2d(x[..., None], 3, strides=1, padding="SAME")
    return pooled[..., 0]


def average(function):
    """Check 3.3: average pooling of 3×3, stride 1, SAME, as ``function(x)``."""
    rng = np.random.default_rng(33)
    cases = [(np.ones((4, 5)),), (rng.normal(size=(5, 4)),), (rng.normal(size=(1, 3)),)]

    def padded(x, **options):
        return _pool(np.mean, np.pad(x, 1, **options), 3, 1)

    mistakes = {
        "You divided by 9 everywhere. At the edge a window sees fewer pixels; the "
        "zeros outside do not count.": padded,
        "You repeated the pixels at the edge. What lies outside does not count.": (
            lambda x: padded(x, mode="edge")
        ),
        "You mirrored the picture at its edge. What lies outside does not count.": (
            lambda x: padded(x, mode="symmetric")
        ),
        "You returned the sum of each window; divide it by the pixels it sees.": (
            lambda x: 9 * padded(x)
        ),
        "You returned the largest number of each window; take the mean.": (
            lambda x: max_pool(np.pad(x, 1, constant_values=-np.inf), 3, 1)
        ),
    }
    return compare(function, mean_same, mistakes, cases)


def mean_gradient(upstream):
    """Return the gradient of average pooling, 2×2 with stride 2, for its input."""
    return upstream.repeat(2, axis=0).repeat(2, axis=1) / 4


def backward(function):
    """Check 3.4: the backward pass of average pooling, as ``function(upstream)``."""
    rng = np.random.default_rng(34)
    cases = [
        (np.array([[4.0, 8.0], [-4.0, 0.0]]),),
        (rng.normal(size=(3, 2)),),
        (rng.normal(size=(1, 4)),),
    ]

    def first_only(upstream):
        gradient = np.zeros((2 * upstream.shape[0], 2 * upstream.shape[1]))
        gradient[::2, ::2] = upstream
        return gradient

    mistakes = {
        "Each pixel has a quarter of a say in the mean, so it gets a quarter.": (
            lambda upstream: 4 * mean_gradient(upstream)
        ),
        "You divided by 2. A window has four pixels.": (
            lambda upstream: 2 * mean_gradient(upstream)
        ),
        "You gave everything to one pixel of each window. That is the gradient of "
        "a maximum; in a mean all four count.": first_only,
        "You gave each window one pixel. All four of them get a share.": (
            lambda upstream: first_only(upstream) / 4
        ),
        "You put copies of the whole array side by side. The four pixels of one "
        "window are neighbours.": lambda upstream: np.tile(upstream, (2, 2)) / 4,
    }
    return compare(function, mean_gradient, mistakes, cases)


def fooling_signal(signal):
    """Check 3.5: stripes that vanish for average pooling in one position only."""
    signal, hint = as_numbers(signal)
    if hint:
        return hint
    if signal.shape != (8,):
        return f"The signal has shape {signal.shape}; it should have 8 numbers."
    if not ((signal >= 0) & (signal <= 1)).all():  # so that NaN is refused, too
        return "The signal holds numbers outside the range from 0 to 1."
    still, moved = (
        np.roll(signal, shift).reshape(4, 2).mean(axis=1) for shift in (0, 1)
    )
    turns = [np.tile([0, 1], 2), np.tile([1, 0], 2)]
    if not any(np.allclose(moved, turn) for turn in turns):
        if any(np.allclose(still, turn) for turn in turns):
            return "The other way round: the means of the moved signal are 0 and 1."
        return (
            f"Moved by one pixel, its means are {_listed(moved)}; they should be "
            "0 and 1 in turn. What must the two numbers of such a window be?"
        )
    if not np.allclose(still, still[0]):
        return f"Its own means are {_listed(still)}; they should all be equal."
    return None


def _listed(numbers):
    return ", ".join(f"{number:.3g}" for number in numbers)


EXERCISES = {
    "3.1": pooled_shape,
    "3.2": largest,
    "3.3": average,
    "3.4": backward,
    "3.5": fooling_signal,
}
