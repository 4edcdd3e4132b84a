"""`local_response_normalization` of `helpers.conv` beside `tf.nn`'s."""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers.conv import local_response_normalization

# activations, depth_radius, bias, alpha, beta: small, AlexNet's first, the defaults
CASES = (
    ((1, 13, 13, 16), 2, 2.0, 1e-4, 0.75),
    ((8, 55, 55, 96), 2, 2.0, 1e-4, 0.75),
    ((8, 28, 28, 192), 5, 1.0, 1.0, 0.5),
)


def ratios():
    """Yield a `Ratio` for each case."""
    tf = _ratio.tensorflow()
    random = np.random.default_rng(0)
    for shape, *rest in CASES:
        x = random.standard_normal(shape, np.float32)
        tensor = tf.constant(x)
        theirs = tf.nn.local_response_normalization
        yield _ratio.compare(
            f"local_response_normalization {list(shape)} radius {rest[0]}",
            lambda x=x, r=rest: local_response_normalization(x, *r),
            lambda t=tensor, r=rest, f=theirs: f(t, *r).numpy(),
            budget=2.0,
        )
