"""Small networks that enlarge photographs, and how well they do it.

It needs Keras with TensorFlow behind it.
"""

import keras
import numpy as np
from keras import layers

from helpers._validation import as_array, as_count, as_number, show
from helpers.layers import BilinearUpsampling2D
from helpers.upsampling import bilinear_filters

_PATCHES = "patches"


def psnr(truth, prediction, peak=1.0):
    r"""Return the peak signal-to-noise ratio in decibels; used in Chapter 14.

    .. math:: 10 \log_{10} \frac{\text{peak}^2}{\text{mean squared error}}

    Parameters
    ----------
    truth, prediction : array_like
        Of one shape.
    peak : float, optional
        The largest value that a pixel can have.

    Returns
    -------
    float
        The higher, the closer; infinity where the two are equal.

    Raises
    ------
    TypeError, ValueError
        If the shapes differ, there is no pixel, or the peak is not above 0.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.super_resolution import psnr
    >>> round(psnr(np.zeros((4, 4)), np.full((4, 4), 0.1)), 6)
    20.0
    """
    peak = as_number("psnr", "peak", peak, above=0)
    truth, prediction = np.asarray(truth, float), np.asarray(prediction, float)
    if truth.shape != prediction.shape or not truth.size:
        raise ValueError(
            "psnr: truth and prediction must have one shape, with pixels, got "
            f"{show(truth.shape)} and {show(prediction.shape)}"
        )
    error = np.mean((truth - prediction) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(peak**2 / error))


def patches(pictures, count, side, seed=0):
    """Cut square patches out of pictures, at random places; used in Chapter 14.

    Parameters
    ----------
    pictures : sequence of array_like, each [height, width, channels]
        Taken in turn.
    count : int
        How many patches.
    side : int
        Their height and width; every picture is at least as large.
    seed : int, optional
        Decides the places.

    Returns
    -------
    ndarray of float32, [count, side, side, channels]

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.super_resolution import patches
    >>> patches([np.zeros((40, 60, 1))], count=3, side=16).shape
    (3, 16, 16, 1)
    """
    count, side = as_count(_PATCHES, "count", count), as_count(_PATCHES, "side", side)
    axes = "height, width, channels"
    pictures = [as_array(_PATCHES, "pictures", each, (axes,)) for each in pictures]
    if not pictures or min(min(each.shape[:2]) for each in pictures) < side:
        raise ValueError(
            f"patches: pictures must hold some of at least {side} × {side} pixels, got "
            f"{show([each.shape for each in pictures])}"
        )
    rng, cut = np.random.default_rng(seed), []
    for number in range(count):
        picture = pictures[number % len(pictures)]
        top, left = (rng.integers(length - side + 1) for length in picture.shape[:2])
        cut.append(picture[top : top + side, left : left + side])
    return np.stack(cut).astype(np.float32)


def linear_upsampler(factor=2):
    """Build one transposed convolution that begins bilinear; used in Chapter 14.

    Its filter reads one more pixel to each side than bilinear interpolation does. The
    weights there begin at zero.

    Parameters
    ----------
    factor : int, optional
        An even number: how much larger the grey pictures become.

    Returns
    -------
    keras.Model
        From ``[batch, height, width, 1]`` to `factor` times the height and width.

    Examples
    --------
    >>> from helpers.super_resolution import linear_upsampler
    >>> linear_upsampler(2).count_params()
    64
    """
    factor = _even("linear_upsampler", factor)
    filters = np.zeros((4 * factor, 4 * factor, 1, 1), np.float32)
    filters[factor:-factor, factor:-factor] = bilinear_filters(factor, 1)
    pictures = keras.Input((None, None, 1))
    enlarged = layers.Conv2DTranspose(
        1,
        4 * factor,
        strides=factor,
        padding="same",
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(filters),
    )(pictures)
    return keras.Model(pictures, enlarged, name="linear_upsampler")


def super_resolver(factor=2, filters=16):
    """Build a small network that enlarges grey pictures; used in Chapter 14.

    Two convolutions at the small size, then a transposed one, added to bilinear
    interpolation. Its last weights begin at zero: untrained, it is bilinear.

    Parameters
    ----------
    factor : int, optional
        An even number: how much larger the pictures become.
    filters : int, optional
        Maps of the two convolutions.

    Returns
    -------
    keras.Model
        From ``[batch, height, width, 1]`` to `factor` times the height and width.

    References
    ----------
    Dong, Loy, Tang: "Accelerating the super-resolution convolutional neural network",
    ECCV 2016, ends in a transposed convolution, too.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.super_resolution import super_resolver
    >>> super_resolver(2)(np.zeros((1, 8, 10, 1))).shape
    TensorShape([1, 16, 20, 1])
    """
    factor = _even("super_resolver", factor)
    filters = as_count("super_resolver", "filters", filters)
    pictures = maps = keras.Input((None, None, 1))
    for size in (5, 3):
        maps = layers.Conv2D(
            filters,
            size,
            padding="same",
            activation="relu",
            kernel_initializer="he_normal",
        )(maps)
    detail = layers.Conv2DTranspose(
        1, 4 * factor, strides=factor, padding="same", kernel_initializer="zeros"
    )(maps)
    smooth = BilinearUpsampling2D(factor)(pictures)
    return keras.Model(pictures, layers.Add()([smooth, detail]), name="super_resolver")


def _even(function, factor):
    factor = as_count(function, "factor", factor)
    if factor % 2:
        raise ValueError(f"{function}: factor must be even, got {factor}")
    return factor
