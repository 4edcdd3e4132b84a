"""`helpers.pooling` beside TensorFlow's poolings."""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers import pooling

WINDOWS = {"max": pooling.max_pool2d, "avg": pooling.avg_pool2d}
# kind, images, pool_size, strides, padding, budget
CASES = (
    ("max", (32, 56, 56, 64), 2, 2, "VALID", 1.2),
    ("avg", (32, 56, 56, 64), 2, 2, "VALID", 1.2),
    ("max", (32, 56, 56, 64), 3, 2, "SAME", 1.2),
    ("avg", (32, 56, 56, 64), 3, 2, "SAME", 1.2),
    ("max", (32, 28, 28, 192), 3, 1, "SAME", 2.0),
    ("avg", (32, 28, 28, 192), 3, 1, "SAME", 2.0),
    ("max", (1, 427, 640, 3), 2, 2, "VALID", 2.0),
    ("avg", (1, 427, 640, 3), 8, 8, "VALID", 2.0),
    ("max", (32, 28, 28, 1), 2, 2, "VALID", 2.0),
    ("max", (1, 56, 56, 64), 15, 1, "SAME", 2.0),
)
GLOBAL = (32, 14, 14, 512)
DEPTHWISE, GROUP = (32, 56, 56, 64), 4


def ratios():
    """Yield a `Ratio` for each case."""
    tf = _ratio.tensorflow()
    yield from _windows(tf)
    yield from _whole_images(tf)
    images, tensor = _images(tf, DEPTHWISE)
    yield _ratio.compare(
        f"depthwise_max_pool {list(DEPTHWISE)} {GROUP}",
        lambda: pooling.depthwise_max_pool(images, GROUP),
        lambda: tf.nn.max_pool(tensor, *[(1, 1, 1, GROUP)] * 2, "VALID").numpy(),
        2.0,
    )


def _windows(tf):
    theirs = {"max": tf.nn.max_pool2d, "avg": tf.nn.avg_pool2d}
    for kind, shape, pool_size, strides, padding, budget in CASES:
        images, tensor = _images(tf, shape)
        rest = (pool_size, strides, padding)
        yield _ratio.compare(
            f"{kind}_pool2d {list(shape)} {pool_size}×{pool_size} "
            f"stride {strides} {padding}",
            lambda f=WINDOWS[kind], x=images, r=rest: f(x, *r),
            lambda f=theirs[kind], x=tensor, r=rest: f(x, *r).numpy(),
            budget,
        )


def _whole_images(tf):
    images, tensor = _images(tf, GLOBAL)
    for name, ours, theirs in (
        ("global_max_pool2d", pooling.global_max_pool2d, tf.reduce_max),
        ("global_avg_pool2d", pooling.global_avg_pool2d, tf.reduce_mean),
    ):
        yield _ratio.compare(
            f"{name} {list(GLOBAL)}",
            lambda f=ours: f(images),
            lambda f=theirs: f(tensor, (1, 2)).numpy(),
            2.0,
        )


def _images(tf, shape):
    images = np.random.default_rng(0).standard_normal(shape, np.float32)
    return images, tf.constant(images)
