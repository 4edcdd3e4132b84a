from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conv_cases import (
    TIGHT,
    TYPES,
    cases,
    fits,
    memory_beyond,
    normal,
    small_blocks,
    tensorflow_padding,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conv import conv2d, conv2d_loops, depthwise_conv2d, separable_conv2d

SIZES = ((8, 11), (9, 6))
FILTER_SIZES = ((1, 1), (3, 3), (2, 5), (4, 2))
PADDINGS = ("SAME", "VALID", ((2, 1), (0, 3)))


# TensorFlow refuses unequal strides, and dilation together with strides or with
# explicit padding.
@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(SIZES, FILTER_SIZES, PADDINGS, ((1, 1),), ((1, 1), (2, 2), (3, 3)))
    + cases(SIZES, FILTER_SIZES, PADDINGS[:2], ((2, 2), (1, 3)), ((1, 1),)),
)
@pytest.mark.parametrize("multiplier", [1, 2])
def test_depthwise_and_separable_are_tensorflows(
    size, filter_size, padding, dilations, strides, multiplier
):
    import tensorflow as tf

    images, filters = normal(2, *size, 3), normal(*filter_size, 3, multiplier)
    bias, pointwise = normal(3 * multiplier), normal(1, 1, 3 * multiplier, 5)
    call = (strides, padding, dilations)
    theirs = tf.nn.depthwise_conv2d(
        images,
        filters,
        (1, *strides, 1),
        tensorflow_padding(padding),
        dilations=dilations,
    )
    ours = depthwise_conv2d(images, filters, *call, bias)
    np.testing.assert_allclose(ours, theirs + bias, **TIGHT)
    single = depthwise_conv2d(images[1], filters, *call, bias)
    np.testing.assert_allclose(single, ours[1], **TIGHT)
    ours = separable_conv2d(images, filters, pointwise, *call, bias[:1].repeat(5))
    theirs = tf.nn.conv2d(theirs, pointwise, 1, "VALID") + bias[0]
    np.testing.assert_allclose(ours, theirs, **TIGHT)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("stride", [1, 2])
def test_separable_is_tensorflows_own(stride, padding):
    import tensorflow as tf

    images = normal(2, 9, 8, 4, dtype="f")
    depthwise, pointwise = normal(3, 2, 4, 2, dtype="f"), normal(1, 1, 8, 5, dtype="f")
    theirs = tf.nn.separable_conv2d(
        images, depthwise, pointwise, (1, stride, stride, 1), padding
    )
    ours = separable_conv2d(images, depthwise, pointwise, stride, padding)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


small = st.integers(1, 4)


@st.composite
def calls(draw):
    pair = st.tuples(small, small)
    size = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    filter_size, strides, dilations = draw(pair), draw(pair), draw(pair)
    side = st.tuples(st.integers(0, 3), st.integers(0, 3))
    padding = draw(st.sampled_from(["SAME", "VALID"]) | st.tuples(side, side))
    images = normal(draw(small), *size, draw(small), seed=draw(small))
    filters = normal(*filter_size, images.shape[3], draw(small))
    return images, filters, (strides, padding, dilations)


@given(calls())
@settings(max_examples=200, deadline=None)
def test_each_channel_is_convolved_alone_or_the_call_refused(call):
    images, filters, rest = call
    if not fits(images.shape[1:3], filters.shape[:2], *rest[1:]):
        with pytest.raises(ValueError, match="not one window fits"):
            depthwise_conv2d(images, filters, *rest)
        return
    multiplier = filters.shape[3]
    bias = normal(images.shape[3] * multiplier)
    ours = depthwise_conv2d(images, filters, *rest, bias)
    for channel in range(images.shape[3]):
        maps = slice(channel * multiplier, (channel + 1) * multiplier)
        alone = slice(channel, channel + 1)
        theirs = conv2d(images[..., alone], filters[:, :, alone], *rest, bias[maps])
        np.testing.assert_allclose(ours[..., maps], theirs, **TIGHT)
    assert ours.shape == (*theirs.shape[:3], len(bias))
    single = depthwise_conv2d(images[0], filters, *rest, bias)
    np.testing.assert_allclose(single, ours[0], **TIGHT)


