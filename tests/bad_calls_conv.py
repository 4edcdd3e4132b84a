"""Bad calls of the convolution family: (call, kind of error, words of it)."""

import numpy as np

from helpers.conv import (
    conv1d,
    conv2d,
    conv2d_gradients,
    conv2d_transpose,
    conv3d,
    depthwise_conv2d,
    dilate,
    separable_conv2d,
)
from helpers.conv import local_response_normalization as normalize

SIGNALS, SIGNAL_FILTERS = np.zeros((2, 9, 3), "f"), np.zeros((4, 3, 5), "f")
VOLUMES, VOLUME_FILTERS = np.zeros((2, 4, 5, 6, 3), "f"), np.zeros((2, 3, 3, 3, 4), "f")
IMAGES, FILTERS = np.zeros((2, 6, 7, 3), "f"), np.zeros((3, 3, 3, 2), "f")
POINTWISE = np.zeros((1, 1, 6, 5), "f")
TRANSPOSED = np.zeros((3, 3, 4, 3), "f")
MASKED = np.ma.masked_array(IMAGES, IMAGES == 0)


def line(signals=SIGNALS, filters=SIGNAL_FILTERS, **rest):
    return conv1d, (signals, filters), rest


def volume(volumes=VOLUMES, filters=VOLUME_FILTERS, **rest):
    return conv3d, (volumes, filters), rest


def depthwise(images=IMAGES, filters=FILTERS, **rest):
    return depthwise_conv2d, (images, filters), rest


def separable(images=IMAGES, depthwise=FILTERS, pointwise=POINTWISE, **rest):
    return separable_conv2d, (images, depthwise, pointwise), rest


def transpose(images=IMAGES, filters=TRANSPOSED, strides=2, **rest):
    return conv2d_transpose, (images, filters, strides), rest


def response(activations=IMAGES, **rest):
    return normalize, (activations,), rest


def call(function, *arguments, **rest):
    return function, arguments, rest


