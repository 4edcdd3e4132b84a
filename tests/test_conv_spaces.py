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
    reference,
    small_blocks,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.conv import conv1d, conv2d, conv3d, dilate
from helpers.geometry import output_size

CONVOLVE = {1: conv1d, 2: conv2d, 3: conv3d}
LENGTHS, LENGTH_FILTERS = ((9,), (13,)), ((1,), (2,), (3,), (6,))
VOLUMES, VOLUME_FILTERS = ((5, 6, 7), (4, 3, 8)), ((1, 1, 1), (3, 3, 3), (2, 1, 4))


# TensorFlow does not take strides and dilations together.
@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(LENGTHS, LENGTH_FILTERS, ("SAME", "VALID"), ((1,),), ((1,), (2,), (5,)))
    + cases(LENGTHS, LENGTH_FILTERS, ("SAME", "VALID"), ((2,), (3,)), ((1,),)),
)
def test_conv1d_is_tensorflows(size, filter_size, padding, dilations, strides):
    import tensorflow as tf

    signals, filters, bias = normal(2, *size, 3), normal(*filter_size, 3, 4), normal(4)
    theirs = tf.nn.conv1d(signals, filters, strides, padding, dilations=dilations)
    ours = conv1d(signals, filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(ours, theirs + bias, **TIGHT)
    single = conv1d(signals[1], filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(single, ours[1], **TIGHT)


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(
        VOLUMES,
        VOLUME_FILTERS,
        ("SAME", "VALID"),
        ((1, 1, 1),),
        ((1, 1, 1), (2, 2, 2), (1, 2, 1)),
    )
    + cases(
        VOLUMES,
        VOLUME_FILTERS,
        ("SAME", "VALID"),
        ((2, 2, 2), (1, 2, 1)),
        ((1, 1, 1),),
    ),
)
def test_conv3d_is_tensorflows(size, filter_size, padding, dilations, strides):
    import tensorflow as tf

    volumes, filters, bias = normal(2, *size, 3), normal(*filter_size, 3, 4), normal(4)
    theirs = tf.nn.convolution(volumes, filters, strides, padding, dilations=dilations)
    ours = conv3d(volumes, filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(ours, theirs + bias, **TIGHT)
    single = conv3d(volumes[1], filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(single, ours[1], **TIGHT)


def test_same_padding_is_never_negative():
    """Where a stride leaves pixels out, TensorFlow's 3D kernel starts one later.

    Its own rule, max((outputs - 1) * stride + size - pixels, 0), which its 2D kernel
    follows, starts at the first pixel; so does this package.
    """
    import tensorflow as tf

    volumes, point = np.arange(9.0).reshape(1, 9, 1, 1, 1), np.ones((1, 1, 1, 1, 1))
    theirs = tf.nn.conv2d(volumes[..., 0], point[0], (3, 1), "SAME")
    ours = conv3d(volumes, point, (3, 1, 1), "SAME")
    np.testing.assert_array_equal(ours.ravel(), theirs.numpy().ravel())
    np.testing.assert_array_equal(ours.ravel(), [0, 3, 6])


small = st.integers(1, 3)


@st.composite
def calls(draw):
    """Draw arguments of a convolution in one, two or three dimensions."""
    rank = draw(st.integers(1, 3))

    def several(numbers):
        return draw(st.tuples(*[numbers] * rank))

    size, taps = several(st.integers(1, 7)), several(small)
    strides, dilations = several(small), several(small)
    sides = several(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    padding = draw(st.sampled_from(["SAME", "VALID", "same", sides]))
    seed, (batch, channels, outs) = draw(small), draw(st.tuples(small, small, small))
    inputs = normal(batch, *size, channels, seed=seed)
    filters = normal(*taps, channels, outs, seed=seed)
    return CONVOLVE[rank], inputs, filters, (strides, padding, dilations)


@given(calls())
@settings(max_examples=200, deadline=None)
def test_every_call_is_the_reference_or_refused(call):
    """The right numbers in the right shape where a window fits, else a ValueError."""
    convolve, inputs, filters, (strides, padding, dilations) = call
    padding = padding.upper() if isinstance(padding, str) else padding
    if not fits(inputs.shape[1:-1], filters.shape[:-2], padding, dilations):
        with pytest.raises(ValueError, match="not one window fits"):
            convolve(inputs, filters, *call[3])
        return
    bias = normal(filters.shape[-1])
    ours = convolve(inputs, filters, *call[3], bias)
    theirs = reference(inputs, filters, strides, padding, dilations) + bias
    np.testing.assert_allclose(ours, theirs, **TIGHT)
    sides = [padding] * len(strides) if isinstance(padding, str) else padding
    sizes = map(output_size, inputs.shape[1:], filters.shape, strides, sides, dilations)
    assert ours.shape == (len(inputs), *sizes, filters.shape[-1])
    single = convolve(inputs[0], filters, *call[3], bias)
    np.testing.assert_allclose(single, ours[0], **TIGHT)


@given(calls())
@settings(deadline=None)
def test_dilated_filters_are_a_dilated_convolution(call):
    convolve, inputs, filters, (strides, padding, dilations) = call
    padding = padding.upper() if isinstance(padding, str) else padding
    assume(fits(inputs.shape[1:-1], filters.shape[:-2], padding, dilations))
    with_holes = dilate(filters, dilations)
    np.testing.assert_allclose(
        convolve(inputs, with_holes, strides, padding),
        convolve(inputs, filters, strides, padding, dilations),
        **TIGHT,
    )


@pytest.mark.parametrize("outs", [1, 5, 30])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("size", [(40,), (5, 6, 7)])
@pytest.mark.usefixtures(small_blocks.__name__)
def test_every_way_of_cutting_gives_the_same(size, padding, outs):
    ones = (1,) * len(size)
    inputs, filters = normal(3, *size, 4), normal(*[3 for _ in size], 4, outs)
    bias = normal(outs)
    ours = CONVOLVE[len(size)](inputs, filters, 1, padding, 1, bias)
    theirs = reference(inputs, filters, ones, padding, ones) + bias
    np.testing.assert_allclose(ours, theirs, **TIGHT)


@pytest.mark.parametrize(("inputs", "filters", "answer"), TYPES)
@pytest.mark.parametrize("size", [(20,), (4, 5, 6)])
def test_types(size, inputs, filters, answer):
    ones = (1,) * len(size)
    inputs = (normal(2, *size, 3) * 40 + 100).clip(0, 255).astype(inputs)
    filters = (normal(*[2 for _ in size], 3, 5) * 3).astype(filters)
    ours = CONVOLVE[len(size)](inputs, filters, padding="SAME")
    assert ours.dtype == answer
    theirs = reference(
        inputs.astype(answer), filters.astype(answer), ones, "SAME", ones
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-3)
    bias = np.zeros(5)
    assert CONVOLVE[len(size)](inputs, filters, bias=bias).dtype == np.float64


def test_conv1d_worked_by_hand():
    signal, filters = [[1], [4], [9], [16], [25]], [[[-1, 1]], [[1, 0]]]
    np.testing.assert_array_equal(
        conv1d(signal, filters, bias=[0, 10]), [[3, 11], [5, 14], [7, 19], [9, 26]]
    )
    np.testing.assert_array_equal(
        conv1d(signal, filters, strides=2, padding="same"), [[3, 1], [7, 9], [-25, 25]]
    )
    np.testing.assert_array_equal(
        conv1d(signal, filters, dilations=3)[:, 0], [16 - 1, 25 - 4]
    )


def test_a_causal_convolution_sees_no_future():
    signal, filters = normal(30, 1), normal(3, 1, 1)
    changed = signal.copy()
    changed[17] += 1
    before, after = (
        conv1d(x, filters, 1, ((8, 0),), dilations=4) for x in (signal, changed)
    )
    assert before.shape == signal.shape
    differs = (before != after)[:, 0]
    np.testing.assert_array_equal(np.flatnonzero(differs), [17, 21, 25])


def test_conv3d_worked_by_hand():
    film = np.zeros((3, 2, 2, 1))
    film[1, 0, 1] = 5  # a light goes on, and out again
    change = np.array([-1, 1]).reshape(2, 1, 1, 1, 1)
    answer = conv3d(film, change)[..., 0]
    np.testing.assert_array_equal(answer, [[[0, 5], [0, 0]], [[0, -5], [0, 0]]])


def test_a_volume_one_slice_deep_is_an_image():
    images, filters = normal(2, 7, 8, 3), normal(3, 2, 3, 4)
    for padding in ("SAME", "VALID"):
        np.testing.assert_allclose(
            conv3d(images[:, None], filters[None], (1, 2, 3), padding)[:, 0],
            conv2d(images, filters, (2, 3), padding),
            **TIGHT,
        )


@pytest.mark.parametrize("convolve", [conv1d, conv3d])
def test_nan_reaches_exactly_the_windows_that_see_it(convolve):
    rank = 1 if convolve is conv1d else 3
    inputs = np.ones((1, *[7] * rank, 2))
    inputs[(0, *[3] * rank, 0)] = np.nan
    answer = convolve(inputs, np.ones((*[3] * rank, 2, 5)), padding="SAME")
    seen = np.zeros([7] * rank, bool)
    seen[(slice(2, 5),) * rank] = True
    assert (np.isnan(answer[0]) == seen[..., np.newaxis]).all()


def test_steps_that_are_never_taken_may_be_absurd():
    assert conv1d(normal(5, 1), normal(2, 1, 1), strides=10**30).shape == (1, 1)
    volume, centre = normal(3, 3, 3, 1), normal(3, 3, 3, 1, 1)
    answer = conv3d(volume, centre, 1, "SAME", 10**30)
    np.testing.assert_allclose(answer, volume * centre[1, 1, 1, 0, 0])


def test_arguments_are_left_alone_and_views_are_taken():
    signals, filters = normal(3, 9, 2).transpose(1, 0, 2), normal(3, 2, 4)
    before = signals.copy(), filters.copy()
    signals.flags.writeable = filters.flags.writeable = False
    expected = conv1d(before[0], before[1])
    np.testing.assert_allclose(conv1d(signals, filters), expected, **TIGHT)
    flipped = conv1d(signals[:, ::-1][:, ::-1], filters)
    np.testing.assert_allclose(flipped, expected, **TIGHT)
    np.testing.assert_array_equal(signals, before[0])


LARGE = {
    "many signals": (conv1d, (400, 3000, 8), (9, 8, 8), {}),
    "integers": (conv3d, (1, 60, 90, 90, 8), (3, 3, 3, 8, 4), {"padding": "SAME"}),
    "deep filter": (conv3d, (1, 120, 120, 120, 1), (90, 9, 9, 1, 1), {"strides": 30}),
}


@pytest.mark.parametrize("name", LARGE)
def test_memory_beyond_input_and_output_is_bounded(name):
    convolve, shape, filter_shape, rest = LARGE[name]
    inputs = np.ones(shape, np.uint8 if name == "integers" else np.float32)
    filters = np.ones(filter_shape, np.float32)
    assert memory_beyond(lambda: convolve(inputs, filters, **rest)) < 64 * 2**20


def test_threads_do_not_share_their_working_memory():
    batches = [normal(1, 400, 30, seed=seed) for seed in range(16)]
    filters = normal(5, 30, 9)
    expected = [conv1d(signals, filters, padding="SAME") for signals in batches]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda x: conv1d(x, filters, 1, "SAME"), batches))
    np.testing.assert_array_equal(answers, expected)


def test_threads_do_not_change_the_answer():
    """Large enough to be shared out; each number is computed by one thread."""
    volumes, filters = normal(1, 40, 40, 40, 8, dtype="f"), normal(3, 3, 3, 8, 8)
    first = conv3d(volumes, filters.astype("f"), padding="SAME")
    for _ in range(3):
        again = conv3d(volumes, filters.astype("f"), padding="SAME")
        np.testing.assert_array_equal(first, again)
    part = conv3d(volumes[:, :12], filters, padding="SAME")
    np.testing.assert_allclose(first[:, :11], part[:, :11], rtol=1e-4, atol=1e-4)


def test_dilate_as_worked_by_hand():
    np.testing.assert_array_equal(dilate([[1, 2, 3]], 4), [[1, 0, 0, 0, 2, 0, 0, 0, 3]])
    np.testing.assert_array_equal(
        dilate([[1, 2], [3, 4]], (1, 2)), [[1, 0, 2], [3, 0, 4]]
    )


@pytest.mark.parametrize("shape", [(3, 4), (3, 2, 5), (3, 4, 2, 5), (2, 3, 4, 2, 5)])
@pytest.mark.parametrize("rate", [1, 2, 5])
def test_dilate_leaves_channels_alone(shape, rate):
    filters, axes = normal(*shape), {2: 2, 3: 1, 4: 2, 5: 3}[len(shape)]
    answer = dilate(filters, rate)
    sides = tuple((side - 1) * rate + 1 for side in shape[:axes])
    assert answer.shape == sides + shape[axes:]
    np.testing.assert_array_equal(answer[(slice(None, None, rate),) * axes], filters)
    assert np.count_nonzero(answer) == np.count_nonzero(filters)
    assert not np.shares_memory(answer, filters)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("f4", "f4"),
        ("f8", "f8"),
        ("i8", "f4"),
        ("u1", "f4"),
        ("?", "f4"),
        (">f8", "f8"),
    ],
)
def test_types_of_dilate(given, answer):
    assert dilate(np.ones((2, 2), given), 2).dtype == answer


def test_a_rate_that_is_never_stepped_may_be_absurd():
    np.testing.assert_array_equal(dilate([[7.0]], 10**30), [[7]])
    assert dilate(np.ones((1, 3)), (10**30, 2)).shape == (1, 5)
