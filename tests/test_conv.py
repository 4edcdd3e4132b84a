import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conv_cases import (
    TYPES,
    cases,
    fits,
    memory_beyond,
    normal,
    small_blocks,
    tensorflow_padding,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.conv import conv2d, conv2d_gradients, conv2d_loops
from helpers.geometry import output_size

PADDINGS = ("SAME", "VALID", ((2, 1), (0, 3)))
SIZES = ((8, 11), (9, 6))
FILTER_SIZES = ((1, 1), (3, 3), (2, 5), (4, 2))
STRIDES = ((1, 1), (2, 2), (2, 1), (3, 4))
DILATIONS = ((1, 1), (2, 2), (1, 3))


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(SIZES, FILTER_SIZES, PADDINGS, DILATIONS, STRIDES),
)
def test_forward_is_tensorflows(size, filter_size, padding, dilations, strides):
    import tensorflow as tf

    images, bias = normal(2, *size, 3), normal(4)
    filters = normal(*filter_size, 3, 4)
    theirs = tf.nn.conv2d(
        images, filters, strides, tensorflow_padding(padding), dilations=dilations
    )
    ours = conv2d(images, filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(ours, theirs + bias, rtol=1e-12, atol=1e-12)
    single = conv2d(images[1], filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(single, ours[1], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(SIZES, FILTER_SIZES, PADDINGS, ((1, 1),), STRIDES),
)
def test_gradients_are_tensorflows(size, filter_size, padding, dilations, strides):
    import tensorflow as tf

    images, filters = (
        tf.constant(normal(2, *size, 3)),
        tf.constant(normal(*filter_size, 3, 4)),
    )
    with tf.GradientTape() as tape:
        tape.watch([images, filters])
        answer = tf.nn.conv2d(images, filters, strides, tensorflow_padding(padding))
        upstream = normal(*answer.shape)
        loss = tf.reduce_sum(answer * upstream)
    theirs = tape.gradient(loss, [images, filters])
    ours = conv2d_gradients(
        images.numpy(), filters.numpy(), upstream, strides, padding, dilations
    )
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our, their, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(((7, 5),), ((3, 2), (1, 3)), PADDINGS, ((2, 1), (1, 2)), ((1, 1), (2, 3))),
)
def test_dilated_gradients_are_the_slopes(
    size, filter_size, padding, dilations, strides
):
    """TensorFlow has no dilated gradients on the CPU; the convolution is linear."""
    images, filters = normal(1, *size, 2), normal(*filter_size, 2, 3)
    rest = (strides, padding, dilations)
    upstream = normal(*conv2d_loops(images, filters, *rest).shape)
    d_images, d_filters = conv2d_gradients(images, filters, upstream, *rest)
    for index in [(0, 0, 0, 0), (0, 3, 2, 1), (0, *np.subtract(size, 1), 1)]:
        unit = np.zeros_like(images)
        unit[index] = 1
        slope = (conv2d_loops(unit, filters, *rest) * upstream).sum()
        assert d_images[index] == pytest.approx(slope, abs=1e-12)
    for index in np.ndindex(*filter_size, 2):
        unit = np.zeros((*filter_size, 2, 3))
        unit[index] = 1
        slopes = (conv2d_loops(images, unit, *rest) * upstream).sum(axis=(0, 1, 2))
        np.testing.assert_allclose(d_filters[index], slopes, atol=1e-12)


def test_worked_by_hand():
    image = np.array([[1, 2, 0], [0, 1, 3], [2, 1, 1]])[..., np.newaxis]
    kernel = np.array([[1, 0], [-1, 2]])[..., np.newaxis, np.newaxis]
    for convolve in (conv2d, conv2d_loops):
        np.testing.assert_array_equal(
            convolve(image, kernel, bias=[10.0])[..., 0], [[13, 17], [10, 12]]
        )
        np.testing.assert_array_equal(
            convolve(image, kernel, padding="SAME")[..., 0],
            [[3, 7, -3], [0, 2, 2], [2, 1, 1]],
        )
        np.testing.assert_array_equal(
            convolve(image, kernel, strides=2, padding=((1, 0), (1, 0)))[..., 0],
            [[2, -2], [4, 2]],
        )


def test_the_filter_is_not_flipped():
    image = np.zeros((5, 5, 1))
    image[2, 2] = 1
    kernel = np.arange(9.0).reshape(3, 3, 1, 1)
    np.testing.assert_array_equal(
        conv2d(image, kernel)[..., 0], kernel[::-1, ::-1, 0, 0]
    )


def test_last_columns_unused_by_valid_get_no_gradient():
    d_images, _ = conv2d_gradients(
        np.ones((1, 13, 1)), np.ones((1, 6, 1, 1)), np.ones((1, 2, 1)), strides=(1, 5)
    )
    np.testing.assert_array_equal(d_images[0, :, 0], [*[1] * 5, 2, *[1] * 5, 0, 0])


@pytest.mark.parametrize(("images", "filters", "answer"), TYPES)
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_types(images, filters, answer, padding):
    import tensorflow as tf

    images = (normal(2, 9, 8, 3) * 40 + 100).clip(0, 255).astype(images)
    filters = (normal(3, 3, 3, 5) * 3).astype(filters)
    ours = conv2d(images, filters, padding=padding)
    theirs = tf.nn.conv2d(images.astype(answer), filters.astype(answer), 1, padding)
    assert ours.dtype == answer
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-3)
    gradients = conv2d_gradients(images, filters, ours, padding=padding)
    assert [gradient.dtype for gradient in gradients] == [answer, answer]


