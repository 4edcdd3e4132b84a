"""Scenes with several objects, composed from clothes and photographs.

Their boxes, classes and masks are exact, and there are as many as you like. The
generator is frozen: networks were trained on what it makes, and a test pins its bytes.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from helpers._validation import as_count, show
from helpers.data.labelled_images import FASHION_CLASSES, fashion_mnist
from helpers.data.photographs import photograph

SPLITS = {
    "train": ("astronaut", "china", "coffee", "coins"),
    "test": ("chelsea", "flower"),
}
MOST_ITEMS = 6
SMALLEST, LARGEST = 24, 64  # longer side of an item, in pixels
LEAST_SIDE, LARGEST_SIDE = 96, 256  # of a scene: any item fits
MOST_TURN = 25  # degrees
MOST_HIDDEN = 0.4  # of an item, by others
SHRINKINGS = (1, 2, 3)  # of the photographs: every pixel, every second, every third
TRIES = 20  # for a place that hides little
DARKEST = 0.2  # what black cloth is painted with
EDGE = 24  # grey value from which a pixel belongs to an item


class Scenes(NamedTuple):
    """Scenes, and what is in them.

    Attributes
    ----------
    images : numpy.ndarray
        uint8 ``[scenes, size, size, 3]``.
    masks : numpy.ndarray
        uint8 ``[scenes, size, size]``: the number of the item whose pixel it is, from
        1; 0 for the photograph.
    boxes : list of numpy.ndarray
        For each scene float32 ``[items, 4]``, ``[x_min, y_min, x_max, y_max]`` around
        the pixels of each item that can be seen, in the order of the masks' numbers.
    labels : list of numpy.ndarray
        For each scene int64 ``[items]``, an index into `class_names`.
    class_names : tuple of str
        Those of Fashion-MNIST.
    """

    images: np.ndarray
    masks: np.ndarray
    boxes: list
    labels: list
    class_names: tuple[str, ...]


def scenes(count, split="train", seed=0, size=128, first=0):
    """Compose scenes of clothes on photographs; introduced in Chapter 11.

    A scene has 1 to 6 items of Fashion-MNIST, 24 to 64 pixels long, turned by up to 25
    degrees either way and tinted, on a crop of a photograph. Others hide at most 40 %
    of an item.

    Parameters
    ----------
    count : int
        How many scenes.
    split : str, optional
        ``"train"`` or ``"test"``: they share neither items nor photographs.
    seed : int, optional
        Another seed gives other scenes; the same seed gives the same bytes.
    size : int, optional
        Height and width in pixels, 96 to 256. The items' sizes stay the same.
    first : int, optional
        Number of the first scene. A scene depends on its number, not on how many are
        asked for at once.

    Returns
    -------
    Scenes
        ``images, masks, boxes, labels, class_names``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.
    DataError
        If a file is missing or damaged: see `data_path`.

    Examples
    --------
    >>> from helpers.data import scenes
    >>> some = scenes(3)
    >>> some.images.shape, [len(boxes) for boxes in some.boxes]
    ((3, 128, 128, 3), [2, 5, 4])
    >>> (scenes(1, first=2).images == some.images[2]).all()
    np.True_
    """
    count = as_count("scenes", "count", count)
    seed = as_count("scenes", "seed", seed, minimum=0)
    first = as_count("scenes", "first", first, minimum=0)
    size = as_count("scenes", "size", size, minimum=LEAST_SIDE, maximum=LARGEST_SIDE)
    if split not in SPLITS:
        raise ValueError(
            f"scenes: split must be {' or '.join(map(repr, SPLITS))}, got {show(split)}"
        )
    images = np.empty((count, size, size, 3), np.uint8)
    masks = np.empty((count, size, size), np.uint8)
    boxes, labels = [], []
    for index in range(count):
        rng = np.random.default_rng((seed, list(SPLITS).index(split), first + index))
        there = _compose(rng, split, images[index], masks[index])
        boxes.append(there[0])
        labels.append(there[1])
    return Scenes(images, masks, boxes, labels, FASHION_CLASSES)


@cache
def _sources(split):
    """Return photographs, items and their labels."""
    fashion = fashion_mnist()
    items = getattr(fashion, f"{split}_images")[..., 0]
    labels = getattr(fashion, f"{split}_labels").astype(np.int64)
    return [_shrunk(photograph(name)) for name in SPLITS[split]], items, labels


def _shrunk(picture):
    """Return a photograph in several sizes, each with its mirror image."""
    sizes = [picture[::step, ::step] for step in SHRINKINGS]
    return [np.ascontiguousarray(each) for one in sizes for each in (one, one[:, ::-1])]


def _compose(rng, split, image, mask):
    """Fill an image and a mask; return boxes and labels."""
    photographs, items, labels = _sources(split)
    _crop(rng, photographs, image)
    mask[:] = 0
    whole, seen, chosen = np.zeros(0, int), np.zeros(0, int), []
    for _ in range(rng.integers(1, MOST_ITEMS + 1)):
        which = rng.integers(len(items))
        grey, part = _turned(rng, items[which])
        inside = part >= 0.5
        window, left_over = _place(rng, inside, mask, seen, (1 - MOST_HIDDEN) * whole)
        colour = rng.uniform(0.25, 1, 3).astype(np.float32)
        if window is None:
            continue
        _paint(image[window], grey, part, colour)
        chosen.append(labels[which])
        mask[window][inside] = len(chosen)
        area = np.count_nonzero(inside)
        whole, seen = np.append(whole, area), np.append(left_over, area)
    return boxes_around(mask, len(chosen)), np.array(chosen, np.int64)


def _crop(rng, photographs, image):
    """Fill the image with a part of a photograph, shrunk and mirrored by chance."""
    height, width, _ = image.shape
    sizes = photographs[rng.integers(len(photographs))]
    sizes = [each for each in sizes if min(each.shape[:2]) >= height]
    picture = sizes[rng.integers(len(sizes))]
    top = rng.integers(picture.shape[0] - height + 1)
    left = rng.integers(picture.shape[1] - width + 1)
    image[:] = picture[top : top + height, left : left + width]


def _turned(rng, item):
    """Return an item enlarged and turned: grey values, and how far a pixel is covered.

    Two arrays of float32, from 0 to 1, as small as the item allows.
    """
    rows, columns = np.nonzero(item >= EDGE)
    item = item[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = rng.uniform(SMALLEST, LARGEST) / max(item.shape)
    angle = np.deg2rad(rng.uniform(-MOST_TURN, MOST_TURN))
    cosine, sine = np.cos(angle), np.sin(angle)
    high, wide = np.multiply(item.shape, scale)
    height = int(np.ceil(high * cosine + wide * abs(sine)))
    width = int(np.ceil(wide * cosine + high * abs(sine)))
    down = ((np.arange(height) + 0.5 - height / 2) / scale).astype(np.float32)
    across = ((np.arange(width) + 0.5 - width / 2) / scale).astype(np.float32)
    # Two pixels of margin, so that four neighbours can always be read.
    framed = np.zeros((item.shape[0] + 4, item.shape[1] + 4), np.float32)
    framed[2:-2, 2:-2] = item
    y = np.float32(cosine) * down[:, np.newaxis] - np.float32(sine) * across
    x = np.float32(sine) * down[:, np.newaxis] + np.float32(cosine) * across
    y += np.float32(item.shape[0] / 2 + 1.5)
    x += np.float32(item.shape[1] / 2 + 1.5)
    np.clip(y, 0, framed.shape[0] - 1.001, out=y)
    np.clip(x, 0, framed.shape[1] - 1.001, out=x)
    top, left = y.astype(np.intp), x.astype(np.intp)
    y -= top
    x -= left
    top *= framed.shape[1]
    top += left
    both = np.stack([framed / np.float32(255), _filled(framed >= EDGE)]).reshape(2, -1)
    upper = _between(both.take(top, 1), both.take(top + 1, 1), x)
    top += framed.shape[1]
    lower = _between(both.take(top, 1), both.take(top + 1, 1), x)
    return _cut(*_between(upper, lower, y))


def _between(one, other, part):
    """Return what lies a part of the way to the other, in the other's memory."""
    other -= one
    other *= part
    other += one
    return other


