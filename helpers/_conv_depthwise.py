"""Convolution of each channel on its own, and separable convolution."""

import numpy as np  # noqa: F401 (the examples use it)

from helpers._conv_call import DEPTHWISE, SEPARABLE, check_call
from helpers._depthwise import depthwise
from helpers._validation import as_array, as_bias, float_dtype


def depthwise_conv2d(
    images, filters, strides=1, padding="VALID", dilations=1, bias=None
):
    """Convolve each channel with filters of its own.

    Derived in Chapter 4, The convolution family. Output channel ``c * multiplier + m``
    is input channel c convolved with ``filters[:, :, c, m]``: channels do not mix.

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Pixels or feature maps.
    filters : array_like, [height, width, channels, multiplier]
        Weights: `multiplier` filters for each channel.
    strides : int or (int, int)
        Vertical and horizontal distance between neighbouring windows, in pixels.
    padding : {"SAME", "VALID"} or ((top, bottom), (left, right))
        TensorFlow's rules, or the rows and columns of zeros to add.
    dilations : int or (int, int)
        Vertical and horizontal distance between neighbouring taps, in pixels.
    bias : array_like, [channels * multiplier], optional
        Added to each feature map.

    Returns
    -------
    ndarray, [batch, height, width, channels * multiplier], or without batch
        Float64 if an argument is float64, otherwise float32.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex images or a stride of 1.5.
    ValueError
        If an argument has the wrong shape or range, or no window fits.

    References
    ----------
    Howard et al., "MobileNets: efficient convolutional neural networks for mobile
    vision applications", 2017, https://arxiv.org/abs/1704.04861

    Examples
    --------
    Two filters for each of two channels: the sum of two pixels, and their difference.

    >>> image = np.array([[[1, 10], [2, 30]]])
    >>> filters = np.array([[1, 1], [1, -1]]).reshape(1, 2, 1, 2) * np.ones((2, 1))
    >>> depthwise_conv2d(image, filters)
    array([[[  3.,  -1.,  40., -20.]]])
    """
    call = check_call(
        "depthwise_conv2d",
        DEPTHWISE,
        images,
        filters,
        strides,
        padding,
        dilations,
        bias,
    )
    answer = depthwise(call.inputs, call.filters, call.windows, call.dtype, call.bias)
    return call.shaped(answer)


def separable_conv2d(
    images,
    depthwise_filters,
    pointwise_filters,
    strides=1,
    padding="VALID",
    dilations=1,
    bias=None,
):
    """Convolve in space channel by channel, then mix the channels pixel by pixel.

    Derived in Chapter 4, The convolution family: `depthwise_conv2d`, then `conv2d` with
    filters of 1×1. Together they do the work of a full convolution whose filters are
    the product of the two, with far fewer weights.

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Pixels or feature maps.
    depthwise_filters : array_like, [height, width, channels, multiplier]
        Weights in space: `multiplier` filters for each channel.
    pointwise_filters : array_like, [1, 1, channels * multiplier, out_channels]
        Weights across channels.
    strides, padding, dilations
        Of the depthwise part, as for `depthwise_conv2d`.
    bias : array_like, [out_channels], optional
        Added to each feature map at the end.

    Returns
    -------
    ndarray, [batch, height, width, out_channels], or without batch as the images
        Float64 if an argument is float64, otherwise float32.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex images or a stride of 1.5.
    ValueError
        If an argument has the wrong shape or range, or no window fits.

    References
    ----------
    Chollet, "Xception: deep learning with depthwise separable convolutions", 2017,
    https://arxiv.org/abs/1610.02357

    Examples
    --------
    >>> image = np.ones((5, 5, 3))
    >>> in_space, across = np.ones((3, 3, 3, 1)), np.ones((1, 1, 3, 8))
    >>> separable_conv2d(image, in_space, across)[0, 0]
    array([27., 27., 27., 27., 27., 27., 27., 27.])
    """
    name = "separable_conv2d"
    call = check_call(
        name, SEPARABLE, images, depthwise_filters, strides, padding, dilations
    )
    channels = SEPARABLE.output_channels(call.filters)
    pointwise = _as_pointwise(name, pointwise_filters, channels)
    arrays = [call.inputs, call.filters, pointwise]
    if bias is not None:
        arrays.append(as_bias(name, bias, pointwise.shape[3]))
    dtype = float_dtype(*arrays)
    maps = depthwise(call.inputs, call.filters, call.windows, dtype)
    # One product for all pixels: NumPy would make one for each row of each image.
    answer = maps.reshape(-1, channels) @ pointwise[0, 0].astype(dtype, copy=False)
    if bias is not None:
        answer += arrays[3]
    return call.shaped(answer.reshape(*maps.shape[:3], -1))


def _as_pointwise(function, value, channels):
    """Return checked filters of 1×1 that take as many channels."""
    axes = ("1, 1, channels * multiplier, out_channels",)
    filters = as_array(function, "pointwise_filters", value, axes)
    if filters.shape[:2] != (1, 1):
        raise ValueError(
            f"{function}: pointwise_filters must be 1×1, [{axes[0]}], "
            f"got shape {filters.shape}"
        )
    if filters.shape[2] != channels:
        raise ValueError(
            f"{function}: pointwise_filters take {filters.shape[2]} input channels, "
            f"depthwise_filters give {channels} (channels * multiplier)"
        )
    return filters
