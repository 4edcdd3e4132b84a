"""The family of convolutions, and their gradients, in NumPy.

As in TensorFlow, Keras and PyTorch, the filters are not flipped: a mathematician would
say cross-correlation. Derived in Chapter 2, *Convolutional layers*, and Chapter 4, *The
convolution family*; local response normalization in Chapter 6.
"""

import numpy as np

from helpers._columns import filter_gradient
from helpers._conv_call import IMAGES, check_call, convolve
from helpers._conv_depthwise import depthwise_conv2d, separable_conv2d
from helpers._conv_spaces import conv1d, conv3d, dilate
from helpers._conv_transposed import conv2d_transpose
from helpers._local_response import local_response_normalization
from helpers._phases import Painted, paint
from helpers._validation import as_array, float_dtype

__all__ = [
    "conv1d",
    "conv2d",
    "conv2d_gradients",
    "conv2d_loops",
    "conv2d_transpose",
    "conv3d",
    "depthwise_conv2d",
    "dilate",
    "local_response_normalization",
    "separable_conv2d",
]


def conv2d(images, filters, strides=1, padding="VALID", dilations=1, bias=None):
    """Convolve images with filters: the fast implementation.

    Derived in Chapter 2, Convolutional layers. The equation is `conv2d_loops`'s; here
    blocks of windows become rows of a matrix, and one matrix product with the filters
    gives a block of the answer. Memory beyond images, filters and answer stays under
    64 MB.

    Parameters
    ----------
    images : array_like, [batch, height, width, in_channels] or without batch
        Pixels or feature maps.
    filters : array_like, [height, width, in_channels, out_channels]
        Weights.
    strides : int or (int, int)
        Vertical and horizontal distance between neighbouring windows, in pixels.
    padding : {"SAME", "VALID"} or ((top, bottom), (left, right))
        TensorFlow's rules (with SAME the odd zero goes to the bottom and right), or the
        rows and columns of zeros to add.
    dilations : int or (int, int)
        Vertical and horizontal distance between neighbouring taps, in pixels.
    bias : array_like, [out_channels], optional
        Added to each feature map.

    Returns
    -------
    ndarray, [batch, height, width, out_channels], or without batch as the images
        Feature maps: float64 if an argument is float64, otherwise float32.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex images or a stride of 1.5.
    ValueError
        If an argument has the wrong shape or range, or no window fits.

    References
    ----------
    Chellapilla, Puri and Simard, "High performance convolutional neural networks for
    document processing", 2006, https://inria.hal.science/inria-00112631

    Examples
    --------
    >>> image = np.array([[0, 0, 9], [0, 0, 9], [0, 0, 9]])[..., np.newaxis]
    >>> edge = np.array([[-1, 1]])[..., np.newaxis, np.newaxis]
    >>> conv2d(image, edge)[..., 0]
    array([[0., 9.],
           [0., 9.],
           [0., 9.]], dtype=float32)
    """
    call = check_call(
        "conv2d", IMAGES, images, filters, strides, padding, dilations, bias
    )
    return convolve(call)


def conv2d_loops(images, filters, strides=1, padding="VALID", dilations=1, bias=None):
    r"""Convolve images with filters, as the equation says, loop for loop.

    Derived in Chapter 2, Convolutional layers. With x the images, w the filters, b the
    bias, s the strides, d the dilations and p the padding,

    .. math:: z_{i,j,k} = b_k + \sum_{u,v,k'} x_{i',j',k'} \, w_{u,v,k',k},
       \quad i' = i \, s_h + u \, d_h - p_{top},
       \quad j' = j \, s_w + v \, d_w - p_{left}

    and x is zero outside the image. Slow: this one is to be read, `conv2d` to be used.

    Parameters
    ----------
    images, filters, strides, padding, dilations, bias
        As for `conv2d`.

    Returns
    -------
    ndarray, [batch, height, width, out_channels], or without batch as the images
        The same as `conv2d`'s, but for rounding.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`.

    Examples
    --------
    >>> image = np.arange(9.0).reshape(3, 3, 1)
    >>> conv2d_loops(image, np.ones((2, 2, 1, 1)))[..., 0]
    array([[ 8., 12.],
           [20., 24.]])
    """
    call = check_call(
        "conv2d_loops", IMAGES, images, filters, strides, padding, dilations, bias
    )
    x, w = (array.astype(call.dtype) for array in (call.inputs, call.filters))
    b = np.zeros(w.shape[3], call.dtype) if call.bias is None else call.bias
    (s_h, s_w), (d_h, d_w) = call.strides, call.dilations
    # Zeros in front of the image shift its indices by p: no need to subtract it below.
    x = np.pad(x, ((0, 0), *(axis[:2] for axis in call.axes), (0, 0)))
    z = np.empty((len(x), *call.outputs, w.shape[3]), call.dtype)
    for n, i, j, k in np.ndindex(z.shape):
        z[n, i, j, k] = b[k]
        for u, v, c in np.ndindex(w.shape[:3]):
            row, column = i * s_h + u * d_h, j * s_w + v * d_w
            z[n, i, j, k] += x[n, row, column, c] * w[u, v, c, k]
    return call.shaped(z)


def conv2d_gradients(
    images, filters, upstream, strides=1, padding="VALID", dilations=1
):
    """Return the gradients of a convolution with respect to images and filters.

    Derived in Chapter 2, Convolutional layers. Both are convolutions again. For the
    images: of `upstream`, with zeros between its pixels where the stride was above 1,
    with the filters turned by 180° and their channels exchanged. For the filters: of
    the images with `upstream`, strides and dilations exchanged.

    Parameters
    ----------
    images, filters, strides, padding, dilations
        As they were given to `conv2d`.
    upstream : array_like, the shape of ``conv2d(images, filters, ...)``
        Gradient of the loss with respect to each output.

    Returns
    -------
    d_images : ndarray, the shape of `images`
        Gradient of the loss with respect to each pixel.
    d_filters : ndarray, the shape of `filters`
        Gradient of the loss with respect to each weight, summed over the batch.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`, or if `upstream` has not the shape of its answer.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016,
    https://arxiv.org/abs/1603.07285

    Examples
    --------
    Each pixel under three windows of a 1×3 filter of ones receives from all three:

    >>> d_images, d_filters = conv2d_gradients(
    ...     np.ones((1, 5, 1)), np.ones((1, 3, 1, 1)), np.ones((1, 3, 1))
    ... )
    >>> d_images[0, :, 0], d_filters[0, :, 0, 0]
    (array([1., 2., 3., 2., 1.]), array([3., 3., 3.]))
    """
    name = "conv2d_gradients"
    call = check_call(name, IMAGES, images, filters, strides, padding, dilations)
    images, filters, windows = call.inputs, call.filters, call.windows
    axes = IMAGES.input_axes()[:1] if call.is_single else IMAGES.input_axes()[1:]
    upstream = as_array(name, "upstream", upstream, axes)
    answer_shape = (len(images), *call.outputs, filters.shape[3])
    if upstream.shape != answer_shape[call.is_single :]:
        raise ValueError(
            f"{name}: upstream must have the shape of the convolution's answer, "
            f"{answer_shape[call.is_single :]}, got {upstream.shape}"
        )
    dtype = float_dtype(images, filters, upstream)
    upstream = upstream.reshape(answer_shape)
    d_filters = filter_gradient(images, upstream, windows, dtype)
    places = [
        Painted(size, axis.before)
        for size, axis in zip(images.shape[1:3], call.axes, strict=True)
    ]
    d_images = paint(upstream, filters, call.strides, call.dilations, places, dtype)
    return call.shaped(d_images), d_filters
