"""AlexNet, VGG and GoogLeNet in small, for images of 28×28 pixels.

Each keeps what its model is known for and has about 100,000 parameters, so that the
ideas can be compared on two cores. Introduced in Chapter 6, *LeNet-5 to GoogLeNet*.
"""

import keras
from keras import layers

from helpers._validation import as_count
from helpers.layers import InceptionModule, LocalResponseNormalization
from helpers.small_networks import FASHION_SHAPE, relu_convolution


def small_alexnet(input_shape=FASHION_SHAPE, num_classes=10):
    """Build an AlexNet in small: LRN, overlapping pooling, groups, dropout.

    Introduced in Chapter 6.

    Parameters
    ----------
    input_shape : tuple of int
        ``(height, width, channels)`` in pixels, sides of at least 4.
    num_classes : int
        Number of outputs.

    Returns
    -------
    keras.Model
        94,794 parameters by default.

    Raises
    ------
    TypeError, ValueError
        If `num_classes` is not a positive int.

    Examples
    --------
    >>> small_alexnet().count_params()
    94794
    """
    images, num_classes = _start("small_alexnet", input_shape, num_classes)
    maps = _normalized_and_pooled(relu_convolution(32, 5)(images))
    # Two groups, by hand: Keras' own grouped convolution is slow to train on a CPU.
    halves = [maps[..., :16], maps[..., 16:]]
    maps = layers.Concatenate()([relu_convolution(32, 5)(half) for half in halves])
    maps = _normalized_and_pooled(maps)
    maps = relu_convolution(64, 3)(maps)
    features = layers.Dropout(0.5)(layers.Flatten()(maps))
    return _finish("small_alexnet", images, features, num_classes)


def small_vgg(input_shape=FASHION_SHAPE, num_classes=10):
    """Build a VGG in small: three blocks of two 3×3 convolutions, two dense layers.

    Introduced in Chapter 6.

    Parameters
    ----------
    input_shape : tuple of int
        ``(height, width, channels)`` in pixels, sides of at least 8.
    num_classes : int
        Number of outputs.

    Returns
    -------
    keras.Model
        109,370 parameters by default.

    Raises
    ------
    TypeError, ValueError
        If `num_classes` is not a positive int, or if the poolings leave no pixel.

    Examples
    --------
    >>> small_vgg().count_params()
    109370
    """
    images, num_classes = _start("small_vgg", input_shape, num_classes)
    if min(input_shape[:2]) < 8:
        raise ValueError(
            "small_vgg: input_shape must have sides of at least 8 pixels, got "
            f"{tuple(input_shape)}"
        )
    maps = images
    for filters in (16, 32, 64):
        maps = relu_convolution(filters, 3)(relu_convolution(filters, 3)(maps))
        maps = layers.MaxPooling2D()(maps)
    features = layers.Dense(64, activation="relu", kernel_initializer="he_normal")(
        layers.Flatten()(maps)
    )
    features = layers.Dropout(0.5)(features)
    return _finish("small_vgg", images, features, num_classes)


def small_googlenet(input_shape=FASHION_SHAPE, num_classes=10):
    """Build a GoogLeNet in small: a stem, four inception modules, a global mean.

    Introduced in Chapter 6.

    Parameters
    ----------
    input_shape : tuple of int
        ``(height, width, channels)`` in pixels.
    num_classes : int
        Number of outputs.

    Returns
    -------
    keras.Model
        117,106 parameters by default.

    Raises
    ------
    TypeError, ValueError
        If `num_classes` is not a positive int.

    Examples
    --------
    >>> small_googlenet().count_params()
    117106
    """
    images, num_classes = _start("small_googlenet", input_shape, num_classes)
    maps = layers.MaxPooling2D()(relu_convolution(32, 5)(images))
    for filters in ((16, 16, 32, 8, 16, 16), (32, 24, 48, 8, 16, 16)):
        maps = InceptionModule(filters, kernel_initializer="he_normal")(maps)
    maps = layers.MaxPooling2D(3, strides=2, padding="same")(maps)
    for filters in ((48, 32, 64, 8, 24, 24), (64, 32, 80, 8, 24, 24)):
        maps = InceptionModule(filters, kernel_initializer="he_normal")(maps)
    features = layers.Dropout(0.4)(layers.GlobalAveragePooling2D()(maps))
    return _finish("small_googlenet", images, features, num_classes)


def _start(function, input_shape, num_classes):
    num_classes = as_count(function, "num_classes", num_classes)
    return keras.Input(input_shape), num_classes


def _normalized_and_pooled(maps):
    # The paper's constants, but for alpha: pixels here end at 1, not at 255.
    maps = LocalResponseNormalization(2, bias=2.0, alpha=0.1, beta=0.75)(maps)
    return layers.MaxPooling2D(3, strides=2, padding="same")(maps)


def _finish(name, images, features, num_classes):
    scores = layers.Dense(num_classes, activation="softmax")(features)
    return keras.Model(images, scores, name=name)
