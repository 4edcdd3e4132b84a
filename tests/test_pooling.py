import itertools
import subprocess
import sys
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conv_cases import cut_small, normal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import _pooling
from helpers.geometry import output_size
from helpers.pooling import (
    avg_pool2d,
    depthwise_max_pool,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
)

SIZES = ((8, 11), (9, 6))
POOL_SIZES = ((1, 1), (2, 2), (3, 3), (2, 5), (4, 1), (6, 6))
STRIDES = (None, (1, 1), (2, 2), (2, 1), (3, 5))
PADDINGS = ("SAME", "VALID")
EXPLICIT = ((1, 2), (0, 1))
POOLINGS = (max_pool2d, avg_pool2d)


def by_loops(reduce, images, pool_size, strides, padding):
    """Pool window by window; a window is the pixels of it that lie on the image."""
    (p_h, p_w), (s_h, s_w) = pool_size, strides or pool_size
    (top, bottom), (left, right) = padding
    batch, height, width, channels = images.shape
    rows = range(-top, height + bottom - p_h + 1, s_h)
    columns = range(-left, width + right - p_w + 1, s_w)
    answer = np.empty((batch, len(rows), len(columns), channels))
    for (i, row), (j, column) in itertools.product(enumerate(rows), enumerate(columns)):
        window = images[:, max(row, 0) : row + p_h, max(column, 0) : column + p_w]
        answer[:, i, j] = reduce(window, axis=(1, 2))
    return answer


@pytest.fixture(params=["few", "many"])
def blocks(request, monkeypatch):
    """Cut everything into small blocks for two threads, with long runs or without."""
    if request.param == "many":
        cut_small(monkeypatch)
        monkeypatch.setattr(_pooling, "LONG_RUN", 4)


# Against TensorFlow and Keras


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("strides", STRIDES)
@pytest.mark.parametrize("pool_size", POOL_SIZES)
@pytest.mark.parametrize("size", SIZES)
def test_pooling_is_tensorflows(blocks, size, pool_size, strides, padding):
    import tensorflow as tf

    images = normal(3, *size, 5, dtype=np.float32)
    rest = (pool_size, strides or pool_size, padding)
    ours = max_pool2d(images, pool_size, strides, padding)
    np.testing.assert_array_equal(ours, tf.nn.max_pool2d(images, *rest))
    single = max_pool2d(images[1], pool_size, strides, padding)
    np.testing.assert_array_equal(single, ours[1])
    ours = avg_pool2d(images, pool_size, strides, padding)
    theirs = tf.nn.avg_pool2d(images, *rest)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    single = avg_pool2d(images[1], pool_size, strides, padding)
    np.testing.assert_array_equal(single, ours[1])


@pytest.mark.parametrize(
    "padding", [((1, 0), (0, 0)), ((0, 1), (1, 1)), EXPLICIT, ((2, 2), (2, 2))]
)
@pytest.mark.parametrize("strides", STRIDES[1:])
def test_explicit_padding_is_tensorflows(blocks, strides, padding):
    import tensorflow as tf

    images = normal(2, 9, 8, 3, dtype=np.float32)
    theirs = tf.nn.max_pool2d(images, 3, strides, [[0, 0], *padding, [0, 0]])
    ours = max_pool2d(images, 3, strides, padding)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("pool_size", "strides"), [(2, None), ((3, 2), (2, 1))])
def test_pooling_is_keras(pool_size, strides, padding):
    import keras

    images = normal(2, 9, 8, 3, dtype=np.float32)
    rest = (pool_size, strides, padding.lower())
    theirs = keras.layers.MaxPooling2D(*rest)(images)
    ours = max_pool2d(images, pool_size, strides, padding)
    np.testing.assert_array_equal(ours, theirs)
    theirs = keras.layers.AveragePooling2D(*rest)(images)
    ours = avg_pool2d(images, pool_size, strides, padding.lower())
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("pool_size", [1, 2, 3, 6])
@pytest.mark.parametrize("shape", [(2, 5, 4, 6), (3, 9, 9, 12)])
def test_depthwise_max_pooling_is_tensorflows(blocks, shape, pool_size):
    import tensorflow as tf

    images = normal(*shape, dtype=np.float32)
    ksize = (1, 1, 1, pool_size)
    theirs = tf.nn.max_pool(images, ksize, ksize, "VALID")
    ours = depthwise_max_pool(images, pool_size)
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(depthwise_max_pool(images[1], pool_size), ours[1])


