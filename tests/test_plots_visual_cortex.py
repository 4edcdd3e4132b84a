"""The figures of Chapter 1 show what they are given, and count right."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.geometry import receptive_field
from helpers.plots import visual_cortex as plots
from helpers.plots import visual_cortex_explorers as frames
from helpers.plots import visual_cortex_networks as networks


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([1, 3, 5]), st.sampled_from([1, 2])), max_size=4)
)
def test_a_cone_holds_the_receptive_field(layers):
    (ax,) = frames.cone(layers, reach=40).axes
    field = receptive_field([(size, stride, 1) for size, stride in layers]).size
    seen = int(re.search(r"\d+", ax.get_title())[0])
    # Where a stride exceeds the next filter, pixels between are not read, but spanned.
    assert seen == field
    assert next(label.get_text() for label in ax.get_yticklabels()) == "input"


def test_two_layers_mark_what_the_second_layer_sees():
    figure = plots.two_layers(size=8, filter_size=3, neurons=[(0, 0), (3, 3)])
    windows = [
        {
            patch.get_width()
            for patch in ax.patches
            if not patch.get_fill() and patch.get_linewidth() > 2
        }
        for ax in figure.axes
    ]
    assert windows == [{5}, {3}, {1}]


def test_answers_lie_over_the_centres_of_their_fields():
    photograph = np.zeros((12, 16))
    answers = np.zeros((8, 12))  # a field of 5 by 5
    answers[0, 0] = 1
    _, panel = frames.gabor_bench(photograph, np.ones((5, 5)), answers).axes[:2]
    canvas = panel.images[0].get_array()
    assert np.argwhere(canvas == 1).tolist() == [[2, 2]]
    assert np.isnan(np.ma.filled(canvas, np.nan)).sum() == 12 * 16 - 8 * 12


def test_numbers_are_those_of_the_piece():
    photograph = np.arange(100, dtype=np.uint8).reshape(10, 10)
    figure = plots.photograph_and_numbers(photograph, corner=(2, 3), size=(2, 3))
    texts = [int(text.get_text()) for text in figure.axes[1].texts]
    assert texts == [23, 24, 25, 33, 34, 35]


def test_a_timeline_keeps_years_in_scale_and_words_apart():
    events = [(1980, "a", "machine"), (1981, "b", "brain"), (2015, "c", "machine")]
    (ax,) = networks.timeline(events).axes
    marks = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert [mark.get_ydata()[0] for mark in marks] == [1980, 1981, 2015]
    heights = [text.get_position()[1] for text in ax.texts if text.get_text() in "abc"]
    assert np.diff(heights).min() > 1


@pytest.mark.parametrize("figure", ["photograph_and_numbers", "bank", "tolerance"])
def test_figures_fit_a_phone(figure):
    picture = np.random.default_rng(0).integers(0, 256, (30, 40))
    square = np.eye(9)
    drawn = {
        "photograph_and_numbers": lambda: plots.photograph_and_numbers(
            picture, (1, 1), (4, 6)
        ),
        "bank": lambda: plots.bank(picture / 255, [square] * 4, [square] * 4, "abcd"),
        "tolerance": lambda: plots.tolerance(
            [-1, 0, 1], {"a": [0, 1, 0], "b": [1, 1, 1]}, {0: square}
        ),
    }[figure]()
    assert drawn.get_size_inches()[0] == pytest.approx(5.4)
    assert drawn.axes
