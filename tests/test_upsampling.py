import tracemalloc
import warnings

import numpy as np
import pytest
from conv_cases import cut_small, normal
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import _blocks
from helpers.pooling import avg_pool2d, max_pool2d
from helpers.upsampling import bilinear_filters, upsample_bilinear, upsample_nearest

FACTORS = (1, 2, 3, 4, 5, 8, 16, (2, 5), (3, 1), (1, 4))
METHODS = {"nearest": upsample_nearest, "bilinear": upsample_bilinear}
METHOD = pytest.mark.parametrize("upsample", METHODS.values(), ids=METHODS)


def pair(factor):
    return (factor, factor) if isinstance(factor, int) else factor


def enlarged(images, factor):
    return tuple(np.multiply(images.shape[-3:-1], pair(factor)).tolist())


@pytest.fixture(params=["few", "many"])
def blocks(request, monkeypatch):
    """Cut everything into small blocks for two threads, with or without short runs."""
    if request.param == "many":
        cut_small(monkeypatch)
        monkeypatch.setattr(_blocks, "FEW_CHANNELS", 2)


# Against TensorFlow and Keras


@pytest.mark.parametrize("factor", FACTORS, ids=str)
@pytest.mark.parametrize("shape", [(2, 5, 6, 3), (3, 9, 4, 10), (2, 1, 7, 1)])
@pytest.mark.parametrize("method", METHODS)
def test_upsampling_is_tensorflows(blocks, method, shape, factor):
    import tensorflow as tf

    images, upsample = normal(*shape, dtype=np.float32), METHODS[method]
    theirs = tf.image.resize(images, enlarged(images, factor), method)
    ours = upsample(images, factor)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(upsample(images[1], factor), ours[1])