def test_a_float64_bias_widens_and_an_integer_one_does_not():
    images, filters = normal(5, 5, 1, dtype="f"), normal(3, 3, 1, 2, dtype="f")
    assert conv2d(images, filters, bias=np.zeros(2)).dtype == np.float64
    assert conv2d(images, filters, bias=[1, 2]).dtype == np.float32


def test_uint8_pixels_do_not_wrap_around():
    image = np.full((3, 3, 1), 255, np.uint8)
    assert conv2d(image, np.ones((3, 3, 1, 1), np.uint8)).item() == 9 * 255


@pytest.mark.usefixtures(small_blocks.__name__)
@pytest.mark.parametrize("outs", [1, 3, 9, 40])
@pytest.mark.parametrize("channels", [1, 3, 16])
@pytest.mark.parametrize("padding", PADDINGS)
def test_every_way_of_cutting_gives_the_same(outs, channels, padding):
    """Few and many outputs, short and long rows, in blocks of a few numbers."""
    import tensorflow as tf

    images, filters = normal(3, 9, 13, channels), normal(3, 4, channels, outs)
    bias = normal(outs)
    theirs = tf.nn.conv2d(images, filters, 1, tensorflow_padding(padding)) + bias
    ours = conv2d(images, filters, 1, padding, bias=bias)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("strides", [1, (2, 3)])
@pytest.mark.parametrize("padding", PADDINGS)
def test_every_way_of_cutting_gives_the_same_gradients(
    small_blocks,
    monkeypatch,
    strides,
    padding,
):
    images, filters = normal(3, 9, 13, 4), normal(3, 4, 4, 6)
    upstream = normal(*conv2d(images, filters, strides, padding).shape)
    in_pieces = conv2d_gradients(images, filters, upstream, strides, padding)
    monkeypatch.undo()
    whole = conv2d_gradients(images, filters, upstream, strides, padding)
    for piece, gradient in zip(in_pieces, whole, strict=True):
        np.testing.assert_allclose(piece, gradient, rtol=1e-10, atol=1e-10)


def test_arrays_in_any_memory_order_and_read_only():
    images = normal(2, 3, 8, 7).transpose(0, 2, 3, 1)
    filters = np.asfortranarray(normal(3, 3, 3, 5))
    images.flags.writeable = filters.flags.writeable = False
    expected = conv2d(images.copy("C"), filters.copy("C"))
    for view in (images, images[:, ::-1][:, ::-1]):
        np.testing.assert_allclose(conv2d(view, filters), expected, atol=1e-12)


