"""What the networks for scenes take."""

import numpy as np

from helpers._validation import as_array, show
from helpers.training._batches import scaled


def as_scene_images(function, images, stride=1, size=None, channels=3):
    """Return images in floats from 0 to 1, of sides that fit, or raise.

    Parameters
    ----------
    function : str
        Name for the messages.
    images : array_like
        What the caller gave.
    stride : int
        What must divide the sides.
    size : int, optional
        What the sides must be.
    channels : int
        How many there must be.
    """
    images = as_array(function, "images", images, ("images, height, width, channels",))
    sides = images.shape[1:3]
    if images.shape[3] != channels or (size and sides != (size, size)):
        pixels = f"{size} × {size} pixels and " if size else ""
        wanted = f"{pixels}{channels} channel{'s' if channels > 1 else ''}"
        raise ValueError(
            f"{function}: images must have {wanted}, got shape {show(images.shape)}"
        )
    if any(side % stride for side in sides):
        raise ValueError(
            f"{function}: images must have sides that {stride} divides, got "
            f"{show(sides)}; fill them up with zeros"
        )
    images = scaled(images)
    if not (images.min() >= 0 and images.max() <= 1):  # NaN neither
        raise ValueError(
            f"{function}: images must be uint8, or floats from 0 to 1, got "
            f"{np.min(images)} to {np.max(images)}"
        )
    return images