@pytest.mark.parametrize("factor", FACTORS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_upsampling_is_keras(method, factor):
    import keras

    images = normal(2, 4, 3, 5, dtype=np.float32)
    theirs = keras.layers.UpSampling2D(pair(factor), interpolation=method)(images)
    ours = METHODS[method](images, factor)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@given(
    st.tuples(*[st.integers(1, 6)] * 4),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.permutations(range(4)),
    st.sampled_from([np.float32, np.float64, np.uint8, np.int64, bool]),
)
@settings(max_examples=150, deadline=None)
def test_any_call_is_tensorflows(shape, factor, order, dtype):
    import tensorflow as tf

    images = (normal(*shape) * 50 + 100).clip(0, 255).astype(dtype)
    images = images.transpose(order).copy("C").transpose(np.argsort(order))
    kind = np.float64 if dtype == np.float64 else np.float32
    for method, upsample in METHODS.items():
        ours = upsample(images, factor)
        floats = tf.constant(images.astype(kind))
        theirs = tf.image.resize(floats, enlarged(images, factor), method)
        assert ours.dtype == kind
        # TensorFlow finds the places between the pixels in float32.
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("factor", FACTORS, ids=str)
def test_bilinear_filters_upsample_away_from_the_borders(factor):
    import tensorflow as tf

    images, (rows, columns) = normal(2, 5, 6, 3), pair(factor)
    filters = bilinear_filters(factor, 3).astype(np.float64)
    size = (2, *enlarged(images, factor), 3)
    theirs = tf.nn.conv2d_transpose(images, filters, size, (rows, columns), "SAME")
    inside = (slice(None), slice(rows, -rows), slice(columns, -columns))
    ours = upsample_bilinear(images, factor)
    np.testing.assert_allclose(theirs[inside], ours[inside], atol=1e-6)


@pytest.mark.parametrize("factor", FACTORS, ids=str)
def test_bilinear_filters_serve_the_books_transposed_convolution(factor):
    from helpers.conv import conv2d_transpose

    images, (rows, columns) = normal(5, 6, 3), pair(factor)
    filters = bilinear_filters(factor, 3)
    ours = conv2d_transpose(images, filters, factor)
    inside = (slice(rows, -rows), slice(columns, -columns))
    expected = upsample_bilinear(images, factor)
    assert ours.shape == expected.shape
    np.testing.assert_allclose(ours[inside], expected[inside], atol=1e-6)


# By hand


def test_nearest_by_hand():
    image = np.array([[1, 2], [3, 4]])[..., np.newaxis]
    np.testing.assert_array_equal(
        upsample_nearest(image, (2, 3))[..., 0],
        [
            [1, 1, 1, 2, 2, 2],
            [1, 1, 1, 2, 2, 2],
            [3, 3, 3, 4, 4, 4],
            [3, 3, 3, 4, 4, 4],
        ],
    )


@pytest.mark.parametrize(
    ("row", "factor", "answer"),
    [
        ([0, 4], 2, [0, 1, 3, 4]),
        ([0, 3], 3, [0, 0, 1, 2, 3, 3]),
        ([0, 8], 4, [0, 0, 1, 3, 5, 7, 8, 8]),
        ([0, 4, 0], 2, [0, 1, 3, 3, 1, 0]),
        ([7], 3, [7, 7, 7]),
        ([5, 6], 1, [5, 6]),
    ],
)
def test_bilinear_by_hand(row, factor, answer):
    image = np.array(row, np.float64)[np.newaxis, :, np.newaxis]
    across = upsample_bilinear(image, (1, factor))
    np.testing.assert_allclose(across[0, :, 0], answer, rtol=1e-15)
    down = upsample_bilinear(image.swapaxes(0, 1), (factor, 1))
    np.testing.assert_allclose(down[:, 0, 0], answer, rtol=1e-15)


def test_bilinear_in_two_directions_by_hand():
    image = np.array([[0, 4], [8, 12]])[..., np.newaxis]
    np.testing.assert_array_equal(
        upsample_bilinear(image, 2)[..., 0],
        [[0, 1, 3, 4], [2, 3, 5, 6], [6, 7, 9, 10], [8, 9, 11, 12]],
    )


def test_filters_by_hand():
    np.testing.assert_array_equal(
        bilinear_filters(2, 1)[..., 0, 0] * 16,
        [[1, 3, 3, 1], [3, 9, 9, 3], [3, 9, 9, 3], [1, 3, 3, 1]],
    )
    np.testing.assert_allclose(
        bilinear_filters(3, 1)[2, :, 0, 0] * 3, [1, 2, 3, 2, 1], rtol=1e-6
    )
    np.testing.assert_array_equal(bilinear_filters(1, 3)[0, 0], np.eye(3))


@pytest.mark.parametrize("factor", FACTORS, ids=str)
def test_filters_are_symmetric_sum_to_their_factor_and_keep_channels_apart(factor):
    rows, columns = pair(factor)
    filters = bilinear_filters(factor, 4)
    assert filters.dtype == np.float32
    assert filters.shape == (2 * rows - rows % 2, 2 * columns - columns % 2, 4, 4)
    np.testing.assert_array_equal(filters, filters[::-1, ::-1])
    total = filters.sum(axis=(0, 1), dtype=np.float64)
    np.testing.assert_allclose(total, rows * columns * np.eye(4), rtol=1e-6)


# Types, memory order, values that are no numbers


@METHOD
@pytest.mark.parametrize(
    ("given_type", "answer_type"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (">f4", np.float32),
        (">f8", np.float64),
        (bool, np.float32),
        (np.uint8, np.float32),
        (np.int64, np.float32),
    ],
)
@pytest.mark.parametrize("factor", [1, 2, 3])
def test_types(blocks, upsample, given_type, answer_type, factor):
    images = (normal(2, 5, 6, 4) * 30 + 60).clip(0, 120).astype(given_type)
    answer = upsample(images, factor)
    assert answer.dtype == answer_type
    assert answer.dtype.isnative
    np.testing.assert_array_equal(answer, upsample(images.astype(answer_type), factor))


@METHOD
def test_lists_are_arrays(upsample):
    assert upsample([[[1.0], [2.0]]], 2).dtype == np.float64
    np.testing.assert_array_equal(upsample([[[3]]], 2), np.full((2, 2, 1), 3))


@METHOD
@pytest.mark.parametrize("channels", [1, 3, 20])
def test_arrays_in_any_memory_order_and_read_only(blocks, upsample, channels):
    images = normal(2, channels, 9, 8).transpose(0, 2, 3, 1)
    images.flags.writeable = False
    plain = images.copy("C")
    wide = np.zeros((2, 18, 16, 2 * channels))
    wide[:, ::2, ::2, ::2] = plain
    views = [images, np.asfortranarray(plain), wide[:, ::2, ::2, ::2]]
    for view in [*views, plain[:, ::-1, ::-1], np.broadcast_to(plain[:1], plain.shape)]:
        answer = upsample(view, (2, 3))
        np.testing.assert_array_equal(answer, upsample(view.copy("C"), (2, 3)))


@METHOD
@pytest.mark.parametrize("factor", [1, 2, 3])
def test_arguments_are_left_alone_and_the_answer_is_new(upsample, factor):
    images = normal(2, 5, 5, 2)
    before = images.copy()
    answer = upsample(images, factor)
    assert not np.shares_memory(answer, images)
    assert answer.flags.writeable
    assert answer.flags.c_contiguous
    kept = answer.copy()
    upsample(-images, factor)
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(answer, kept)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("factor", [1, 2, 3, (4, 3)])
@pytest.mark.parametrize("place", [(2, 2), (0, 0), (4, 0)])
def test_no_number_reaches_exactly_the_outputs_that_see_it(
    blocks, value, factor, place
):
    images = np.zeros((5, 5, 2))
    images[*place, 1] = 1
    seen = {name: upsample(images, factor) > 0 for name, upsample in METHODS.items()}
    images[*place, 1] = value
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, upsample in METHODS.items():
            answer = upsample(images, factor)
            expected = np.where(seen[name], value, 0)
            np.testing.assert_array_equal(answer, expected)


# Properties

shapes = st.tuples(*[st.integers(1, 5)] * 4)
factors = st.integers(1, 7) | st.tuples(st.integers(1, 5), st.integers(1, 5))


@given(shapes, factors)
@settings(deadline=None)
def test_pooling_gives_the_image_back_after_nearest(shape, factor):
    images = normal(*shape)
    large = upsample_nearest(images, factor)
    assert large.shape == (shape[0], *enlarged(images, factor), shape[3])
    np.testing.assert_allclose(avg_pool2d(large, factor), images, rtol=1e-12)
    np.testing.assert_array_equal(max_pool2d(large, factor), images)


@given(shapes, factors)
@settings(deadline=None)
def test_bilinear_stays_between_the_pixels(shape, factor):
    images = normal(*shape)
    large = upsample_bilinear(images, factor)
    assert large.shape == (shape[0], *enlarged(images, factor), shape[3])
    for extreme in (np.min, np.max):
        nearby = extreme(images, (1, 2))
        overshoot = extreme(large, (1, 2)) - nearby
        assert (overshoot * (1 if extreme is np.max else -1) <= 1e-12).all()


@given(shapes, factors, st.integers(-50, 50))
@settings(deadline=None)
def test_a_constant_stays(shape, factor, value):
    for upsample in METHODS.values():
        large = upsample(np.full(shape, value), factor)
        np.testing.assert_allclose(large, value, rtol=1e-6)


@given(factors, st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None)
def test_a_ramp_is_a_ramp_away_from_the_border(factor, down, right, start):
    rows, columns = pair(factor)

    def ramp(height, width, row_step, column_step):
        y = (np.arange(height) + 0.5) * row_step
        x = (np.arange(width) + 0.5) * column_step
        return (start + down * y[:, np.newaxis] + right * x)[..., np.newaxis]

    large = upsample_bilinear(ramp(5, 6, 1, 1), factor)
    expected = ramp(5 * rows, 6 * columns, 1 / rows, 1 / columns)
    inside = tuple(slice(k // 2, -(k // 2) or None) for k in (rows, columns))
    np.testing.assert_allclose(large[inside], expected[inside], atol=1e-12)


@given(shapes, factors, st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None)
def test_upsampling_is_linear(shape, factor, a, b):
    one, other = normal(*shape), normal(*shape, seed=1)
    for upsample in METHODS.values():
        np.testing.assert_allclose(
            upsample(a * one + b * other, factor),
            a * upsample(one, factor) + b * upsample(other, factor),
            atol=1e-12,
        )


@given(shapes, factors)
@settings(deadline=None)
def test_a_turned_image_gives_the_turned_answer(shape, factor):
    images, (rows, columns) = normal(*shape), pair(factor)
    for upsample in METHODS.values():
        large = upsample(images, factor)
        turned = upsample(images[:, ::-1, ::-1], factor)
        np.testing.assert_allclose(turned[:, ::-1, ::-1], large, atol=1e-12)
        transposed = upsample(images.swapaxes(1, 2), (columns, rows))
        np.testing.assert_allclose(transposed.swapaxes(1, 2), large, atol=1e-12)


# Extremes

LARGE = {
    "many pixels": ((1, 1000, 1000, 3), 2),
    "one long row": ((1, 1, 400_000, 16), (1, 3)),
    "one long column": ((1, 400_000, 1, 16), (3, 1)),
    "large factor": ((1, 3, 4, 8), 400),
    "a pixel": ((1, 1, 1, 3), 2000),
    "many channels": ((1, 2, 2, 300_000), 2),
}


@METHOD
@pytest.mark.parametrize("name", LARGE)
def test_memory_beyond_input_and_output_is_bounded(upsample, name):
    shape, factor = LARGE[name]
    images = np.ones(shape, np.uint8)
    tracemalloc.start()
    try:
        answer = upsample(images, factor)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    np.testing.assert_allclose(answer, 1, rtol=1e-6)
    assert peak - answer.nbytes < 64 * 2**20
