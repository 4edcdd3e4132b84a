"""Small filters with a meaning: lines, edges, blurs, and Gabor's model of a neuron.

Each function returns one float32 filter ``[height, width]``, the type that TensorFlow
convolves images in; `stack` makes of them the filters of a convolutional layer.
Angles are in degrees, anticlockwise from the horizontal as seen on the screen, and an
orientation is that of the *line* that a filter answers to most: 90 is vertical.
"""

import numpy as np

from helpers._validation import (
    as_kernels,
    as_number,
    as_orientation,
    as_side,
    float_dtype,
    show,
)

_AXES = {"y": 0, "x": 1}


def line(size, orientation):
    """Return a filter of zeros with a line of ones through its centre.

    Introduced in Chapter 2, Convolutional layers. A pixel holds one minus its distance
    to the line in pixels, or zero: exactly a column of ones for ``"vertical"`` and odd
    sizes, and a smooth (anti-aliased) line at any other angle. With an even size the
    centre lies between two pixels, and both hold one half.

    Parameters
    ----------
    size : int
        Height and width, in pixels.
    orientation : {"vertical", "horizontal"} or float
        Direction of the line, in degrees anticlockwise from the horizontal.

    Returns
    -------
    ndarray, float32, [size, size]
        The filter, values from 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If the size is not a positive int, or the orientation is none.

    Examples
    --------
    >>> line(3, "vertical")
    array([[0., 1., 0.],
           [0., 1., 0.],
           [0., 1., 0.]], dtype=float32)
    """
    angle = as_orientation("line", orientation)
    _, across = _rotated_axes(as_side("line", "size", size), angle)
    return np.array(np.clip(1 - np.abs(across), 0, None), np.float32)


def gabor(size, wavelength, orientation, sigma, phase=0.0, aspect=0.5):
    r"""Return a Gabor filter: a wave under a bell, a model of a simple cell.

    Introduced in Chapter 1, The visual cortex. With s the coordinate along the
    orientation and t the one across it,

    .. math:: g = \exp\left(-\frac{t^2 + \gamma^2 s^2}{2 \sigma^2}\right)
       \cos\left(2 \pi \frac{t}{\lambda} + \varphi\right)

    Parameters
    ----------
    size : int
        Height and width, in pixels; about 6 `sigma` holds the whole bell.
    wavelength : float
        λ, in pixels, at least 2: a shorter wave cannot be told from a longer one.
    orientation : {"vertical", "horizontal"} or float
        Direction of the stripes, as for `line`: with 90 the filter answers most to
        vertical lines. (Authors who give the direction of the *wave* differ by 90.)
    sigma : float
        σ, the standard deviation of the bell across the stripes, in pixels.
    phase : float
        φ, in degrees: 0 for a bright line, 180 for a dark one, 90 and -90 for an edge.
    aspect : float
        γ: the bell is 1 / γ times as long along the stripes as across.

    Returns
    -------
    ndarray, float32, [size, size]
        The filter, values from -1 to 1. Its sum is not zero in general.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of the range above.

    References
    ----------
    Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
    orientation optimized by two-dimensional visual cortical filters", J. Opt. Soc. Am.
    A 2 (7), 1985, https://doi.org/10.1364/JOSAA.2.001160

    Petkov and Kruizinga, "Computational models of visual neurons specialised in the
    detection of periodic and aperiodic oriented visual stimuli", Biological Cybernetics
    76, 1997, https://doi.org/10.1007/s004220050323 (this parametrisation)

    Examples
    --------
    >>> gabor(5, wavelength=4, orientation=90, sigma=2)[2].round(2)
    array([-0.61,  0.  ,  1.  ,  0.  , -0.61], dtype=float32)
    """
    size = as_side("gabor", "size", size)
    wavelength = as_number("gabor", "wavelength", wavelength, minimum=2)
    angle = as_orientation("gabor", orientation)
    sigma = as_number("gabor", "sigma", sigma, above=0)
    phase = np.deg2rad(as_number("gabor", "phase", phase))
    aspect = as_number("gabor", "aspect", aspect, above=0)
    along, across = _rotated_axes(size, angle)
    bell = _bell(across, sigma) * _bell(along, sigma / aspect)
    return np.array(bell * np.cos(2 * np.pi * across / wavelength + phase), np.float32)


