"""Cell nuclei under a microscope, each with its mask; a part to learn, a part to test.

The image is one of BBBC038, the set of the 2018 Data Science Bowl.
"""

import numpy as np

from helpers._validation import as_count, show
from helpers.data._files import data_path
from helpers.data.composition import Scenes, boxes_around
from helpers.data.image_files import read_labels

CLASS_NAMES = ("nucleus",)
# Columns of the image. Tests lie apart from what is learned, by more than a nucleus.
PARTS = {"train": (0, 320), "test": (352, 512)}


def nuclei():
    """Load a real fluorescence image of cell nuclei and the mask of each.

    Used from Chapter 14, Semantic segmentation, on. People drew the masks.

    Returns
    -------
    image : numpy.ndarray
        uint8 ``[512, 512]``, brightness up to 235.
    masks : numpy.ndarray
        uint8 ``[512, 512]``: 0 outside, and for each of the 125 nuclei its number.

    Raises
    ------
    ImportError
        If Pillow is not installed.
    DataError
        If a file is missing or damaged: see `data_path`.

    References
    ----------
    Caicedo et al.: "Nucleus segmentation across imaging experiments: the 2018 Data
    Science Bowl", Nature Methods 16, 2019. Image set BBBC038v1 of the Broad Bioimage
    Benchmark Collection, CC0.

    Examples
    --------
    >>> from helpers.data import nuclei
    >>> image, masks = nuclei()
    >>> image.shape, int(masks.max())
    ((512, 512), 125)
    """
    return tuple(read_labels(data_path(f"nuclei{end}.png")) for end in ("", "_mask"))


def nuclei_part(split):
    """Return the part of the nuclei's image to learn from, or the one to test on.

    Used in Chapter 14. Between the two lie 32 columns that belong to neither.

    Parameters
    ----------
    split : {"train", "test"}
        320 columns at the left, or 160 at the right.

    Returns
    -------
    Scenes
        One scene, its images uint8 ``[1, 512, columns, 1]``; masks, boxes and labels
        of the nuclei, numbered from 1, those that the edge cuts included.

    Raises
    ------
    ValueError
        If there is no such part.

    Examples
    --------
    >>> from helpers.data import nuclei_part
    >>> part = nuclei_part("test")
    >>> part.images.shape, len(part.boxes[0])
    ((1, 512, 160, 1), 35)
    """
    start, stop = _columns("nuclei_part", split)
    image, masks = (each[:, start:stop] for each in nuclei())
    return _as_scenes([image], [masks])


def nuclei_tiles(count, split="train", seed=0, size=128, first=0):
    """Cut tiles out of one part of the nuclei's image, turned by right angles.

    The arguments are those of `scenes`, and mean the same.

    Returns
    -------
    Scenes
        Their images are uint8 ``[count, size, size, 1]``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, or a tile larger than the part.

    Examples
    --------
    >>> from helpers.data import nuclei_tiles
    >>> nuclei_tiles(2, size=64).images.shape
    (2, 64, 64, 1)
    """
    name = "nuclei_tiles"
    start, stop = _columns(name, split)
    count = as_count(name, "count", count)
    seed = as_count(name, "seed", seed, minimum=0)
    first = as_count(name, "first", first, minimum=0)
    size = as_count(name, "size", size, maximum=stop - start)
    image, masks = (each[:, start:stop] for each in nuclei())
    tiles = []
    for index in range(first, first + count):
        rng = np.random.default_rng((seed, list(PARTS).index(split), index))
        top, left = (rng.integers(side - size + 1) for side in image.shape)
        window = slice(top, top + size), slice(left, left + size)
        turns = rng.integers(4)
        tiles.append([np.rot90(each[window], turns) for each in (image, masks)])
    return _as_scenes(*zip(*tiles, strict=True))


def _columns(function, split):
    if split not in PARTS:
        raise ValueError(
            f"{function}: split must be {' or '.join(map(repr, PARTS))}, "
            f"got {show(split)}"
        )
    return PARTS[split]


def _as_scenes(images, masks):
    """Return images and numbers of nuclei as scenes; each is numbered from 1."""
    numbered = [np.unique(np.append(0, mask), return_inverse=True)[1] for mask in masks]
    numbered = [
        numbers[1:].reshape(mask.shape).astype(np.uint8)
        for numbers, mask in zip(numbered, masks, strict=True)
    ]
    return Scenes(
        np.stack(images)[..., np.newaxis],
        np.stack(numbered),
        [boxes_around(numbers, numbers.max()) for numbers in numbered],
        [np.zeros(numbers.max(), np.int64) for numbers in numbered],
        CLASS_NAMES,
    )