@pytest.mark.parametrize("shape", [(3, 5, 7, 4), (2, 40, 3, 1), (5, 1, 1, 9)])
def test_global_pooling_is_keras(blocks, shape):
    import keras

    images = normal(*shape, dtype=np.float32)
    theirs = keras.layers.GlobalAveragePooling2D()(images)
    ours = global_avg_pool2d(images)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(global_avg_pool2d(images[1]), ours[1], rtol=1e-6)
    theirs = keras.layers.GlobalMaxPooling2D()(images)
    ours = global_max_pool2d(images)
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(global_max_pool2d(images[1]), ours[1])


small = st.integers(1, 4)


@st.composite
def calls(draw):
    """Images and the rest of a call in which each window sees a pixel."""
    size = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    pool_size = draw(st.tuples(small, small))
    strides = draw(st.none() | st.tuples(small, small))
    padding = draw(st.sampled_from(PADDINGS))
    assume(padding == "SAME" or np.less_equal(pool_size, size).all())
    dtype = draw(st.sampled_from([np.float32, np.float64, np.uint8, bool]))
    images = normal(draw(small), *size, draw(small), seed=draw(small))
    images = (images * 50 + 100).clip(0, 255).astype(dtype)
    order = draw(st.permutations(range(4)))
    images = images.transpose(order).copy("C").transpose(np.argsort(order))
    if draw(st.booleans()):
        images = images[0]
    return images, pool_size, strides, padding


@given(calls())
@settings(max_examples=150, deadline=None)
def test_any_call_is_tensorflows(call):
    import tensorflow as tf

    images, pool_size, strides, padding = call
    batch = images.reshape((-1, *images.shape[-3:]))
    batch = batch.astype(np.float64 if images.dtype == np.float64 else np.float32)
    rest = (pool_size, strides or pool_size, padding)
    for ours, theirs in (
        (max_pool2d, tf.nn.max_pool2d),
        (avg_pool2d, tf.nn.avg_pool2d),
    ):
        answer, expected = ours(*call), theirs(tf.constant(batch), *rest).numpy()
        assert answer.dtype == expected.dtype
        assert answer.ndim == images.ndim
        np.testing.assert_allclose(
            answer.reshape(expected.shape), expected, rtol=1e-5, atol=1e-5
        )


@given(calls(), st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * 2))
@settings(max_examples=150, deadline=None)
def test_any_explicit_padding_is_the_loops(call, padding):
    images, pool_size, strides, _ = call
    images = images.astype(np.float64)
    batch = images.reshape((-1, *images.shape[-3:]))
    axes = (batch.shape[1:3], pool_size, strides or pool_size, padding)
    if not all(map(every_window_sees_a_pixel, *axes)):
        for pool in POOLINGS:
            with pytest.raises(ValueError, match=r"padding only|not one window"):
                pool(images, pool_size, strides, padding)
        return
    for pool, reduce in zip(POOLINGS, (np.max, np.mean), strict=True):
        answer = pool(images, pool_size, strides, padding)
        expected = by_loops(reduce, batch, pool_size, strides, padding)
        np.testing.assert_allclose(answer.reshape(expected.shape), expected, rtol=1e-12)


def every_window_sees_a_pixel(size, pool_size, stride, padding):
    before, after = padding
    starts = range(-before, size + after - pool_size + 1, stride)
    seen = [range(max(start, 0), min(start + pool_size, size)) for start in starts]
    return len(seen) > 0 and all(seen)


# By hand

IMAGE = np.array([[1, 2, 0, 5], [3, 4, 1, 0], [0, 0, 9, 9], [8, 0, 9, 9]])


@pytest.mark.parametrize(
    ("pool", "rest", "answer"),
    [
        (max_pool2d, (), [[4, 5], [8, 9]]),
        (avg_pool2d, (), [[2.5, 1.5], [2, 9]]),
        (max_pool2d, (3, 1), [[9, 9], [9, 9]]),
        (max_pool2d, (2, 1), [[4, 4, 5], [4, 9, 9], [8, 9, 9]]),
        (max_pool2d, ((1, 4),), [[5], [4], [9], [9]]),
        (avg_pool2d, ((4, 1),), [[3, 1.5, 4.75, 5.75]]),
        (max_pool2d, (3, 2, "SAME"), [[9, 9], [9, 9]]),
        (avg_pool2d, (3, 3, "SAME"), [[2.5, 1.5], [2, 9]]),
        (
            avg_pool2d,
            (2, 2, ((1, 1), (1, 1))),
            [[1, 1, 5], [1.5, 3.5, 4.5], [8, 4.5, 9]],
        ),
        (max_pool2d, (2, 2, ((1, 1), (1, 1))), [[1, 2, 5], [3, 9, 9], [8, 9, 9]]),
        (max_pool2d, (1, 3), [[1, 5], [8, 9]]),
        (avg_pool2d, (2, 3), [[2.5]]),
    ],
)
def test_worked_by_hand(blocks, pool, rest, answer):
    np.testing.assert_array_equal(pool(IMAGE[..., np.newaxis], *rest)[..., 0], answer)


