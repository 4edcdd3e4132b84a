"""`helpers.upsampling` beside `tf.image.resize`."""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers import upsampling

METHODS = {
    "nearest": upsampling.upsample_nearest,
    "bilinear": upsampling.upsample_bilinear,
}
# method, images, factor
CASES = (
    ("nearest", (16, 28, 28, 64), 2),
    ("nearest", (1, 224, 320, 3), 2),
    ("bilinear", (16, 28, 28, 64), 2),
    ("bilinear", (1, 28, 28, 21), 8),
    ("bilinear", (8, 56, 56, 21), 4),
    ("bilinear", (1, 224, 320, 3), 2),
    ("bilinear", (1, 75, 107, 3), 3),
)


def ratios():
    """Yield a `Ratio` for each case."""
    tf = _ratio.tensorflow()
    for method, shape, factor in CASES:
        images = np.random.default_rng(0).standard_normal(shape, np.float32)
        tensor, size = tf.constant(images), (shape[1] * factor, shape[2] * factor)
        yield _ratio.compare(
            f"upsample_{method} {list(shape)} ×{factor}",
            lambda f=METHODS[method], x=images, k=factor: f(x, k),
            lambda m=method, x=tensor, s=size: tf.image.resize(x, s, m).numpy(),
            2.0,
        )
