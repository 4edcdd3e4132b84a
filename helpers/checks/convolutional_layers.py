"""Checks for the exercises of Chapter 2, Convolutional layers."""

import numpy as np

from helpers import conv
from helpers.checks._compare import as_numbers, compare


def layer_size(parameters, height, width):
    """Check 2.1: 64 filters of 7×7, stride 2, SAME, on a 224×224 RGB image."""
    try:
        parameters, height, width = map(float, (parameters, height, width))
    except (TypeError, ValueError):
        return "Give three numbers: parameters, height and width."
    weights = 7 * 7 * 3 * 64
    hints = {
        weights: "You counted the weights. Each of the 64 maps has a bias, too.",
        7 * 7 * 64 + 64: "Each filter reads all three channels of the image.",
        7 * 7 * 64: "Each filter reads all three channels, and has a bias.",
        weights + 1: "There is a bias for each feature map, not one for the layer.",
        weights + 3: "The biases belong to the 64 maps, not to the 3 channels.",
    }
    if parameters != weights + 64:
        fallback = "Parameters: (7 · 7 · channels + 1) for each of the maps."
        return hints.get(parameters, fallback)
    if (height, width) == (109, 109):
        return "109 is VALID: (224 − 7) // 2 + 1. SAME pads with zeros first."
    if (height, width) == (224, 224):
        return "SAME keeps the size only at stride 1. Here the stride is 2."
    if (height, width) != (112, 112):
        return "With SAME the size is the input's divided by the stride, rounded up."
    return None


def correlate(image, kernel, stride=1, padding="VALID"):
    """Return the cross-correlation of two matrices."""
    answer = conv.conv2d(image[..., None], kernel[..., None, None], stride, padding)
    return answer[..., 0].astype(float)


def one_channel(function):
    """Check 2.2: a convolution of one channel, VALID, stride 1."""
    rng = np.random.default_rng(2)
    cases = [
        (rng.integers(0, 9, (5, 5)).astype(float), np.array([[1.0, 2], [0, -1]])),
        (rng.normal(size=(4, 7)), rng.normal(size=(3, 3))),
        (rng.normal(size=(7, 6)), rng.normal(size=(2, 4))),
    ]
    mistakes = {
        "Your filter is turned by 180 degrees. Here nothing is flipped: "
        "weight (u, v) meets the pixel u rows down and v columns on.": (
            lambda image, kernel: correlate(image, kernel[::-1, ::-1])
        ),
        "The last row and column of outputs are missing: there are "
        "height − filter height + 1 rows.": (
            lambda image, kernel: correlate(image, kernel)[:-1, :-1]
        ),
        "You returned the largest product of each window; add the products up.": (
            lambda image, kernel: _windows(image, kernel).max((2, 3))
        ),
        "You returned the mean of the products; a convolution is their sum.": (
            lambda image, kernel: _windows(image, kernel).mean((2, 3))
        ),
        "The filter's rows and columns are exchanged.": (
            lambda image, kernel: correlate(image, kernel.T)
        ),
        "The rows and columns of your answer are exchanged.": (
            lambda image, kernel: correlate(image, kernel).T
        ),
    }
    return compare(function, correlate, mistakes, cases)


def _windows(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return windows * kernel


def strided_same(function):
    """Check 2.3: padding and stride added, as ``function(image, kernel, stride)``."""
    rng = np.random.default_rng(3)

    def right(image, kernel, stride):
        return correlate(image, kernel, stride, "SAME")

    def padded_before(image, kernel, stride):
        return right(image[::-1, ::-1], kernel[::-1, ::-1], stride)[::-1, ::-1]

    cases = [
        (rng.normal(size=(6, 6)), rng.normal(size=(3, 3)), 1),
        (rng.normal(size=(5, 13)), rng.normal(size=(5, 6)), 5),
        (rng.normal(size=(6, 6)), rng.normal(size=(3, 3)), 2),
        (rng.normal(size=(12, 12)), rng.normal(size=(1, 1)), 5),
    ]
    mistakes = {
        "There are no zeros around your image yet: this is VALID.": correlate,
        "You forgot the stride: windows start at every pixel.": (
            lambda image, kernel, stride: right(image, kernel, 1)
        ),
        "The odd zero is on the wrong side. TensorFlow puts it at the bottom and "
        "on the right.": padded_before,
        "You padded as for stride 1. How much padding SAME needs depends on the "
        "stride: max((outputs − 1) · stride + filter − size, 0).": (
            lambda image, kernel, stride: right(image, kernel, 1)[::stride, ::stride]
        ),
    }
    return compare(function, right, mistakes, cases)


def unread_columns(function):
    """Check 2.4: columns that VALID leaves unread, ``function(size, f, stride)``."""
    cases = [(13, 6, 5), (14, 6, 5), (10, 3, 2), (9, 2, 3), (20, 1, 4), (7, 7, 3)]
    mistakes = {
        "You counted what is left over at the right edge. With a stride "
        "larger than the filter there are gaps between the windows, too.": (
            lambda size, width, stride: (size - width) % stride
        ),
        "You counted the columns that are read.": (
            lambda size, width, stride: size - _unread(size, width, stride)
        ),
        "You counted the gaps between the windows only. What is left over at the "
        "right edge is unread, too.": (
            lambda size, width, stride: (
                (size - width) // stride * max(stride - width, 0)
            )
        ),
    }
    return compare(function, _unread, mistakes, cases)


def _unread(size, width, stride):
    starts = range(0, size - width + 1, stride)
    return size - len({start + v for start in starts for v in range(width)})


def oriented_filter(kernel):
    """Check 2.5: a 7×7 filter that answers to lines at 45 degrees only."""
    kernel, hint = as_numbers(kernel)
    if hint:
        return hint
    if kernel.shape != (7, 7):
        return f"The filter has shape {kernel.shape}; it should be (7, 7)."
    rising = np.eye(7)[::-1]
    if not np.isfinite(kernel).all():
        return "The filter holds values that are not numbers."
    answer = float((kernel * rising).sum())
    if answer <= 1e-6:
        if (kernel * np.eye(7)).sum() > 1e-6:
            return "Yours answers to a falling line. Turn it over: kernel[::-1]."
        return "Its answer to a line that rises from left to right is not positive."
    for name, pattern in _rivals():
        rival = float(abs((kernel * pattern).sum()))
        if rival > 0.2 * answer:
            return (
                f"It answers to {name}, too: {rival:.2g} against {answer:.2g}. "
                "Make it at most a fifth. Negative weights beside the line help."
            )
    return None


def _rivals():
    """Yield what the filter should not answer to: name, picture of 7×7."""
    yield "an even grey surface", np.full((7, 7), 0.5)
    for place in range(7):
        column = np.zeros((7, 7))
        column[:, place] = 1
        yield f"a vertical line in column {place}", column
        yield f"a horizontal line in row {place}", column.T
    for place in range(-4, 5):
        yield "a falling diagonal", np.eye(7, k=place)


EXERCISES = {
    "2.1": layer_size,
    "2.2": one_channel,
    "2.3": strided_same,
    "2.4": unread_columns,
    "2.5": oriented_filter,
}
