"""`depthwise_conv2d` and `separable_conv2d` of `helpers.conv` beside `tf.nn`'s."""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers.conv import depthwise_conv2d, separable_conv2d

# images, side of the filters, multiplier, stride
DEPTHWISE = (
    ((1, 70, 120, 3), 3, 2, 1),
    ((8, 56, 56, 64), 3, 1, 1),
    ((8, 56, 56, 64), 3, 1, 2),
    ((1, 150, 150, 3), 5, 8, 1),
    ((4, 28, 28, 256), 5, 1, 1),
)
# images, outputs
SEPARABLE = (
    ((1, 28, 28, 8), 16),
    ((4, 56, 56, 64), 128),
    ((1, 19, 19, 728), 728),
)


def ratios():
    """Yield a `Ratio` for each case."""
    tf = _ratio.tensorflow()
    random = np.random.default_rng(0)
    for shape, side, multiplier, stride in DEPTHWISE:
        x = random.standard_normal(shape, np.float32)
        w = random.standard_normal((side, side, shape[-1], multiplier), np.float32)
        tensors = tf.constant(x), tf.constant(w), [1, stride, stride, 1]
        yield _ratio.compare(
            f"depthwise_conv2d {list(shape)} {side}×{side} times {multiplier} "
            f"stride {stride} SAME",
            lambda x=x, w=w, s=stride: depthwise_conv2d(x, w, s, "SAME"),
            lambda t=tensors: tf.nn.depthwise_conv2d(*t, "SAME").numpy(),
            budget=2.0,
        )
    for shape, outs in SEPARABLE:
        x = random.standard_normal(shape, np.float32)
        w = random.standard_normal((3, 3, shape[-1], 1), np.float32)
        mix = random.standard_normal((1, 1, shape[-1], outs), np.float32)
        tensors = tf.constant(x), tf.constant(w), tf.constant(mix), [1] * 4
        yield _ratio.compare(
            f"separable_conv2d {list(shape)} 3×3→{outs} SAME",
            lambda x=x, w=w, mix=mix: separable_conv2d(x, w, mix, 1, "SAME"),
            lambda t=tensors: tf.nn.separable_conv2d(*t, "SAME").numpy(),
            budget=2.0,
        )