def gaussian(size, sigma):
    """Return a round bell whose values sum to one: a blur.

    Introduced in Chapter 2, Convolutional layers.

    Parameters
    ----------
    size : int
        Height and width, in pixels; about 6 `sigma` holds the whole bell.
    sigma : float
        Standard deviation, in pixels, above 0.

    Returns
    -------
    ndarray, float32, [size, size]

    Raises
    ------
    TypeError, ValueError
        If the size is not a positive int, or sigma not a positive number.

    Examples
    --------
    >>> gaussian(3, sigma=0.85).round(2)
    array([[0.06, 0.12, 0.06],
           [0.12, 0.25, 0.12],
           [0.06, 0.12, 0.06]], dtype=float32)
    """
    size = as_side("gaussian", "size", size)
    sigma = as_number("gaussian", "sigma", sigma, above=0)
    positions = np.abs(_centred(size))
    # Relative to the innermost pixels, so that no sigma is too small for even sizes.
    nearest = positions.min()
    profile = _bell(np.sqrt((positions - nearest) * (positions + nearest)), sigma)
    profile /= profile.sum()
    return np.array(np.outer(profile, profile), np.float32)


def sobel(axis):
    """Return Sobel's filter for the change of brightness along an axis.

    Introduced in Chapter 2, Convolutional layers.

    Parameters
    ----------
    axis : {0, 1, "y", "x"}
        0 or ``"y"``: positive where it gets brighter downwards (horizontal edges);
        1 or ``"x"``: positive where it gets brighter to the right (vertical edges).

    Returns
    -------
    ndarray, float32, [3, 3]

    Raises
    ------
    TypeError, ValueError
        If `axis` is something else.

    References
    ----------
    Duda and Hart, "Pattern Classification and Scene Analysis", Wiley, 1973, p. 271

    Examples
    --------
    >>> sobel("x")
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]], dtype=float32)
    """
    wanted = 'sobel: axis must be 0 or "y" (downwards), 1 or "x" (to the right)'
    if isinstance(axis, bool) or not isinstance(axis, (int, np.integer, str)):
        raise TypeError(f"{wanted}, got {show(axis)}")
    axis = _AXES.get(axis, axis)
    if axis not in (0, 1):
        raise ValueError(f"{wanted}, got {show(axis)}")
    downwards = np.outer([-1, 0, 1], [1, 2, 1])
    return np.array(downwards if axis == 0 else downwards.T, np.float32, order="C")


def laplacian():
    """Return the filter that sums the differences to the four neighbours.

    Introduced in Chapter 2, Convolutional layers.

    Returns
    -------
    ndarray, float32, [3, 3]
        The filter: positive on a dark spot.

    Examples
    --------
    >>> laplacian()
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]], dtype=float32)
    """
    return np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32)


def sharpen(amount=1.0):
    """Return the filter that takes `amount` times the Laplacian off the image.

    Introduced in Chapter 2, Convolutional layers.

    Parameters
    ----------
    amount : float
        0 leaves the image alone. Not negative, which would blur; at most 1e6.

    Returns
    -------
    ndarray, float32, [3, 3]
        The filter; its values sum to one.

    Raises
    ------
    TypeError, ValueError
        If `amount` is not a number from 0 to 1e6.

    Examples
    --------
    >>> sharpen(1)
    array([[ 0., -1.,  0.],
           [-1.,  5., -1.],
           [ 0., -1.,  0.]], dtype=float32)
    """
    amount = as_number("sharpen", "amount", amount, 0, maximum=1e6)
    return np.array(np.pad([[1]], 1) - amount * laplacian(), np.float32)


def stack(kernels, in_channels):
    """Return the filters of a convolutional layer, one output channel a kernel.

    Introduced in Chapter 2, Convolutional layers.

    Parameters
    ----------
    kernels : sequence of array_like, each [height, width]
        Kernels of one shape, such as this module's functions return.
    in_channels : int
        Channels of the images; each meets the same kernel, and the sum is the answer.

    Returns
    -------
    ndarray, [height, width, in_channels, len(kernels)]
        The filters: float32, or float64 if a kernel is.

    Raises
    ------
    TypeError, ValueError
        If the kernels are none, or of different shapes, or not numbers.

    Examples
    --------
    >>> stack([line(7, "vertical"), line(7, "horizontal")], in_channels=3).shape
    (7, 7, 3, 2)
    """
    in_channels = as_side("stack", "in_channels", in_channels)
    kernels = as_kernels("stack", kernels)
    filters = np.stack(kernels, axis=-1).astype(float_dtype(*kernels))
    return np.repeat(filters[:, :, np.newaxis], in_channels, axis=2)


def _centred(size):
    return np.arange(size) - (size - 1) / 2


def _rotated_axes(size, angle):
    """Return each pixel's coordinates (along, across) the orientation, in pixels."""
    right, up = np.meshgrid(_centred(size), -_centred(size))
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    along, across = right * cosine + up * sine, right * sine - up * cosine
    # The cosine of 90° is 6e-17 in floating point; a line must have exact zeros.
    return along.round(12), across.round(12)


def _bell(distance, sigma):
    with np.errstate(over="ignore"):
        return np.exp(-((distance / sigma) ** 2) / 2)
