"""The book's photographs as arrays."""

import operator
from pathlib import PurePath

import numpy as np

from helpers.data._files import data_path, pillow_images, registry, require_known

# A stretch of up to 2 % is not seen, and lets sizes be round numbers.
LARGEST_STRETCH = 1.02


def photograph_names():
    """Return the names that `photograph` knows; used from Chapter 1 on.

    Returns
    -------
    tuple of str
        The names, in alphabetical order.

    Examples
    --------
    >>> from helpers.data import photograph_names
    >>> photograph_names()
    ('astronaut', 'chelsea', 'china', 'coffee', 'coins', 'flower')
    """
    return tuple(sorted(_files_by_name()))


def photograph(name, size=None, grey=False, crop=False):
    """Load one photograph; used from the chapter *The visual cortex* on.

    Used from Chapter 1 on.

    Parameters
    ----------
    name : str
        One of `photograph_names`.
    size : tuple of int, optional
        ``(height, width)`` in pixels to resize to; the photograph's own size if not
        given. Pillow's bicubic filter does it, widened with the scale when the
        picture shrinks, so that fine detail is averaged and does not alias.
    grey : bool, optional
        Give one grey value a pixel, ``0.299 R + 0.587 G + 0.114 B`` (ITU-R BT.601),
        instead of red, green and blue.
    crop : bool, optional
        Cut the largest part of the wanted shape out of the middle before resizing.
        Without it, a size that would stretch the picture by more than 2 % is refused.

    Returns
    -------
    numpy.ndarray
        uint8 in 0..255, ``[height, width, 3]``, or ``[height, width]`` if `grey`. A
        photograph that is grey itself has three equal channels.

    Raises
    ------
    ValueError
        If there is no such photograph, or `size` is not positive or would stretch it.
    TypeError
        If `name` is not a string or `size` not a pair of integers.
    ImportError
        If Pillow is not installed.
    DataError
        If the file is missing or damaged: see `data_path`.

    Examples
    --------
    >>> from helpers.data import photograph
    >>> photograph("china").shape
    (427, 640, 3)
    >>> photograph("coffee", size=(200, 300), grey=True).shape
    (200, 300)
    >>> photograph("coffee", size=(224, 224), crop=True).shape
    (224, 224, 3)
    >>> photograph("coffee", size=(224, 224))
    Traceback (most recent call last):
        ...
    ValueError: photograph: size (224, 224) would stretch 'coffee', which is
    400 × 600, by 50 %; pass crop=True to cut its middle out, or a size of its
    shape, such as (224, 336)
    """
    files = _files_by_name()
    require_known("photograph", "photograph", name, files)
    if size is not None:
        size = _checked_size(size)
    pillow = pillow_images("photograph")
    with pillow.open(data_path(files[name])) as image:
        image = image.convert("L" if grey else "RGB")
    if size is not None:
        height, width = size
        box = _region(name, image.height, image.width, size, crop)
        image = image.resize((width, height), pillow.Resampling.BICUBIC, box=box)
    return np.array(image)


def sample_images():
    """Load the two photographs of the chapter *Convolutional layers*.

    Used from Chapter 2 on.

    Returns
    -------
    numpy.ndarray
        uint8 ``[2, 427, 640, 3]``: the pavilion (``"china"``) and the dahlia
        (``"flower"``), a mini-batch of two RGB images in 0..255, the same as those
        of scikit-learn's ``load_sample_images``.

    Examples
    --------
    >>> from helpers.data import sample_images
    >>> images = sample_images()
    >>> images.shape, images.dtype
    ((2, 427, 640, 3), dtype('uint8'))
    """
    return np.stack([photograph("china"), photograph("flower")])


def _files_by_name():
    return {
        PurePath(file).stem: file
        for file, entry in registry().items()
        if entry["kind"] == "photograph"
    }


def _checked_size(size):
    """Return ``(height, width)`` as two positive integers, or raise."""
    try:
        height, width = (operator.index(length) for length in size)
    except (TypeError, ValueError):
        raise TypeError(
            f"photograph: size must be a pair of integers (height, width), not {size!r}"
        ) from None
    if height < 1 or width < 1:
        raise ValueError(f"photograph: size must be positive, not {size!r}")
    return height, width


def _region(name, height, width, size, crop):
    """Return the part to resize as Pillow's ``(left, top, right, bottom)``."""
    new_height, new_width = size
    if crop:
        scale = min(height / new_height, width / new_width)
        top = max(0.0, (height - scale * new_height) / 2)
        left = max(0.0, (width - scale * new_width) / 2)
        return left, top, width - left, height - top
    fitting = (new_height, max(1, round(new_height * width / height)))
    stretch = (new_width / width) / (new_height / height)
    stretch = max(stretch, 1 / stretch)
    if stretch > LARGEST_STRETCH and size != fitting:
        raise ValueError(
            f"photograph: size {size} would stretch {name!r}, which is {height} × "
            f"{width}, by {100 * (stretch - 1):.0f} %; pass crop=True to cut its "
            f"middle out, or a size of its shape, such as {fitting}"
        )
    return 0, 0, width, height
