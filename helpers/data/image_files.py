"""Images in files of any folder, as arrays."""

import numpy as np

from helpers.data._files import DamagedDataError, pillow_images


def read_image(path):
    """Read a photograph from a file of your own, or of a set.

    Parameters
    ----------
    path : str or pathlib.Path
        In any format that Pillow knows, whatever the name ends in.

    Returns
    -------
    numpy.ndarray
        uint8 ``[height, width, 3]`` in 0..255; a grey one has three equal channels.

    Raises
    ------
    ImportError
        If Pillow is not installed.
    DamagedDataError
        If the file holds no image, or only a part of one.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> from helpers.data import data_path, read_image
    >>> read_image(data_path("coins.png")).shape
    (303, 384, 3)
    """
    return _pixels("read_image", path, lambda image: image.convert("RGB"))


def read_labels(path):
    """Read an image whose pixels are numbers of classes, not colours.

    Parameters
    ----------
    path : str or pathlib.Path
        Such as the `labels_path` of a `VocImage` or the `trimap_path` of a `PetImage`.

    Returns
    -------
    numpy.ndarray
        uint8 ``[height, width]``: the numbers as stored, not the palette's colours.

    Raises
    ------
    ImportError
        If Pillow is not installed.
    DamagedDataError
        If the file holds no image, only a part of one, or one in colour.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> from helpers.data import data_path, read_labels
    >>> read_labels(data_path("coins.png")).shape
    (303, 384)
    """
    return _pixels("read_labels", path, _numbers)


def _numbers(image):
    if image.mode not in ("L", "P"):
        raise ValueError(f"its pixels are no single bytes but {image.mode}")
    return image


def _pixels(caller, path, prepare):
    pillow = pillow_images(caller)
    with open(path, "rb") as file:
        try:
            with pillow.open(file) as image:
                return np.array(prepare(image), np.uint8)
        # Pillow raises a SyntaxError for a PNG file that is broken inside.
        except (OSError, ValueError, SyntaxError) as error:
            raise DamagedDataError(f"{caller}: cannot read {path}: {error}") from error
