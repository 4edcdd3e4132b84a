"""The convolutions that every network for scenes stands on."""

import keras
from keras import layers

from helpers.layers import ResidualUnit

WIDTHS = (16, 32, 64, 128)  # maps at a half, a quarter, an eighth, a sixteenth
UNITS = (0, 1, 2, 1)  # residual units there
STRIDE = 2 ** len(WIDTHS)


def backbone():
    """Build the residual network under the detectors and segmenters of the book.

    Returns
    -------
    keras.Model
        From images ``[batch, height, width, 3]`` in 0..1, of any size, to four maps at
        strides 2, 4, 8 and 16.

    Examples
    --------
    >>> from helpers.detection import backbone
    >>> [tuple(maps.shape[1:]) for maps in backbone()(np.zeros((1, 128, 128, 3)))]
    [(64, 64, 16), (32, 32, 32), (16, 16, 64), (8, 8, 128)]
    """
    images = maps = keras.Input((None, None, 3), name="images")
    outputs = []
    for width, units in zip(WIDTHS, UNITS, strict=True):
        maps = normalized(maps, width, strides=2)
        for _ in range(units):
            maps = ResidualUnit(width)(maps)
        outputs.append(maps)
    return keras.Model(images, outputs, name="backbone")


def normalized(maps, filters, size=3, strides=1, padding="same"):
    """Return a convolution's maps, batch-normalized, through ReLU."""
    maps = layers.Conv2D(
        filters,
        size,
        strides=strides,
        padding=padding,
        use_bias=False,
        kernel_initializer="he_normal",
    )(maps)
    return layers.Activation("relu")(layers.BatchNormalization()(maps))


def merged(lower, upper, filters):
    """Return a map that knows both: fine places from below, meaning from above.

    The upper map is enlarged to twice its size and added, as in a feature pyramid
    (Lin et al., 2017).
    """
    lower = layers.Conv2D(filters, 1)(lower)
    upper = layers.Conv2D(filters, 1)(upper)
    return layers.Add()([lower, layers.UpSampling2D(2)(upper)])
