"""`helpers.conv.conv2d` beside `tf.nn.conv2d`."""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers.conv import conv2d

# images, filters, stride, budget
CASES = (
    ((8, 56, 56, 64), (3, 3, 64, 128), 1, 1.0),
    ((1, 224, 224, 3), (7, 7, 3, 64), 2, 1.0),
    ((1, 28, 28, 1), (3, 3, 1, 8), 1, 1.0),
    ((1, 70, 120, 3), (7, 7, 3, 2), 1, 1.2),
)


def ratios():
    """Yield a `Ratio` for each case and padding."""
    tf = _ratio.tensorflow()
    random = np.random.default_rng(0)
    for image_shape, filter_shape, stride, budget in CASES:
        images = random.standard_normal(image_shape, np.float32)
        filters = random.standard_normal(filter_shape, np.float32)
        tensors = tf.constant(images), tf.constant(filters)
        for padding in ("SAME", "VALID"):
            height, width, _, outs = filter_shape
            yield _ratio.compare(
                f"conv2d {list(image_shape)} {height}×{width}→{outs} "
                f"stride {stride} {padding}",
                lambda p=padding, x=images, w=filters, s=stride: conv2d(x, w, s, p),
                lambda p=padding, t=tensors, s=stride: tf.nn.conv2d(*t, s, p).numpy(),
                budget,
            )
