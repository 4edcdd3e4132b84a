import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conv_cases import (
    TIGHT,
    TYPES,
    memory_beyond,
    named,
    normal,
    small_blocks,
    tensorflow_padding,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.conv import conv2d, conv2d_gradients, conv2d_transpose

PADDINGS = ("SAME", "VALID", ((1, 0), (0, 2)))
SIZES = ((5, 4), (2, 3))
FILTER_SIZES = ((3, 3), (4, 4), (1, 2), (5, 3))
STRIDES = ((1, 1), (2, 2), (2, 1), (3, 4))


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "strides"),
    [named(c) for c in itertools.product(SIZES, FILTER_SIZES, PADDINGS, STRIDES)],
)
def test_answer_and_the_sizes_it_may_have_are_tensorflows(
    size, filter_size, padding, strides
):
    import tensorflow as tf

    images, filters = normal(2, *size, 3), normal(*filter_size, 4, 3)
    accepted = 0
    longest = [
        n * s + f + 1 for n, s, f in zip(size, strides, filter_size, strict=True)
    ]
    for height, width in itertools.product(*(range(1, side + 1) for side in longest)):
        shape = (2, height, width, 4)
        try:
            theirs = tf.nn.conv2d_transpose(
                images, filters, shape, strides, tensorflow_padding(padding)
            )
        except tf.errors.InvalidArgumentError:
            with pytest.raises(ValueError, match="conv2d_transpose: output_size"):
                conv2d_transpose(images, filters, strides, padding, (height, width))
        else:
            ours = conv2d_transpose(images, filters, strides, padding, (height, width))
            np.testing.assert_allclose(ours, theirs, **TIGHT)
            accepted += 1
    assert accepted


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("filter_size", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_size_without_output_size_is_that_of_keras(filter_size, stride, padding):
    import keras

    images, filters = normal(1, 5, 4, 3), normal(filter_size, filter_size, 2, 3)
    layer = keras.layers.Conv2DTranspose(
        2, filter_size, stride, padding.lower(), use_bias=False, dtype="float64"
    )
    theirs = layer(images)
    layer.set_weights([filters])
    ours = conv2d_transpose(images, filters, stride, padding)
    np.testing.assert_allclose(ours, layer(images), **TIGHT)
    assert ours.shape == theirs.shape
    assert conv2d_transpose(images[0], filters, stride, padding).shape == ours.shape[1:]


@pytest.mark.parametrize(
    ("size", "filter_size", "stride", "dilation", "padding", "answer"),
    [
        (5, 3, 2, 1, "SAME", 10),
        (5, 3, 2, 1, "VALID", 11),
        (5, 2, 3, 1, "VALID", 15),
        (5, 2, 3, 4, "VALID", 17),
        (5, 3, 2, 1, ((0, 0), (0, 0)), 11),
        (5, 3, 2, 1, ((1, 1), (1, 1)), 9),
        (5, 1, 3, 1, ((1, 0), (1, 0)), 14),
    ],
)
def test_size_without_output_size(size, filter_size, stride, dilation, padding, answer):
    ours = conv2d_transpose(
        np.ones((size, size, 1)),
        np.ones((filter_size, filter_size, 1, 1)),
        stride,
        padding,
        dilations=dilation,
    )
    assert ours.shape == (answer, answer, 1)


# Dumoulin and Visin, chapter 4: input, filter, stride, padding, added pixels, output.
@pytest.mark.parametrize(
    ("size", "filter_size", "stride", "padding", "added", "answer"),
    [
        (2, 3, 1, 0, 0, 4),  # figure 4.1: no padding, unit strides
        (6, 4, 1, 2, 0, 5),  # figure 4.2: arbitrary padding
        (5, 3, 1, 1, 0, 5),  # figure 4.3: half padding
        (7, 3, 1, 2, 0, 5),  # figure 4.4: full padding
        (2, 3, 2, 0, 0, 5),  # figure 4.5: no padding, strides of two
        (3, 3, 2, 1, 0, 5),  # figure 4.6: padding and strides
        (3, 3, 2, 1, 1, 6),  # figure 4.7: the last pixels under no window
    ],
)
def test_published_sizes(size, filter_size, stride, padding, added, answer):
    images, filters = normal(size, size, 1), normal(filter_size, filter_size, 1, 1)
    sides = ((padding, padding),) * 2
    largest = (answer, answer) if added else None
    ours = conv2d_transpose(images, filters, stride, sides, largest)
    assert ours.shape == (answer, answer, 1)
    assert conv2d(ours, filters, stride, sides).shape == images.shape


def test_worked_by_hand():
    image, brush = [[[1], [2]], [[3], [4]]], np.array([[1, 0], [5, 7]])[..., None, None]
    np.testing.assert_array_equal(
        conv2d_transpose(image, brush, 1, "VALID")[..., 0],
        [[1, 2, 0], [5 + 3, 7 + 10 + 4, 14], [15, 21 + 20, 28]],
    )
    np.testing.assert_array_equal(
        conv2d_transpose(image, brush, 2)[..., 0],
        [[1, 0, 2, 0], [5, 7, 10, 14], [3, 0, 4, 0], [15, 21, 20, 28]],
    )
    np.testing.assert_array_equal(
        conv2d_transpose(image, brush, (2, 1), ((0, 0), (1, 0)))[..., 0],
        [[2, 0], [17, 14], [4, 0], [41, 28]],
    )


def stretched(images, filters, strides, padding, dilations):
    """Return the transposed convolution of explicit padding as the text derives it.

    The images are stretched with zeros, padded by the filter's reach less the padding,
    and convolved with the filters turned by 180°.
    """
    batch, height, width, channels = images.shape
    high, wide = (height - 1) * strides[0] + 1, (width - 1) * strides[1] + 1
    holes = np.zeros((batch, high, wide, channels))
    holes[:, :: strides[0], :: strides[1]] = images
    reach = [(f - 1) * d for f, d in zip(filters.shape, dilations, strict=False)]
    holes = np.pad(holes, ((0, 0), *((r, r) for r in reach), (0, 0)))
    turned = filters[::-1, ::-1].swapaxes(2, 3)
    answer = conv2d(holes, turned, dilations=dilations)
    (top, bottom), (left, right) = padding
    high, wide = max(answer.shape[1] - bottom, 0), max(answer.shape[2] - right, 0)
    return answer[:, top:high, left:wide]


small, side = st.integers(1, 4), st.integers(0, 3)


@st.composite
def calls(draw):
    """Draw arguments of which some have no answer."""
    pair = st.tuples(small, small)
    size, filter_size, strides, dilations = (draw(pair) for _ in range(4))
    explicit = draw(st.tuples(st.tuples(side, side), st.tuples(side, side)))
    padding = draw(st.sampled_from(["SAME", "VALID", explicit]))
    images = normal(draw(small), *size, draw(small), seed=draw(small))
    filters = normal(*filter_size, draw(small), images.shape[3])
    wanted = draw(st.none() | st.tuples(st.integers(1, 20), st.integers(1, 20)))
    return images, filters, strides, padding, wanted, dilations


def leads_back(wanted, call):
    """Tell whether a convolution takes an image of the wanted size to the images'."""
    images, filters, strides, padding, _, dilations = call
    probe = np.zeros((1, *wanted, filters.shape[2]))
    try:
        back = conv2d(probe, filters, strides, padding, dilations)
    except ValueError:  # not one window fits
        return False
    return back.shape[1:3] == images.shape[1:3]


@given(calls())
@settings(max_examples=300, deadline=None)
def test_every_call_is_the_transpose_or_refused(call):
    images, filters, strides, padding, wanted, dilations = call
    if wanted and not leads_back(wanted, call):
        with pytest.raises(ValueError, match="output_size must be"):
            conv2d_transpose(*call)
        return
    if wanted is None and not isinstance(padding, str):
        whole = stretched(images, filters, strides, ((0, 0), (0, 0)), dilations)
        sizes = zip(whole.shape[1:3], padding, strict=True)
        assume(all(size > sum(cut) for size, cut in sizes))
    answer = conv2d_transpose(*call)
    assert answer.shape[0::3] == (len(images), filters.shape[2])
    assert wanted is None or answer.shape[1:3] == wanted
    other = normal(*answer.shape, seed=7)
    back = conv2d(other, filters, strides, padding, dilations)
    assert back.shape == images.shape
    assert (answer * other).sum() == pytest.approx((images * back).sum(), abs=1e-9)
    np.testing.assert_allclose(
        conv2d_transpose(images[0], *call[1:]), answer[0], **TIGHT
    )


@given(calls())
@settings(max_examples=150, deadline=None)
def test_it_is_a_convolution_of_the_stretched_images(call):
    images, filters, strides, padding, _, dilations = call
    padding = ((0, 0), (0, 0)) if isinstance(padding, str) else padding
    theirs = stretched(images, filters, strides, padding, dilations)
    if theirs.size:
        size = theirs.shape[1:3]
        ours = conv2d_transpose(images, filters, strides, padding, size, dilations)
        np.testing.assert_allclose(ours, theirs, **TIGHT)


@given(calls())
@settings(deadline=None)
def test_it_is_the_gradient_of_a_convolution(call):
    upstream, filters, strides, _, _, dilations = call
    answer = conv2d_transpose(upstream, filters, strides, "VALID", None, dilations)
    gradient, _ = conv2d_gradients(
        answer, filters, upstream, strides, "VALID", dilations
    )
    np.testing.assert_allclose(gradient, answer, **TIGHT)


@pytest.mark.parametrize(("images", "filters", "answer"), TYPES)
def test_types(images, filters, answer):
    import tensorflow as tf

    images = (normal(2, 4, 5, 3) * 40 + 100).clip(0, 255).astype(images)
    filters = (normal(3, 3, 5, 3) * 3).astype(filters)
    ours = conv2d_transpose(images, filters, 2)
    theirs = tf.nn.conv2d_transpose(
        images.astype(answer), filters.astype(answer), (2, 8, 10, 5), 2
    )
    assert ours.dtype == answer
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=2e-3)


