"""Checks for the exercises of Chapter 1, The visual cortex."""

import itertools

import numpy as np

from helpers import filters
from helpers.checks._compare import as_numbers, compare, run
from helpers.geometry import receptive_field

WAVELENGTH = 8
WANTED = 30  # the orientation that Exercise 1.5 asks for, in degrees
WIDEST = 16  # what its tuning curve may span at half its height, in degrees
LARGEST = 61  # the side of its largest filter, in pixels


def first_layer(connected, shared):
    """Check 1.1: 500 neurons on 200×300 RGB; 32 shared filters of 5×5."""
    try:
        connected, shared = float(connected), float(shared)
    except (TypeError, ValueError):
        return "Give two numbers of weights."
    pixels = 200 * 300
    if connected == pixels * 500:
        return "Each pixel has three numbers: red, green and blue."
    if connected == pixels * 3 * 500 + 500:
        return "You counted biases, too. Here only weights are asked for."
    if connected != pixels * 3 * 500:
        return "Fully connected: every neuron has a weight for every number it reads."
    hints = {
        5 * 5 * 32: "Each filter reads all three colours of its patch.",
        5 * 5 * 3: "That is one filter. There are 32.",
        5 * 5 * 3 * 32 + 32: "You counted biases, too. Only weights are asked for.",
        5 * 5 * 3 * 32 * 196 * 296: (
            "You counted the weights again at each place. The neurons of a map share "
            "them."
        ),
    }
    if shared != 5 * 5 * 3 * 32:
        return hints.get(shared, "Shared: weights of one filter, times the filters.")
    return None


def preferred_orientation(function):
    """Check 1.2: what a neuron prefers, ``function(weights, wavelength)``."""
    neurons = [(30, 8, 0), (75, 6, 0), (120, 8, 90), (160, 10, 180)]
    for orientation, wavelength, phase in neurons:
        sigma = 0.44 * wavelength
        weights = filters.gabor(31, wavelength, orientation, sigma, phase)
        weights = np.float64(weights - weights.mean())
        answer, hint = run(function, weights, wavelength)
        if hint:
            return hint
        if answer.shape != () or not np.isfinite(answer):
            return "Return one number: an angle in degrees."
        if _apart(answer, orientation) <= 3:
            continue
        if _apart(answer, orientation + 90) <= 3:
            return "That is the direction across the stripes. Give the one along them."
        if _apart(answer, -orientation) <= 3:
            return "Your angles run clockwise. Here they run anticlockwise."
        if phase:
            return (
                "It works for neurons that want a bright line, and one of mine wants "
                "an edge or a dark line. Let each grating drift through all phases."
            )
        return (
            f"A neuron that prefers {orientation} degrees was shown; your function "
            f"says {answer:g}."
        )
    return None


def _apart(angle, other):
    """Return how far two orientations differ, in degrees: 179 and 0 differ by 1."""
    return abs((angle - other + 90) % 180 - 90)


def complex_cell(function):
    """Check 1.3: the energy of a pair of filters, ``function(patch, even, odd)``."""
    rng = np.random.default_rng(3)
    cases = [
        (np.array([[1.0, 2]]), np.array([[3.0, 0]]), np.array([[0.0, 2]])),
        (np.array([[1.0, 2]]), np.array([[-3.0, 0]]), np.array([[0.0, 2]])),
        *((rng.uniform(size=(5, 5)), *rng.normal(size=(2, 5, 5))) for _ in range(3)),
    ]

    def sums(patch, even, odd):
        return (patch * even).sum(), (patch * odd).sum()

    mistakes = {
        "That is the energy itself. Take the square root of the sum.": (
            lambda *case: np.square(sums(*case)).sum()
        ),
        "You added the two sums. A bright and a dark line cancel: square first.": (
            lambda *case: np.sum(sums(*case))
        ),
        "You added the sizes of the two sums. Square them, add, take the root.": (
            lambda *case: np.abs(sums(*case)).sum()
        ),
        "You took the larger of the two sums. Square them, add, take the root.": (
            lambda *case: np.abs(sums(*case)).max()
        ),
        "You set negative sums to 0 before you squared them. That leaves out two of "
        "the four simple cells, those for dark lines and falling edges.": (
            lambda *case: np.hypot(*np.maximum(sums(*case), 0))
        ),
        "You squared each product. Add up the products first, then square.": (
            lambda patch, even, odd: np.sqrt(
                ((patch * even) ** 2 + (patch * odd) ** 2).sum()
            )
        ),
    }
    return compare(function, lambda *case: np.hypot(*sums(*case)), mistakes, cases)