def test_arguments_are_left_alone_and_the_answer_is_new():
    images, filters = normal(2, 5, 5, 1), normal(1, 1, 1, 1)
    before = images.copy(), filters.copy()
    answer = conv2d(images, filters, padding="SAME")
    assert not np.shares_memory(answer, images)
    conv2d_gradients(images, filters, answer)
    np.testing.assert_array_equal(images, before[0])
    np.testing.assert_array_equal(filters, before[1])


def test_lists_are_arrays():
    answer = conv2d([[[1.0], [2.0]]], [[[[3.0]]]])
    assert answer.dtype == np.float64
    np.testing.assert_array_equal(answer, [[[3], [6]]])
    assert conv2d([[[1], [2]]], [[[[3]]]]).dtype == np.float32


@pytest.mark.parametrize("outs", [1, 20])
def test_nan_and_infinity_reach_exactly_the_windows_that_see_them(outs):
    images = np.ones((1, 7, 7, 4), np.float32)
    images[0, 3, 3, 0] = np.nan
    images[0, 0, 0, 0] = np.inf
    answer = conv2d(images, np.ones((3, 3, 4, outs), np.float32), padding="SAME")
    seen = np.zeros((7, 7), bool)
    seen[2:5, 2:5] = True
    assert (np.isnan(answer[0]) == seen[..., np.newaxis]).all()
    assert np.isposinf(answer[0, :2, :2][~seen[:2, :2]]).all()
    assert np.isfinite(answer[0, 5:]).all()


def test_steps_that_are_never_taken_may_be_absurd():
    image = normal(4, 4, 1)
    assert conv2d(image, normal(2, 2, 1, 1), strides=10**30).shape == (1, 1, 1)
    point = normal(1, 1, 1, 3)
    np.testing.assert_array_equal(
        conv2d(image, point, dilations=10**30), conv2d(image, point)
    )
    centre = conv2d(image, normal(3, 3, 1, 5), 1, "SAME", 10**30)
    np.testing.assert_allclose(centre, image * normal(3, 3, 1, 5)[1, 1, 0])


small = st.integers(1, 4)


@st.composite
def calls(draw):
    size = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    pair = st.tuples(small, small)
    side = st.tuples(st.integers(0, 3), st.integers(0, 3))
    filter_size, strides, dilations = draw(pair), draw(pair), draw(pair)
    padding = draw(st.sampled_from(["SAME", "VALID"]) | st.tuples(side, side))
    assume(fits(size, filter_size, padding, dilations))
    channels, outs, batch = draw(small), draw(st.integers(1, 6)), draw(small)
    images = normal(batch, *size, channels, seed=draw(small))
    filters = normal(*filter_size, channels, outs, seed=draw(small))
    return images, filters, (strides, padding, dilations)


@given(calls())
@settings(max_examples=60, deadline=None)
def test_fast_is_loops(call):
    images, filters, rest = call
    images, bias = images[:1, :6, :6], normal(filters.shape[3])
    assume(fits(images.shape[1:3], filters.shape[:2], *rest[1:]))
    np.testing.assert_allclose(
        conv2d(images, filters, *rest, bias),
        conv2d_loops(images, filters, *rest, bias),
        rtol=1e-11,
        atol=1e-11,
    )


@given(calls())
@settings(deadline=None)
def test_shape_is_geometrys(call):
    images, filters, (strides, padding, dilations) = call
    sides = (padding, padding) if isinstance(padding, str) else padding
    height, width = map(
        output_size,
        images.shape[1:3],
        filters.shape[:2],
        strides,
        sides,
        dilations,
    )
    answer = conv2d(images, filters, strides, padding, dilations)
    assert answer.shape == (len(images), height, width, filters.shape[3])


