import numpy as np
import pytest
from conv_cases import TIGHT, cases, normal, tensorflow_padding

from helpers.conv import depthwise_conv2d, separable_conv2d

SIZES = ((8, 11), (9, 6))
FILTER_SIZES = ((1, 1), (3, 3), (2, 5), (4, 2))
PADDINGS = ("SAME", "VALID", ((2, 1), (0, 3)))


# TensorFlow refuses unequal strides, and dilation together with strides or with
# explicit padding.
@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(SIZES, FILTER_SIZES, PADDINGS, ((1, 1),), ((1, 1), (2, 2), (3, 3)))
    + cases(SIZES, FILTER_SIZES, PADDINGS[:2], ((2, 2), (1, 3)), ((1, 1),)),
)
@pytest.mark.parametrize("multiplier", [1, 2])
def test_depthwise_and_separable_are_tensorflows(
    size, filter_size, padding, dilations, strides, multiplier
):
    import tensorflow as tf

    images, filters = normal(2, *size, 3), normal(*filter_size, 3, multiplier)
    bias, pointwise = normal(3 * multiplier), normal(1, 1, 3 * multiplier, 5)
    call = (strides, padding, dilations)
    theirs = tf.nn.depthwise_conv2d(
        images,
        filters,
        (1, *strides, 1),
        tensorflow_padding(padding),
        dilations=dilations,
    )
    ours = depthwise_conv2d(images, filters, *call, bias)
    np.testing.assert_allclose(ours, theirs + bias, **TIGHT)
    single = depthwise_conv2d(images[1], filters, *call, bias)
    np.testing.assert_allclose(single, ours[1], **TIGHT)
    ours = separable_conv2d(images, filters, pointwise, *call, bias[:1].repeat(5))
    theirs = tf.nn.conv2d(theirs, pointwise, 1, "VALID") + bias[0]
    np.testing.assert_allclose(ours, theirs, **TIGHT)
