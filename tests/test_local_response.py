import numpy as np
import pytest
from conv_cases import normal

from helpers.conv import local_response_normalization


@pytest.mark.parametrize("depth_radius", [0, 1, 2, 5, 9])
@pytest.mark.parametrize("channels", [1, 2, 7, 20])
@pytest.mark.parametrize(
    ("bias", "alpha", "beta"),
    [(1.0, 1.0, 0.5), (2.0, 1e-4, 0.75), (1.0, 0.3, 1.0), (0.5, 2.0, 0.3), (1, 1, 0)],
)
def test_is_tensorflows(depth_radius, channels, bias, alpha, beta):
    import tensorflow as tf

    activations = normal(2, 3, 4, channels, dtype=np.float32) * 5
    theirs = tf.nn.local_response_normalization(
        activations, depth_radius, bias, alpha, beta
    )
    ours = local_response_normalization(activations, depth_radius, bias, alpha, beta)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=3e-6, atol=1e-7)
