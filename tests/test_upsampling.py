import numpy as np
import pytest

from helpers.upsampling import bilinear_filters, upsample_bilinear, upsample_nearest


def normal(*shape, dtype=np.float64, seed=0):
    random = np.random.default_rng([seed, *shape])
    return random.standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("factor", [1, 2, 3, 4, (2, 5), (3, 1)])
@pytest.mark.parametrize(
    ("method", "upsample"),
    [("nearest", upsample_nearest), ("bilinear", upsample_bilinear)],
)
def test_upsampling_is_tensorflows(method, upsample, factor):
    import tensorflow as tf

    images = normal(2, 5, 6, 3, dtype=np.float32)
    rows, columns = (factor, factor) if isinstance(factor, int) else factor
    theirs = tf.image.resize(images, (5 * rows, 6 * columns), method)
    ours = upsample(images, factor)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(upsample(images[1], factor), ours[1])


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 5, 8, (2, 3), (4, 1)])
def test_bilinear_filters_upsample_away_from_the_borders(factor):
    import tensorflow as tf

    images = normal(2, 5, 6, 3)
    rows, columns = (factor, factor) if isinstance(factor, int) else factor
    filters = bilinear_filters(factor, 3).astype(np.float64)
    size = (2, 5 * rows, 6 * columns, 3)
    theirs = tf.nn.conv2d_transpose(images, filters, size, (rows, columns), "SAME")
    inside = (slice(None), slice(rows, -rows), slice(columns, -columns))
    ours = upsample_bilinear(images, factor)
    np.testing.assert_allclose(theirs[inside], ours[inside], atol=1e-6)
