"""From photographs to what a classifier takes, and from its answers to words."""

from functools import cache
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from helpers._validation import as_array, as_count, show
from helpers.data import data_path
from helpers.pretrained._photograph import SMALLEST_SIDE, as_photograph

LABELS = "pretrained/imagenet_labels.txt"
CLASSES = 1000
CENTRE, SCALE = 127, 128
LARGEST_SIZE = 2048


class Guess(NamedTuple):
    """One of a classifier's guesses.

    Attributes
    ----------
    class_id : int
        From 0 to 999, in ImageNet's order.
    label : str
        The first of the class's names; `imagenet_labels` has them all.
    probability : float
        From 0 to 1.
    """

    class_id: int
    label: str
    probability: float


def preprocess(images, size=224, how="crop"):
    """Turn photographs into what a classifier takes.

    Derived in Chapter 9, Pretrained models.

    Parameters
    ----------
    images : array_like or PIL.Image.Image, or list of them
        One photograph, or several: uint8 in 0..255 or float in 0..1, RGB or grey,
        ``[height, width, 3]`` or ``[height, width]``, at least 32 pixels high and wide.
        An array ``[batch, height, width, channels]`` counts as several.
    size : int, optional
        Height and width of what is returned, in pixels.
    how : {"crop", "resize"}, optional
        ``"crop"`` cuts the largest square out of the middle and scales it;
        ``"resize"`` scales the whole photograph, which stretches it.

    Returns
    -------
    ndarray of float32, shape (batch, size, size, 3)
        ``(rgb - 127) / 128``, a batch of one for one photograph. A bicubic filter does
        the scaling; where a photograph shrinks, it averages.

    Raises
    ------
    TypeError, ValueError
        If an image is no photograph, or another argument not of the kind above.

    Examples
    --------
    >>> from helpers.data import photograph
    >>> from helpers.pretrained import preprocess
    >>> preprocess(photograph("china")).shape
    (1, 224, 224, 3)
    """
    size = as_count("preprocess", "size", size, minimum=SMALLEST_SIDE)
    size = as_count("preprocess", "size", size, maximum=LARGEST_SIZE)
    if how not in ("crop", "resize"):
        raise ValueError(f'preprocess: how must be "crop" or "resize", got {show(how)}')
    if not isinstance(images, (list, tuple)):
        is_batch = isinstance(images, np.ndarray) and images.ndim == 4
        images = list(images) if is_batch else [images]
    if not images:
        raise ValueError("preprocess: images must hold at least one, got none")
    photographs = [as_photograph("preprocess", image) for image in images]
    scaled = np.stack([_scaled(image, size, how) for image in photographs])
    return (scaled - CENTRE) / SCALE


def _scaled(image, size, how):
    """Return a photograph as float32 [size, size, 3] in 0..255."""
    if how == "crop":
        height, width, _ = image.shape
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        image = image[top : top + side, left : left + side]
    # A filter that widens as the picture shrinks, so that fine detail does not alias.
    options = {"method": "bicubic", "antialias": True}
    scaled = tf.image.resize(image.astype(np.float32), (size, size), **options)
    return np.clip(scaled.numpy(), 0, 255)  # beside edges the filter overshoots


@cache
def imagenet_labels():
    """Return the names of ImageNet's 1,000 classes, in order; used in Chapter 9.

    Returns
    -------
    tuple of str
        Each with all of its names: ``"tench, Tinca tinca"``.

    Examples
    --------
    >>> from helpers.pretrained import imagenet_labels
    >>> imagenet_labels()[281]
    'tabby, tabby cat'
    """
    return tuple(data_path(LABELS).read_text(encoding="utf-8").splitlines())


def decode_predictions(predictions, top=5):
    """Put a classifier's answers into words; used in Chapter 9.

    Parameters
    ----------
    predictions : array_like, shape (batch, 1000) or (1000,)
        Logits or probabilities. Rows that are nowhere negative and sum to 1 are taken
        for probabilities; of others the softmax is taken.
    top : int, optional
        How many guesses to give.

    Returns
    -------
    list of list of Guess
        For each image its guesses, the best first: ``(class_id, label, probability)``.
        For the answer to one image, without a batch, one list.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, or an answer is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.pretrained import decode_predictions
    >>> logits = np.zeros(1000)
    >>> logits[281] = 10
    >>> class_id, label, probability = decode_predictions(logits, top=1)[0]
    >>> class_id, label, round(probability, 2)
    (281, 'tabby', 0.96)
    """
    name = "decode_predictions"
    top = as_count(name, "top", top, maximum=CLASSES)
    values = as_array(
        name, "predictions", np.asarray(predictions), ("batch, 1000", "1000")
    )
    if values.shape[-1] != CLASSES:
        raise ValueError(
            f"{name}: predictions must have {CLASSES} values an image, "
            f"got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError(f"{name}: predictions must be finite, got NaN or infinity")
    rows = _probabilities(np.atleast_2d(values).astype(np.float64))
    labels = imagenet_labels()
    best = np.argsort(-rows, axis=1, kind="stable")[:, :top]
    guesses = [
        [Guess(int(k), labels[k].split(", ")[0], float(row[k])) for k in order]
        for row, order in zip(rows, best, strict=True)
    ]
    return guesses if values.ndim == 2 else guesses[0]


def _probabilities(rows):
    """Return probabilities, from logits where they are none yet."""
    if (rows >= 0).all() and np.allclose(rows.sum(axis=1), 1, atol=1e-3):
        return rows
    powers = np.exp(rows - rows.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
