"""Sets of colour photographs with a class each: tree crowns and flowers."""

import csv
import io
import tarfile
from functools import cache
from pathlib import PurePath

import numpy as np

from helpers._validation import as_count
from helpers.data._archives import Archive, find
from helpers.data._files import data_path, pillow_images, require_known
from helpers.data.labelled_images import LabelledImages

TREE_PHOTOGRAPHS = ("yellowstone_road", "yellowstone_meadow", "florida", "california")
TREE_CLASSES = ("no crown", "tree crown")
# How many of the training windows, the last ones, lie in a strip of their own.
TREE_VALIDATION = 134

FLOWER_CLASSES = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
FLOWER_FILE = "flower_photos.tgz"
FLOWER_ADDRESS = (
    "https://storage.googleapis.com/download.tensorflow.org/example_images/"
    + FLOWER_FILE
)
# As TensorFlow Datasets has them for its tf_flowers.
FLOWER_FACTS = (
    228_813_984,
    "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
)
FLOWER_TEST = 5  # one photograph of so many is for testing


def tree_photograph(name):
    """Load a forest from the air, with its boxes; used in *Transfer learning*.

    Used in Chapters 10 and 11.

    Parameters
    ----------
    name : str
        ``"yellowstone_road"``, ``"yellowstone_meadow"``, ``"florida"`` or
        ``"california"``.

    Returns
    -------
    image : numpy.ndarray
        uint8 ``[height, width, 3]``; a pixel is about 10 cm on the ground.
    boxes : numpy.ndarray
        float64 ``[crowns, 4]``: ``[x_min, y_min, x_max, y_max]`` in pixels, drawn by
        hand around each tree crown.

    Raises
    ------
    TypeError, ValueError
        If there is no such photograph.
    ImportError
        If Pillow is not installed.
    DataError
        If a file is missing or damaged: see `data_path`.

    Examples
    --------
    >>> from helpers.data import tree_photograph
    >>> image, boxes = tree_photograph("yellowstone_road")
    >>> image.shape, boxes.shape
    ((1035, 1249, 3), (279, 4))
    """
    require_known("tree_photograph", "photograph", name, TREE_PHOTOGRAPHS)
    keys = ("x_min", "y_min", "x_max", "y_max")
    boxes = [row for row in _rows("boxes") if row["photograph"] == name]
    image = np.array(pillow_images("tree_photograph").open(_tree_file(f"{name}.jpg")))
    return image, np.array([[float(row[key]) for key in keys] for row in boxes])


def tree_crowns(size=96, elsewhere=False):
    """Load windows into forests from the air; used in *Transfer learning*.

    Used in Chapter 10.

    Parameters
    ----------
    size : int, optional
        Height and width of the images in pixels; windows of 24 to 130 pixels are
        scaled to it by Pillow's bicubic filter.
    elsewhere : bool, optional
        Test on forests in Florida and California, instead of on another photograph of
        the region that the training images are from.

    Returns
    -------
    LabelledImages
        ``train_images, train_labels, test_images, test_labels, class_names``: uint8
        images ``[images, size, size, 3]`` in 0..255, 2 classes. The 472 training
        images are from one photograph; the last 134 of them, from a strip in the east
        that none of the others reaches, are meant for validation. The 496 test images
        are from another photograph, the 146 of `elsewhere` from two others.

    Raises
    ------
    TypeError, ValueError
        If `size` is not a positive integer, or `elsewhere` not a bool.
    ImportError
        If Pillow is not installed.
    DataError
        If a file is missing or damaged: see `data_path`.

    Examples
    --------
    >>> from helpers.data import tree_crowns
    >>> crowns = tree_crowns(size=32)
    >>> crowns.train_images.shape, crowns.test_images.shape
    ((472, 32, 32, 3), (496, 32, 32, 3))
    >>> crowns.class_names[crowns.train_labels[0]]
    'tree crown'
    """
    size = as_count("tree_crowns", "size", size)
    if not isinstance(elsewhere, (bool, np.bool_)):
        raise TypeError(
            f"tree_crowns: elsewhere must be True or False, not {elsewhere!r}"
        )
    rows = _rows("windows")
    test = "elsewhere" if elsewhere else "test"
    train = [row for split in ("train", "validation") for row in _of(rows, split)]
    return LabelledImages(
        *_cut_out(train, size), *_cut_out(_of(rows, test), size), TREE_CLASSES
    )


