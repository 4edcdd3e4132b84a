"""A U-Net: down, up again, and at each size the maps from the way down beside."""

import keras
from keras import layers

from helpers._validation import as_count
from helpers.detection._backbone import normalized
from helpers.segmentation._fcn import SCENE_CLASSES
from helpers.segmentation._segmenter import Segmenter

WIDTHS = (8, 16, 32, 64, 128)


def unet(class_names=SCENE_CLASSES, channels=3):
    """Build a small U-Net; used in Chapter 14.

    At each of five sizes two convolutions on the way down, two on the way up. Unlike in
    the paper, convolutions are padded and batch-normalized.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes, the background first.
    channels : int, optional
        Of the images.

    Returns
    -------
    Segmenter

    References
    ----------
    Ronneberger, Fischer, Brox: "U-Net: convolutional networks for biomedical image
    segmentation", MICCAI 2015.

    Examples
    --------
    >>> from helpers.segmentation import unet
    >>> unet(("background", "nucleus"), channels=1).network.output_shape
    (None, None, None, 2)
    """
    images = keras.Input((None, None, as_count("unet", "channels", channels)))
    maps, beside = images, []
    for width in WIDTHS[:-1]:
        maps = _twice(maps, width)
        beside.append(maps)
        maps = layers.MaxPooling2D()(maps)
    maps = _twice(maps, WIDTHS[-1])
    for width, same_size in zip(WIDTHS[-2::-1], reversed(beside), strict=True):
        maps = layers.Conv2DTranspose(width, 2, strides=2)(maps)
        maps = _twice(layers.Concatenate()([same_size, maps]), width)
    logits = layers.Conv2D(len(class_names), 1, dtype="float32")(maps)
    network = keras.Model(images, logits, name="unet")
    return Segmenter(network, class_names, stride=2 ** (len(WIDTHS) - 1))


def _twice(maps, width):
    return normalized(normalized(maps, width), width)
