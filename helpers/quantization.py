"""Numbers as small integers: a scale, a zero point, and what rounding costs."""

import numpy as np

from helpers._validation import as_array, as_count, float_dtype

_ANY = tuple(", ".join(["axis"] * rank) for rank in range(1, 6))


def quantize(values, bits=8, axis=None):
    """Return values as whole numbers, with their scale and zero point.

    Derived in Chapter 16: ``values ≈ scale · (integers - zero_point)``.

    Parameters
    ----------
    values : array_like
        Any shape of up to five axes; finite.
    bits : int, optional
        2 to 16; the integers reach from ``-2**(bits - 1)`` to ``2**(bits - 1) - 1``.
    axis : int, optional
        An axis whose entries each get a scale and a zero point of their own, such as
        -1 for the filters of a convolution. One of each for all values if not given.

    Returns
    -------
    integers : ndarray of int32
        Of the shape of the values.
    scale : ndarray of float
        The step between two numbers; broadcasts with `integers`.
    zero_point : ndarray of int32
        The integer that stands for 0, so that 0 is kept exactly.

    Raises
    ------
    ValueError, TypeError
        If an argument is not of the kind above.

    References
    ----------
    Jacob et al., "Quantization and training of neural networks for efficient
    integer-arithmetic-only inference", CVPR 2018.

    Examples
    --------
    >>> integers, scale, zero = quantize([-1.0, 0.0, 0.5, 3.0], bits=3)
    >>> integers, int(zero)
    (array([-4, -2, -1,  3], dtype=int32), -2)
    >>> dequantize(integers, scale, zero).round(2)
    array([-1.14,  0.  ,  0.57,  2.86])
    """
    values = as_array("quantize", "values", values, _ANY)
    values = values.astype(float_dtype(values), copy=False)
    bits = as_count("quantize", "bits", bits, maximum=16, minimum=2)
    if not np.isfinite(values).all():
        raise ValueError("quantize: values must be finite")
    axes, keep = None, False
    if axis is not None:
        if not -values.ndim <= axis < values.ndim:
            raise ValueError(
                f"quantize: axis must be one of the {values.ndim} axes, got {axis}"
            )
        axes = tuple(n for n in range(values.ndim) if n != axis % values.ndim)
        keep = True
    # The range must hold 0: padding, and the output of a ReLU, are full of it.
    low = np.minimum(values.min(axis=axes, keepdims=keep), 0)
    high = np.maximum(values.max(axis=axes, keepdims=keep), 0)
    smallest, largest = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    scale = (high - low) / (largest - smallest)
    scale = np.where(scale > 0, scale, 1).astype(values.dtype)
    zero_point = np.rint(smallest - low / scale).astype(np.int32)
    integers = np.rint(values / scale) + zero_point
    integers = np.clip(integers, smallest, largest).astype(np.int32)
    return integers, scale, zero_point


def dequantize(integers, scale, zero_point):
    """Return the numbers that integers stand for: the inverse of `quantize`.

    Used in Chapter 16.

    Examples
    --------
    >>> dequantize(np.array([-3, 0, 5]), 0.5, -3)
    array([0. , 1.5, 4. ])
    """
    return scale * (np.asarray(integers) - zero_point)
