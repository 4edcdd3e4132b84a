"""The convolutions that every network for scenes stands on."""

import keras
from keras import layers

from helpers.layers import ResidualUnit

WIDTHS = (16, 32, 64, 128)  # maps at a half, a quarter, an eighth, a sixteenth
UNITS = (0, 1, 2, 1)  # residual units there
STRIDE = 2 ** len(WIDTHS)


def backbone():
    """Build the residual network under the detectors and segmenters of the book.

    Used in Chapters 11 and 14.

    Returns
    -------
    keras.Model
        From images ``[batch, height, width, 3]`` in 0..1, of any size, to four maps at
        strides 2, 4, 8 and 16.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.detection import backbone
    >>> [tuple(maps.shape[1:]) for maps in backbone()(np.zeros((1, 128, 128, 3)))]
    [(64, 64, 16), (32, 32, 32), (16, 16, 64), (8, 8, 128)]
    """
    images = maps = keras.Input((None, None, 3), name="images")
    outputs = []
    for stage, (width, units) in enumerate(zip(WIDTHS, UNITS, strict=True), 1):
        maps = normalized(maps, width, strides=2, name=f"stage{stage}")
        for unit in range(1, units + 1):
            maps = ResidualUnit(width, name=f"stage{stage}_unit{unit}")(maps)
        outputs.append(maps)
    return keras.Model(images, outputs, name="backbone")


def copy_backbone(source, target):
    """Give a new backbone the weights of the one under a trained network.

    Parameters
    ----------
    source : keras.Model
        Built on a `backbone`.
    target : keras.Model
        A `backbone`. Its weights are changed.
    """
    for layer in target.layers:
        if layer.weights:
            layer.set_weights(source.get_layer(layer.name).get_weights())


def normalized(maps, filters, size=3, strides=1, padding="same", name=None):
    """Return a convolution's maps, batch-normalized, through ReLU."""
    maps = layers.Conv2D(
        filters,
        size,
        strides=strides,
        padding=padding,
        use_bias=False,
        kernel_initializer="he_normal",
        name=name and f"{name}_convolution",
    )(maps)
    maps = layers.BatchNormalization(name=name and f"{name}_normalization")(maps)
    return layers.Activation("relu")(maps)


def merged(lower, upper, filters):
    """Return a map that knows both: fine places from below, meaning from above.

    The upper map is enlarged to twice its size and added, as in a feature pyramid
    (Lin et al., 2017).
    """
    lower = layers.Conv2D(filters, 1)(lower)
    upper = layers.Conv2D(filters, 1)(upper)
    return layers.Add()([lower, layers.UpSampling2D(2)(upper)])
