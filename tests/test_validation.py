"""Bad calls: each is refused in words that name the function and the argument."""

import bad_calls_conv
import bad_calls_pooling
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conv import conv2d, conv2d_gradients, conv2d_loops
from helpers.filters import gabor, gaussian, line, sharpen, sobel, stack
from helpers.geometry import conv_cost, output_size, receptive_field, same_padding

IMAGES = np.zeros((2, 6, 7, 3), np.float32)
FILTERS = np.zeros((3, 3, 3, 4), np.float32)
UPSTREAM = np.zeros((2, 4, 5, 4), np.float32)
MASKED = np.ma.masked_array(IMAGES, IMAGES == 0)


def conv(images=IMAGES, filters=FILTERS, **rest):
    return conv2d, (images, filters), rest


def gradients(upstream, images=IMAGES, filters=FILTERS, **rest):
    return conv2d_gradients, (images, filters, upstream), rest


def call(function, *arguments, **rest):
    return function, arguments, rest


# (call, kind of error, fragments of the message)
BAD_CALLS = [
    # types of images and filters
    (conv(IMAGES.astype(complex)), TypeError, "conv2d: images must hold", "complex128"),
    (conv(IMAGES.astype(np.float16)), TypeError, "conv2d: images", "float16"),
    (conv(IMAGES.astype(np.longdouble)), TypeError, "conv2d: images must hold"),
    (conv(IMAGES.astype(object)), TypeError, "conv2d: images", "object"),
    (conv(IMAGES.astype(str)), TypeError, "conv2d: images", "<U"),
    (conv(IMAGES.astype("M8[s]")), TypeError, "conv2d: images", "datetime64"),
    (conv(IMAGES.astype("m8[s]")), TypeError, "conv2d: images", "timedelta64"),
    (conv(np.zeros((6, 7, 3), "f4,f4")), TypeError, "conv2d: images", "f0"),
    (conv(MASKED), TypeError, "conv2d: images", "masked array"),
    (conv(None), TypeError, "conv2d: images", "object"),
    (conv("photo.png"), TypeError, "conv2d: images", "<U9"),
    (conv({"pixels": 3}), TypeError, "conv2d: images", "object"),
    (conv(filters=FILTERS.astype(complex)), TypeError, "conv2d: filters", "complex"),
    (conv(filters=None), TypeError, "conv2d: filters", "object"),
    # shapes of images and filters
    (conv([[[1.0], [2.0, 3.0]]]), ValueError, "conv2d: images", "equal lengths"),
    (conv(filters=[[[[1]]], [[1]]]), ValueError, "conv2d: filters", "equal lengths"),
    (conv(IMAGES[0, 0]), ValueError, "conv2d: images", "[height, width, channels]"),
    (conv(IMAGES[0, 0]), ValueError, "2 axes, shape (7, 3)"),
    (conv(IMAGES[None]), ValueError, "conv2d: images", "5 axes"),
    (conv(3.0), ValueError, "conv2d: images", "0 axes"),
    (conv(filters=FILTERS[0]), ValueError, "conv2d: filters", "in_channels, out_chan"),
    (conv(IMAGES[:0]), ValueError, "conv2d: images", "empty", "(0, 6, 7, 3)"),
    (conv(IMAGES[:, :0]), ValueError, "conv2d: images", "empty"),
    (conv([]), ValueError, "conv2d: images", "1 axes"),
    (conv(filters=FILTERS[..., :0]), ValueError, "conv2d: filters", "empty"),
    (conv(filters=FILTERS[:0]), ValueError, "conv2d: filters", "empty"),
    (
        conv(filters=np.zeros((3, 3, 4, 2))),
        ValueError,
        "conv2d: filters take 4 input channels, images have 3",
    ),
    (
        conv(filters=FILTERS[:, :, :1]),
        ValueError,
        "conv2d: filters take 1 input channel, images have 3",
    ),
    (conv(IMAGES.transpose(0, 3, 1, 2)), ValueError, "take 3 input", "have 7"),
    # no window fits
    (
        conv(IMAGES[:, :2]),
        ValueError,
        "conv2d: filters are 3 high",
        "padded input has 2",
    ),
    (conv(IMAGES[:, :, :2]), ValueError, "conv2d: filters are 3 wide", "has 2"),
    (conv(dilations=4), ValueError, "conv2d: filters are 3 high (9 with dilation 4)"),
    (conv(dilations=(1, 4)), ValueError, "conv2d: filters are 3 wide (9 with"),
    (
        conv(IMAGES[:, :1], padding=((1, 0), (0, 0))),
        ValueError,
        "conv2d: filters are 3 high",
        "has 2",
    ),
    # strides and dilations
    (conv(strides=0), ValueError, "conv2d: strides must be a positive int", "got 0"),
    (conv(strides=-1), ValueError, "conv2d: strides", "got -1"),
    (conv(strides=(1, 0)), ValueError, "conv2d: strides", "got 0"),
    (conv(strides=1.5), TypeError, "conv2d: strides", "got 1.5"),
    (conv(strides=2.0), TypeError, "conv2d: strides", "got 2.0"),
    (conv(strides=True), TypeError, "conv2d: strides", "got True"),
    (conv(strides=np.True_), TypeError, "conv2d: strides", "True"),
    (conv(strides="2"), TypeError, "conv2d: strides", "got '2'"),
    (conv(strides=None), TypeError, "conv2d: strides", "got None"),
    (conv(strides=(1, 2.5)), TypeError, "conv2d: strides", "got 2.5"),
    (conv(strides=(1, 2, 1)), ValueError, "conv2d: strides", "(vertical, horizontal)"),
    (conv(strides=[1, 2, 2, 1]), ValueError, "conv2d: strides", "got [1, 2, 2, 1]"),
    (conv(strides=()), ValueError, "conv2d: strides", "got ()"),
    (conv(strides=np.ones(2)), TypeError, "conv2d: strides", "got np.float64(1.0)"),
    (conv(strides=((1, 1), (1, 1))), TypeError, "conv2d: strides", "got (1, 1)"),
    (conv(strides={1, 2}), TypeError, "conv2d: strides", "got {1, 2}"),
    (conv(dilations=0), ValueError, "conv2d: dilations", "got 0"),
    (conv(dilations=False), TypeError, "conv2d: dilations", "got False"),
    (conv(dilations=(1, 2, 3)), ValueError, "conv2d: dilations", "got (1, 2, 3)"),
    # padding
    (conv(padding="full"), ValueError, 'conv2d: padding must be "SAME"', "got 'full'"),
    (conv(padding=""), ValueError, "conv2d: padding", "got ''"),
    (conv(padding=1), TypeError, "conv2d: padding", "((top, bottom), (left, right))"),
    (conv(padding=None), TypeError, "conv2d: padding", "got None"),
    (conv(padding=b"SAME"), TypeError, "conv2d: padding", "got b'SAME'"),
    (conv(padding=(1, 1)), TypeError, "conv2d: padding", "got (1, 1)"),
    (conv(padding=((1, 1),)), ValueError, "conv2d: padding", "got ((1, 1),)"),
    (conv(padding=((1, 1), (1,))), ValueError, "conv2d: padding", "(1,)"),
    (conv(padding=((1, -1), (0, 0))), ValueError, "conv2d: padding", "negative"),
    (conv(padding=((1, 0.5), (0, 0))), TypeError, "conv2d: padding", "0.5"),
    (conv(padding=((True, 0), (0, 0))), TypeError, "conv2d: padding", "True"),
    (conv(padding=("SAME", "VALID")), TypeError, "conv2d: padding", "got ('SAME'"),
    # bias
    (conv(bias=np.zeros(3)), ValueError, "conv2d: bias", "each of the 4", "got 3"),
    (conv(bias=1.0), ValueError, "conv2d: bias", "[out_channels]"),
    (conv(bias=np.zeros((4, 1))), ValueError, "conv2d: bias", "shape (4, 1)"),
    (conv(bias=np.zeros(4, complex)), TypeError, "conv2d: bias", "complex128"),
    (conv(bias="none"), TypeError, "conv2d: bias", "<U4"),
    # the same checks under the other names
    (call(conv2d_loops, IMAGES, FILTERS, 0), ValueError, "conv2d_loops: strides"),
    (call(conv2d_loops, IMAGES, FILTERS[0]), ValueError, "conv2d_loops: filters"),
    (call(conv2d_loops, None, FILTERS), TypeError, "conv2d_loops: images"),
    # gradients
    (gradients(UPSTREAM[:1]), ValueError, "conv2d_gradients: upstream", "(2, 4, 5, 4)"),
    (gradients(UPSTREAM[0]), ValueError, "conv2d_gradients: upstream", "3 axes"),
    (gradients(UPSTREAM, strides=2), ValueError, "upstream", "(2, 2, 3, 4), got"),
    (gradients(UPSTREAM.astype("M8[s]")), TypeError, "conv2d_gradients: upstream"),
    (gradients(None), TypeError, "conv2d_gradients: upstream", "object"),
    (gradients(UPSTREAM, images=IMAGES[0]), ValueError, "upstream", "4 axes"),
    (gradients(UPSTREAM, padding="S"), ValueError, "conv2d_gradients: padding"),
    (gradients(UPSTREAM, images=IMAGES[..., :2]), ValueError, "conv2d_gradients: filt"),
    # geometry
    (call(output_size, 0, 3), ValueError, "output_size: size", "got 0"),
    (call(output_size, 5.0, 3), TypeError, "output_size: size", "got 5.0"),
    (call(output_size, (5, 5), 3), TypeError, "output_size: size", "got (5, 5)"),
    (call(output_size, "5", 3), TypeError, "output_size: size", "got '5'"),
    (call(output_size, 5, -3), ValueError, "output_size: filter_size", "got -3"),
    (call(output_size, 5, 6), ValueError, "output_size: filter_size is 6", "has 5"),
    (call(output_size, 5, 3, 0), ValueError, "output_size: stride", "got 0"),
    (call(output_size, 5, 3, True), TypeError, "output_size: stride", "got True"),
    (call(output_size, 5, 3, 1, "EVEN"), ValueError, "output_size: padding", "'EVEN'"),
    (call(output_size, 5, 3, 1, 2), TypeError, "output_size: padding", "got 2"),
    (call(output_size, 5, 3, 1, (1, 2, 3)), ValueError, "output_size: padding"),
    (call(output_size, 5, 3, 1, (-1, 1)), ValueError, "output_size: padding", "negat"),
    (call(output_size, 5, 3, 1, "SAME", 0), ValueError, "output_size: dilation"),
    (call(same_padding, 5, None), TypeError, "same_padding: filter_size", "None"),
    (call(same_padding, -5, 3), ValueError, "same_padding: size", "got -5"),
    (call(same_padding, 5, 3, 1.0), TypeError, "same_padding: stride", "got 1.0"),
    (call(receptive_field, 3), TypeError, "receptive_field: layers", "got 3"),
    (call(receptive_field, "VGG"), TypeError, "receptive_field: layers", "got 'VGG'"),
    (
        call(receptive_field, [(3, 1)]),
        ValueError,
        "layers[0]",
        "dilation",
        "got (3, 1)",
    ),
    (call(receptive_field, [(3, 1, 1), 3]), TypeError, "receptive_field: layers[1]"),
    (call(receptive_field, [(3, 0, 1)]), ValueError, "layers[0] (stride)", "got 0"),
    (call(receptive_field, [(3, 1, 1.5)]), TypeError, "layers[0] (dilation)", "1.5"),
    (call(conv_cost, (8, 8), 4, 3), ValueError, "conv_cost: input_shape", "channels"),
    (call(conv_cost, 8, 4, 3), TypeError, "conv_cost: input_shape", "got 8"),
    (call(conv_cost, (8, 8, 0), 4, 3), ValueError, "input_shape (channels)", "got 0"),
    (call(conv_cost, (8, 8, 3), 0, 3), ValueError, "conv_cost: filters", "got 0"),
    (call(conv_cost, (8, 8, 3), FILTERS, 3), TypeError, "conv_cost: filters", "array"),
    (call(conv_cost, (8, 8, 3), 4, 3.0), TypeError, "conv_cost: filter_size", "3.0"),
    (call(conv_cost, (8, 8, 3), 4, 9), ValueError, "conv_cost: filter_size is 9 high"),
    (call(conv_cost, (8, 8, 3), 4, 3, 0), ValueError, "conv_cost: strides", "got 0"),
    (call(conv_cost, (8, 8, 3), 4, 3, 1, "X"), ValueError, "conv_cost: padding"),
    # filters
    (call(line, 0, "vertical"), ValueError, "line: size", "got 0"),
    (call(line, 10**6, 0), ValueError, "line: size", "at most 10000", "got 1000000"),
    (call(line, 7.0, "vertical"), TypeError, "line: size", "got 7.0"),
    (call(line, (7, 7), 0), TypeError, "line: size", "got (7, 7)"),
    (call(line, 7, "diagonal"), ValueError, "line: orientation", "'diagonal'"),
    (call(line, 7, None), TypeError, "line: orientation", "got None"),
    (call(line, 7, np.nan), ValueError, "line: orientation", "got nan"),
    (call(line, 7, 10**400), ValueError, "line: orientation"),
    (call(line, 7, True), TypeError, "line: orientation", "got True"),
    (call(gabor, 7, 0, 0, 2), ValueError, "gabor: wavelength", "at least 2", "got 0"),
    (call(gabor, 7, 4, "up", 2), ValueError, "gabor: orientation", "'up'"),
    (call(gabor, 7, 4, 0, 0), ValueError, "gabor: sigma", "above 0", "got 0"),
    (call(gabor, 7, 4, 0, 2, "x"), TypeError, "gabor: phase", "got 'x'"),
    (call(gabor, 7, 4, 0, 2, 0, -1), ValueError, "gabor: aspect", "got -1"),
    (call(gabor, -7, 4, 0, 2), ValueError, "gabor: size", "got -7"),
    (call(gaussian, 5, -1), ValueError, "gaussian: sigma", "got -1"),
    (call(gaussian, 5, 1j), TypeError, "gaussian: sigma", "got 1j"),
    (call(gaussian, 5, np.inf), ValueError, "gaussian: sigma", "got inf"),
    (call(gaussian, None, 1), TypeError, "gaussian: size", "got None"),
    (call(sobel, 2), ValueError, "sobel: axis", "got 2"),
    (call(sobel, "vertical"), ValueError, "sobel: axis", "'vertical'"),
    (call(sobel, True), TypeError, "sobel: axis", "got True"),
    (call(sobel, [0]), TypeError, "sobel: axis", "got [0]"),
    (call(sharpen, -1), ValueError, "sharpen: amount", "got -1"),
    (call(sharpen, 1e300), ValueError, "sharpen: amount", "at most 1000000", "1e+300"),
    (call(sharpen, "more"), TypeError, "sharpen: amount", "got 'more'"),
    (call(stack, [], 3), ValueError, "stack: kernels", "got none"),
    (call(stack, None, 3), TypeError, "stack: kernels", "got None"),
    (call(stack, line(3, 0), 3), ValueError, "stack: kernels[0]", "[height, width]"),
    (call(stack, [line(3, 0), line(5, 0)], 3), ValueError, "stack: kernels", "(5, 5)"),
    (call(stack, [[["a"]]], 3), TypeError, "stack: kernels[0]", "<U1"),
    (call(stack, [line(3, 0)], 0), ValueError, "stack: in_channels", "got 0"),
    (call(stack, [line(3, 0)], 1.0), TypeError, "stack: in_channels", "got 1.0"),
    *bad_calls_conv.BAD_CALLS,
    *bad_calls_pooling.BAD_CALLS,
]


