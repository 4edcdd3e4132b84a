"""Pooling of feature maps, in NumPy.

Derived in Chapter 3, *Pooling layers*. A window slides over each feature map and hands
on one number: its largest, or its mean. Nothing is learned.

Padding is no data: it is never the largest, and it does not count in a mean. A window
that would see padding only is refused. A NaN is not lost: every window that sees one
gives NaN, in a maximum too (as `numpy.maximum` does; TensorFlow's answer depends on
where in the window the NaN lies).
"""

from typing import NamedTuple

import numpy as np

from helpers._axes import Axis, lay_out_plane
from helpers._validation import (
    as_array,
    as_count,
    as_counts,
    as_padding,
    check_windows_see_pixels,
    float_dtype,
)

IMAGE_AXES = ("height, width, channels", "batch, height, width, channels")


def max_pool2d(images, pool_size=2, strides=None, padding="VALID"):
    """Return the largest value of each window, channel by channel.

    Derived in Chapter 3, Pooling layers.

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Pixels or feature maps.
    pool_size : int or (int, int)
        Height and width of the windows, in pixels.
    strides : int or (int, int), optional
        Vertical and horizontal distance between neighbouring windows, in pixels;
        `pool_size` if not given, so that the windows lie side by side.
    padding : {"SAME", "VALID"} or ((top, bottom), (left, right))
        TensorFlow's rules (with SAME the odd row and column go to the bottom and
        right), or the rows and columns to add. They never hold the largest value.

    Returns
    -------
    ndarray, [batch, height, width, channels], or without batch as the images
        float64 for float64 images, otherwise float32. NaN where a window sees a NaN.

    Raises
    ------
    TypeError
        If an argument has the wrong type, such as complex images or a stride of 1.5.
    ValueError
        If an argument has the wrong shape or range, if no window fits, or if a window
        would see padding only.

    References
    ----------
    Boureau, Ponce and LeCun, "A theoretical analysis of feature pooling in visual
    recognition", International Conference on Machine Learning, 2010, pages 111-118

    Examples
    --------
    >>> image = np.array([[1, 2, 0, 5], [3, 4, 1, 0]])[..., np.newaxis]
    >>> max_pool2d(image)[..., 0]
    array([[4., 5.]], dtype=float32)
    >>> max_pool2d(image, (1, 3), strides=1, padding="SAME")[..., 0]
    array([[2., 2., 5., 5.],
           [4., 4., 4., 1.]], dtype=float32)
    """
    call = _check("max_pool2d", images, pool_size, strides, padding)
    answer = _reduce_windows(np.maximum, call)
    return answer[0] if call.is_single else answer


def avg_pool2d(images, pool_size=2, strides=None, padding="VALID"):
    """Return the mean of each window, channel by channel.

    Derived in Chapter 3, Pooling layers.

    Parameters
    ----------
    images, pool_size, strides
        As for `max_pool2d`.
    padding : {"SAME", "VALID"} or ((top, bottom), (left, right))
        As for `max_pool2d`. The mean is over the pixels of the image that a window
        sees, as in TensorFlow: padding adds nothing and does not count.

    Returns
    -------
    ndarray, [batch, height, width, channels], or without batch as the images
        float64 for float64 images, otherwise float32.

    Raises
    ------
    TypeError, ValueError
        As `max_pool2d`.

    Examples
    --------
    >>> image = np.array([[1, 2, 0, 5], [3, 4, 1, 0]])[..., np.newaxis]
    >>> avg_pool2d(image)[..., 0]
    array([[2.5, 1.5]], dtype=float32)

    In the corners a window of three by three sees four pixels, and divides by four:

    >>> avg_pool2d(np.ones((3, 3, 1)), 3, strides=2, padding="SAME")[..., 0]
    array([[1., 1.],
           [1., 1.]])
    """
    call = _check("avg_pool2d", images, pool_size, strides, padding)
    answer = _reduce_windows(np.add, call)
    height, width = (
        np.asarray([axis.pixels_seen(i) for i in range(axis.axis.outputs)], call.dtype)
        for axis in call.axes
    )
    answer /= height[:, np.newaxis, np.newaxis] * width[:, np.newaxis]
    return answer[0] if call.is_single else answer


def depthwise_max_pool(images, pool_size):
    """Return the largest of each group of neighbouring channels, pixel by pixel.

    Derived in Chapter 3, Pooling layers. Where the channels of a group answer to the
    same pattern, turned, shifted or lit in different ways, their maximum answers to
    all: the invariance is learned. It is TensorFlow's ``tf.nn.max_pool`` with ``ksize``
    and ``strides`` both ``[1, 1, 1, pool_size]``.

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Feature maps.
    pool_size : int
        Channels in a group. It must divide the channels of the images.

    Returns
    -------
    ndarray, [batch, height, width, channels // pool_size], or without batch
        float64 for float64 images, otherwise float32. NaN where a group holds a NaN.

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type, shape or range, or the channels do not
        divide.

    Examples
    --------
    >>> depthwise_max_pool([[[1, 5, 2, 7, 3, 4]]], 3)
    array([[[5., 7.]]], dtype=float32)
    """
    name = "depthwise_max_pool"
    images = as_array(name, "images", images, IMAGE_AXES)
    pool_size = as_count(name, "pool_size", pool_size)
    channels = images.shape[-1]
    if channels % pool_size:
        raise ValueError(
            f"{name}: pool_size must divide the {channels} channels of the images, "
            f"got {pool_size}"
        )
    answer = images[..., ::pool_size].astype(float_dtype(images))
    for channel in range(1, pool_size):
        np.maximum(answer, images[..., channel::pool_size], out=answer)
    return answer