BAD_CALLS = [
    # conv1d
    (
        line(SIGNALS[0, 0]),
        ValueError,
        "conv1d: signals",
        "[length, channels]",
        "1 axes",
    ),
    (line(IMAGES), ValueError, "conv1d: signals", "4 axes, shape (2, 6, 7, 3)"),
    (line(SIGNALS.astype(complex)), TypeError, "conv1d: signals must hold", "complex"),
    (line("sound.wav"), TypeError, "conv1d: signals", "<U9"),
    (
        line(SIGNALS[:, :0]),
        ValueError,
        "conv1d: signals must not be empty",
        "(2, 0, 3)",
    ),
    (line(filters=FILTERS), ValueError, "conv1d: filters", "length, in_channels, out"),
    (line(filters=SIGNAL_FILTERS[:, :2]), ValueError, "take 2", "signals have 3"),
    (line(SIGNALS[:, :3]), ValueError, "conv1d: filters are 4 long", "input has 3"),
    (line(dilations=3), ValueError, "conv1d: filters are 4 long (10 with dilation 3)"),
    (line(strides=0), ValueError, "conv1d: strides must be a positive int", "got 0"),
    (line(strides=(1, 1)), ValueError, "conv1d: strides", "(left to right,)", "(1, 1)"),
    (line(strides=(1.5,)), TypeError, "conv1d: strides", "got 1.5"),
    (line(dilations=-2), ValueError, "conv1d: dilations", "got -2"),
    (line(padding="CAUSAL"), ValueError, "conv1d: padding", "((left, right),)", "CAUS"),
    (line(padding=(3, 0)), TypeError, "conv1d: padding", "got (3, 0)"),
    (line(padding=((1, 1), (1, 1))), ValueError, "conv1d: padding", "((1, 1), (1, 1))"),
    (line(padding=((-1, 0),)), ValueError, "conv1d: padding", "none negative"),
    (line(padding=((10**12, 0),)), ValueError, "conv1d: the answer would have the sha"),
    (line(bias=np.zeros(4)), ValueError, "conv1d: bias", "each of the 5", "got 4"),
    # conv3d
    (
        volume(VOLUMES[0, 0]),
        ValueError,
        "conv3d: volumes",
        "[depth, height, width, cha",
    ),
    (volume(VOLUMES[None]), ValueError, "conv3d: volumes", "6 axes"),
    (volume(VOLUMES.astype("O")), TypeError, "conv3d: volumes must hold", "object"),
    (volume(VOLUMES[..., :0]), ValueError, "conv3d: volumes must not be empty"),
    (
        volume(filters=FILTERS),
        ValueError,
        "conv3d: filters",
        "depth, height, width, in",
    ),
    (volume(VOLUMES[..., :2]), ValueError, "filters take 3", "volumes have 2"),
    (volume(VOLUMES[:, :1]), ValueError, "conv3d: filters are 2 deep", "input has 1"),
    (volume(VOLUMES[:, :, :2]), ValueError, "conv3d: filters are 3 high", "has 2"),
    (volume(VOLUMES[:, :, :, :2]), ValueError, "conv3d: filters are 3 wide", "has 2"),
    (volume(dilations=(4, 1, 1)), ValueError, "2 deep (5 with dilation 4)", "has 4"),
    (volume(strides=(1, 1)), ValueError, "conv3d: strides", "(depth, vertical, horiz"),
    (volume(strides=(1, 1, 0)), ValueError, "conv3d: strides", "got 0"),
    (volume(strides="same"), TypeError, "conv3d: strides", "got 'same'"),
    (volume(dilations=0.5), TypeError, "conv3d: dilations", "got 0.5"),
    (volume(padding=((1, 1), (1, 1))), ValueError, "conv3d: padding", "(front, back)"),
    (volume(padding="reflect"), ValueError, "conv3d: padding", "got 'reflect'"),
    (volume(bias=np.zeros((4, 1))), ValueError, "conv3d: bias", "[out_channels]"),
    # depthwise_conv2d
    (depthwise(IMAGES[0, 0]), ValueError, "depthwise_conv2d: images", "2 axes"),
    (depthwise(MASKED), TypeError, "depthwise_conv2d: images", "masked array"),
    (depthwise(IMAGES.astype(np.float16)), TypeError, "depthwise_conv2d: images"),
    (depthwise(filters=FILTERS[..., 0]), ValueError, "height, width, channels, multip"),
    (depthwise(filters=FILTERS[:, :, :2]), ValueError, "filters take 2 input channels"),
    (depthwise(filters=FILTERS[..., :0]), ValueError, "depthwise_conv2d: filters must"),
    (depthwise(IMAGES[:, :2]), ValueError, "depthwise_conv2d: filters are 3 high"),
    (depthwise(strides=(2, 0)), ValueError, "depthwise_conv2d: strides", "got 0"),
    (depthwise(strides=[1, 2, 2, 1]), ValueError, "depthwise_conv2d: strides"),
    (depthwise(dilations=1.0), TypeError, "depthwise_conv2d: dilations", "got 1.0"),
    (depthwise(padding=1), TypeError, "depthwise_conv2d: padding", "got 1"),
    (depthwise(bias=np.zeros(3)), ValueError, "bias", "each of the 6 filters, got 3"),
    # separable_conv2d
    (separable(None), TypeError, "separable_conv2d: images", "object"),
    (separable(depthwise=POINTWISE), ValueError, "depthwise_filters take 6 input cha"),
    (
        separable(depthwise=FILTERS[0]),
        ValueError,
        "separable_conv2d: depthwise_filters",
    ),
    (separable(IMAGES[:, :2]), ValueError, "separable_conv2d: depthwise_filters are 3"),
    (
        separable(pointwise=FILTERS),
        ValueError,
        "pointwise_filters must be 1×1",
        "(3, 3",
    ),
    (separable(pointwise=POINTWISE[0, 0]), ValueError, "pointwise_filters", "2 axes"),
    (
        separable(pointwise=POINTWISE[:, :, :3]),
        ValueError,
        "take 3",
        "give 6 (channels",
    ),
    (separable(pointwise=POINTWISE.astype(complex)), TypeError, "pointwise_filters"),
    (
        separable(pointwise=[[[["a"]]]]),
        TypeError,
        "separable_conv2d: pointwise_filters",
    ),
    (separable(strides=None), TypeError, "separable_conv2d: strides", "got None"),
    (separable(padding="BOTH"), ValueError, "separable_conv2d: padding", "got 'BOTH'"),
    (
        separable(bias=np.zeros(6)),
        ValueError,
        "separable_conv2d: bias",
        "the 5 filters",
    ),
    # conv2d_transpose
    (transpose(IMAGES[0, 0, 0]), ValueError, "conv2d_transpose: images", "1 axes"),
    (transpose(IMAGES.astype("M8[s]")), TypeError, "conv2d_transpose: images", "datet"),
    (transpose(IMAGES[:0]), ValueError, "conv2d_transpose: images must not be empty"),
    (
        transpose(filters=TRANSPOSED[0]),
        ValueError,
        "height, width, out_channels, in_ch",
    ),
    (
        transpose(filters=TRANSPOSED.swapaxes(2, 3)),
        ValueError,
        "conv2d_transpose: filters take 4 input channels, images have 3",
    ),
    (transpose(strides=0), ValueError, "conv2d_transpose: strides", "got 0"),
    (transpose(strides=0.5), TypeError, "conv2d_transpose: strides", "got 0.5"),
    (transpose(strides=(2, -1)), ValueError, "conv2d_transpose: strides", "got -1"),
    (transpose(strides=10**9), ValueError, "conv2d_transpose: the answer would have"),
    (transpose(dilations=(1, 0)), ValueError, "conv2d_transpose: dilations", "got 0"),
    (transpose(padding="FULL"), ValueError, "conv2d_transpose: padding", "got 'FULL'"),
    (transpose(padding=(1, 1)), TypeError, "conv2d_transpose: padding", "got (1, 1)"),
    (
        transpose(padding=((9, 9), (0, 0))),
        ValueError,
        "conv2d_transpose: padding must leave something",
        "13 high",
        "got (9, 9)",
    ),
    (transpose(output_size=12), TypeError, "output_size must be (height, width)", "12"),
    (
        transpose(output_size=(12, 14, 4)),
        ValueError,
        "output_size must be (height, wid",
    ),
    (transpose(output_size=(2, 12, 14, 4)), ValueError, "output_size must be (height"),
    (transpose(output_size=(12.0, 14)), TypeError, "output_size (height)", "got 12.0"),
    (transpose(output_size=(12, 0)), ValueError, "output_size (width)", "got 0"),
    (transpose(output_size=(13, 14)), ValueError, "must be 11 to 12 high", "got 13"),
    (transpose(output_size=(12, 12)), ValueError, "must be 13 to 14 wide", "got 12"),
    (
        transpose(output_size=(15, 15), padding="VALID"),
        ValueError,
        "conv2d_transpose: output_size must be 13 to 14 high",
        "images 6 high",
    ),
    # conv2d_gradients
    (
        call(conv2d_gradients, IMAGES[0], FILTERS, np.zeros((4, 5, 3))),
        ValueError,
        "conv2d_gradients: upstream must have the shape",
        "(4, 5, 2), got (4, 5, 3)",
    ),
    (
        call(conv2d_gradients, IMAGES, FILTERS, [[1], [1, 2]]),
        ValueError,
        "equal length",
    ),
    # answers that no memory holds
    (
        call(conv2d, IMAGES, FILTERS, padding=((10**6, 10**6), (10**6, 10**6))),
        ValueError,
        "conv2d: the answer would have the shape (2, 2000004, 2000005, 2)",
        "smaller",
    ),
    (call(dilate, FILTERS, 10**9), ValueError, "dilate: the answer would have"),
    # dilate
    (call(dilate, 3.0, 2), ValueError, "dilate: filters", "0 axes"),
    (call(dilate, [1, 2, 3], 2), ValueError, "dilate: filters", "[height, width]"),
    (call(dilate, np.zeros((1,) * 6), 2), ValueError, "dilate: filters", "6 axes"),
    (call(dilate, [[]], 2), ValueError, "dilate: filters must not be empty"),
    (call(dilate, [["a"]], 2), TypeError, "dilate: filters must hold", "<U1"),
    (call(dilate, [[1, 2], [3]], 2), ValueError, "dilate: filters", "equal lengths"),
    (call(dilate, FILTERS, 0), ValueError, "dilate: rate must be a positive", "got 0"),
    (call(dilate, FILTERS, 1.5), TypeError, "dilate: rate", "got 1.5"),
    (call(dilate, FILTERS, True), TypeError, "dilate: rate", "got True"),
    (call(dilate, FILTERS, (1, 2, 3)), ValueError, "dilate: rate", "(vertical, horiz"),
    # local_response_normalization
    (response(IMAGES[0, 0]), ValueError, "activations must have the axes", "2 axes"),
    (response(IMAGES[..., :0]), ValueError, "activations must not be empty"),
    (response(IMAGES.astype(complex)), TypeError, "normalization: activations must"),
    (response(MASKED), TypeError, "normalization: activations", "masked array"),
    (
        response(depth_radius=-1),
        ValueError,
        "depth_radius must be an int of at least 0",
    ),
    (response(depth_radius=2.0), TypeError, "depth_radius", "got 2.0"),
    (response(depth_radius=True), TypeError, "depth_radius", "got True"),
    (response(bias=-1), ValueError, "bias must be a finite number of at least 0", "-1"),
    (response(bias=np.nan), ValueError, "normalization: bias", "got nan"),
    (response(bias=0), ValueError, "bias must be above 0 where all channels", "got 0"),
    (response(alpha=-0.1), ValueError, "normalization: alpha", "got -0.1"),
    (response(alpha="1"), TypeError, "normalization: alpha", "got '1'"),
    (response(beta=np.inf), ValueError, "normalization: beta", "got inf"),
    (response(beta=None), TypeError, "normalization: beta", "got None"),
    (response(beta=[0.5]), TypeError, "normalization: beta", "got [0.5]"),
]

# A call of each function that works, to be spoilt one argument at a time.
GOOD_CALLS = [
    (conv1d, (SIGNALS, SIGNAL_FILTERS, 1, "SAME", 1, None)),
    (conv3d, (VOLUMES, VOLUME_FILTERS, 1, "SAME", 1, None)),
    (depthwise_conv2d, (IMAGES, FILTERS, 1, "SAME", 1, None)),
    (separable_conv2d, (IMAGES, FILTERS, POINTWISE, 1, "SAME", 1, None)),
    (conv2d_transpose, (IMAGES, TRANSPOSED, 2, "SAME", None, 1)),
    (dilate, (FILTERS, 2)),
    (normalize, (IMAGES, 5, 1.0, 1.0, 0.5)),
]