def test_same_puts_the_odd_row_and_column_last():
    image = np.arange(9.0).reshape(3, 3, 1)
    answer = max_pool2d(image, 2, padding="SAME")[..., 0]
    np.testing.assert_array_equal(answer, [[4, 5], [7, 8]])


def test_a_negative_maximum_is_not_lost_to_the_padding():
    image = np.full((3, 3, 1), -7.0)
    for padding in ("SAME", ((2, 2), (2, 2))):
        assert (max_pool2d(image, 3, 1, padding) == -7).all()


def test_padding_does_not_count_in_the_mean():
    image = np.full((5, 4, 2), 6.0)
    for padding in ("SAME", ((2, 1), (0, 2))):
        np.testing.assert_array_equal(avg_pool2d(image, 3, 2, padding), 6)


def test_groups_of_channels_lie_side_by_side():
    pixel = np.array([[[3, -1, 4, -1, 5, -9]]])
    np.testing.assert_array_equal(depthwise_max_pool(pixel, 2), [[[3, 4, 5]]])
    np.testing.assert_array_equal(depthwise_max_pool(pixel, 3), [[[4, 5]]])
    np.testing.assert_array_equal(depthwise_max_pool(pixel, 6), [[[5]]])


# Types, memory order, values that are no numbers


@pytest.mark.parametrize(
    ("given_type", "answer_type"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (">f4", np.float32),
        (">f8", np.float64),
        (bool, np.float32),
        (np.uint8, np.float32),
        (np.int8, np.float32),
        (np.int64, np.float32),
        (np.uint64, np.float32),
    ],
)
def test_types(blocks, given_type, answer_type):
    images = (normal(2, 6, 6, 4) * 30 + 60).clip(0, 120).astype(given_type)
    as_floats = images.astype(answer_type)
    for pool, rest in [
        (max_pool2d, (3, 2, "SAME")),
        (avg_pool2d, (3, 2, "SAME")),
        (max_pool2d, (1, 2)),
        (avg_pool2d, ((3, 1), 1)),
        (depthwise_max_pool, (2,)),
        (global_avg_pool2d, ()),
        (global_max_pool2d, ()),
    ]:
        answer = pool(images, *rest)
        assert answer.dtype == answer_type
        assert answer.dtype.isnative
        np.testing.assert_array_equal(answer, pool(as_floats, *rest))


def test_integers_do_not_wrap_around():
    images = np.full((4, 4, 2), 255, np.uint8)
    assert (avg_pool2d(images) == 255).all()
    assert (global_avg_pool2d(images) == 255).all()
    lowest = np.full((3, 3, 2), np.iinfo(np.int64).min)
    for pool in (lambda x: max_pool2d(x, 3, 1, "SAME"), global_max_pool2d):
        np.testing.assert_array_equal(pool(lowest), np.float32(-(2.0**63)))


def test_lists_are_arrays():
    answer = max_pool2d([[[1.0], [2.0]], [[4.0], [3.0]]])
    assert answer.dtype == np.float64
    np.testing.assert_array_equal(answer, [[[4]]])
    assert avg_pool2d([[[1], [2]], [[4], [5]]]).dtype == np.float32


@pytest.mark.parametrize("channels", [1, 3, 40])
def test_arrays_in_any_memory_order_and_read_only(blocks, channels):
    images = normal(2, channels, 9, 8).transpose(0, 2, 3, 1)
    images.flags.writeable = False
    plain = images.copy("C")
    views = [images, np.asfortranarray(plain), plain[:, ::-1, ::-1][:, ::-1, ::-1]]
    wide = np.zeros((2, 18, 16, 2 * channels))
    wide[:, ::2, ::2, ::2] = plain
    views.append(wide[:, ::2, ::2, ::2])
    views.append(np.broadcast_to(plain[:1], plain.shape))
    for view in views:
        copy = view.copy("C")
        for pool in POOLINGS:
            for rest in ((3, 2, "SAME"), (2,), (3, 1)):
                np.testing.assert_array_equal(pool(view, *rest), pool(copy, *rest))
        np.testing.assert_array_equal(
            depthwise_max_pool(view, channels), depthwise_max_pool(copy, channels)
        )
        np.testing.assert_allclose(
            global_avg_pool2d(view), global_avg_pool2d(copy), rtol=1e-13, atol=1e-13
        )
        np.testing.assert_array_equal(global_max_pool2d(view), global_max_pool2d(copy))