@pytest.mark.usefixtures(small_blocks.__name__)
@pytest.mark.parametrize("channels", [1, 5])
@pytest.mark.parametrize("filter_size", [2, 3, 5])
def test_every_way_of_cutting_gives_the_same(filter_size, channels):
    images, filters = (
        normal(3, 6, 7, channels),
        normal(filter_size, filter_size, 4, channels),
    )
    for strides in ((1, 1), (2, 2), (3, 2)):
        ours = conv2d_transpose(images, filters, strides, "VALID")
        none = ((0, 0), (0, 0))
        theirs = stretched(images, filters, strides, none, (1, 1))
        high, wide = theirs.shape[1:3]
        np.testing.assert_allclose(ours[:, :high, :wide], theirs, **TIGHT)
        assert not ours[:, high:].any()
        assert not ours[:, :, wide:].any()


@pytest.mark.parametrize("outs", [1, 40])
@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_nan_and_infinity_are_painted_where_the_filter_reaches(odd, outs):
    images = np.ones((1, 5, 5, 8))
    images[0, 2, 2, 0] = odd
    filters = np.ones((3, 3, outs, 8))
    answer = conv2d_transpose(images, filters, 2, "VALID")
    painted = np.zeros((11, 11), bool)
    painted[4:7, 4:7] = True
    assert (np.isfinite(answer[0]) == ~painted[..., np.newaxis]).all()


