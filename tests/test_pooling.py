import itertools

import numpy as np
import pytest

from helpers.pooling import (
    avg_pool2d,
    depthwise_max_pool,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
)

SIZES = ((8, 11), (9, 6))
POOL_SIZES = ((1, 1), (2, 2), (3, 3), (2, 5), (4, 1))
STRIDES = (None, (1, 1), (2, 2), (2, 1), (3, 5))
PADDINGS = ("SAME", "VALID")


def normal(*shape, dtype=np.float64, seed=0):
    random = np.random.default_rng([seed, *shape])
    return random.standard_normal(shape).astype(dtype)


@pytest.mark.parametrize(
    ("size", "pool_size", "strides", "padding"),
    [*itertools.product(SIZES, POOL_SIZES, STRIDES, PADDINGS)],
)
def test_pooling_is_tensorflows(size, pool_size, strides, padding):
    import tensorflow as tf

    images = normal(2, *size, 3, dtype=np.float32)
    rest = (pool_size, strides or pool_size, padding)
    ours = max_pool2d(images, pool_size, strides, padding)
    np.testing.assert_array_equal(ours, tf.nn.max_pool2d(images, *rest))
    np.testing.assert_array_equal(
        max_pool2d(images[1], pool_size, strides, padding), ours[1]
    )
    ours = avg_pool2d(images, pool_size, strides, padding)
    theirs = tf.nn.avg_pool2d(images, *rest)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("pool_size", [1, 2, 3, 6])
def test_depthwise_max_pooling_is_tensorflows(pool_size):
    import tensorflow as tf

    images = normal(2, 5, 4, 6, dtype=np.float32)
    ksize = (1, 1, 1, pool_size)
    theirs = tf.nn.max_pool(images, ksize, ksize, "VALID")
    np.testing.assert_array_equal(depthwise_max_pool(images, pool_size), theirs)


def test_global_pooling():
    images = normal(3, 5, 7, 4)
    np.testing.assert_allclose(global_avg_pool2d(images), images.mean((1, 2)))
    np.testing.assert_array_equal(global_max_pool2d(images), images.max((1, 2)))
    np.testing.assert_allclose(global_avg_pool2d(images[0]), images[0].mean((0, 1)))
