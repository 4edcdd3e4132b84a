"""What Chapter 4's figures compute themselves is what the library computes."""

import numpy as np
import pytest

from helpers.conv import conv2d_gradients, conv2d_transpose
from helpers.geometry import receptive_field
from helpers.plots import convolution_family as plots
from helpers.plots import convolution_family_explorers as frames

IMAGE = np.array([[1, 2, 0], [3, 1, 2]])
BRUSH = np.array([[1, 2, 1], [5, 4, 2], [1, 2, 7]])


def numbers(ax):
    return [text.get_text() for text in ax.texts]


def enlarged(stride):
    answer = conv2d_transpose(IMAGE[..., None], BRUSH[..., None, None], stride, "VALID")
    return [f"{number:g}" for number in answer.ravel()]


@pytest.mark.parametrize("taps", [2, 3])
@pytest.mark.parametrize("rates", [(1, 2, 4), (2, 2), (1, 3, 9), (2, 3, 4), (5,)])
def test_inputs_read_are_those_that_have_a_gradient(taps, rates):
    count = np.ones((1, 1, 1))
    for rate in reversed(rates):
        blank = np.zeros((1, count.shape[1] + (taps - 1) * rate, 1))
        kernel = np.ones((1, taps, 1, 1))
        count, _ = conv2d_gradients(blank, kernel, count, dilations=rate)
    layers = frames.inputs_read(taps, rates)
    assert sorted(layers[0]) == np.flatnonzero(count).tolist()
    assert layers[-1] == {0}
    assert count.size == receptive_field([(taps, 1, r) for r in rates]).size


def test_the_tree_says_how_many_inputs_are_read():
    figure = frames.dilation_tree(3, [1, 2, 9])
    assert "reads 21 of 25 inputs" in figure.axes[0].get_title("left")


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_last_step_of_painting_is_the_transposed_convolution(stride):
    figure = frames.painting_step(IMAGE, BRUSH, stride, position=5, shape=(6, 9))
    assert numbers(figure.axes[2]) == enlarged(stride)


def test_cells_that_no_pixel_has_painted_stay_empty():
    figure = frames.painting_step(IMAGE, BRUSH, 3, position=0, shape=(6, 9))
    assert sum(text != "" for text in numbers(figure.axes[2])) == BRUSH.size


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_stretching_gives_the_same_numbers(stride):
    figure = plots.stretched(IMAGE, BRUSH, stride, window=(0, 0))
    assert numbers(figure.axes[3]) == enlarged(stride)
