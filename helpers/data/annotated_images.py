"""Photographs with boxes and outlines, too large to ship: PASCAL VOC, Oxford pets."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers._validation import show
from helpers.data._archives import Unpacked
from helpers.data._files import DamagedDataError
from helpers.data.voc import voc_annotation

VOC_CLASSES = (
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
)
VOC_SPLITS = {
    2007: ("train", "val", "trainval", "test"),
    2012: ("train", "val", "trainval"),  # the answers of its test were never given out
}
VOC_LISTS = {"detection": "Main", "segmentation": "Segmentation"}
PET_SPLITS = ("trainval", "test")
PET_SPECIES = {"1": "cat", "2": "dog"}


class VocImage(NamedTuple):
    """One photograph of PASCAL VOC.

    Attributes
    ----------
    path : pathlib.Path
        The photograph; `read_image` reads it.
    annotation_path : pathlib.Path
        The XML file with its boxes.
    labels_path : pathlib.Path or None
        The class of each pixel, where it was drawn: 0 is background, ``k`` is
        ``VOC_CLASSES[k - 1]``, 255 the border between them, which does not count.
        `read_labels` reads it.
    """

    path: Path
    annotation_path: Path
    labels_path: Path | None

    def annotation(self):
        """Read the boxes, their classes and which of them are difficult.

        Returns
        -------
        Annotation
            VOC's pixels count from 1; these boxes from 0, as all in this book.
        """
        return voc_annotation(self.annotation_path, one_based=True)


class PetImage(NamedTuple):
    """One photograph of the Oxford-IIIT pets.

    Attributes
    ----------
    path : pathlib.Path
        The photograph; `read_image` reads it.
    breed : int
        0 to 36.
    breed_name : str
        ``"Maine Coon"``; those of cats start with a capital.
    species : str
        ``"cat"`` or ``"dog"``.
    trimap_path : pathlib.Path
        What each pixel shows: 1 the pet, 2 the background, 3 the border between them.
        `read_labels` reads it.
    head_path : pathlib.Path or None
        The XML file with the box around the head, where one was drawn.
    """

    path: Path
    breed: int
    breed_name: str
    species: str
    trimap_path: Path
    head_path: Path | None

    def heads(self):
        """Read the box around the head.

        Returns
        -------
        numpy.ndarray
            float32 ``[heads, 4]``: ``[x_min, y_min, x_max, y_max]`` in pixels from 0;
            ``[0, 4]`` where no box was drawn.
        """
        if self.head_path is None:
            return np.empty((0, 4), np.float32)
        return voc_annotation(self.head_path, one_based=True).boxes


def pascal_voc(year, split, task="detection"):
    """Find the photographs of PASCAL VOC, fetched when they are first asked for.

    The archive (460 MB for 2007, 451 MB for its test, 2 GB for 2012) is looked for as
    ``pascal-voc/VOC….tar`` in the folder that ``HELPERS_DATA`` names, in Keras' cache
    and in this book's, or else fetched; then it is unpacked in this book's cache. No
    photograph is opened until you read it.

    Parameters
    ----------
    year : int
        2007 or 2012.
    split : str
        ``"train"``, ``"val"``, ``"trainval"`` (both), or, of 2007, ``"test"``.
    task : str, optional
        ``"detection"`` lists all photographs of the split, ``"segmentation"`` those
        that VOC's segmentation is trained and tested with. These all have labels.

    Returns
    -------
    list of VocImage
        In VOC's order.

    Raises
    ------
    ValueError
        If there is no such year, split or task.
    DownloadError
        If the archive is neither here nor within reach, or cannot be unpacked.
    MissingDataError
        If the unpacked folder lacks a file.

    Examples
    --------
    >>> from helpers.data import pascal_voc
    >>> pascal_voc(2012, "test")
    Traceback (most recent call last):
        ...
    ValueError: pascal_voc: split must be one of 'train', 'val', 'trainval',
    got 'test'
    """
    year = _one_of("pascal_voc", "year", year, tuple(VOC_SPLITS))
    split = _one_of("pascal_voc", "split", split, VOC_SPLITS[year])
    task = _one_of("pascal_voc", "task", task, tuple(VOC_LISTS))
    name = f"voc {year} test" if split == "test" else f"voc {year}"
    files = Unpacked("pascal_voc", name)
    top = f"VOCdevkit/VOC{year}"
    stems = files.lines(f"{top}/ImageSets/{VOC_LISTS[task]}/{split}.txt")
    drawn = task == "segmentation"
    photographs = files.paths(f"{top}/JPEGImages", stems, ".jpg")
    annotations = files.paths(f"{top}/Annotations", stems, ".xml")
    labels = files.paths(f"{top}/SegmentationClass", stems, ".png", required=drawn)
    return list(map(VocImage, photographs, annotations, labels))


def oxford_pets(split):
    """Find the photographs of the Oxford-IIIT pets, fetched when first asked for.

    The archives (792 MB and 19 MB) are looked for as ``oxford-pets/images.tar.gz`` and
    ``oxford-pets/annotations.tar.gz`` in the folder that ``HELPERS_DATA`` names, in
    Keras' cache and in this book's, or else fetched; then they are unpacked in this
    book's cache. No photograph is opened until you read it.

    Parameters
    ----------
    split : str
        ``"trainval"`` (3,680 photographs) or ``"test"`` (3,669, no boxes).

    Returns
    -------
    list of PetImage
        In the order of the publisher's list.

    Raises
    ------
    ValueError
        If there is no such split.
    DownloadError
        If an archive is neither here nor within reach, or cannot be unpacked.
    MissingDataError, DamagedDataError
        If an unpacked folder lacks a file, or its list has a line that says no breed.

    Examples
    --------
    >>> from helpers.data import oxford_pets
    >>> oxford_pets("train")
    Traceback (most recent call last):
        ...
    ValueError: oxford_pets: split must be one of 'trainval', 'test', got 'train'
    """
    split = _one_of("oxford_pets", "split", split, PET_SPLITS)
    notes = Unpacked("oxford_pets", "pet annotations")
    images = Unpacked("oxford_pets", "pet images")
    listed = f"annotations/{split}.txt"
    pets = [_pet(notes.folder / listed, line) for line in notes.lines(listed)]
    stems = [stem for stem, *_ in pets]
    photographs = images.paths("images", stems, ".jpg")
    trimaps = notes.paths("annotations/trimaps", stems, ".png")
    heads = notes.paths("annotations/xmls", stems, ".xml", required=False)
    return [
        PetImage(photograph, *pet, trimap, head)
        for photograph, (_, *pet), trimap, head in zip(
            photographs, pets, trimaps, heads, strict=True
        )
    ]


def _one_of(function, argument, value, known):
    """Return the one of the `known` values that is meant, or raise."""
    for each in known:
        if np.isscalar(value) and value == each:
            return each
    names = ", ".join(map(repr, known))
    raise ValueError(
        f"{function}: {argument} must be one of {names}, got {show(value)}"
    )


def _pet(path, line):
    """Return what a line of the list says: file name, breed, its name, species."""
    try:
        stem, breed, species, _ = line.split()
        breed, species = int(breed) - 1, PET_SPECIES[species]
    except (ValueError, KeyError):
        raise DamagedDataError(
            f"{path}: a line must say file, breed, species and number in the species, "
            f"got {line!r}"
        ) from None
    return stem, breed, stem.rpartition("_")[0].replace("_", " "), species
