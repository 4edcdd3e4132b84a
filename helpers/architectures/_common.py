"""What the architectures share: checked inputs, and the layer that gives the answer."""

import keras

from helpers._validation import as_count, as_shape
from helpers.layers._base import require_channels_last


def image_input(function, input_shape, minimum):
    """Return the symbolic images, or say why the network cannot take them.

    Parameters
    ----------
    function : str
        Name for the messages.
    input_shape : (int, int, int)
        Height, width and channels.
    minimum : int
        Smallest height and width that leave something to do for every pooling and
        stride, in pixels.
    """
    require_channels_last(function)
    shape = as_shape(function, "input_shape", input_shape, "height, width, channels")
    height, width, channels = shape
    if height <= 4 and height < min(width, channels):
        raise ValueError(
            f"{function}: input_shape must be (height, width, channels), got {shape}, "
            f"which looks like channels first; give {(width, channels, height)}"
        )
    if min(height, width) < minimum:
        raise ValueError(
            f"{function}: input_shape must be at least {minimum} pixels high and wide, "
            f"got {shape}: its poolings and strides would have nothing left to shrink; "
            "enlarge the images first"
        )
    return keras.Input(shape, name="images")


def classify(function, features, num_classes, name="predictions"):
    """Return probabilities of so many classes."""
    as_count(function, "num_classes", num_classes)
    return keras.layers.Dense(
        num_classes, activation="softmax", dtype=answer_dtype(), name=name
    )(features)


def answer_dtype():
    """Return float32 or wider: float16 would round small probabilities to zero."""
    dtype = keras.config.dtype_policy().compute_dtype
    return "float32" if dtype in ("float16", "bfloat16") else dtype


def conv_norm_relu(maps, filters, kernel_size, name, **options):
    """Return maps behind a convolution, batch normalization and ReLU.

    The convolution needs no bias: batch normalization would subtract it.
    """
    convolve = keras.layers.Conv2D(
        filters, kernel_size, use_bias=False, name=name, **options
    )
    maps = keras.layers.BatchNormalization(name=f"{name}_norm")(convolve(maps))
    return keras.layers.Activation("relu", name=f"{name}_relu")(maps)
