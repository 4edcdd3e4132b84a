"""Transposed convolution: an image grows."""

import numpy as np

from helpers._axes import span
from helpers._conv_call import IMAGES
from helpers._phases import Painted, paint
from helpers._validation import (
    as_array,
    as_counts,
    as_padding,
    as_shape,
    check_channels,
    check_size,
    float_dtype,
)


def conv2d_transpose(
    images, filters, strides, padding="SAME", output_size=None, dilations=1
):
    """Convolve images with fractional strides: the transposed convolution.

    Derived in Chapter 4, The convolution family. Each pixel paints the filter, times
    its value, onto the answer, `strides` further for each step; what overlaps is added.
    It is the transpose of the matrix of `conv2d`: the map that takes the gradient of a
    convolution's answer back to its images. Two ways of seeing it give the same: the
    images are stretched with zeros, then convolved with the filters turned by 180°; or
    the filter moves by a fraction of a pixel for each pixel of the answer.

    Parameters
    ----------
    images : array_like, [batch, height, width, in_channels] or without batch
        Feature maps to enlarge.
    filters : array_like, [height, width, out_channels, in_channels]
        Weights: the filters of the convolution that takes the answer back to the shape
        of the images, so with its input channels first.
    strides : int or (int, int)
        Vertical and horizontal distance, in the answer, between the places where
        neighbouring pixels paint.
    padding : {"SAME", "VALID"} or ((top, bottom), (left, right))
        Of the convolution that leads back: rows and columns to cut off the answer.
    output_size : (int, int), optional
        Height and width of the answer: any from which that convolution leads back to
        the size of the images. If not given, `n` pixels become ``n * stride`` with
        SAME; with VALID ``(n - 1) * stride + span`` for the filter's span
        ``(size - 1) * dilation + 1``, or ``n * stride`` if the span is the smaller;
        with explicit padding as with VALID, less the padding.
    dilations : int or (int, int)
        Vertical and horizontal distance between neighbouring taps, in pixels of the
        answer.

    Returns
    -------
    ndarray, [batch, height, width, out_channels], or without batch as the images
        Float64 if an argument is float64, otherwise float32.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex images or a stride of 1.5.
    ValueError
        If an argument has the wrong shape or range, or no such answer exists.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016,
    https://arxiv.org/abs/1603.07285

    Examples
    --------
    Two pixels, two pixels apart, paint a filter of three: it overlaps in the middle.

    >>> row = np.array([[[1], [10]]])
    >>> brush = np.array([1, 2, 3]).reshape(1, 3, 1, 1)
    >>> conv2d_transpose(row, brush, strides=(1, 2), padding="VALID")[0, :, 0]
    array([ 1.,  2., 13., 20., 30.], dtype=float32)
    """
    name = "conv2d_transpose"
    images = as_array(name, "images", images, IMAGES.input_axes())
    axes = ("height, width, out_channels, in_channels",)
    filters = as_array(name, "filters", filters, axes)
    check_channels(name, filters, images, axis=-1)
    is_single = images.ndim == 3
    if is_single:
        images = images[np.newaxis]
    strides = as_counts(name, "strides", strides, axes=2)
    dilations = as_counts(name, "dilations", dilations, axes=2)
    padding = as_padding(name, padding, axes=2)
    if output_size is not None:
        output_size = as_shape(name, "output_size", output_size, "height, width")
    answer_axes = list(
        map(
            _lay_out_answer,
            ("high", "wide"),
            images.shape[1:3],
            filters.shape[:2],
            strides,
            (padding, padding) if isinstance(padding, str) else padding,
            dilations,
            output_size or (None, None),
        )
    )
    sides = (axis.length for axis in answer_axes)
    check_size(name, (len(images), *sides, filters.shape[2]))
    dtype = float_dtype(images, filters)
    answer = paint(images, filters, strides, dilations, answer_axes, dtype)
    return answer[0] if is_single else answer


def _lay_out_answer(way, size, filter_size, stride, padding, dilation, wanted):
    """Return one axis of the answer, `Painted`.

    A convolution leads back to `size` from each length between `shortest` and `longest`
    where the last pixels may fall between two strides.
    """
    stretch = span(filter_size, dilation)
    painted = (size - 1) * stride + stretch
    if padding == "SAME":
        shortest, length = painted - stretch + 1, size * stride
    else:
        cut = 0 if padding == "VALID" else sum(padding)
        shortest = painted - cut
        length = shortest + max(stride - stretch, 0)
    longest = shortest + stride - 1
    shortest = max(shortest, 1)
    if wanted is not None and not shortest <= wanted <= longest:
        raise ValueError(
            f"conv2d_transpose: output_size must be {shortest} to {longest} {way} for "
            f"images {size} {way}, these filters, strides and padding, got {wanted}"
        )
    length = wanted or length
    if length < 1:
        raise ValueError(
            f"conv2d_transpose: padding must leave something of the answer, {painted} "
            f"{way} without it, got {padding}"
        )
    if padding == "SAME":
        return Painted(length, max(painted - length, 0) // 2)
    return Painted(length, 0 if padding == "VALID" else padding[0])
