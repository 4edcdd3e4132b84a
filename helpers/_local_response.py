"""Local response normalization: neighbouring channels compete."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers._blocks import for_each, slices, workspace
from helpers._conv_call import IMAGES
from helpers._validation import as_array, as_count, as_number, float_dtype

BLOCK_BYTES = 1 << 19


def local_response_normalization(
    activations, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5
):
    r"""Divide each activation by what the channels next to it answer at its place.

    Derived in Chapter 6, with AlexNet. With a the activations of one pixel and r the
    radius,

    .. math:: b_k = a_k \Big/ \Big(bias + \alpha
       \sum_{k'=\max(0, k-r)}^{\min(K-1, k+r)} a_{k'}^2\Big)^\beta

    as in ``tf.nn.local_response_normalization``. Some papers and libraries divide alpha
    by the number of channels in the sum; here it is not divided.

    Parameters
    ----------
    activations : array_like, [batch, height, width, channels] or without batch
        Feature maps.
    depth_radius : int
        Channels on each side that count, 0 or more.
    bias : float
        At least 0. With 0, a pixel whose channels in reach are all zero is an error.
    alpha, beta : float
        At least 0.

    Returns
    -------
    ndarray, the shape of `activations`
        Float64 for float64 activations, otherwise float32.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex activations.
    ValueError
        If an argument has the wrong shape or range, or if it would divide by zero.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional
    neural networks", 2012, section 3.3

    Examples
    --------
    The strong channel keeps its neighbours down; a channel out of its reach is spared:

    >>> pixel = np.array([[[1.0, 10.0, 1.0, 1.0]]])
    >>> local_response_normalization(pixel, depth_radius=1).round(2)
    array([[[0.1 , 0.99, 0.1 , 0.58]]])
    """
    name = "local_response_normalization"
    activations = as_array(name, "activations", activations, IMAGES.input_axes())
    radius = as_count(name, "depth_radius", depth_radius, minimum=0)
    bias = as_number(name, "bias", bias, minimum=0)
    alpha = as_number(name, "alpha", alpha, minimum=0)
    beta = as_number(name, "beta", beta, minimum=0)
    answer = np.empty(activations.shape, float_dtype(activations))
    channels = activations.shape[-1]
    pixels, answers = (x.reshape(-1, channels) for x in (activations, answer))
    radius = min(radius, channels - 1)
    width = channels + 2 * radius

    def work(cut):
        shape = (cut.stop - cut.start, width)
        squares = workspace("squares", shape, answer.dtype)
        squares[:, :radius] = squares[:, channels + radius :] = 0
        middle = squares[:, radius : channels + radius]
        np.square(pixels[cut], out=middle, dtype=answer.dtype)
        # Zeros around every pixel's channels: no window reaches into the next pixel.
        sums = _window_sums(squares.ravel(), 2 * radius + 1)
        sums *= alpha
        sums += bias
        # The windows between two pixels are computed too, and left out only here.
        steps = squares.strides
        totals = as_strided(sums, middle.shape, steps)
        if bias == 0 and beta > 0 and not totals.all():
            raise ValueError(
                f"{name}: bias must be above 0 where all channels in reach are 0, got 0"
            )
        totals = as_strided(sums**beta, middle.shape, steps)
        np.divide(pixels[cut], totals, out=answers[cut], dtype=answer.dtype)

    step = max(1, BLOCK_BYTES // (width * answer.itemsize))
    for_each(work, slices(len(pixels), step))
    return answer


def _window_sums(values, width):
    """Return the sum of each window of `width` neighbours.

    Sums over 1, 2, 4, ... neighbours are each made of two of the former; those that
    the width is made of, as a binary number, are put side by side.

    >>> _window_sums(np.array([1, 2, 3, 4]), 3)
    array([6, 9])
    """
    count = len(values) - width + 1
    total, done, length = None, 0, 1
    while True:
        if width & length:
            part = values[done : done + count]
            total = part if total is None else total + part
            done += length
        length *= 2
        if length > width:
            return total
        values = values[: -length // 2] + values[length // 2 :]
