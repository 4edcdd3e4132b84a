"""Checks for the exercises of Chapter 17, the ten that stand for the whole book."""

from itertools import pairwise

import numpy as np

from helpers.checks._compare import as_numbers, compare
from helpers.checks._exercises_later import (
    as_filters,
    coarse_overlap,
    digits,
    head_start,
)

MAPS = (100, 200, 400)  # of the three layers of 17.2
BYTES = 4  # of a 32-bit float


def _numbers(wanted, given, mistakes, tolerance=1e-9):
    """Return a hint for the first of several named numbers that is not right.

    `wanted` and `given` are dicts with the same names, `mistakes` has a dict from
    values to hints, and a hint for all other values under None, for each name.
    """
    for name, right in wanted.items():
        value, hint = as_numbers(given[name])
        if hint or value.shape != ():
            return f"{name}: {hint or 'give one number.'}"
        if np.isclose(value, right, rtol=tolerance):
            continue
        for wrong, hint in mistakes[name].items():
            if wrong is not None and np.isclose(value, wrong, rtol=tolerance):
                return f"{name}: {hint}"
        return f"{name}: {mistakes[name][None]}"
    return None


def first_layers(dense, convolution, dense_doubled, convolution_doubled):
    """Check 17.1: parameters of two first layers, for two sizes of images."""
    wanted = {
        "dense": (100 * 100 * 3 + 1) * 64,
        "convolution": (5 * 5 * 3 + 1) * 64,
        "dense_doubled": (200 * 200 * 3 + 1) * 64,
        "convolution_doubled": (5 * 5 * 3 + 1) * 64,
    }
    given = {
        "dense": dense,
        "convolution": convolution,
        "dense_doubled": dense_doubled,
        "convolution_doubled": convolution_doubled,
    }
    every = "Each neuron reads every value of the image, and has a bias."
    share = "Each filter reads 5×5 pixels of three channels, and has a bias."
    mistakes = {
        "dense": {
            100 * 100 * 3 * 64: "Each of the 64 neurons has a bias, too.",
            (100 * 100 + 1) * 64: "A pixel has three values.",
            None: every,
        },
        "convolution": {
            5 * 5 * 3 * 64: "Each of the 64 maps has a bias, too.",
            (5 * 5 + 1) * 64: "Each filter reads all three channels.",
            None: share,
        },
        "dense_doubled": {
            2 * wanted["dense"]: "Height and width are doubled, both.",
            4 * wanted["dense"] - 128: "The biases grow with the neurons only.",
            None: every,
        },
        "convolution_doubled": {
            4 * wanted["convolution"]: "Does a filter know how large the image is?",
            None: share,
        },
    }
    return _numbers(wanted, given, mistakes)


