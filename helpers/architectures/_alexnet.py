"""AlexNet."""

from keras import Model
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D, ZeroPadding2D

from helpers.architectures._common import classify, image_input
from helpers.layers import LocalResponseNormalization


def alexnet(input_shape=(224, 224, 3), num_classes=1000, groups=1):
    """Return AlexNet, the winner of ILSVRC 2012.

    Derived in Chapter 6, LeNet-5 to GoogLeNet. 62,378,344 parameters with the default
    arguments; 60,965,224 with ``groups=2``.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width and channels; at least 64 pixels high and wide.
    num_classes : int
        Number of classes.
    groups : {1, 2}
        With 2, the second, fourth and fifth convolution are split in halves that do not
        see each other, as in the paper, where each half had a GPU of its own.

    Returns
    -------
    keras.Model
        From images to probabilities.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Notes
    -----
    The paper says 224 pixels and 55×55 maps, which needs three more pixels; they are
    added here as zeros, one above and left, two below and right. Images of 227 pixels,
    which other implementations take, give the same maps. The normalization sees all
    maps, also those of the other half.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional
    neural networks", 2012.

    Examples
    --------
    >>> alexnet((64, 64, 3), num_classes=5, groups=2).output_shape
    (None, 5)
    """
    images = image_input("alexnet", input_shape, minimum=64)
    if groups not in (1, 2) or isinstance(groups, bool):
        raise ValueError(f"alexnet: groups must be 1 or 2, got {groups!r}")
    maps = ZeroPadding2D(((1, 2), (1, 2)), name="pad")(images)
    maps = Conv2D(96, 11, strides=4, activation="relu", name="conv1")(maps)
    maps = MaxPooling2D(3, strides=2, name="pool1")(_normalize(maps, "norm1"))
    maps = _conv(maps, 256, 5, "conv2", groups)
    maps = MaxPooling2D(3, strides=2, name="pool2")(_normalize(maps, "norm2"))
    maps = _conv(maps, 384, 3, "conv3")
    maps = _conv(maps, 384, 3, "conv4", groups)
    maps = _conv(maps, 256, 3, "conv5", groups)
    features = Flatten(name="flatten")(MaxPooling2D(3, strides=2, name="pool5")(maps))
    for name in ("fc6", "fc7"):
        features = Dense(4096, activation="relu", name=name)(features)
        features = Dropout(0.5, name=f"{name}_dropout")(features)
    return Model(images, classify("alexnet", features, num_classes), name="alexnet")


def _conv(maps, filters, kernel_size, name, groups=1):
    return Conv2D(
        filters,
        kernel_size,
        padding="same",
        activation="relu",
        groups=groups,
        name=name,
    )(maps)


def _normalize(maps, name):
    """Return normalized maps; the paper's window n = 5 is two maps to either side."""
    return LocalResponseNormalization(
        depth_radius=2, bias=2.0, alpha=1e-4, beta=0.75, name=name
    )(maps)