@given(calls(), small)
@settings(deadline=None)
def test_separable_is_a_convolution_with_the_product_of_its_filters(call, outs):
    images, filters, rest = call
    if not fits(images.shape[1:3], filters.shape[:2], *rest[1:]):
        return
    maps = images.shape[3] * filters.shape[3]
    pointwise, bias = normal(1, 1, maps, outs), normal(outs)
    mix = pointwise.reshape(*filters.shape[2:], outs)
    full = np.einsum("hwcm,cmo->hwco", filters, mix)
    np.testing.assert_allclose(
        separable_conv2d(images, filters, pointwise, *rest, bias),
        conv2d(images, full, *rest, bias),
        **TIGHT,
    )


def test_unequal_strides_are_the_loops():
    images, filters = normal(1, 7, 9, 2), normal(3, 2, 2, 1)
    ours = depthwise_conv2d(images, filters, (1, 3), "SAME", (2, 1))
    for channel in (0, 1):
        alone = slice(channel, channel + 1)
        theirs = conv2d_loops(
            images[..., alone], filters[:, :, alone], (1, 3), "SAME", (2, 1)
        )
        np.testing.assert_allclose(ours[..., alone], theirs, **TIGHT)


def test_worked_by_hand():
    image = [[[1, 10], [2, 20], [4, 40]]]
    filters = np.array([[[1, 1], [0, 1]], [[-1, 0], [1, 0]]])[np.newaxis]
    # [tap, channel, multiplier]: each channel's two filters, then the next channel's.
    np.testing.assert_array_equal(
        depthwise_conv2d(image, filters),
        [[[1 - 2, 1, 20, 10], [2 - 4, 2, 40, 20]]],
    )
    pointwise = np.array([[1], [10], [100], [1000]]).reshape(1, 1, 4, 1)
    np.testing.assert_array_equal(
        separable_conv2d(image, filters, pointwise, bias=[5]),
        [[[-1 + 10 + 2000 + 10000 + 5], [-2 + 20 + 4000 + 20000 + 5]]],
    )


@pytest.mark.usefixtures(small_blocks.__name__)
@pytest.mark.parametrize("multiplier", [1, 3])
@pytest.mark.parametrize("channels", [1, 6, 40])
@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("strides", [1, 2])
def test_every_way_of_cutting_gives_the_same(strides, padding, channels, multiplier):
    import tensorflow as tf

    images, filters = normal(3, 9, 13, channels), normal(3, 4, channels, multiplier)
    bias = normal(channels * multiplier)
    theirs = tf.nn.depthwise_conv2d(
        images, filters, (1, strides, strides, 1), tensorflow_padding(padding)
    )
    ours = depthwise_conv2d(images, filters, strides, padding, bias=bias)
    np.testing.assert_allclose(ours, theirs + bias, **TIGHT)


@pytest.mark.parametrize(("images", "filters", "answer"), TYPES)
@pytest.mark.parametrize("multiplier", [1, 2])
def test_types(multiplier, images, filters, answer):
    import tensorflow as tf

    images = (normal(2, 9, 8, 3) * 40 + 100).clip(0, 255).astype(images)
    filters = (normal(3, 3, 3, multiplier) * 3).astype(filters)
    ours = depthwise_conv2d(images, filters, padding="SAME")
    theirs = tf.nn.depthwise_conv2d(
        images.astype(answer), filters.astype(answer), [1] * 4, "SAME"
    )
    assert ours.dtype == answer
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-3)
    wide = depthwise_conv2d(images, filters, bias=np.zeros(3 * multiplier))
    assert wide.dtype == np.float64
    pointwise = np.ones((1, 1, 3 * multiplier, 2), np.uint8)
    assert separable_conv2d(images, filters, pointwise).dtype == answer
    assert separable_conv2d(images, filters, pointwise / 2).dtype == np.float64