def test_arguments_are_left_alone_and_the_answer_is_new():
    images = normal(2, 5, 5, 2)
    before = images.copy()
    answers = [
        *(pool(images, 1) for pool in POOLINGS),
        *(pool(images, 3, 1, "SAME") for pool in POOLINGS),
        depthwise_max_pool(images, 1),
        global_max_pool2d(images[:, :1, :1]),
        global_avg_pool2d(images[:, :1, :1]),
    ]
    for answer in answers:
        assert not np.shares_memory(answer, images)
        assert answer.flags.writeable
        assert answer.flags.c_contiguous
    np.testing.assert_array_equal(images, before)
    kept = [answer.copy() for answer in answers]
    max_pool2d(-images, 3, 1, "SAME")
    np.testing.assert_array_equal(answers[2], kept[2])


@pytest.mark.parametrize("pool", POOLINGS)
@pytest.mark.parametrize("channels", [1, 5, 70])
@pytest.mark.parametrize("place", [(3, 3), (0, 0), (6, 6), (6, 0)])
@pytest.mark.parametrize("strides", [1, 2])
def test_a_nan_reaches_exactly_the_windows_that_see_it(
    blocks, pool, channels, place, strides
):
    images = normal(1, 7, 7, channels, dtype=np.float32)
    images[0, *place, -1] = np.nan
    answer = pool(images, 3, strides, "SAME")
    seen = np.zeros((1, 7, 7, channels), np.float32)
    seen[0, *place, -1] = 1
    expected = max_pool2d(seen, 3, strides, "SAME") == 1
    np.testing.assert_array_equal(np.isnan(answer), expected)


def test_a_nan_is_not_lost_in_groups_and_whole_images():
    images = np.zeros((2, 3, 3, 4))
    images[0, 1, 1, 2] = np.nan
    assert np.isnan(depthwise_max_pool(images, 2)).sum() == 1
    for pool in (global_max_pool2d, global_avg_pool2d):
        np.testing.assert_array_equal(np.argwhere(np.isnan(pool(images))), [[0, 2]])


def test_infinities_are_answers_and_warn_of_nothing():
    image = np.array([[np.inf, -np.inf, 3, -np.inf]])[..., np.newaxis]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        largest = max_pool2d(image, (1, 2))[0, :, 0]
        mean = avg_pool2d(image, (1, 2))[0, :, 0]
        lowest = max_pool2d(np.full((3, 3, 1), -np.inf), 3, 1, "SAME")
    np.testing.assert_array_equal(largest, [np.inf, 3])
    np.testing.assert_array_equal(mean, [np.nan, -np.inf])
    assert np.isneginf(lowest).all()


# Properties


@given(calls())
@settings(deadline=None)
def test_shape_is_geometrys(call):
    images, pool_size, strides, padding = call
    height, width = (
        output_size(size, window, stride, padding)
        for size, window, stride in zip(
            images.shape[-3:-1], pool_size, strides or pool_size, strict=True
        )
    )
    for pool in POOLINGS:
        answer = pool(*call)
        assert answer.shape == (*images.shape[:-3], height, width, images.shape[-1])


@given(calls())
@settings(deadline=None)
def test_the_maximum_is_at_least_the_mean(call):
    assert (max_pool2d(*call) >= avg_pool2d(*call) - 1e-4).all()


@given(calls(), st.integers(-100, 100))
@settings(deadline=None)
def test_a_constant_stays(call, value):
    images, *rest = call
    images = np.full(images.shape, value, np.float32)
    for pool in POOLINGS:
        np.testing.assert_array_equal(pool(images, *rest), value)


@given(calls(), st.floats(0.1, 5), st.floats(-5, 5))
@settings(deadline=None)
def test_a_brighter_image_gives_a_brighter_answer(call, slope, offset):
    images, *rest = call
    images = images.astype(np.float64)
    for pool in POOLINGS:
        np.testing.assert_allclose(
            pool(slope * images + offset, *rest),
            slope * pool(images, *rest) + offset,
            atol=1e-9,
        )


@given(st.tuples(small, small), st.tuples(small, small), st.integers(0, 3))
@settings(deadline=None)
def test_a_shift_by_the_stride_shifts_the_answer_by_one(pool_size, strides, steps):
    scene = normal(1, 24, 24, 3)
    down, right = steps * strides[0], steps * strides[1]
    for pool in POOLINGS:
        whole = pool(scene, pool_size, strides)
        part = pool(scene[:, down:, right:], pool_size, strides)
        np.testing.assert_array_equal(part, whole[:, steps:, steps:])


