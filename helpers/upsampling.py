"""Upsampling of feature maps by a whole factor, in NumPy.

Derived in Chapter 14, *Semantic segmentation*, where a network that has shrunk its
feature maps must give a class to every pixel again. Both methods take pixels for little
squares, with their centres at 0.5, 1.5 and so on (*half-pixel centres*): so the first
and the last pixel have equal borders, before and after.
"""

import numpy as np

from helpers._upsampling import interpolate, repeat
from helpers._validation import as_array, as_factors, as_side, float_dtype

_IMAGE_AXES = ("height, width, channels", "batch, height, width, channels")


def upsample_nearest(images, factor):
    """Enlarge images by repeating each pixel.

    Derived in Chapter 14, Semantic segmentation. The same as Keras' ``UpSampling2D``.

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Pixels or feature maps.
    factor : int or (int, int)
        How often each pixel is repeated, vertically and horizontally.

    Returns
    -------
    ndarray, [batch, height * factor, width * factor, channels], or without batch
        float64 for float64 images, otherwise float32.

    Raises
    ------
    TypeError, ValueError
        If `images` has the wrong type or shape, or `factor` is no positive int or pair
        of them.

    Examples
    --------
    >>> upsample_nearest(np.array([[[1], [2]]]), (1, 2))[..., 0]
    array([[1., 1., 2., 2.]], dtype=float32)
    """
    return _upsample(repeat, "upsample_nearest", images, factor)


def upsample_bilinear(images, factor):
    r"""Enlarge images by bilinear interpolation.

    Derived in Chapter 14, Semantic segmentation. Along each axis, the centre of output
    pixel o lies at s = (o + 1/2) / factor - 1/2 among the centres of the input pixels,
    and

    .. math:: y_o = (1 - t) \, x_{\lfloor s \rfloor} + t \, x_{\lfloor s \rfloor + 1},
       \quad t = s - \lfloor s \rfloor

    where a pixel beyond the border is the one at the border. The same as
    ``tf.image.resize`` with its defaults (bilinear, no antialiasing).

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Pixels or feature maps.
    factor : int or (int, int)
        Vertical and horizontal factor.

    Returns
    -------
    ndarray, [batch, height * factor, width * factor, channels], or without batch
        float64 for float64 images, otherwise float32. NaN where one of the (up to
        four) pixels with a weight above zero is NaN.

    Raises
    ------
    TypeError, ValueError
        If `images` has the wrong type or shape, or `factor` is no positive int or pair
        of them.

    Examples
    --------
    >>> upsample_bilinear(np.array([[[0], [4]]]), (1, 2))[..., 0]
    array([[0., 1., 3., 4.]], dtype=float32)
    """
    return _upsample(interpolate, "upsample_bilinear", images, factor)


def _upsample(engine, function, images, factor):
    images = as_array(function, "images", images, _IMAGE_AXES)
    factors = as_factors(function, factor)
    batch = images if images.ndim == 4 else images[np.newaxis]
    answer = engine(batch, factors, float_dtype(images))
    return answer if images.ndim == 4 else answer[0]


def bilinear_filters(factor, channels):
    """Return filters with which a transposed convolution upsamples bilinearly.

    Derived in Chapter 14, Semantic segmentation; Chapter 4 meets the transposed
    convolution that they start off. With ``conv2d_transpose(images, filters, factor,
    padding="SAME")`` each channel is upsampled by itself, and away from the borders the
    answer is `upsample_bilinear`'s. (At the borders it fades, because there the
    convolution takes zeros for what lies outside.) As the first value of learned
    filters they give a network a sensible upsampling from the start.

    Parameters
    ----------
    factor : int or (int, int)
        Vertical and horizontal factor: the strides of the transposed convolution.
    channels : int
        Channels of the feature maps.

    Returns
    -------
    ndarray of float32, [height, width, channels, channels]
        In the order of a transposed convolution: height, width, out channels, in
        channels. The height is twice the factor, less one if the factor is odd; the
        width too.

    Raises
    ------
    TypeError, ValueError
        If an argument is no positive int (or, for `factor`, pair of them).

    References
    ----------
    Long, Shelhamer and Darrell, "Fully convolutional networks for semantic
    segmentation", 2015, https://arxiv.org/abs/1411.4038

    Examples
    --------
    >>> bilinear_filters((1, 2), 1)[..., 0, 0]
    array([[0.25, 0.75, 0.75, 0.25]], dtype=float32)
    >>> bilinear_filters(3, 4).shape
    (5, 5, 4, 4)
    """
    rows, columns = map(_triangle, as_factors("bilinear_filters", factor))
    channels = as_side("bilinear_filters", "channels", channels)
    filters = np.zeros((len(rows), len(columns), channels, channels), np.float32)
    each = np.arange(channels)
    filters[:, :, each, each] = np.outer(rows, columns)[..., np.newaxis]
    return filters


def _triangle(factor):
    """Return the weights with which a pixel reaches the output pixels around it."""
    size = 2 * factor - factor % 2
    return 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
