import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import filters
from helpers.conv import conv2d

angles = st.floats(-720, 720)
FILTERS = (
    filters.line(5, 30),
    filters.gabor(9, 4, 30, 2),
    filters.gaussian(5, 1),
    filters.sobel("x"),
    filters.laplacian(),
    filters.sharpen(),
)


def grating(orientation, wavelength=6.0, size=41):
    """Return an image of stripes: bright lines along `orientation`."""
    right, down = np.meshgrid(np.arange(size), np.arange(size))
    angle = np.deg2rad(orientation)
    across = right * np.sin(angle) + down * np.cos(angle)
    return np.cos(2 * np.pi * across / wavelength)[..., np.newaxis]


def energy(image, kernel):
    return np.square(conv2d(image, filters.stack([kernel], 1))).mean()


def test_classic_line_filters():
    vertical = np.zeros((7, 7), np.float32)
    vertical[:, 3] = 1
    for orientation in ("vertical", 90, 90.0, -90, 270, 450):
        np.testing.assert_array_equal(filters.line(7, orientation), vertical)
    for orientation in ("horizontal", 0, 180, -180, 360):
        np.testing.assert_array_equal(filters.line(7, orientation), vertical.T)


def test_angles_are_anticlockwise_on_the_screen():
    rising = filters.line(5, 45)
    np.testing.assert_allclose(np.diag(rising[:, ::-1]), 1)
    assert rising[0, 0] == rising[4, 4] == 0
    assert rising[1, 2] == pytest.approx(1 - np.sqrt(0.5))


def test_a_line_through_an_even_filter_is_shared_by_two_columns():
    np.testing.assert_array_equal(
        filters.line(4, "vertical"), np.tile([0, 0.5, 0.5, 0], (4, 1))
    )


@given(st.integers(1, 12), angles)
def test_lines_are_symmetric_about_their_centre(size, angle):
    kernel = filters.line(size, angle)
    assert kernel.min() >= 0
    assert kernel.max() <= 1
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-6)
    np.testing.assert_allclose(filters.line(size, -angle), kernel[::-1], atol=1e-6)


def test_gabor_is_its_equation():
    kernel = filters.gabor(9, 5, 20, 2.5, phase=40, aspect=0.7)
    theta = np.deg2rad(20 - 90)  # the textbooks' angle is that of the wave
    for row in range(9):
        for column in range(9):
            x, y = column - 4, 4 - row
            x_turned = x * np.cos(theta) + y * np.sin(theta)
            y_turned = -x * np.sin(theta) + y * np.cos(theta)
            bell = np.exp(-(x_turned**2 + 0.7**2 * y_turned**2) / (2 * 2.5**2))
            wave = np.cos(2 * np.pi * x_turned / 5 + np.deg2rad(40))
            assert kernel[row, column] == pytest.approx(bell * wave, abs=1e-6)


@pytest.mark.parametrize("orientation", [0, 30, 45, 90, 120, 150])
def test_gabor_and_line_answer_most_to_lines_of_their_orientation(orientation):
    tested = (0, 30, 45, 60, 90, 120, 150)
    for kernel in (
        filters.gabor(15, 6, orientation, 3),
        filters.line(7, orientation),
    ):
        responses = [energy(grating(angle), kernel) for angle in tested]
        assert tested[np.argmax(responses)] == orientation


def test_gabor_phases():
    bright = filters.gabor(9, 4, "vertical", 2)
    np.testing.assert_allclose(filters.gabor(9, 4, 90, 2, 180), -bright, atol=1e-6)
    edge = filters.gabor(9, 4, 90, 2, 90)
    np.testing.assert_allclose(edge, -edge[:, ::-1], atol=1e-6)


@given(st.integers(1, 15), st.floats(1e-300, 1e300))
def test_gaussian_sums_to_one_whatever_sigma(size, sigma):
    kernel = filters.gaussian(size, sigma)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(kernel, kernel.T)
    np.testing.assert_array_equal(kernel, kernel[::-1])


def test_gaussian_values():
    kernel = filters.gaussian(5, 1.5)
    assert kernel[2, 3] / kernel[2, 2] == pytest.approx(np.exp(-1 / 4.5))
    assert kernel[1, 1] / kernel[2, 2] == pytest.approx(np.exp(-2 / 4.5))
    even = filters.gaussian(4, 1.5)
    assert even[1, 0] / even[1, 1] == pytest.approx(np.exp(-2 / 4.5))


def test_sobel_is_positive_where_it_gets_brighter():
    ramp = np.arange(5.0)[np.newaxis, :, np.newaxis] * np.ones((5, 1, 1))
    rightwards, downwards = (
        conv2d(ramp, filters.stack([filters.sobel(axis)], 1)) for axis in ("x", "y")
    )
    np.testing.assert_array_equal(rightwards, 8)
    np.testing.assert_array_equal(downwards, 0)
    np.testing.assert_array_equal(filters.sobel(1), filters.sobel("x"))
    np.testing.assert_array_equal(filters.sobel(0), filters.sobel("x").T)


def test_sobel_is_tensorflows():
    import tensorflow as tf

    image = np.random.default_rng(0).normal(size=(1, 6, 7, 1)).astype(np.float32)
    theirs = tf.image.sobel_edges(tf.constant(image)).numpy()[0, 1:-1, 1:-1, 0]
    kernels = [filters.sobel("y"), filters.sobel("x")]
    np.testing.assert_allclose(
        conv2d(image[0], filters.stack(kernels, 1)), theirs, atol=1e-5
    )


def test_laplacian_and_sharpen():
    assert filters.laplacian().sum() == 0
    np.testing.assert_array_equal(filters.sharpen(0), np.pad([[1]], 1))
    np.testing.assert_array_equal(filters.sharpen(2)[1], [-2, 9, -2])
    assert filters.sharpen(0.3).sum() == pytest.approx(1)


@pytest.mark.parametrize("kernel", FILTERS)
def test_filters_are_float32_and_the_callers_own(kernel):
    assert kernel.dtype == np.float32
    assert kernel.flags.owndata
    assert kernel.flags.c_contiguous


def test_stack_repeats_each_kernel_for_each_channel():
    kernels = [filters.line(7, "vertical"), filters.line(7, "horizontal")]
    stacked = filters.stack(kernels, 3)
    assert stacked.shape == (7, 7, 3, 2)
    for channel in range(3):
        for index, kernel in enumerate(kernels):
            np.testing.assert_array_equal(stacked[:, :, channel, index], kernel)


def test_stack_types():
    assert filters.stack([np.eye(2, dtype=int)], 1).dtype == np.float32
    assert filters.stack([np.eye(2), filters.line(2, 0)], 1).dtype == np.float64
    assert filters.stack([[[1, 2], [3, 4]]], 1)[1, 0, 0, 0] == 3


def test_stack_goes_straight_into_tensorflow():
    import tensorflow as tf

    images = np.random.default_rng(0).random((2, 12, 12, 3), np.float32)
    stacked = filters.stack([filters.line(7, 90), filters.gaussian(7, 2)], 3)
    theirs = tf.nn.conv2d(images, stacked, 1, "SAME")
    ours = conv2d(images, stacked, padding="SAME")
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)
