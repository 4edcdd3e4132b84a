"""Xception."""

from keras import Model
from keras.layers import (
    Activation,
    BatchNormalization,
    Dropout,
    GlobalAveragePooling2D,
    SeparableConv2D,
)

from helpers.architectures._common import classify, conv_norm_relu, image_input
from helpers.layers import SeparableUnit


def xception(input_shape=(299, 299, 3), num_classes=1000):
    """Return Xception.

    Derived in Chapter 7, ResNet, Xception, SENet. 22,910,480 parameters with the
    default arguments, 54,528 of them the statistics of batch normalization.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width and channels; at least 23 pixels high and wide, so that each
        stride of 2 has two pixels to choose from.
    num_classes : int
        Number of classes.

    Returns
    -------
    keras.Model
        From images to probabilities.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    Chollet, "Xception: deep learning with depthwise separable convolutions", 2017,
    https://arxiv.org/abs/1610.02357, figure 5; dropout from section 4.3.

    Examples
    --------
    >>> xception((71, 71, 3), num_classes=10).output_shape
    (None, 10)
    """
    images = image_input("xception", input_shape, minimum=23)
    # Entry flow. Regular convolutions first: of three channels there is little to part.
    maps = conv_norm_relu(images, 32, 3, "conv1", strides=2)
    maps = conv_norm_relu(maps, 64, 3, "conv2")
    maps = SeparableUnit(128, strides=2, activate_first=False, name="entry1")(maps)
    maps = SeparableUnit(256, strides=2, name="entry2")(maps)
    maps = SeparableUnit(728, strides=2, name="entry3")(maps)
    # Middle flow.
    for number in range(1, 9):
        maps = SeparableUnit((728, 728, 728), name=f"middle{number}")(maps)
    # Exit flow.
    maps = SeparableUnit((728, 1024), strides=2, name="exit1")(maps)
    maps = _separable_norm_relu(maps, 1536, "exit2")
    maps = _separable_norm_relu(maps, 2048, "exit3")
    features = GlobalAveragePooling2D(name="mean")(maps)
    features = Dropout(0.5, name="dropout")(features)
    return Model(images, classify("xception", features, num_classes), name="xception")


def _separable_norm_relu(maps, filters, name):
    maps = SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(maps)
    maps = BatchNormalization(name=f"{name}_norm")(maps)
    return Activation("relu", name=f"{name}_relu")(maps)