@pytest.mark.parametrize(
    ("bad_call", "kind", "fragments"),
    [(bad_call, kind, fragments) for bad_call, kind, *fragments in BAD_CALLS],
    ids=[f"{number}-{bad[0][0].__name__}" for number, bad in enumerate(BAD_CALLS)],
)
def test_bad_calls_are_refused_in_words(bad_call, kind, fragments):
    function, arguments, rest = bad_call
    with pytest.raises((ValueError, TypeError)) as caught:
        function(*arguments, **rest)
    assert caught.type is kind
    message = str(caught.value)
    assert message.startswith(f"{function.__name__}: ")
    for fragment in fragments:
        assert fragment in message
    assert len(message) < 250


odd_things = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=3),
    st.binary(max_size=2),
    st.lists(st.integers(-1, 4) | st.floats(0, 4), max_size=4),
    st.lists(st.lists(st.integers(-1, 3), max_size=3), max_size=3),
    st.tuples(st.tuples(st.integers(-1, 3), st.none() | st.integers(-1, 3))),
    st.dictionaries(st.integers(), st.integers(), max_size=1),
    st.sampled_from(
        [IMAGES, FILTERS, IMAGES[0], np.float32(2), np.int8(2), np.array(2), [IMAGES]]
    ),
    st.sampled_from([object(), int, 10**400, slice(3), range(2), np.array("SAME")]),
)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (conv2d, (IMAGES, FILTERS, 1, "SAME", 1, None)),
        (conv2d_gradients, (IMAGES, FILTERS, UPSTREAM, 1, "VALID", 1)),
        (output_size, (9, 3, 1, "SAME", 1)),
        (same_padding, (9, 3, 1, 1)),
        (receptive_field, ([(3, 1, 1)],)),
        (conv_cost, ((8, 8, 3), 4, 3, 1, "SAME")),
        (line, (5, 30)),
        (gabor, (5, 4, 30, 2, 0, 0.5)),
        (gaussian, (5, 1)),
        (sobel, (1,)),
        (sharpen, (1,)),
        (stack, ([np.eye(3)], 2)),
        *bad_calls_conv.GOOD_CALLS,
        *bad_calls_pooling.GOOD_CALLS,
    ],
)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_no_other_kind_of_error_leaks(function, arguments, data):
    arguments = list(arguments)
    position = data.draw(st.integers(0, len(arguments) - 1))
    arguments[position] = data.draw(odd_things)
    message = f"{function.__name__}: "
    try:
        function(*arguments)
    except (ValueError, TypeError) as error:
        message = str(error)
    assert message.startswith(f"{function.__name__}: ")
