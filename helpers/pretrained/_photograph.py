"""One place that says what a photograph is: the networks here take nothing else."""

import numpy as np

from helpers._validation import LARGEST_SIDE, show

SMALLEST_SIDE = 32  # pixels; enlarged to 224, less than that is a blur
OPAQUE = 255
PILLOW_MODES = ("L", "RGB", "RGBA")


def as_photograph(function, image):
    """Return an image as 8-bit RGB, or say in words why it is no photograph.

    Parameters
    ----------
    function : str
        Name for the messages.
    image : array_like or PIL.Image.Image
        uint8 in 0..255 or float in 0..1, ``[height, width]``, ``[height, width, 1]``,
        ``[height, width, 3]`` or, where it is opaque, ``[height, width, 4]``.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        A grey image has three equal channels. Floats are rounded to 255ths.

    Raises
    ------
    TypeError, ValueError
        If it is anything else: a batch, channels first, 16 bits, transparent, smaller
        than 32 pixels, not in 0..1.
    """
    mode = getattr(image, "mode", None)
    if isinstance(mode, str) and mode not in PILLOW_MODES:
        raise TypeError(
            f"{function}: image must be RGB or grey, got a Pillow image of mode "
            f'{mode!r}; call image.convert("RGB") first'
        )
    try:
        pixels = np.asarray(image)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{function}: image must be an array, {error}") from error
    return _eight_bits(function, _three_channels(function, pixels))


def _three_channels(function, pixels):
    """Return the pixels as [height, width, 3], whatever their type."""
    shape = pixels.shape
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3, 4):
        raise ValueError(
            f"{function}: image must be [height, width] or [height, width, channels] "
            f"with 1, 3 or 4 channels, got shape {shape}{_advice(shape)}"
        )
    height, width, channels = pixels.shape
    if not SMALLEST_SIDE <= min(height, width) <= max(height, width) <= LARGEST_SIDE:
        raise ValueError(
            f"{function}: image must be {SMALLEST_SIDE} to {LARGEST_SIDE} pixels high "
            f"and wide, got {height} × {width}"
        )
    if channels == 4:
        return _without_alpha(function, pixels)
    return np.broadcast_to(pixels, (height, width, 3))


def _advice(shape):
    if len(shape) == 4:
        return "; pass the images of a batch one by one"
    if len(shape) == 3 and shape[0] in (1, 3, 4):
        return "; its channels stand first: pass image.transpose(1, 2, 0)"
    return ""


def _without_alpha(function, pixels):
    """Drop an alpha channel that says nothing."""
    opaque = OPAQUE if pixels.dtype == np.uint8 else 1
    if not (pixels[..., 3] == opaque).all():
        raise ValueError(
            f"{function}: image must be opaque, got transparent pixels; lay it over a "
            "background first"
        )
    return pixels[..., :3]


def _eight_bits(function, pixels):
    """Return the pixels as uint8."""
    kind = pixels.dtype.kind
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels)
    if kind == "f":
        low, high = float(pixels.min()), float(pixels.max())
        if not (low >= 0 and high <= 1):  # NaN fails both
            raise ValueError(
                f"{function}: image must be in 0..1 when it holds floats, "
                f"got {low:g} to {high:g}; round values in 0..255 and give uint8"
            )
        return np.rint(255 * pixels).astype(np.uint8)
    if pixels.dtype == np.uint16:
        raise TypeError(
            f"{function}: image must hold uint8 or floats, got uint16, up to "
            f"{show(int(pixels.max()))}; divide it by its largest possible value "
            "(65535 for 16 bits, 4095 for 12) and give floats"
        )
    raise TypeError(
        f"{function}: image must hold uint8 in 0..255 or floats in 0..1, "
        f"got {pixels.dtype}"
    )
