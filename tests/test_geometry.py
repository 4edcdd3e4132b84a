import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.geometry import conv_cost, output_size, receptive_field, same_padding

sizes = st.integers(1, 40)
small = st.integers(1, 7)


def test_worked_case_of_width_13_filter_6_stride_5():
    assert output_size(13, 6, 5, "VALID") == 2
    assert output_size(13, 6, 5, "SAME") == 3
    assert same_padding(13, 6, 5) == (1, 2)


@pytest.mark.parametrize("padding", [(1, 2), ((1, 2),), [1, 2], [[1, 2]]])
def test_explicit_padding_in_all_its_forms(padding):
    assert output_size(13, 6, 5, padding) == 3


def test_padding_names_are_read_in_either_case():
    assert output_size(13, 6, 5, "same") == 3
    assert output_size(13, 6, 5, "Valid") == 2


def test_the_filter_may_just_fit():
    assert output_size(9, 3, dilation=4) == 1
    with pytest.raises(ValueError, match=r"3 \(9 with dilation 4\).* has 8"):
        output_size(8, 3, dilation=4)


@given(sizes, small, small, small, st.tuples(small, small))
def test_output_size_counts_the_windows_that_fit(size, taps, stride, dilation, sides):
    starts = range(0, size + sum(sides), stride)
    reach = (taps - 1) * dilation + 1
    windows = [start for start in starts if start + reach <= size + sum(sides)]
    if windows:
        assert output_size(size, taps, stride, sides, dilation) == len(windows)
    else:
        with pytest.raises(ValueError, match="not one window fits"):
            output_size(size, taps, stride, sides, dilation)


@given(sizes, small, small, small)
def test_same_padding_gives_size_over_stride_rounded_up(size, taps, stride, dilation):
    before, after = same_padding(size, taps, stride, dilation)
    assert 0 <= after - before <= 1
    outputs = output_size(size, taps, stride, "SAME", dilation)
    assert outputs == -(-size // stride)
    assert output_size(size, taps, stride, (before, after), dilation) == outputs


def test_sizes_of_any_magnitude_are_exact():
    assert output_size(10**30, 3) == 10**30 - 2
    assert same_padding(10**30, 10**20 + 2) == (10**20 // 2, 10**20 // 2 + 1)
    cost = conv_cost((10**12, 10**12, 3), 10**6, 5, padding="SAME")
    assert cost.multiplications == 75 * 10**30


def test_numpy_integers_are_ints_too():
    size = output_size(np.int64(13), np.uint8(6), np.int32(5))
    assert size == 2
    assert type(size) is int


def test_receptive_field_of_vgg16_after_its_last_pooling():
    layers = []
    for convolutions in (2, 2, 3, 3, 3):
        layers += [(3, 1, 1)] * convolutions + [(2, 2, 1)]
    field = receptive_field(layers)
    assert (field.size, field.stride) == (212, 32)


def test_receptive_field_of_one_layer_and_of_none():
    assert receptive_field([]) == (1, 1, 0.5)
    assert receptive_field([(7, 2, 1)]) == (7, 2, 3.5)
    assert receptive_field([(3, 1, 4)]) == (9, 1, 4.5)


layer = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))


@given(st.lists(layer, max_size=4))
def test_receptive_field_is_what_the_windows_reach(layers):
    """Follow the first two neurons down to the pixels that they see."""
    seen = []
    for neuron in (0, 1):
        pixels = {neuron}
        for taps, stride, dilation in reversed(layers):
            pixels = {
                pixel * stride + tap * dilation
                for pixel in pixels
                for tap in range(taps)
            }
        seen.append(pixels)
    field = receptive_field(layers)
    first, last = min(seen[0]), max(seen[0])
    assert field.size == last - first + 1
    assert field.stride == min(seen[1]) - first
    assert field.first_centre == (first + last + 1) / 2


def test_cost_of_the_worked_layer():
    cost = conv_cost((150, 100, 3), 200, 5, 1, "SAME")
    parameters, multiplications, activation_bytes = cost
    assert parameters == cost.parameters == 15_200
    assert multiplications == cost.multiplications == 225_000_000
    assert activation_bytes == cost.activation_bytes == 12_000_000
    assert cost.output_shape == (150, 100, 200)
    assert all(type(number) is int for number in cost)


def test_cost_with_unequal_filter_strides_and_explicit_padding():
    cost = conv_cost((10, 12, 2), 4, (3, 5), (2, 3), ((1, 0), (0, 2)))
    assert cost.output_shape == (5, 4, 4)
    assert cost.parameters == 3 * 5 * 2 * 4 + 4
    assert cost.multiplications == 3 * 5 * 2 * 4 * 5 * 4
    assert conv_cost((10, 12, 2), 4, 3).output_shape == (8, 10, 4)


def test_cost_can_be_copied_and_pickled():
    cost = conv_cost((10, 12, 2), 4, 3)
    for twin in (copy.deepcopy(cost), pickle.loads(pickle.dumps(cost))):
        assert twin == cost
        assert twin.output_shape == cost.output_shape


def test_cost_counts_what_keras_counts():
    import keras

    network = keras.Sequential(
        [
            keras.Input((150, 100, 3)),
            keras.layers.Conv2D(200, 5, strides=(2, 3), padding="same"),
        ]
    )
    cost = conv_cost((150, 100, 3), 200, 5, (2, 3), "SAME")
    assert network.count_params() == cost.parameters
    assert network.output_shape[1:] == cost.output_shape
