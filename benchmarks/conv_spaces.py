"""`conv1d` and `conv3d` of `helpers.conv` beside `tf.nn`'s."""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers.conv import conv1d, conv3d

# inputs, filters, stride
SIGNALS = (
    ((1, 500, 1), (7, 1, 4), 1),
    ((32, 1000, 16), (5, 16, 32), 1),
    ((16, 4000, 1), (9, 1, 16), 2),
)
VOLUMES = (
    ((1, 9, 20, 20, 1), (3, 3, 3, 1, 2), 1),
    ((2, 16, 32, 32, 16), (3, 3, 3, 16, 32), 1),
    ((1, 32, 64, 64, 1), (3, 3, 3, 1, 8), 1),
)


def ratios():
    """Yield a `Ratio` for each case."""
    tf = _ratio.tensorflow()
    random = np.random.default_rng(0)
    for name, ours, theirs, cases in (
        ("conv1d", conv1d, tf.nn.conv1d, SIGNALS),
        ("conv3d", conv3d, tf.nn.conv3d, VOLUMES),
    ):
        for shape, filter_shape, stride in cases:
            x = random.standard_normal(shape, np.float32)
            w = random.standard_normal(filter_shape, np.float32)
            tensors = tf.constant(x), tf.constant(w)
            strides = stride if name == "conv1d" else [stride] * 5
            size = "×".join(map(str, filter_shape[:-2]))
            yield _ratio.compare(
                f"{name} {list(shape)} {size}→{filter_shape[-1]} stride {stride} SAME",
                lambda f=ours, x=x, w=w, s=stride: f(x, w, s, "SAME"),
                lambda f=theirs, t=tensors, s=strides: f(*t, s, "SAME").numpy(),
                budget=2.0,
            )
