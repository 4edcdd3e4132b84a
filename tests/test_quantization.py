"""Quantised numbers: exact integers, bounded errors, zero kept."""

import numpy as np
import pytest

from helpers.quantization import dequantize, quantize


@pytest.mark.parametrize("bits", [2, 4, 8, 16])
@pytest.mark.parametrize("shift", [-5, 0, 0.5, 20])
@pytest.mark.parametrize("axis", [None, -1, 0])
def test_no_number_moves_by_more_than_half_a_step(bits, shift, axis):
    values = np.random.default_rng(0).normal(shift, size=(6, 5, 4))
    integers, scale, zero_point = quantize(values, bits, axis)
    assert integers.min() >= -(2 ** (bits - 1))
    assert integers.max() <= 2 ** (bits - 1) - 1
    error = np.abs(dequantize(integers, scale, zero_point) - values)
    # Half a step of rounding, and half of one of the zero point's.
    assert (error <= scale * (1 + 1e-9)).all()
    assert np.mean(error <= scale / 2 + 1e-9) > 0.7
    assert dequantize(zero_point, scale, zero_point).max() == 0


def test_zero_is_kept_exactly():
    values = np.array([0.0, 0.3, 6.1])
    np.testing.assert_array_equal(dequantize(*quantize(values, 3))[0], 0)


def test_each_filter_has_a_scale_of_its_own():
    values = np.random.default_rng(0).normal(size=(3, 3, 2, 4)) * [0.01, 1, 5, 100]
    integers, scale, _ = quantize(values, axis=-1)
    assert scale.shape == (1, 1, 1, 4)
    for one in range(4):
        alone, own, _ = quantize(values[..., one])
        np.testing.assert_array_equal(integers[..., one], alone)
        assert own == pytest.approx(scale[..., one].item())


def test_it_agrees_with_tensorflow():
    import tensorflow as tf

    values = np.random.default_rng(1).normal(0.4, 2, 1000).astype(np.float32)
    integers, scale, zero_point = quantize(values)
    theirs = tf.quantization.fake_quant_with_min_max_vars(
        values, values.min(), values.max(), num_bits=8
    )
    ours = dequantize(integers, scale, zero_point)
    np.testing.assert_allclose(ours, theirs, atol=1.01 * float(scale))
    assert np.isclose(ours, theirs, atol=1e-5).mean() > 0.99


def test_types_and_constants():
    assert quantize(np.float32([1, 2]))[1].dtype == np.float32
    integers, scale, zero_point = quantize(np.zeros(3))
    np.testing.assert_array_equal(dequantize(integers, scale, zero_point), np.zeros(3))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([np.nan],), ValueError, "must be finite"),
        (([1.0], 1), ValueError, "bits must be an int of at least 2 of at most 16"),
        (([1.0], 8, 1), ValueError, "axis must be one of the 1 axes, got 1"),
        ((["a"],), TypeError, "values must hold"),
    ],
)
def test_bad_arguments_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        quantize(*arguments)
