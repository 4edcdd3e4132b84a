"""Checks for the exercises of Chapter 4, The convolution family."""

import numpy as np

from helpers import conv
from helpers.checks._compare import as_numbers, compare

CAUSAL_STACK = (1, 2, 4, 8)


def causal_stack(samples, zeros, parameters):
    """Check 4.1: four causal layers of 3 taps, dilations 1, 2, 4 and 8, 32 maps."""
    try:
        samples, zeros, parameters = map(float, (samples, zeros, parameters))
    except (TypeError, ValueError):
        return "Give three numbers: samples, zeros and parameters."
    hints = {
        30: "Each layer adds (3 − 1) · dilation; the output's own sample counts, too.",
        9: "That is the stack without dilation: 1 + 4 · 2.",
        17: "That is what the last layer's filter spans. The layers below add theirs.",
        16: "That is the stack for filters of 2 taps. Here a filter has 3.",
    }
    if samples != 1 + 2 * sum(CAUSAL_STACK):
        fallback = "Samples: 1 plus (3 − 1) · dilation for each of the four layers."
        return hints.get(samples, fallback)
    hints = {
        2: "The filter has gaps: 3 taps at dilation 8 span more than 3 samples.",
        8: "The zeros fill the whole span but one sample, and there are two gaps of 8.",
        17: "The output's own sample is no zero: one less than the span.",
        30: "That is for the whole stack. Each layer pads its own input.",
    }
    if zeros != 2 * CAUSAL_STACK[-1]:
        return hints.get(zeros, "Zeros: the span of the dilated filter, less one.")
    weights = 3 * 32 * 32
    hints = {
        weights: "You counted the weights. Each of the 32 maps has a bias, too.",
        17 * 32 * 32 + 32: "The zeros between the taps are no parameters.",
        3 * 32 + 32: "Each map reads all 32 channels.",
    }
    if parameters != weights + 32:
        return hints.get(parameters, "Parameters: (taps · channels + 1) · maps.")
    return None


def depthwise(image, filters):
    """Return a depthwise convolution: VALID, stride 1."""
    return conv.depthwise_conv2d(image, filters).astype(float)


def own_depthwise(function):
    """Check 4.2: a depthwise convolution, VALID, stride 1."""
    rng = np.random.default_rng(2)
    cases = [
        (rng.normal(size=(5, 6, 3)), rng.normal(size=(3, 3, 3, 2))),
        (rng.normal(size=(4, 4, 2)), rng.normal(size=(2, 3, 2, 1))),
        (rng.normal(size=(6, 5, 2)), rng.normal(size=(1, 2, 2, 4))),
    ]

    def by_multiplier(image, filters):
        maps = depthwise(image, filters)
        split = maps.reshape(*maps.shape[:2], *filters.shape[2:])
        return split.swapaxes(2, 3).reshape(maps.shape)

    mistakes = {
        "The maps are in another order: map c · multiplier + m belongs to channel c. "
        "All maps of the first channel come first.": by_multiplier,
        "You added the channels up. That is a regular convolution; depthwise keeps "
        "every channel to itself.": (
            lambda image, filters: conv.conv2d(image, filters).astype(float)
        ),
        "Your filters are turned by 180 degrees. Here nothing is flipped.": (
            lambda image, filters: depthwise(image, filters[::-1, ::-1])
        ),
        "You used the first filter of each channel only.": (
            lambda image, filters: depthwise(image, filters[..., :1])
        ),
        "Keep channels and multiplier in one last axis: [height, width, channels · "
        "multiplier].": (
            lambda image, filters: _unfolded(depthwise(image, filters), filters)
        ),
    }
    return compare(function, depthwise, mistakes, cases)


def _unfolded(maps, filters):
    return maps.reshape(*maps.shape[:2], *filters.shape[2:])


def enlarge(image, kernel, stride):
    """Return a transposed convolution of two matrices, VALID."""
    shape = [
        (n - 1) * stride + f for n, f in zip(image.shape, kernel.shape, strict=True)
    ]
    filters = kernel[..., None, None]
    answer = conv.conv2d_transpose(image[..., None], filters, stride, "VALID", shape)
    return answer[..., 0].astype(float)