def _needs(height, width, batch, half=lambda n: -(-n // 2), reads=1, biases=1):
    """Return parameters, bytes for a prediction, and bytes for training of 17.2."""
    values, channels, parameters = [height * width * 3], 3, 0
    for maps in MAPS:
        parameters += (9 * (channels if reads else 1) + biases) * maps
        height, width, channels = half(height), half(width), maps
        values.append(height * width * maps)
    two = max(a + b for a, b in pairwise(values))
    return np.array(
        [
            parameters,
            BYTES * (parameters + two),
            BYTES * (parameters + batch * sum(values)),
        ]
    )


def _changed(change):
    """Return a function like `_needs`, with something added to its answer."""

    def mistaken(height, width, batch):
        return _needs(height, width, batch) + np.array(change(height, width, batch))

    return mistaken


def _outputs(height, width):
    """Return the bytes that the outputs of the three layers take for one image."""
    sizes = []
    for maps in MAPS:
        height, width = -(-height // 2), -(-width // 2)
        sizes.append(BYTES * height * width * maps)
    return sizes


def memory(function):
    """Check 17.2: parameters and memory of three layers of stride 2."""
    cases = [(200, 300, 50), (200, 300, 1), (64, 96, 8), (75, 130, 3)]
    weights = _needs(8, 8, 1)[0] * BYTES
    mistakes = {
        "SAME rounds up: 75 columns become 38, not 37.": (
            lambda h, w, b: _needs(h, w, b, half=lambda n: n // 2)
        ),
        "Each filter of a layer reads all maps of the layer before.": (
            lambda h, w, b: _needs(h, w, b, reads=0)
        ),
        "The biases are missing: one for each map.": (
            lambda h, w, b: _needs(h, w, b, biases=0)
        ),
        "The layers have stride 2: maps are half as high and wide each time.": (
            lambda h, w, b: _needs(h, w, b, half=lambda n: n)
        ),
        "These are numbers of values. A 32-bit float has 4 bytes.": (
            lambda h, w, b: _needs(h, w, b) // np.array([1, BYTES, BYTES])
        ),
        "The images of the batch take memory in training, too.": _changed(
            lambda h, w, b: [0, 0, -BYTES * b * h * w * 3]
        ),
        "The weights take memory, too, in use and in training.": _changed(
            lambda h, w, b: [0, -weights, -weights]
        ),
        "In training, each image of the batch has outputs of its own.": (
            lambda h, w, b: np.append(_needs(h, w, b)[:2], _needs(h, w, 1)[2])
        ),
        "There is one copy of the weights, not one for each image.": _changed(
            lambda h, w, b: [0, 0, (b - 1) * weights]
        ),
        "A prediction can drop a layer's output once the next one is computed.": (
            _changed(lambda h, w, b: [0, _outputs(h, w)[2], 0])
        ),
        "For a prediction, two outputs in a row are there at the same time.": (
            _changed(lambda h, w, b: [0, -_outputs(h, w)[1], 0])
        ),
    }
    return compare(function, _needs, mistakes, cases)


UNCHANGED = {"smaller batches", "two devices"}


def remedies(saved, unchanged):
    """Check 17.3: what each remedy saves, and which leave the network as it is."""
    from helpers.training import load_record

    rows = load_record("memory_remedies")["rows"]
    start = rows.pop("as it is")["peak_bytes"]
    if not isinstance(saved, dict) or set(saved) - {"as it is"} != set(rows):
        return f"saved: give a dict with a number for each of {', '.join(rows)}."
    for name, row in rows.items():
        value, hint = as_numbers(saved[name])
        if hint or value.shape != ():
            return f"saved, {name}: {hint or 'give one number.'}"
        left = 100 * row["peak_bytes"] / start
        if abs(value - (100 - left)) < 1:
            continue
        if abs(value - left) < 1:
            return f"saved, {name}: this is what is left. What was saved?"
        if abs(value - (1 - left / 100)) < 0.01:
            return f"saved, {name}: give per cent, from 0 to 100."
        return f"saved, {name}: 100 · (1 - peak bytes / peak bytes as it is)."
    names = {unchanged} if isinstance(unchanged, str) else set(unchanged)
    if unknown := names - set(rows):
        return f"unchanged: there is no remedy {sorted(unknown, key=str)[0]!r}."
    for name in sorted(names - UNCHANGED):
        if "float" in name:
            return f"unchanged: with {name}, numbers are rounded in every layer."
        return f"unchanged: {name} make another network."
    if UNCHANGED - names:
        return "unchanged: there is one more that gives the very same gradient."
    return None


def pool_or_stride(pool_parameters, conv_parameters, conv_multiplications):
    """Check 17.4: what a max pooling and a strided convolution cost."""
    wanted = {
        "pool_parameters": 0,
        "conv_parameters": (9 * 64 + 1) * 64,
        "conv_multiplications": 56 * 56 * 9 * 64 * 64,
    }
    given = {
        "pool_parameters": pool_parameters,
        "conv_parameters": conv_parameters,
        "conv_multiplications": conv_multiplications,
    }
    mistakes = {
        "pool_parameters": {None: "What would a maximum have to learn?"},
        "conv_parameters": {
            9 * 64 * 64: "Each of the 64 maps has a bias, too.",
            (9 + 1) * 64: "Each filter reads all 64 maps.",
            None: "Filters of 3×3 over 64 maps, and a bias, 64 times.",
        },
        "conv_multiplications": {
            112 * 112 * 9 * 64 * 64: "At stride 2 there is a quarter of the places.",
            56 * 56 * 9 * 64: "Each filter reads all 64 maps.",
            None: "Places of the output · weights of all filters.",
        },
    }
    return _numbers(wanted, given, mistakes)


def _share(strong, weak=10.0, k=2.0, alpha=1e-4, beta=0.75):
    return ((k + alpha * (weak**2 + strong)) / (k + alpha * weak**2)) ** -beta


def neighbours(next_map, next_pixel, far_map):
    """Check 17.5: what a loud neuron leaves of a quiet one, by where it stands."""
    wanted = {"next_map": _share(100.0**2), "next_pixel": 1.0, "far_map": 1.0}
    given = {"next_map": next_map, "next_pixel": next_pixel, "far_map": far_map}
    loud = _share(100.0**2)
    mistakes = {
        "next_map": {
            1 - loud: "This is what is lost. What is left?",
            100 * loud: "Give a share, from 0 to 1.",
            _share(100.0): "The answers are squared in the sum.",
            _share(100.0**2, alpha=2e-5): "The paper's α is not divided by n.",
            10 * (2 + 1.01) ** -0.75: "Divide by what it is without the loud neuron.",
            None: "Compare (k + α · sum of squares)^(-β) with and without the 100.",
        },
        "next_pixel": {
            loud: "The sum runs over maps, at one and the same pixel.",
            None: "Is it in the sum at all?",
        },
        "far_map": {
            loud: "n = 5 reaches two maps to each side.",
            None: "Is it in the sum at all?",
        },
    }
    return _numbers(wanted, given, mistakes, tolerance=2e-3)


INNOVATIONS = {
    "AlexNet": "ae",
    "GoogLeNet": "cg",
    "ResNet": "bi",
    "Xception": "dj",
    "SENet": "fh",
}


def innovations(answer):
    """Check 17.6: which idea came with which network."""
    if not isinstance(answer, dict) or set(answer) != set(INNOVATIONS):
        return f"Give a dict with letters for each of {', '.join(INNOVATIONS)}."
    for name, right in INNOVATIONS.items():
        letters = set("".join(answer[name]).lower()) - set(" ,")
        if wrong := sorted(letters - set(right)):
            return f"{name}: look at {wrong[0]} again; it belongs to another network."
        if len(letters) < len(right):
            return f"{name}: there is one more. Each network has two."
    return None


EXERCISES = {
    "17.1": first_layers,
    "17.2": memory,
    "17.3": remedies,
    "17.4": pool_or_stride,
    "17.5": neighbours,
    "17.6": innovations,
    "17.7": as_filters,
    "17.8": coarse_overlap,
    "17.9": digits,
    "17.10": head_start,
}
