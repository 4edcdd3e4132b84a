"""Pooling of feature maps, in NumPy.

Derived in Chapter 3, *Pooling layers*. A window slides over each feature map and hands
on one number: its largest, or its mean. Nothing is learned.

Padding is no data: it is never the largest, and it does not count in a mean. A window
that would see padding only is refused. A NaN is not lost: every window that sees one
gives NaN, in a maximum too (as `numpy.maximum` does; TensorFlow's answer depends on
where in the window the NaN lies).
"""

import numpy as np

from helpers._axes import lay_out_plane
from helpers._pooling import PoolAxis, reduce_groups, reduce_images, reduce_windows
from helpers._validation import (
    as_array,
    as_count,
    as_counts,
    as_padding,
    check_windows_see_pixels,
    float_dtype,
)

_IMAGE_AXES = ("height, width, channels", "batch, height, width, channels")


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
    return _pool(np.maximum, "max_pool2d", images, pool_size, strides, padding)


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
    return _pool(np.add, "avg_pool2d", images, pool_size, strides, padding)


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
    images = as_array(name, "images", images, _IMAGE_AXES)
    pool_size = as_count(name, "pool_size", pool_size)
    channels = images.shape[-1]
    if channels % pool_size:
        raise ValueError(
            f"{name}: pool_size must divide the {channels} channels of the images, "
            f"got {pool_size}"
        )
    return reduce_groups(images, pool_size, float_dtype(images))


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
    return _pool_images(np.add, "global_avg_pool2d", images)


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
    return _pool_images(np.maximum, "global_max_pool2d", images)


def _pool(combine, function, images, pool_size, strides, padding):
    """Check the arguments, and pool by maximum or by mean."""
    images = as_array(function, "images", images, _IMAGE_AXES)
    batch = images if images.ndim == 4 else images[np.newaxis]
    pool_size = as_counts(function, "pool_size", pool_size, axes=2)
    if strides is None:
        strides = pool_size
    strides = as_counts(function, "strides", strides, axes=2)
    padding = as_padding(function, padding, axes=2)
    size = batch.shape[1:3]
    subject = f"{function}: pool_size is {{}} {{}}"
    layout = lay_out_plane(subject, size, pool_size, strides, padding, (1, 1))
    starts, ends, outputs = zip(*layout, strict=True)
    check_windows_see_pixels(
        function,
        pool_size,
        size,
        [*zip(starts, ends, strict=True)],
        outputs,
        strides,
    )
    rows, columns = map(PoolAxis, size, pool_size, strides, starts, outputs)
    answer = reduce_windows(
        combine, batch, rows.trimmed(), columns.trimmed(), float_dtype(images)
    )
    return answer if images.ndim == 4 else answer[0]


def _pool_images(combine, function, images):
    images = as_array(function, "images", images, _IMAGE_AXES)
    batch = images if images.ndim == 4 else images[np.newaxis]
    answer = reduce_images(combine, batch, float_dtype(images))
    return answer if images.ndim == 4 else answer[0]
