"""Checks for the exercises of Chapter 16, When memory or time runs out."""

import numpy as np

from helpers.checks._compare import as_numbers, compare

OUTPUT = 112 * 112 * 64  # values that the layer of 16.1 gives for one image


def kept_outputs(float32, float16, accumulated):
    """Check 16.1: bytes of one layer's output that training keeps."""
    try:
        float32, float16, accumulated = map(float, (float32, float16, accumulated))
    except (TypeError, ValueError):
        return "Give three numbers: float32, float16 and accumulated."
    right = 32 * OUTPUT * 4
    hints = {
        32 * OUTPUT: "That is the number of values. How many bytes has each?",
        OUTPUT * 4: "That is one image. The batch has 32.",
        32 * 112 * 112 * 4: "That is one map. There are 64.",
        32 * OUTPUT * 32: "A value has 32 bits, which are 4 bytes.",
    }
    if float32 != right:
        fallback = "Images · height · width · maps · bytes of a value."
        return "float32: " + hints.get(float32, fallback)
    if float16 != right / 2:
        return "float16: a value has 16 bits, half as many as before."
    hints = {
        right: "accumulated: only one micro-batch at a time is in memory.",
        right / 8: "accumulated: the floats are of 32 bits here.",
        right / 32: "accumulated: a micro-batch has eight images, not one.",
    }
    if accumulated != right / 4:
        return hints.get(accumulated, "accumulated: eight images at a time.")
    return None


def _weighted(gradients, sizes):
    return np.tensordot(sizes, gradients, axes=1) / np.sum(sizes)


def accumulate(function):
    """Check 16.2: the gradient of a batch from those of its parts."""
    rng = np.random.default_rng(16)
    cases = [
        (rng.normal(size=(3, 4, 2)), np.array([32, 32, 16])),
        (rng.normal(size=(4, 5)), np.array([8, 8, 8, 1])),
    ]
    mistakes = {
        "You took the mean of the parts. A small part counts less: weigh each by its "
        "images.": lambda g, n: g.mean(axis=0),
        "You added the parts up. Divide by the number of images.": (
            lambda g, n: g.sum(axis=0)
        ),
        "You weighed the parts, but did not divide by all images.": (
            lambda g, n: np.tensordot(n, g, axes=1)
        ),
        "You divided by the number of parts. Divide by the number of images.": (
            lambda g, n: np.tensordot(n, g, axes=1) / len(n)
        ),
        "You kept the last part only.": lambda g, n: g[-1],
    }
    return compare(function, _weighted, mistakes, cases)


def _next_scale(scale, good_steps, finite, growth_steps, grow=2, shrink=2, keep=0):
    if not finite:
        return np.array([scale / shrink, keep * good_steps])
    if good_steps + 1 == growth_steps:
        return np.array([scale * grow, 0])
    return np.array([scale, good_steps + 1])


def _grows_late(scale, good_steps, finite, growth_steps):
    return _next_scale(scale, good_steps, finite, growth_steps + 1)


def _never_counts_anew(scale, good_steps, finite, growth_steps):
    found = _next_scale(scale, good_steps, finite, growth_steps)
    return np.array([found[0], good_steps + 1 if finite else 0])


def next_scale(function):
    """Check 16.3: the loss scale after a step."""
    cases = [
        (1024.0, 3, True, 10),
        (1024.0, 9, True, 10),
        (1024.0, 5, False, 10),
        (64.0, 1, True, 2),
        (8.0, 9, False, 10),
    ]
    mistakes = {
        "Your scale never grows.": lambda *a: _next_scale(*a, grow=1),
        "Your scale does not shrink after an overflow.": (
            lambda *a: _next_scale(*a, shrink=1)
        ),
        "An overflow sets the count of good steps back to 0.": (
            lambda *a: _next_scale(*a, keep=1)
        ),
        "Your scale grows one step late: this step is a good one, too.": _grows_late,
        "After it has grown, the count begins at 0 again.": _never_counts_anew,
        "You exchanged the two cases: it shrinks when a gradient is not finite.": (
            lambda s, g, f, n: _next_scale(s, g, not f, n)
        ),
    }
    return compare(function, _next_scale, mistakes, cases)


def _by_filter(weights, levels=127, axes=(0, 1, 2), rounded=np.rint, back=True):
    scale = np.abs(weights).max(axis=axes, keepdims=True) / levels
    integers = rounded(weights / scale)
    return integers * scale if back else integers


def symmetric_weights(function):
    """Check 16.4: filters with 8 bits, a scale for each filter."""
    rng = np.random.default_rng(17)
    spread = np.array([0.02, 0.3, 1.0, 4.0])
    cases = [
        (rng.normal(size=(3, 3, 5, 4)) * spread,),
        (rng.normal(size=(1, 1, 8, 2)),),
    ]
    mistakes = {
        "You took one scale for all filters. Each (the last axis) has its own.": (
            lambda w: _by_filter(w, axes=(0, 1, 2, 3))
        ),
        "You return the integers. Multiply by the scale again.": (
            lambda w: _by_filter(w, back=False)
        ),
        "You cut off the fraction. Round to the nearest.": (
            lambda w: _by_filter(w, rounded=np.trunc)
        ),
        "You rounded down. Round to the nearest.": (
            lambda w: _by_filter(w, rounded=np.floor)
        ),
        "The largest weight should become 127, not 128 or 255.": (
            lambda w: _by_filter(w, levels=128)
        ),
        "The largest weight should become 127, not 255.": (
            lambda w: _by_filter(w, levels=255)
        ),
        "You rounded the weights themselves. Divide by the scale first.": np.rint,
        "You took a scale for each input channel. It is the last axis.": (
            lambda w: _by_filter(w, axes=(0, 1, 3))
        ),
    }
    return compare(function, _by_filter, mistakes, cases)


SIDE, MAPS, BUDGET = 256, 64, 4e9


def _outputs(batch=64, stride=1, layers=16, value=4, devices=1):
    """Return the bytes that training keeps on each device of 16.5."""
    side = -(-SIDE // stride)
    an_image = SIDE * SIDE * 3 + layers * side * side * MAPS
    return -(-batch // devices) * an_image * value


def five_remedies(batch, stride, layers, half, devices):
    """Check 16.5: the mildest dose of each remedy that fits into 4 GB."""
    numbers, hint = as_numbers([batch, stride, layers, devices])
    if hint:
        return hint
    if numbers.shape != (4,) or (numbers % 1).any() or (numbers < 1).any():
        return "Give whole numbers, at least 1, and True or False for half."
    doses = {
        "batch": (int(batch), 1),
        "stride": (int(stride), -1),
        "layers": (int(layers), 1),
        "devices": (int(devices), -1),
    }
    for name, (dose, milder) in doses.items():
        taken = _outputs(**{name: dose})
        if taken > BUDGET:
            return f"{name} = {dose} keeps {taken / 1e9:.2f} GB on a device: too much."
        if _outputs(**{name: dose + milder}) <= BUDGET:
            return f"{name} = {dose} fits, but {dose + milder} would, too."
    if bool(half) != (_outputs(value=2) <= BUDGET):
        return f"half: with 2 bytes a value it is {_outputs(value=2) / 1e9:.2f} GB."
    return None


EXERCISES = {
    "16.1": kept_outputs,
    "16.2": accumulate,
    "16.3": next_scale,
    "16.4": symmetric_weights,
    "16.5": five_remedies,
}