def own_transpose(function):
    """Check 4.3: a transposed convolution, ``function(image, kernel, stride)``."""
    rng = np.random.default_rng(3)
    cases = [
        (rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), 2),
        (rng.normal(size=(2, 3)), rng.normal(size=(2, 4)), 1),
        (rng.normal(size=(3, 2)), rng.normal(size=(3, 3)), 3),
    ]

    def same(image, kernel, stride):
        return conv.conv2d_transpose(
            image[..., None], kernel[..., None, None], stride
        ).astype(float)[..., 0]

    mistakes = {
        "Where brushes overlap, the last one wins. Add them up: += instead of =.": (
            _overpainted
        ),
        "The filter is turned by 180 degrees. A pixel paints it as it is; only the "
        "way over the stretched image turns it.": (
            lambda image, kernel, stride: enlarge(image, kernel[::-1, ::-1], stride)
        ),
        "Your answer is that of stride 1.": (
            lambda image, kernel, stride: enlarge(image, kernel, 1)
        ),
        "This is SAME, n · stride pixels. VALID keeps all that is painted: "
        "(n − 1) · stride + f.": same,
    }
    return compare(function, enlarge, mistakes, cases)


def _overpainted(image, kernel, stride):
    answer = np.zeros_like(enlarge(image, kernel, stride))
    height, width = kernel.shape
    for i, j in np.ndindex(image.shape):
        top, left = i * stride, j * stride
        answer[top : top + height, left : left + width] = image[i, j] * kernel
    return answer


def saving(filter_size, channels, maps):
    """Return multiplications of a regular layer over those of a separable one."""
    area = filter_size**2
    return area * channels * maps / (area * channels + channels * maps)


def separable_saving(function):
    """Check 4.4: how many times a separable layer is cheaper."""
    cases = [(3, 256, 256), (5, 16, 32), (1, 8, 8), (3, 64, 128)]
    mistakes = {
        "You gave the separable layer's share; the question is how many times more "
        "the regular layer needs, one over that.": (lambda *a: 1 / saving(*a)),
        "That is the depthwise half alone. The 1×1 layer multiplies channels by "
        "maps.": (lambda size, channels, maps: float(maps)),
        "Square the filter size: a filter of 3×3 has nine weights.": (
            lambda size, channels, maps: saving(size**0.5, channels, maps)
        ),
        "In the depthwise half, there is one filter a channel, whatever the number "
        "of maps.": (
            lambda size, channels, maps: (
                size**2 * channels * maps / (size**2 * maps + channels * maps)
            )
        ),
        "The filters of the 1×1 layer do not have f · f weights.": (
            lambda size, channels, maps: channels * maps / (channels + channels * maps)
        ),
    }
    return compare(function, saving, mistakes, cases)


def gapless_rates(rates):
    """Check 4.5: rates of three 3×3 layers with a field of 25 and no gap."""
    numbers, hint = as_numbers(rates)
    if hint:
        return hint
    if numbers.shape != (3,):
        return "Give three rates, such as 1, 2, 4."
    if (numbers < 1).any() or (numbers != np.round(numbers)).any():
        return "Rates are whole numbers from 1 on."
    rates = [int(rate) for rate in numbers]
    seen = {0}
    for rate in rates:
        seen = {place + step * rate for place in seen for step in (-1, 0, 1)}
    size = 1 + 2 * sum(rates)
    if len(seen) < size:
        if np.gcd.reduce(rates) > 1:
            return (
                f"All rates are multiples of {np.gcd.reduce(rates)}: only every "
                f"{np.gcd.reduce(rates)}th pixel is ever reached."
            )
        missed = min(abs(place) for place in set(range(-size, size)) - seen)
        return (
            f"There are gaps: the output does not see the pixel {missed} steps away. "
            "A rate may be at most as large as what the smaller ones cover."
        )
    if size < 25:
        return f"No gap, but the field is only {size} pixels wide."
    return None


EXERCISES = {
    "4.1": causal_stack,
    "4.2": own_depthwise,
    "4.3": own_transpose,
    "4.4": separable_saving,
    "4.5": gapless_rates,
}