def layers_needed(function):
    """Check 1.4: layers until a neuron sees ``size``, ``function(size, f, stride)``."""
    cases = [
        (5, 3, 1),
        (6, 3, 1),
        (1, 3, 2),
        (224, 3, 2),
        (63, 3, 2),
        (64, 3, 2),
        (30, 7, 1),
    ]

    def early_stride(size, width, stride):
        layers, field, step = 0, 1, 1
        while field < size:
            step *= stride
            field += (width - 1) * step
            layers += 1
        return layers

    mistakes = {
        "You left the stride out. After a stride of 2, neighbours lie two pixels "
        "apart, and each step of the next layer counts double.": (
            lambda size, width, stride: _layers(size, width, 1)
        ),
        "You go on until a neuron sees more than the size. At least as much is "
        "enough.": lambda size, width, stride: _layers(size + 1, width, stride),
        "You stop one layer early: the last one must reach the size, too.": (
            lambda size, width, stride: max(_layers(size, width, stride) - 1, 0)
        ),
        "A layer's own stride widens the steps of the layers above it only. Multiply "
        "by it after you have added.": early_stride,
        "A filter of 3 adds 2 pixels to what a neuron saw, not 3: with stride 1, the "
        "fields of neighbours overlap.": (
            lambda size, width, stride: -(-size // width)
        ),
        "You return the pixels that are seen. Count the layers.": (
            lambda size, width, stride: _field(
                _layers(size, width, stride), width, stride
            )
        ),
    }
    return compare(function, _layers, mistakes, cases)


def _layers(size, width, stride):
    return next(n for n in itertools.count() if _field(n, width, stride) >= size)


def _field(layers, width, stride):
    return receptive_field([(width, stride, 1)] * layers).size


def sharp_neuron(weights):
    """Check 1.5: a filter that prefers 30 degrees, with a narrow tuning curve."""
    weights, hint = as_numbers(weights)
    if hint:
        return hint
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
        return f"Give a square filter; yours has shape {weights.shape}."
    if len(weights) > LARGEST:
        return f"The filter has a side of {len(weights)}; {LARGEST} is the largest."
    if not np.isfinite(weights).all():
        return "The filter holds values that are not numbers."
    if abs(weights.sum()) > 0.01 * np.abs(weights).sum() or not weights.any():
        return "An even grey must leave it silent: let the weights add up to 0."
    orientations, answers = tuning(weights)
    best = orientations[answers.argmax()]
    if abs(best - WANTED) > 2:
        if abs(best - (180 - WANTED)) <= 2:
            return "It prefers 150 degrees. Angles run anticlockwise here."
        return f"It answers most to {best} degrees; it should be {WANTED}."
    answers = np.roll(answers, 90 - int(best))  # the best one in the middle
    above = np.flatnonzero(answers > answers.max() / 2)
    width = above[-1] - above[0] + 1
    if width > WIDEST:
        return (
            f"Its tuning curve is about {width} degrees wide at half its height; "
            f"{WIDEST} is wanted. What makes a weighted sum notice a small tilt? "
            "Look at the length of the stripes."
        )
    return None


def tuning(weights):
    """Return the largest answer to a drifting grating, degree by degree."""
    steps = np.arange(len(weights)) - (len(weights) - 1) / 2
    right, up = np.meshgrid(steps, -steps)
    orientations = np.arange(180)
    answers = []
    for angle in np.deg2rad(orientations):
        across = right * np.sin(angle) - up * np.cos(angle)
        # Over all phases, the largest answer is the length of this complex sum.
        answers.append(abs((weights * np.exp(2j * np.pi * across / WAVELENGTH)).sum()))
    return orientations, np.array(answers)


EXERCISES = {
    "1.1": first_layer,
    "1.2": preferred_orientation,
    "1.3": complex_cell,
    "1.4": layers_needed,
    "1.5": sharp_neuron,
}
