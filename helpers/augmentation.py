"""Random changes that leave a picture's class alone; derived in Chapter 5.

Each function takes a mini-batch and a NumPy generator, draws one change an image, and
returns a new batch of the same shape and type. What moves in from outside is 0, the
background of the book's small images.
"""

import numpy as np

from helpers._validation import as_array, as_count, as_number, show

_AXES = ("batch, height, width, channels",)


def random_flip(images, rng):
    """Mirror each image left to right, or not, with equal chances; used in Chapter 5.

    Parameters
    ----------
    images : array_like
        ``[batch, height, width, channels]``.
    rng : numpy.random.Generator
        Source of the choices.

    Returns
    -------
    numpy.ndarray
        As `images`.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.augmentation import random_flip
    >>> image = np.arange(3).reshape(1, 1, 3, 1)
    >>> random_flip(image, np.random.default_rng(0)).ravel().tolist()
    [0, 1, 2]
    >>> random_flip(image, np.random.default_rng(2)).ravel().tolist()
    [2, 1, 0]
    """
    images = _batch("random_flip", images, rng)
    chosen = rng.random(len(images)) < 0.5
    return np.where(chosen[:, None, None, None], images[:, :, ::-1], images)


def random_shift(images, rng, pixels):
    """Move each image by up to `pixels` up, down, left or right; used in Chapter 5.

    Parameters
    ----------
    images : array_like
        ``[batch, height, width, channels]``.
    rng : numpy.random.Generator
        Source of the choices.
    pixels : int
        Largest shift along each axis; every whole number up to it is equally likely.

    Returns
    -------
    numpy.ndarray
        As `images`; the pixels that move in are 0.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.augmentation import random_shift
    >>> image = np.ones((1, 3, 3, 1), int)
    >>> random_shift(image, np.random.default_rng(0), 1)[0, ..., 0]
    array([[1, 1, 1],
           [1, 1, 1],
           [0, 0, 0]])
    """
    images = _batch("random_shift", images, rng)
    pixels = as_count("random_shift", "pixels", pixels)
    _, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (pixels, pixels), (pixels, pixels), (0, 0)))
    tops, lefts = rng.integers(0, 2 * pixels + 1, size=(2, len(images)))
    rows = tops[:, None] + np.arange(height)
    columns = lefts[:, None] + np.arange(width)
    which = np.arange(len(images))[:, None, None]
    return padded[which, rows[:, :, None], columns[:, None, :]]


def random_cutout(images, rng, size):
    """Blank a square of each image, centred on a random pixel; told in Chapter 5.

    Parameters
    ----------
    images : array_like
        ``[batch, height, width, channels]``.
    rng : numpy.random.Generator
        Source of the choices.
    size : int
        Side of the square, in pixels; it may hang over the edge.

    Returns
    -------
    numpy.ndarray
        As `images`, with the square's pixels 0.

    References
    ----------
    DeVries, Taylor: "Improved regularization of convolutional neural networks with
    Cutout", arXiv:1708.04552, 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.augmentation import random_cutout
    >>> image = np.ones((1, 4, 4, 1), int)
    >>> random_cutout(image, np.random.default_rng(0), 2)[0, ..., 0]
    array([[1, 1, 1, 1],
           [1, 1, 1, 1],
           [1, 0, 0, 1],
           [1, 0, 0, 1]])
    """
    images = _batch("random_cutout", images, rng)
    size = as_count("random_cutout", "size", size)
    _, height, width, _ = images.shape
    tops = rng.integers(0, height, len(images)) - size // 2
    lefts = rng.integers(0, width, len(images)) - size // 2
    rows = np.arange(height) - tops[:, None]
    columns = np.arange(width) - lefts[:, None]
    in_rows = (rows >= 0) & (rows < size)
    in_columns = (columns >= 0) & (columns < size)
    square = in_rows[:, :, None] & in_columns[:, None, :]
    return np.where(square[..., None], images.dtype.type(0), images)