def test_a_stride_beyond_the_filter_leaves_zeros_between():
    image, filters = normal(2, 2, 1), normal(2, 2, 1, 1)
    answer = conv2d_transpose(image, filters, 50)[..., 0]
    assert answer.shape == (100, 100)
    assert np.count_nonzero(answer) == 4 * 4


def test_steps_that_are_never_taken_may_be_absurd():
    point, filters = normal(1, 1, 1), normal(3, 3, 1, 1)
    answer = conv2d_transpose(point, filters, 10**30, ((0, 0), (0, 0)), (3, 3))
    np.testing.assert_allclose(answer, filters[..., 0] * point)
    dot = conv2d_transpose(point, filters[:1, :1], 2, dilations=10**30)
    assert np.count_nonzero(dot) == 1


def test_arguments_are_left_alone_and_the_answer_is_new():
    images, filters = normal(2, 5, 5, 1), normal(1, 1, 1, 1)
    before = images.copy(), filters.copy()
    images.flags.writeable = filters.flags.writeable = False
    answer = conv2d_transpose(images, filters, 1)
    flipped = conv2d_transpose(images[:, ::-1][:, ::-1], filters, 1)
    np.testing.assert_allclose(flipped, answer, **TIGHT)
    answer += 1
    np.testing.assert_array_equal(images, before[0])
    np.testing.assert_array_equal(filters, before[1])


def test_enlarged_evenly_by_a_filter_of_ones():
    images = normal(1, 3, 4, 1)
    answer = conv2d_transpose(images, np.ones((5, 5, 1, 1)), 5)
    np.testing.assert_array_equal(answer, images.repeat(5, axis=1).repeat(5, axis=2))


@pytest.mark.parametrize(
    ("shape", "filter_shape", "stride"),
    [
        ((40, 64, 64, 8), (3, 3, 8, 8), 2),
        ((1, 500, 500, 4), (16, 16, 4, 4), 4),
        ((1, 8, 8, 512), (5, 5, 512, 512), 2),
        ((1, 2000, 2000, 1), (3, 3, 1, 1), 1),
    ],
)
def test_memory_beyond_input_and_output_is_bounded(shape, filter_shape, stride):
    images, filters = np.ones(shape, np.float32), np.ones(filter_shape, np.float32)
    spent = memory_beyond(lambda: conv2d_transpose(images, filters, stride))
    assert spent < 64 * 2**20


def test_threads_do_not_share_their_working_memory():
    batches = [normal(1, 20, 20, 3, seed=seed) for seed in range(16)]
    filters = normal(3, 3, 9, 3)
    expected = [conv2d_transpose(images, filters, 2) for images in batches]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda x: conv2d_transpose(x, filters, 2), batches))
    np.testing.assert_array_equal(answers, expected)