@given(calls(), st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None)
def test_linear_in_images_and_in_filters(call, a, b):
    images, filters, rest = call
    others, more = normal(*images.shape, seed=9), normal(*filters.shape, seed=9)

    def convolve(x, w):
        return conv2d(x, w, *rest)

    np.testing.assert_allclose(
        convolve(a * images + b * others, filters),
        a * convolve(images, filters) + b * convolve(others, filters),
        atol=1e-10,
    )
    np.testing.assert_allclose(
        convolve(images, a * filters + b * more),
        a * convolve(images, filters) + b * convolve(images, more),
        atol=1e-10,
    )


@given(calls())
@settings(deadline=None)
def test_gradients_are_the_adjoint(call):
    images, filters, rest = call
    answer = conv2d(images, filters, *rest)
    upstream = normal(*answer.shape, seed=5)
    d_images, d_filters = conv2d_gradients(images, filters, upstream, *rest)
    assert (d_images.shape, d_filters.shape) == (images.shape, filters.shape)
    product = (answer * upstream).sum()
    assert (images * d_images).sum() == pytest.approx(product, abs=1e-9)
    assert (filters * d_filters).sum() == pytest.approx(product, abs=1e-9)


@given(st.integers(0, 4), st.integers(0, 4), small, small)
@settings(deadline=None)
def test_a_shifted_image_gives_the_shifted_map(down, right, height, width):
    scene, filters = normal(1, 14, 14, 2), normal(height, width, 2, 3)
    whole = conv2d(scene, filters)
    part = conv2d(scene[:, down : down + 10, right : right + 10], filters)
    rows, columns = part.shape[1:3]
    np.testing.assert_allclose(
        part, whole[:, down : down + rows, right : right + columns], atol=1e-12
    )


def test_threads_do_not_share_their_working_memory():
    batches = [normal(1, 40, 40, 3, seed=seed) for seed in range(16)]
    filters = normal(5, 5, 3, 9)
    expected = [conv2d(images, filters, padding="SAME") for images in batches]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda x: conv2d(x, filters, 1, "SAME"), batches))
    np.testing.assert_array_equal(answers, expected)


MEGABYTE = 2**20
LARGE = {
    "many pixels": ((1, 3000, 3000, 3), (3, 3, 3, 2), {"padding": "SAME"}),
    "integers": ((4, 1500, 1500, 3), (3, 3, 3, 2), {"padding": "SAME"}),
    "many images": ((30_000, 28, 28, 1), (5, 5, 1, 1), {"padding": "SAME"}),
    "one long row": ((1, 1, 400_000, 32), (1, 5, 32, 8), {"padding": "SAME"}),
    "large filter": (
        (1, 1100, 1100, 16),
        (1000, 1000, 16, 1),
        {"strides": 50, "padding": ((0, 9), (5, 0))},
    ),
    "wide dilation": ((1, 2000, 2000, 4), (3, 3, 4, 2), {"dilations": 999}),
    "far apart": ((1, 2000, 2000, 4), (1, 1, 4, 8), {"strides": 60}),
    "filters to widen": ((1, 8, 8, 512), (7, 7, 512, 1000), {"strides": 9}),
}


@pytest.mark.parametrize("name", LARGE)
def test_memory_beyond_input_and_output_is_bounded(name):
    image_shape, filter_shape, rest = LARGE[name]
    images = np.ones(image_shape, np.uint8 if name == "integers" else np.float32)
    filters = np.ones(filter_shape, np.int16 if "widen" in name else np.float32)
    assert memory_beyond(lambda: conv2d(images, filters, **rest)) < 64 * MEGABYTE


def test_memory_of_the_gradients_is_bounded():
    images, filters = np.ones((2, 1000, 1000, 8), np.uint8), np.ones((3, 3, 8, 8), "f")
    upstream = np.ones((2, 500, 500, 8), np.float32)
    tracemalloc.start()
    try:
        gradients = conv2d_gradients(images, filters, upstream, 2, "SAME")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - sum(gradient.nbytes for gradient in gradients) < 64 * MEGABYTE


def test_only_numpy_is_imported():
    program = (
        "import sys, numpy; before = set(sys.modules);"
        "import helpers.conv, helpers.filters, helpers.geometry;"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - {'helpers', 'numpy'} - sys.stdlib_module_names))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
