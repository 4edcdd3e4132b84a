"""Transposed convolution and gradients of `helpers.conv` beside `tf.nn`'s."""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers.conv import conv2d_gradients, conv2d_transpose

# images, filters [height, width, out_channels, in_channels], stride, budget
TRANSPOSED = (
    ((1, 14, 14, 8), (3, 3, 4, 8), 2, 2.0),
    ((4, 28, 28, 32), (3, 3, 16, 32), 2, 1.2),
    ((4, 28, 28, 32), (4, 4, 16, 32), 2, 1.2),
    ((1, 32, 32, 21), (16, 16, 21, 21), 8, 2.0),
    ((16, 7, 7, 128), (5, 5, 64, 128), 2, 2.0),
)
# images, filters [height, width, in_channels, out_channels], stride
GRADIENTS = (
    ((1, 28, 28, 1), (3, 3, 1, 4), 1),
    ((8, 28, 28, 32), (3, 3, 32, 64), 1),
    ((8, 56, 56, 32), (3, 3, 32, 64), 2),
    ((32, 28, 28, 1), (5, 5, 1, 8), 1),
)


def ratios():
    """Yield a `Ratio` for each case."""
    tf = _ratio.tensorflow()
    random = np.random.default_rng(0)
    for shape, filter_shape, stride, budget in TRANSPOSED:
        x = random.standard_normal(shape, np.float32)
        w = random.standard_normal(filter_shape, np.float32)
        height, width, outs, _ = filter_shape
        size = (len(x), shape[1] * stride, shape[2] * stride, outs)
        tensors = tf.constant(x), tf.constant(w), size, stride
        yield _ratio.compare(
            f"conv2d_transpose {list(shape)} {height}×{width}→{outs} "
            f"stride {stride} SAME",
            lambda x=x, w=w, s=stride: conv2d_transpose(x, w, s),
            lambda t=tensors: tf.nn.conv2d_transpose(*t).numpy(),
            budget,
        )
    for shape, filter_shape, stride in GRADIENTS:
        yield _gradients(tf, random, shape, filter_shape, stride)


def _gradients(tf, random, shape, filter_shape, stride):
    x = random.standard_normal(shape, np.float32)
    w = random.standard_normal(filter_shape, np.float32)
    sides = [-(-side // stride) for side in shape[1:3]]
    upstream = random.standard_normal((len(x), *sides, filter_shape[3]), np.float32)
    images, filters, flow = map(tf.constant, (x, w, upstream))
    rest = {"strides": [1, stride, stride, 1], "padding": "SAME"}

    def theirs():
        ops = tf.raw_ops
        return (
            ops.Conv2DBackpropInput(
                input_sizes=shape, filter=filters, out_backprop=flow, **rest
            ).numpy(),
            ops.Conv2DBackpropFilter(
                input=images, filter_sizes=filter_shape, out_backprop=flow, **rest
            ).numpy(),
        )

    return _ratio.compare(
        f"conv2d_gradients {list(shape)} {filter_shape[0]}×{filter_shape[1]}"
        f"→{filter_shape[3]} stride {stride} SAME",
        lambda: conv2d_gradients(x, w, upstream, stride, "SAME"),
        theirs,
        budget=2.0,
    )
