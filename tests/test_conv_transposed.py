import itertools

import numpy as np
import pytest
from conv_cases import TIGHT, named, normal, tensorflow_padding

from helpers.conv import conv2d, conv2d_transpose

PADDINGS = ("SAME", "VALID", ((1, 0), (0, 2)))
SIZES = ((5, 4), (2, 3))
FILTER_SIZES = ((3, 3), (4, 4), (1, 2), (5, 3))
STRIDES = ((1, 1), (2, 2), (2, 1), (3, 4))


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "strides"),
    [named(c) for c in itertools.product(SIZES, FILTER_SIZES, PADDINGS, STRIDES)],
)
def test_answer_and_the_sizes_it_may_have_are_tensorflows(
    size, filter_size, padding, strides
):
    import tensorflow as tf

    images, filters = normal(2, *size, 3), normal(*filter_size, 4, 3)
    accepted = 0
    longest = [
        n * s + f + 1 for n, s, f in zip(size, strides, filter_size, strict=True)
    ]
    for height, width in itertools.product(*(range(1, side + 1) for side in longest)):
        shape = (2, height, width, 4)
        try:
            theirs = tf.nn.conv2d_transpose(
                images, filters, shape, strides, tensorflow_padding(padding)
            )
        except tf.errors.InvalidArgumentError:
            with pytest.raises(ValueError, match="conv2d_transpose: output_size"):
                conv2d_transpose(images, filters, strides, padding, (height, width))
        else:
            ours = conv2d_transpose(images, filters, strides, padding, (height, width))
            np.testing.assert_allclose(ours, theirs, **TIGHT)
            accepted += 1
    assert accepted


@pytest.mark.parametrize("strides", [(1, 1), (2, 3)])
@pytest.mark.parametrize("dilations", [(1, 1), (2, 3)])
@pytest.mark.parametrize("padding", PADDINGS)
def test_it_is_the_transpose_of_the_convolution(padding, dilations, strides):
    """TensorFlow has no dilated transposed convolution on the CPU."""
    images, filters = normal(2, 4, 5, 3), normal(3, 2, 4, 3)
    call = (strides, padding)
    answer = conv2d_transpose(images, filters, *call, dilations=dilations)
    other = normal(*answer.shape, seed=1)
    back = conv2d(other, filters, *call, dilations)
    assert back.shape == images.shape
    assert (answer * other).sum() == pytest.approx((images * back).sum(), rel=1e-11)