def _filled(inside):
    """Return a silhouette without holes: pixels with the item on all four sides."""
    along = [inside, inside[::-1], inside.T, inside.T[::-1]]
    seen = [np.maximum.accumulate(each, axis=0) for each in along]
    return seen[0] & seen[1][::-1] & seen[2].T & seen[3][::-1].T


def _cut(grey, part):
    """Cut off rows and columns that are less than half covered everywhere."""
    inside = part >= 0.5
    rows = np.flatnonzero(inside.any(axis=1))
    columns = np.flatnonzero(inside.any(axis=0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return grey[window], part[window]


def _place(rng, inside, mask, seen, least):
    """Find a place for an item at which enough of each other one is seen.

    Returns a window of the mask and how many pixels of each are seen then; None for the
    window if no place was found.
    """
    height, width = inside.shape
    room = len(mask) - height, len(mask) - width
    for top, left in rng.integers(0, np.add(room, 1), (TRIES, 2)).tolist():
        window = slice(top, top + height), slice(left, left + width)
        hidden = np.bincount(mask[window][inside], minlength=len(seen) + 1)[1:]
        left_over = seen - hidden
        if (left_over >= least).all():
            return window, left_over
    return None, seen


def _paint(window, grey, part, colour):
    """Lay a tinted item over its window of the image."""
    shade = DARKEST + (1 - DARKEST) * grey
    cover = part[..., np.newaxis]
    paint = shade[..., np.newaxis] * (255 * colour)
    window[:] = window + cover * (paint - window) + np.float32(0.5)


def boxes_around(mask, count):
    """Return the box around each item's pixels, [items, 4]."""
    boxes = np.empty((count, 4), np.float32)
    for number in range(1, count + 1):
        own = mask == number
        rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
        boxes[number - 1] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return boxes