@given(calls())
@settings(deadline=None)
def test_channels_and_images_do_not_mix(call):
    images, *rest = call
    for pool in POOLINGS:
        turned = pool(images[..., ::-1], *rest)
        np.testing.assert_array_equal(turned[..., ::-1], pool(images, *rest))


def test_transposed_images_give_the_transposed_answer():
    images = normal(2, 9, 7, 3)
    for pool in POOLINGS:
        turned = pool(images.swapaxes(1, 2), (2, 3), (1, 2), "SAME")
        np.testing.assert_allclose(
            turned.swapaxes(1, 2), pool(images, (3, 2), (2, 1), "SAME"), rtol=1e-12
        )


def test_two_poolings_are_one_of_twice_the_size():
    images = normal(2, 12, 16, 3)
    for pool in POOLINGS:
        np.testing.assert_allclose(pool(pool(images)), pool(images, 4), rtol=1e-12)


def test_one_window_over_the_image_is_global():
    images = normal(2, 9, 7, 3)
    np.testing.assert_array_equal(
        max_pool2d(images, (9, 7))[:, 0, 0], global_max_pool2d(images)
    )
    np.testing.assert_allclose(
        avg_pool2d(images, (9, 7))[:, 0, 0], global_avg_pool2d(images), rtol=1e-12
    )


def test_a_mean_over_many_pixels_is_exact_to_float32():
    images = np.full((1500, 1500, 1), 0.1, np.float32)
    assert global_avg_pool2d(images).item() == pytest.approx(0.1, rel=1e-5)
    assert avg_pool2d(images, 1500).item() == pytest.approx(0.1, rel=1e-4)


# Extremes


def test_absurd_sizes_cost_nothing():
    images = normal(1, 6, 5, 2)
    huge = 10**30
    whole = images.max((1, 2), keepdims=True)
    np.testing.assert_array_equal(max_pool2d(images, huge, padding="SAME"), whole)
    everywhere = max_pool2d(images, huge, 1, "SAME")
    np.testing.assert_array_equal(everywhere, np.broadcast_to(whole, images.shape))
    mean = avg_pool2d(images, huge, 2, "SAME")
    np.testing.assert_allclose(mean, np.broadcast_to(images.mean((1, 2)), (1, 3, 3, 2)))
    np.testing.assert_array_equal(
        max_pool2d(images, 2, huge)[0, 0, 0], whole_of(images)
    )
    padding = ((huge - 1, 0), (0, huge))
    assert max_pool2d(images, huge, huge, padding).shape == (1, 1, 1, 2)


def whole_of(images):
    return images[0, :2, :2].max((0, 1))


MEGABYTE = 2**20
LARGE = {
    "many pixels": ((1, 3000, 3000, 3), max_pool2d, (2,)),
    "overlapping": ((1, 2000, 2000, 3), avg_pool2d, (3, 1, "SAME")),
    "one long row": ((1, 1, 400_000, 32), avg_pool2d, ((1, 5), 1, "SAME")),
    "one long column": ((1, 400_000, 1, 32), max_pool2d, ((5, 1), 2, "SAME")),
    "large windows": ((1, 1100, 1100, 16), max_pool2d, (1000, 10)),
    "channels": ((1, 2000, 2000, 8), depthwise_max_pool, (4,)),
    "whole images": ((2, 2000, 2000, 4), global_avg_pool2d, ()),
    "whole rows": ((1, 2, 2_000_000, 4), global_max_pool2d, ()),
}


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize("name", LARGE)
def test_memory_beyond_input_and_output_is_bounded(name, kind):
    shape, pool, rest = LARGE[name]
    images = np.ones(shape, kind)
    tracemalloc.start()
    try:
        answer = pool(images, *rest)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer == 1).all()
    assert peak - answer.nbytes < 64 * MEGABYTE


def test_callers_in_many_threads_do_not_share_their_working_memory():
    batches = [normal(8, 40, 40, 8, seed=seed) for seed in range(12)]
    expected = [avg_pool2d(images, 3, 2, "SAME") for images in batches]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda x: avg_pool2d(x, 3, 2, "SAME"), batches))
    np.testing.assert_array_equal(answers, expected)


def test_only_numpy_is_imported():
    program = (
        "import sys, numpy; before = set(sys.modules);"
        "import helpers.pooling, helpers.upsampling;"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - {'helpers', 'numpy'} - sys.stdlib_module_names))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
