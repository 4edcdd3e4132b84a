"""The checks of Chapter 1: the right answers, and named wrong ones."""

import numpy as np
import pytest
from exercise_answers import ask, assert_correct, assert_meets_hint

from helpers import filters
from helpers.checks import check
from helpers.checks.visual_cortex import EXERCISES, tuning


def gabor(size=41, orientation=30, sigma=4, aspect=0.25, wavelength=8):
    weights = filters.gabor(size, wavelength, orientation, sigma, aspect=aspect)
    return weights - weights.mean()


def rectified(patch, weights):
    total = 0.0
    for row, row_weights in zip(patch, weights, strict=True):
        for pixel, weight in zip(row, row_weights, strict=True):
            total += pixel * weight
    return total if total > 0 else 0


def preferred(weights, wavelength, phases=range(0, 360, 30)):
    steps = np.arange(len(weights)) - (len(weights) - 1) / 2
    right, up = np.meshgrid(steps, -steps)
    answers = []
    for angle in np.deg2rad(range(180)):
        across = right * np.sin(angle) - up * np.cos(angle)
        waves = (
            np.cos(2 * np.pi * across / wavelength + np.deg2rad(phase))
            for phase in phases
        )
        answers.append(max((weights * wave).sum() for wave in waves))
    return int(np.argmax(answers))


def pooled(patch, even, odd):
    four = (even, odd, -even, -odd)
    return sum(rectified(patch, weights) ** 2 for weights in four) ** 0.5


def sums(patch, even, odd):
    return np.array([(patch * even).sum(), (patch * odd).sum()])


def layers(size, filter_size, stride, start=1, reached=lambda seen, size: seen >= size):
    count, seen, step = 0, start, 1
    while not reached(seen, size):
        seen += (filter_size - 1) * step
        step *= stride
        count += 1
    return count


RIGHT = {
    "1.1": {"connected": 90_000_000, "shared": 2400},
    "1.2": [preferred],
    "1.3": [pooled],
    "1.4": [layers],
    "1.5": [gabor()],
}

WRONG = [
    ("1.1", [30_000_000, 2400], "three numbers"),
    ("1.1", [90_000_500, 2400], "biases"),
    ("1.1", [2400, 90_000_000], "every neuron has a weight"),
    ("1.1", [90_000_000, 800], "all three colours"),
    ("1.1", [90_000_000, 75], "one filter"),
    ("1.1", [90_000_000, 2432], "biases"),
    ("1.1", [90_000_000, 2400 * 196 * 296], "share"),
    ("1.1", [90_000_000, 5], "times the filters"),
    ("1.1", ["many", 2400], "two numbers"),
    ("1.2", [lambda w, wave: preferred(w, wave) + 90], "across the stripes"),
    ("1.2", [lambda w, wave: -preferred(w, wave) % 180], "clockwise"),
    ("1.2", [lambda w, wave: preferred(w, wave, phases=[0])], "all phases"),
    ("1.2", [lambda w, wave: 17], "says 17"),
    ("1.2", [lambda w, wave: [30, 75]], "one number"),
    ("1.2", [lambda w, wave: np.nan], "one number"),
    ("1.2", [lambda w, wave: w[99]], "raised IndexError"),
    ("1.3", [lambda *case: (sums(*case) ** 2).sum()], "square root"),
    ("1.3", [lambda *case: sums(*case).sum()], "square first"),
    ("1.3", [lambda *case: abs(sums(*case)).sum()], "added the sizes"),
    ("1.3", [lambda *case: abs(sums(*case)).max()], "larger"),
    ("1.3", [lambda *case: np.hypot(*np.maximum(sums(*case), 0))], "leaves out two"),
    (
        "1.3",
        [lambda p, e, o: np.sqrt(((p * e) ** 2 + (p * o) ** 2).sum())],
        "squared each product",
    ),
    ("1.3", [lambda *case: 0], "it should be"),
    ("1.4", [lambda n, f, s: layers(n, f, 1)], "left the stride out"),
    (
        "1.4",
        [lambda n, f, s: layers(n, f, s, reached=lambda seen, size: seen > size)],
        "more than the size",
    ),
    ("1.4", [lambda n, f, s: max(layers(n, f, s) - 1, 0)], "one layer early"),
    ("1.4", [lambda n, f, s: -(-n // f)], "adds 2 pixels"),
    ("1.4", [lambda n, f, s: layers(n, f, s) + 1], "it should be"),
    ("1.5", [gabor(sigma=3.5, aspect=0.5)], "degrees wide"),
    ("1.5", [gabor(orientation=150)], "anticlockwise"),
    ("1.5", [gabor(orientation=60)], "answers most to 60"),
    ("1.5", [gabor() + 1], "even grey"),
    ("1.5", [np.zeros((5, 5))], "even grey"),
    ("1.5", [gabor(size=63)], "61 is the largest"),
    ("1.5", [gabor()[1:]], "square"),
    ("1.5", [gabor() * np.nan], "not numbers"),
    ("1.5", ["sharp"], "type str"),
]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_right_answer_is_correct(exercise):
    assert_correct(exercise, RIGHT[exercise])


@pytest.mark.parametrize(("exercise", "answer", "hint"), WRONG)
def test_wrong_answer_meets_its_hint(exercise, answer, hint):
    assert_meets_hint(exercise, answer, hint)


def test_early_stride_is_told_apart():
    def early(size, filter_size, stride):
        count, seen, step = 0, 1, 1
        while seen < size:
            step *= stride
            seen += (filter_size - 1) * step
            count += 1
        return count

    assert "own stride" in check("1.4", early).hint


def test_pixels_instead_of_layers():
    def pixels(size, filter_size, stride):
        seen, step = 1, 1
        while seen < size:
            seen += (filter_size - 1) * step
            step *= stride
        return seen

    assert "Count the layers" in check("1.4", pixels).hint


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_is_not_answered(exercise):
    empty = [...] if exercise == "1.5" else [lambda *case: None]
    empty = {"connected": ..., "shared": 1} if exercise == "1.1" else empty
    assert ask(exercise, empty).state == "not answered"


@pytest.mark.parametrize("orientation", [0, 30, 90, 135])
def test_tuning_agrees_with_drifting_gratings(orientation):
    weights = gabor(21, orientation, sigma=3.5, aspect=0.5)
    steps = np.arange(21) - 10
    right, up = np.meshgrid(steps, -steps)
    orientations, answers = tuning(weights)
    assert abs(orientations[answers.argmax()] - orientation) <= 1
    for tested in (0, 40, 90, 130):
        angle = np.deg2rad(tested)
        across = right * np.sin(angle) - up * np.cos(angle)
        drifting = [
            (weights * np.cos(2 * np.pi * across / 8 + phase)).sum()
            for phase in np.linspace(0, 2 * np.pi, 360)
        ]
        assert answers[tested] == pytest.approx(max(drifting), abs=1e-2)


def test_the_numbers_of_the_quiz():
    from helpers.geometry import receptive_field
    from helpers.widgets import quiz

    right = [
        next(a["text"] for a in q["answer"] if a.get("right"))
        for q in quiz("visual_cortex").questions
    ]
    assert right[3] == str(receptive_field([(3, 1, 1)] * 3).size)
    assert "fourfold" in right[4]
