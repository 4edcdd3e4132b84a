"""The book's own small networks: quick to train on two cores, and shipped trained.

Each function builds a Keras model for images with values in 0..1, and ends in a
softmax. `helpers.training` holds the recipe of each, and its trained weights.
"""

import keras
from keras import layers

from helpers._validation import as_count
from helpers.layers import SqueezeExcite

#: Shape of an image of Fashion-MNIST, and of MNIST.
FASHION_SHAPE = (28, 28, 1)

_THIN_WIDTHS = (16, 32, 64)


def dense_baseline(input_shape=FASHION_SHAPE, num_classes=10):
    """Build a network of dense layers alone, to compare a CNN with.

    Used in Chapters 5 and 16.

    Parameters
    ----------
    input_shape : tuple of int, optional
        ``(height, width, channels)``.
    num_classes : int, optional
        Number of outputs.

    Returns
    -------
    keras.Model
        Two hidden layers of 256 and 128 neurons: 235,146 parameters by default.

    Examples
    --------
    >>> from helpers.small_networks import dense_baseline
    >>> dense_baseline().count_params()
    235146
    """
    num_classes = as_count("dense_baseline", "num_classes", num_classes)
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Flatten(),
            layers.Dense(256, activation="relu", kernel_initializer="he_normal"),
            layers.Dense(128, activation="relu", kernel_initializer="he_normal"),
            layers.Dense(num_classes, activation="softmax"),
        ],
        name="dense_baseline",
    )


def compact(input_shape=FASHION_SHAPE, num_classes=10):
    """Build the CNN that is quick to train; used in the chapter *A first CNN*.

    Used in Chapters 5 and 17. What makes it quick: 3×3 filters, few maps where maps are
    large, and no dense layer but the last. An image costs 5.0 million multiply-adds.
    Batch normalization, after all convolutions but the first, lets it learn in few
    epochs. Where there is a pooling too, it comes after that, and has a quarter of the
    numbers to go through.

    Parameters
    ----------
    input_shape : tuple of int, optional
        ``(height, width, channels)``, sides of at least 8.
    num_classes : int, optional
        Number of outputs.

    Returns
    -------
    keras.Model
        93,386 parameters by default, batch normalization's moving means included.

    Examples
    --------
    >>> from helpers.small_networks import compact
    >>> compact().count_params()
    93386
    """
    num_classes = as_count("compact", "num_classes", num_classes)
    images = keras.Input(input_shape)
    maps = layers.MaxPooling2D()(relu_convolution(16, 3)(images))
    maps = _normalized(maps, 32, pool=True)
    maps = _normalized(maps, 80)
    maps = _normalized(maps, 80, pool=True)
    maps = layers.Dropout(0.35)(layers.Flatten()(maps))
    scores = layers.Dense(num_classes, activation="softmax")(maps)
    return keras.Model(images, scores, name="compact")


def relu_convolution(filters, size):
    """Return a SAME convolution of stride 1, with ReLU."""
    return layers.Conv2D(
        filters,
        size,
        padding="same",
        activation="relu",
        kernel_initializer="he_normal",
    )


def accurate(input_shape=FASHION_SHAPE, num_classes=10, widths=(32, 64, 160)):
    """Build the residual CNN that is accurate; used in the chapter *A first CNN*.

    Used in Chapter 16.

    Parameters
    ----------
    input_shape : tuple of int, optional
        ``(height, width, channels)``.
    num_classes : int, optional
        Number of outputs.
    widths : tuple of int, optional
        Maps of the first layer, and of the two stages at a half and a quarter of the
        size. A stage is a convolution with stride 2 and a residual unit.

    Returns
    -------
    keras.Model
        649,738 parameters by default, batch normalization's moving means included.

    Examples
    --------
    >>> from helpers.small_networks import accurate
    >>> accurate().count_params()
    649738
    """
    num_classes = as_count("accurate", "num_classes", num_classes)
    images = keras.Input(input_shape)
    maps = relu_convolution(widths[0], 3)(images)
    for width in widths[1:]:
        maps = _normalized(maps, width, strides=2)
        skip = maps
        maps = _normalized(maps, width)
        maps = _normalized(maps, width, activation=None)
        maps = layers.ReLU()(layers.Add()([maps, skip]))
    maps = layers.GlobalMaxPooling2D()(maps)
    scores = layers.Dense(num_classes, activation="softmax")(maps)
    return keras.Model(images, scores, name="accurate")


def _normalized(maps, filters, strides=1, pool=False, activation="relu"):
    """3×3 convolution, maybe pooling, batch normalization and, as a rule, ReLU."""
    maps = layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )(maps)
    if pool:
        maps = layers.MaxPooling2D()(maps)
    maps = layers.BatchNormalization(momentum=0.95)(maps)
    return layers.Activation(activation)(maps) if activation else maps


def thin(input_shape=FASHION_SHAPE, num_classes=10, depth=20, skips=True, ratio=None):
    """Build a deep network of few maps, with or without skips; used in *ResNet*.

    Used in Chapter 16. The shape is that of the residual networks for CIFAR-10: a first
    convolution, three stages of as many units at halving sizes, two 3×3 convolutions a
    unit, a dense layer. For 28×28 pixels the first convolution has stride 2 already.
    Where a stage begins, the skip drops every second pixel and adds maps of zeros, so
    that it has no parameters, and both kinds of network have equally many.

    Parameters
    ----------
    input_shape : tuple of int, optional
        ``(height, width, channels)``.
    num_classes : int, optional
        Number of outputs.
    depth : int, optional
        Layers with weights: 6n + 2.
    skips : bool, optional
        Add each unit's input to its output, or, with False, do not: a plain network.
    ratio : int, optional
        Put a squeeze-and-excitation block of that ratio at the end of each unit.

    Returns
    -------
    keras.Model
        270,810 parameters with 20 layers, moving means included.

    References
    ----------
    He, Zhang, Ren, Sun: "Deep residual learning for image recognition", CVPR 2016,
    section 4.2.

    Examples
    --------
    >>> from helpers.small_networks import thin
    >>> thin(depth=8).count_params() == thin(depth=8, skips=False).count_params()
    True
    """
    num_classes = as_count("thin", "num_classes", num_classes)
    depth = as_count("thin", "depth", depth)
    if depth < 8 or depth % 6 != 2:
        raise ValueError(f"thin: depth must be 6n + 2, at least 8, got {depth}")
    images = keras.Input(input_shape)
    maps = _normalized(images, _THIN_WIDTHS[0], strides=2)
    for stage, width in enumerate(_THIN_WIDTHS):
        for unit in range(depth // 6):
            strides = 2 if stage and not unit else 1
            maps = _thin_unit(maps, width, strides, skips, ratio)
    maps = layers.GlobalAveragePooling2D()(maps)
    scores = layers.Dense(num_classes, activation="softmax")(maps)
    kind = "residual" if skips else "plain"
    return keras.Model(images, scores, name=f"{kind}_{depth}")


def _thin_unit(inputs, width, strides, skips, ratio):
    maps = _normalized(inputs, width, strides=strides)
    maps = _normalized(maps, width, activation=None)
    if ratio:
        maps = SqueezeExcite(ratio)(maps)
    if skips:
        skip = inputs
        if strides > 1:
            skip = layers.AveragePooling2D(1, strides=strides, padding="same")(skip)
            zeros = layers.Rescaling(0.0)(skip)
            skip = layers.Concatenate()([skip, zeros])
        maps = layers.Add()([maps, skip])
    return layers.ReLU()(maps)