def _of(rows, split):
    return [row for row in rows if row["split"] == split]


@cache
def _rows(name):
    text = _tree_file(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _tree_file(name):
    return data_path(f"tree_crowns/{name}")


def _cut_out(rows, size):
    """Return the images of some windows, and their labels."""
    pillow = pillow_images("tree_crowns")
    names = {row["photograph"] for row in rows}
    photographs = {name: pillow.open(_tree_file(f"{name}.jpg")) for name in names}
    images = np.empty((len(rows), size, size, 3), np.uint8)
    for image, row in zip(images, rows, strict=True):
        left, top, side = (float(row[key]) for key in ("x", "y", "side"))
        box = (left, top, left + side, top + side)
        bicubic = pillow.Resampling.BICUBIC
        image[:] = photographs[row["photograph"]].resize((size, size), bicubic, box)
    return images, np.array([int(row["crown"]) for row in rows], np.uint8)


def flowers(size=96):
    """Load TensorFlow's 3,670 photographs of flowers; they do not ship with the book.

    Used in Chapters 10 and 17. They are read from ``flower_photos.tgz``: in the folder
    that ``HELPERS_DATA`` names, in Keras' cache, in this book's, whichever has it, or
    else fetched (229 MB). Its ``LICENSE.txt`` names the photographers and their CC BY
    licences.

    Parameters
    ----------
    size : int, optional
        Height and width of the images in pixels: the largest square is cut out of the
        middle and scaled to it.

    Returns
    -------
    LabelledImages
        ``train_images, train_labels, test_images, test_labels, class_names``: uint8
        images ``[images, size, size, 3]`` in 0..255, 5 classes. In the order of the
        file names, the fifth photograph of each five of a class is for testing.

    Raises
    ------
    TypeError, ValueError
        If `size` is not a positive integer.
    ImportError
        If Pillow is not installed.
    DownloadError
        If the photographs are neither here nor within reach.
    """
    size = as_count("flowers", "size", size)
    pillow = pillow_images("flowers")
    found = {name: [] for name in FLOWER_CLASSES}
    with tarfile.open(_flower_file()) as archive:
        members = sorted((m for m in archive if m.isfile()), key=lambda m: m.name)
        for member in members:
            path = PurePath(member.name)
            if path.suffix == ".jpg" and path.parent.name in found:
                picture = pillow.open(archive.extractfile(member))
                found[path.parent.name].append(_middle(picture, size, pillow))
    images = [np.stack(pictures) for pictures in found.values()]
    labels = [np.full(len(each), k, np.uint8) for k, each in enumerate(images)]
    is_test = [np.arange(len(each)) % FLOWER_TEST == FLOWER_TEST - 1 for each in images]
    images, labels, is_test = map(np.concatenate, (images, labels, is_test))
    return LabelledImages(
        images[~is_test],
        labels[~is_test],
        images[is_test],
        labels[is_test],
        FLOWER_CLASSES,
    )


def _middle(picture, size, pillow):
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    box = (left, top, left + side, top + side)
    bicubic = pillow.Resampling.BICUBIC
    return np.asarray(picture.convert("RGB").resize((size, size), bicubic, box))


def _flower_file():
    """Return the path of the first intact copy; fetch one where there is none."""
    archive = Archive(FLOWER_FILE, FLOWER_ADDRESS, *FLOWER_FACTS)
    return find("flowers", archive, ", or use tree_crowns, which ships with the book")