def random_rotation(images, rng, degrees):
    """Turn each image about its middle by up to `degrees` either way.

    Used in Chapter 5.

    Parameters
    ----------
    images : array_like
        ``[batch, height, width, channels]``.
    rng : numpy.random.Generator
        Source of the choices.
    degrees : float
        Largest angle, at most 180; every angle up to it is equally likely.

    Returns
    -------
    numpy.ndarray
        As `images`, interpolated between the four nearest pixels; integers are
        rounded.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.augmentation import random_rotation
    >>> image = np.zeros((1, 5, 5, 1))
    >>> image[0, 2] = 1
    >>> turned = random_rotation(image, np.random.default_rng(0), 45)
    >>> float(turned[0, 2, 2, 0]), bool(turned[0, 2, 0, 0] < 1)
    (1.0, True)
    """
    images = _batch("random_rotation", images, rng)
    degrees = as_number("random_rotation", "degrees", degrees, minimum=0, maximum=180)
    _, height, width, _ = images.shape
    angles = np.radians(rng.uniform(-degrees, degrees, len(images)))[:, None, None]
    y = np.arange(height)[:, None] - (height - 1) / 2
    x = np.arange(width)[None, :] - (width - 1) / 2
    rows = np.cos(angles) * y - np.sin(angles) * x + (height - 1) / 2
    columns = np.sin(angles) * y + np.cos(angles) * x + (width - 1) / 2
    turned = _between_pixels(images, rows, columns)
    if images.dtype.kind in "iu":
        turned = np.rint(turned)
    return turned.astype(images.dtype)


def random_contrast(images, rng, amount):
    """Stretch or shrink each image's distance from its own mean; used in Chapter 5.

    Parameters
    ----------
    images : array_like
        ``[batch, height, width, channels]``.
    rng : numpy.random.Generator
        Source of the choices.
    amount : float
        The factor is drawn from ``1 - amount`` to ``1 + amount``; below 1.

    Returns
    -------
    numpy.ndarray
        As `images`. Unsigned bytes are held within 0..255, as a camera would; floats
        are left as they come.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.augmentation import random_contrast
    >>> image = np.array([0.0, 1.0]).reshape(1, 1, 2, 1)
    >>> random_contrast(image, np.random.default_rng(0), 0.5).ravel().round(2)
    array([-0.07,  1.07])
    """
    images = _batch("random_contrast", images, rng)
    amount = as_number("random_contrast", "amount", amount, minimum=0, maximum=1)
    factors = rng.uniform(1 - amount, 1 + amount, len(images))[:, None, None, None]
    means = images.mean(axis=(1, 2, 3), keepdims=True)
    changed = means + factors * (images - means)
    if images.dtype == np.uint8:
        changed = np.clip(np.rint(changed), 0, 255)
    return changed.astype(images.dtype)


#: The changes that `augment` knows, in the order in which it makes them.
CHANGES = {
    "rotation": random_rotation,
    "shift": random_shift,
    "flip": random_flip,
    "contrast": random_contrast,
    "cutout": random_cutout,
}


def augment(images, rng, **amounts):
    """Apply several random changes, in the order of `CHANGES`; used in Chapter 5.

    Parameters
    ----------
    images : array_like
        ``[batch, height, width, channels]``.
    rng : numpy.random.Generator
        Source of the choices.
    **amounts : int, float or bool
        ``rotation`` in degrees, ``shift`` in pixels, ``flip=True``, ``contrast`` below
        1, ``cutout`` in pixels. What is 0, False or absent is not done.

    Returns
    -------
    numpy.ndarray
        As `images`.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.augmentation import augment
    >>> images = np.ones((2, 28, 28, 1), np.uint8)
    >>> augment(images, np.random.default_rng(0), flip=True, shift=2).shape
    (2, 28, 28, 1)
    """
    unknown = set(amounts) - set(CHANGES)
    if unknown:
        raise ValueError(
            f"augment: there is no change {min(unknown)!r}; there are "
            + ", ".join(sorted(CHANGES))
        )
    for name, change in CHANGES.items():
        amount = amounts.get(name, 0)
        if name == "flip" and amount:
            images = change(images, rng)
        elif amount:
            images = change(images, rng, amount)
    return np.asarray(images)


def _batch(function, images, rng):
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{function}: rng must be a numpy.random.Generator, got {show(rng)}"
        )
    return as_array(function, "images", images, _AXES)


def _between_pixels(images, rows, columns):
    """Interpolate at float positions ``[batch, height, width]``; 0 outside."""
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2), (0, 0)))
    rows = np.clip(rows + 1, 0, images.shape[1] + 1)
    columns = np.clip(columns + 1, 0, images.shape[2] + 1)
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    down, right = (rows - top)[..., None], (columns - left)[..., None]
    which = np.arange(len(images))[:, None, None]
    upper = (1 - right) * padded[which, top, left] + right * padded[
        which, top, left + 1
    ]
    lower = (1 - right) * padded[which, top + 1, left]
    lower = lower + right * padded[which, top + 1, left + 1]
    return (1 - down) * upper + down * lower
