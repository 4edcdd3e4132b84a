"""VGG-16 and VGG-19."""

from keras import Model
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D

from helpers.architectures._common import classify, image_input


def vgg16(input_shape=(224, 224, 3), num_classes=1000):
    """Return VGG-16, configuration D of the runner-up of ILSVRC 2014.

    Derived in Chapter 6, LeNet-5 to GoogLeNet. 138,357,544 parameters with the default
    arguments.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width and channels; at least 32 pixels high and wide.
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
    Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
    recognition", 2015, https://arxiv.org/abs/1409.1556

    Examples
    --------
    >>> vgg16((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    return _vgg("vgg16", (2, 2, 3, 3, 3), input_shape, num_classes)


def vgg19(input_shape=(224, 224, 3), num_classes=1000):
    """Return VGG-19, configuration E: `vgg16` with three blocks of four convolutions.

    Derived in Chapter 6, LeNet-5 to GoogLeNet. 143,667,240 parameters with the default
    arguments. Parameters, answer, errors and reference are those of `vgg16`.

    Examples
    --------
    >>> vgg19((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    return _vgg("vgg19", (2, 2, 4, 4, 4), input_shape, num_classes)


def _vgg(name, convolutions, input_shape, num_classes):
    """Return a network with so many 3×3 convolutions in each of five blocks."""
    maps = images = image_input(name, input_shape, minimum=32)
    filters = (64, 128, 256, 512, 512)
    for block, (count, width) in enumerate(zip(convolutions, filters, strict=True), 1):
        for number in range(1, count + 1):
            maps = Conv2D(
                width,
                3,
                padding="same",
                activation="relu",
                name=f"block{block}_conv{number}",
            )(maps)
        maps = MaxPooling2D(2, name=f"block{block}_pool")(maps)
    features = Flatten(name="flatten")(maps)
    for layer in ("fc1", "fc2"):
        features = Dense(4096, activation="relu", name=layer)(features)
        features = Dropout(0.5, name=f"{layer}_dropout")(features)
    return Model(images, classify(name, features, num_classes), name=name)
