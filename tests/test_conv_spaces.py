import numpy as np
import pytest
from conv_cases import TIGHT, cases, normal

from helpers.conv import conv1d, conv3d, dilate

LENGTHS, LENGTH_FILTERS = ((9,), (13,)), ((1,), (2,), (3,), (6,))


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(LENGTHS, LENGTH_FILTERS, ("SAME", "VALID"), ((1,),), ((1,), (2,), (5,)))
    + cases(LENGTHS, LENGTH_FILTERS, ("SAME", "VALID"), ((2,), (3,)), ((1,),)),
)
def test_conv1d_is_tensorflows(size, filter_size, padding, dilations, strides):
    import tensorflow as tf

    signals, filters, bias = normal(2, *size, 3), normal(*filter_size, 3, 4), normal(4)
    theirs = tf.nn.conv1d(signals, filters, strides, padding, dilations=dilations)
    ours = conv1d(signals, filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(ours, theirs + bias, **TIGHT)
    single = conv1d(signals[1], filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(single, ours[1], **TIGHT)


VOLUMES, VOLUME_FILTERS = ((5, 6, 7), (4, 3, 8)), ((1, 1, 1), (3, 3, 3), (2, 1, 4))


@pytest.mark.parametrize(
    ("size", "filter_size", "padding", "dilations", "strides"),
    cases(
        VOLUMES,
        VOLUME_FILTERS,
        ("SAME", "VALID"),
        ((1, 1, 1),),
        ((1, 1, 1), (2, 2, 2), (1, 2, 1)),
    )
    + cases(
        VOLUMES,
        VOLUME_FILTERS,
        ("SAME", "VALID"),
        ((2, 2, 2), (1, 2, 1)),
        ((1, 1, 1),),
    ),
)
def test_conv3d_is_tensorflows(size, filter_size, padding, dilations, strides):
    import tensorflow as tf

    volumes, filters, bias = normal(2, *size, 3), normal(*filter_size, 3, 4), normal(4)
    theirs = tf.nn.convolution(volumes, filters, strides, padding, dilations=dilations)
    ours = conv3d(volumes, filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(ours, theirs + bias, **TIGHT)
    single = conv3d(volumes[1], filters, strides, padding, dilations, bias)
    np.testing.assert_allclose(single, ours[1], **TIGHT)


def test_dilate_as_worked_by_hand():
    np.testing.assert_array_equal(dilate([[1, 2, 3]], 4), [[1, 0, 0, 0, 2, 0, 0, 0, 3]])
    np.testing.assert_array_equal(
        dilate([[1, 2], [3, 4]], (1, 2)), [[1, 0, 2], [3, 0, 4]]
    )