def test_nan_stays_in_its_channel_and_in_reach():
    images = np.ones((1, 7, 7, 3), np.float32)
    images[0, 3, 3, 1] = np.nan
    answer = depthwise_conv2d(images, np.ones((3, 3, 3, 2), np.float32), 1, "SAME")
    seen = np.zeros((7, 7, 6), bool)
    seen[2:5, 2:5, 2:4] = True
    np.testing.assert_array_equal(np.isnan(answer[0]), seen)


def test_steps_that_are_never_taken_may_be_absurd():
    image, filters = normal(5, 5, 2), normal(3, 3, 2, 1)
    assert depthwise_conv2d(image, filters, 10**30).shape == (1, 1, 2)
    centre = depthwise_conv2d(image, filters, 1, "SAME", 10**30)
    np.testing.assert_allclose(centre, image * filters[1, 1, :, 0])


def test_arguments_are_left_alone_and_the_answer_is_new():
    images, filters = normal(2, 3, 8, 7).transpose(0, 2, 3, 1), normal(1, 1, 3, 1)
    before = images.copy(), filters.copy()
    images.flags.writeable = filters.flags.writeable = False
    expected = before[0] * before[1][0, 0, :, 0]
    for view in (images, images[:, ::-1][:, ::-1], before[0]):
        answer = depthwise_conv2d(view, filters)
        np.testing.assert_allclose(answer, expected, **TIGHT)
        answer += 1
    np.testing.assert_array_equal(images, before[0])
    np.testing.assert_array_equal(filters, before[1])


LARGE = {
    "many pixels": ((1, 2000, 2000, 3), (3, 3, 3, 1), {"padding": "SAME"}),
    "integers": ((4, 1000, 1000, 3), (3, 3, 3, 2), {"padding": "SAME"}),
    "many images": ((20_000, 28, 28, 1), (5, 5, 1, 1), {"padding": "SAME"}),
    "one long row": ((1, 1, 200_000, 32), (1, 5, 32, 1), {"padding": "SAME"}),
    "large filter": ((1, 600, 600, 8), (500, 500, 8, 1), {"strides": 25}),
    "wide dilation": ((1, 1000, 1000, 8), (3, 3, 8, 1), {"dilations": 450}),
    "wide and padded": (
        (1, 300, 300, 8),
        (3, 3, 8, 2),
        {"dilations": 290, "padding": "SAME"},
    ),
    "far apart": ((1, 2000, 2000, 4), (2, 2, 4, 4), {"strides": 300}),
    "many channels": ((1, 20, 20, 5000), (7, 7, 5000, 2), {"padding": "SAME"}),
}


@pytest.mark.parametrize("name", LARGE)
def test_memory_beyond_input_and_output_is_bounded(name):
    shape, filter_shape, rest = LARGE[name]
    images = np.ones(shape, np.uint8 if name == "integers" else np.float32)
    filters = np.ones(filter_shape, np.float32)
    spent = memory_beyond(lambda: depthwise_conv2d(images, filters, **rest))
    assert spent < 64 * 2**20


def test_threads_do_not_share_their_working_memory():
    batches = [normal(1, 40, 40, 3, seed=seed) for seed in range(16)]
    filters = normal(5, 5, 3, 2)
    expected = [depthwise_conv2d(images, filters, 2, "SAME") for images in batches]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda x: depthwise_conv2d(x, filters, 2, "SAME"), batches)
        )
    np.testing.assert_array_equal(answers, expected)


def test_threads_do_not_change_the_answer():
    """Large enough to be shared out; each number is computed by one thread."""
    images, filters = normal(8, 56, 56, 64, dtype="f"), normal(3, 3, 64, 1, dtype="f")
    whole = depthwise_conv2d(images, filters, padding="SAME")
    alone = [depthwise_conv2d(image, filters, padding="SAME") for image in images]
    np.testing.assert_allclose(whole, alone, rtol=1e-6, atol=1e-6)