def global_avg_pool2d(images):
    """Return the mean of each feature map: of all pixels, channel by channel.

    Derived in Chapter 3, Pooling layers. It is the mean over the axes of height and
    width, and `avg_pool2d` with one window as large as the images.

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Feature maps.

    Returns
    -------
    ndarray, [batch, channels], or [channels] for one image
        float64 for float64 images, otherwise float32.

    Raises
    ------
    TypeError, ValueError
        If `images` has the wrong type or shape.

    References
    ----------
    Lin, Chen and Yan, "Network in network", 2014, https://arxiv.org/abs/1312.4400

    Examples
    --------
    >>> global_avg_pool2d([[[1, 10], [3, 30]]])
    array([ 2., 20.], dtype=float32)
    """
    images = as_array("global_avg_pool2d", "images", images, IMAGE_AXES)
    return images.mean(axis=(-3, -2), dtype=float_dtype(images))


def global_max_pool2d(images):
    """Return the largest value of each feature map, channel by channel.

    Derived in Chapter 3, Pooling layers.

    Parameters
    ----------
    images : array_like, [batch, height, width, channels] or without batch
        Feature maps.

    Returns
    -------
    ndarray, [batch, channels], or [channels] for one image
        float64 for float64 images, otherwise float32. NaN for a map that holds a NaN.

    Raises
    ------
    TypeError, ValueError
        If `images` has the wrong type or shape.

    Examples
    --------
    >>> global_max_pool2d([[[1, 10], [3, 30]]])
    array([ 3., 30.], dtype=float32)
    """
    images = as_array("global_max_pool2d", "images", images, IMAGE_AXES)
    return images.max(axis=(-3, -2)).astype(float_dtype(images), copy=False)


class _WindowAxis(NamedTuple):
    """The windows along one axis of the images."""

    axis: Axis
    size: int
    pool_size: int
    stride: int

    def pixels_seen(self, index):
        """Return how many pixels of the image a window holds."""
        start = index * self.stride - self.axis.before
        return min(start + self.pool_size, self.size) - max(start, 0)

    def taps(self):
        """Yield (slice of the windows, slice of the pixels) for each place in a window.

        Window by window, the pixel is the one at that place; windows whose pixel would
        be padding are left out.
        """
        before, outputs = self.axis.before, self.axis.outputs
        first_tap = max(0, before - (outputs - 1) * self.stride)
        for tap in range(first_tap, min(self.pool_size, before + self.size)):
            first = max(0, -((tap - before) // self.stride))
            last = min(outputs - 1, (self.size - 1 + before - tap) // self.stride)
            if first <= last:
                start = first * self.stride + tap - before
                stop = last * self.stride + tap - before + 1
                yield slice(first, last + 1), slice(start, stop, self.stride)


class _Call(NamedTuple):
    """The checked arguments of a pooling."""

    images: np.ndarray
    axes: tuple
    dtype: np.dtype
    is_single: bool


def _check(function, images, pool_size, strides, padding):
    images = as_array(function, "images", images, IMAGE_AXES)
    is_single = images.ndim == 3
    if is_single:
        images = images[np.newaxis]
    pool_size = as_counts(function, "pool_size", pool_size, axes=2)
    if strides is None:
        strides = pool_size
    strides = as_counts(function, "strides", strides, axes=2)
    padding = as_padding(function, padding, axes=2)
    size = images.shape[1:3]
    subject = f"{function}: pool_size is {{}} {{}}"
    layout = lay_out_plane(subject, size, pool_size, strides, padding, (1, 1))
    check_windows_see_pixels(
        function,
        pool_size,
        size,
        [(axis.before, axis.after) for axis in layout],
        [axis.outputs for axis in layout],
        strides,
    )
    axes = tuple(map(_WindowAxis, layout, size, pool_size, strides))
    return _Call(images, axes, float_dtype(images), is_single)


def _reduce_windows(combine, call):
    rows, columns = call.axes
    images = call.images
    shape = (len(images), rows.axis.outputs, columns.axis.outputs, images.shape[3])
    start = -np.inf if combine is np.maximum else 0
    answer = np.full(shape, start, call.dtype)
    for to_rows, from_rows in rows.taps():
        for to_columns, from_columns in columns.taps():
            target = answer[:, to_rows, to_columns]
            combine(target, images[:, from_rows, from_columns], out=target)
    return answer
