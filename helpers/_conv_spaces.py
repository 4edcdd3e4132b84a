"""Convolution in one and in three dimensions, and filters with holes."""

import numpy as np

from helpers._conv_call import SIGNALS, VOLUMES, check_call, convolve
from helpers._validation import as_array, as_counts, check_size, float_dtype


def conv1d(signals, filters, strides=1, padding="VALID", dilations=1, bias=None):
    """Convolve signals with filters that slide along one axis.

    Derived in Chapter 4, The convolution family. A signal is an image one pixel high,
    so this is `conv2d` on such images.

    Parameters
    ----------
    signals : array_like, [batch, length, in_channels] or without batch
        Samples: a time series of one or more channels, a text of embedded words.
    filters : array_like, [length, in_channels, out_channels]
        Weights.
    strides : int or (int,)
        Samples between neighbouring windows.
    padding : {"SAME", "VALID"} or ((left, right),)
        TensorFlow's rules, or the number of zeros to add. A causal convolution, which
        sees no future sample, has ``(span - 1, 0)`` for a span of
        ``(length - 1) * dilation + 1`` samples.
    dilations : int or (int,)
        Samples between neighbouring taps.
    bias : array_like, [out_channels], optional
        Added to each output channel.

    Returns
    -------
    ndarray, [batch, length, out_channels], or without batch as the signals
        Float64 if an argument is float64, otherwise float32.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex signals or a stride of 1.5.
    ValueError
        If an argument has the wrong shape or range, or no window fits.

    References
    ----------
    Van den Oord et al., "WaveNet: a generative model for raw audio", 2016,
    https://arxiv.org/abs/1609.03499 (causal and dilated convolutions)

    Examples
    --------
    How much each day is above the one before it:

    >>> days = np.array([[2], [5], [4], [4]])
    >>> rise = np.array([-1, 1]).reshape(2, 1, 1)
    >>> conv1d(days, rise)[:, 0]
    array([ 3., -1.,  0.], dtype=float32)
    """
    call = check_call(
        "conv1d", SIGNALS, signals, filters, strides, padding, dilations, bias
    )
    return convolve(call)


def conv3d(volumes, filters, strides=1, padding="VALID", dilations=1, bias=None):
    """Convolve volumes with filters that slide along three axes.

    Derived in Chapter 4, The convolution family. A filter is a stack of 2D filters, one
    for each of its layers; each is convolved with the slices of the volume that it
    meets, and the answers are added up.

    Parameters
    ----------
    volumes : array_like, [batch, depth, height, width, in_channels] or without batch
        Voxels: a scan, or the frames of a film.
    filters : array_like, [depth, height, width, in_channels, out_channels]
        Weights.
    strides : int or (int, int, int)
        Distance between neighbouring windows in depth, vertically and horizontally.
    padding : {"SAME", "VALID"} or ((front, back), (top, bottom), (left, right))
        TensorFlow's rules, or the slices, rows and columns of zeros to add.
    dilations : int or (int, int, int)
        Distance between neighbouring taps.
    bias : array_like, [out_channels], optional
        Added to each output channel.

    Returns
    -------
    ndarray, [batch, depth, height, width, out_channels], or without batch
        Float64 if an argument is float64, otherwise float32.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex volumes or a stride of 1.5.
    ValueError
        If an argument has the wrong shape or range, or no window fits.

    References
    ----------
    Ji, Xu, Yang and Yu, "3D convolutional neural networks for human action
    recognition", IEEE TPAMI 35 (1), 2013, https://doi.org/10.1109/TPAMI.2012.59

    Examples
    --------
    >>> film = np.arange(3.0).reshape(3, 1, 1, 1) * np.ones((2, 2, 1))
    >>> change = np.array([-1, 1]).reshape(2, 1, 1, 1, 1)
    >>> conv3d(film, change).shape, conv3d(film, change).max()
    ((2, 2, 2, 1), np.float64(1.0))
    """
    call = check_call(
        "conv3d", VOLUMES, volumes, filters, strides, padding, dilations, bias
    )
    return convolve(call)


_SPACE_AXES = {2: 2, 3: 1, 4: 2, 5: 3}


def dilate(filters, rate):
    """Put ``rate - 1`` zeros between neighbouring taps of a filter.

    Derived in Chapter 4, The convolution family. A convolution with the answer is the
    *atrous* (with holes) convolution: the same as one with the filters themselves and
    ``dilations=rate``, which does not multiply by the zeros.

    Parameters
    ----------
    filters : array_like
        A kernel [height, width], or the filters of `conv1d` (3 axes), `conv2d` (4) or
        `conv3d` (5). Their channels stay as they are.
    rate : int, or a tuple with an int for each axis of space
        Distance between neighbouring taps in the answer; 1 changes nothing.

    Returns
    -------
    ndarray
        Sides of ``(size - 1) * rate + 1``; float64 filters stay float64, all others
        give float32.

    Raises
    ------
    TypeError, ValueError
        If `filters` is no such array, or `rate` no positive int or tuple of them.

    References
    ----------
    Yu and Koltun, "Multi-scale context aggregation by dilated convolutions", 2016,
    https://arxiv.org/abs/1511.07122

    Examples
    --------
    >>> dilate([[1, 2, 3]], rate=4)
    array([[1., 0., 0., 0., 2., 0., 0., 0., 3.]], dtype=float32)
    """
    filters = as_array(
        "dilate",
        "filters",
        filters,
        (
            "height, width",
            "length, in_channels, out_channels",
            "height, width, in_channels, out_channels",
            "depth, height, width, in_channels, out_channels",
        ),
    )
    axes = _SPACE_AXES[filters.ndim]
    rates = as_counts("dilate", "rate", rate, axes)
    sides = tuple(
        (size - 1) * step + 1
        for size, step in zip(filters.shape[:axes], rates, strict=True)
    )
    check_size("dilate", sides + filters.shape[axes:])
    answer = np.zeros(sides + filters.shape[axes:], float_dtype(filters))
    # A step as long as the axis takes its one tap, however large the rate.
    steps = map(min, rates, sides)
    answer[tuple(slice(None, None, step) for step in steps)] = filters
    return answer
