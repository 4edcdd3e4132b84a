import numpy as np
import pytest
from conv_cases import TIGHT, memory_beyond, normal, small_blocks
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conv import local_response_normalization as normalize


def loops(activations, depth_radius, bias, alpha, beta):
    """Return the definition, channel by channel (TensorFlow has it in float32 only)."""
    answer = np.empty_like(activations)
    for channel in range(activations.shape[-1]):
        near = slice(max(0, channel - depth_radius), channel + depth_radius + 1)
        total = (activations[..., near] ** 2).sum(axis=-1)
        answer[..., channel] = (
            activations[..., channel] / (bias + alpha * total) ** beta
        )
    return answer


@pytest.mark.parametrize("depth_radius", [0, 1, 2, 5, 9])
@pytest.mark.parametrize("channels", [1, 2, 7, 20])
@pytest.mark.parametrize(
    ("bias", "alpha", "beta"),
    [(1.0, 1.0, 0.5), (2.0, 1e-4, 0.75), (1.0, 0.3, 1.0), (0.5, 2.0, 0.3), (1, 1, 0)],
)
def test_is_tensorflows(depth_radius, channels, bias, alpha, beta):
    import tensorflow as tf

    activations = normal(2, 3, 4, channels, dtype=np.float32) * 5
    theirs = tf.nn.local_response_normalization(
        activations, depth_radius, bias, alpha, beta
    )
    ours = normalize(activations, depth_radius, bias, alpha, beta)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=3e-6, atol=1e-7)


def test_defaults_are_tensorflows():
    import tensorflow as tf

    activations = normal(1, 4, 4, 20, dtype=np.float32)
    theirs = tf.nn.local_response_normalization(activations)
    np.testing.assert_allclose(normalize(activations), theirs, rtol=3e-6, atol=1e-7)


@given(
    st.tuples(*[st.integers(1, 4)] * 3, st.integers(1, 12)),
    st.integers(0, 14),
    st.floats(0.1, 4),
    st.floats(0, 4),
    st.floats(0, 2),
)
@settings(deadline=None)
def test_is_the_definition(shape, depth_radius, bias, alpha, beta):
    activations = normal(*shape)
    ours = normalize(activations, depth_radius, bias, alpha, beta)
    theirs = loops(activations, depth_radius, bias, alpha, beta)
    assert ours.dtype == np.float64
    np.testing.assert_allclose(ours, theirs, **TIGHT)
    single = normalize(activations[0], depth_radius, bias, alpha, beta)
    np.testing.assert_allclose(single, ours[0], **TIGHT)
    assert (np.sign(ours) == np.sign(activations)).all()


def test_worked_by_hand():
    pixel = np.array([[[3.0, 4.0, 12.0]]])
    np.testing.assert_allclose(
        normalize(pixel, 1, bias=0), [[[3 / 5, 4 / 13, 12 / np.sqrt(160)]]]
    )
    np.testing.assert_allclose(
        normalize(pixel, 0, bias=1, alpha=2, beta=1), [[[3 / 19, 4 / 33, 12 / 289]]]
    )


def test_without_bias_a_pixel_of_zeros_is_refused_and_others_are_not():
    pixels = np.ones((2, 2, 4))
    assert normalize(pixels, bias=0).max() == pytest.approx(0.5)
    pixels[1, 1] = 0
    with pytest.raises(ValueError, match="bias must be above 0"):
        normalize(pixels, bias=0)
    np.testing.assert_array_equal(normalize(pixels, bias=0, beta=0), pixels)
    pixels[1, 1, 0] = 1
    with pytest.raises(ValueError, match="bias must be above 0"):
        normalize(pixels, 1, bias=0)


@pytest.mark.usefixtures(small_blocks.__name__)
@pytest.mark.parametrize("channels", [1, 3, 40, 300])
def test_every_way_of_cutting_gives_the_same(channels):
    activations = normal(3, 5, 7, channels)
    np.testing.assert_allclose(
        normalize(activations, 2), loops(activations, 2, 1, 1, 0.5), **TIGHT
    )


@pytest.mark.parametrize("given", ["u1", "i8", "?", ">f4", ">f8", "f8"])
def test_types(given):
    activations = (normal(2, 4, 4, 6) * 40 + 100).clip(0, 255).astype(given)
    ours = normalize(activations, 2)
    assert ours.dtype == (np.float64 if given.endswith("f8") else np.float32)
    theirs = loops(activations.astype(float), 2, 1, 1, 0.5)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_nan_stays_with_the_channels_in_reach():
    activations = np.ones((2, 3, 3, 9))
    activations[0, 1, 1, 4] = np.nan
    seen = np.zeros(activations.shape, bool)
    seen[0, 1, 1, 2:7] = True
    np.testing.assert_array_equal(np.isnan(normalize(activations, 2)), seen)


def test_infinity_silences_its_neighbours():
    pixel = np.ones((1, 1, 4))
    pixel[..., 0] = np.inf
    answer = normalize(pixel, 1)[0, 0]
    assert np.isnan(answer[0])
    assert answer[1] == 0
    assert (answer[2:] > 0).all()


def test_arguments_are_left_alone_and_views_are_taken():
    activations = normal(2, 6, 5, 4).transpose(0, 2, 3, 1)
    before = activations.copy()
    activations.flags.writeable = False
    np.testing.assert_array_equal(normalize(activations), normalize(before))
    np.testing.assert_array_equal(activations, before)


def test_memory_beyond_input_and_output_is_bounded():
    activations = np.ones((20, 200, 200, 32), np.float32)
    assert memory_beyond(lambda: normalize(activations)) < 64 * 2**20
