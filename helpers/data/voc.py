"""Boxes drawn by hand, in the XML files of PASCAL VOC and of most labelling tools."""

import os
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

import numpy as np

from helpers.data._files import DamagedDataError

SIDES = ("xmin", "ymin", "xmax", "ymax")


class Annotation(NamedTuple):
    """What one annotation file says of an image.

    Attributes
    ----------
    path : pathlib.Path
        The annotation file.
    filename : str
        Name of the image file, as written there.
    image_size : tuple of int
        ``(height, width)`` in pixels.
    boxes : numpy.ndarray
        float32 ``[objects, 4]``: ``[x_min, y_min, x_max, y_max]`` in pixels.
    names : tuple of str
        The class of each object.
    difficult : numpy.ndarray
        bool ``[objects]``: marked as hard to tell, and left out of VOC's evaluation.
    """

    path: Path
    filename: str
    image_size: tuple[int, int]
    boxes: np.ndarray
    names: tuple[str, ...]
    difficult: np.ndarray


class AnnotationError(DamagedDataError):
    """An annotation file that does not say what it should; its line is named.

    Used in Chapter 11.
    """


def voc_annotation(path, one_based=False):
    """Read one annotation file; used in *Classification and localization*.

    Used in Chapter 11.

    Parameters
    ----------
    path : str or pathlib.Path
        An XML file.
    one_based : bool, optional
        Whether pixels count from 1 and the last one belongs to the box, as in PASCAL
        VOC itself. Then ``x_min`` and ``y_min`` become 1 less.

    Returns
    -------
    Annotation
        An image with no object has boxes ``[0, 4]``.

    Raises
    ------
    AnnotationError
        If the file is no XML, lacks an entry, or a box has no area or lies outside of
        the image. The message says in which line.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from helpers.data import voc_annotation
    >>> text = '''<annotation><filename>wood.png</filename>
    ... <size><width>40</width><height>30</height></size>
    ... <object><name>tree</name><bndbox><xmin>5</xmin><ymin>6</ymin>
    ... <xmax>25</xmax><ymax>20</ymax></bndbox></object></annotation>'''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "wood.xml")
    ...     _ = path.write_text(text)
    ...     wood = voc_annotation(path)
    >>> wood.names, wood.boxes.tolist(), wood.image_size
    (('tree',), [[5.0, 6.0, 25.0, 20.0]], (30, 40))
    """
    path = Path(path)
    root = _parse(path)
    size = root.child("size")
    width, height = (size.child(side).number() for side in ("width", "height"))
    boxes, names, difficult = [], [], []
    for entry in root.children:
        if entry.tag == "object":
            boxes.append(_box(entry.child("bndbox"), width, height, one_based))
            names.append(entry.child("name").text.strip())
            marks = [one.number() for one in entry.children if one.tag == "difficult"]
            difficult.append(any(marks))
    return Annotation(
        path,
        root.child("filename").text.strip(),
        (int(height), int(width)),
        np.array(boxes, np.float32).reshape(-1, 4),
        tuple(names),
        np.array(difficult, bool),
    )


def voc_folder(folder, one_based=False, skip_damaged=False):
    """Read all annotation files of a folder, in the order of their names.

    Used in Chapter 11.

    Parameters
    ----------
    folder : str or pathlib.Path
        With files that end in ``.xml``.
    one_based : bool, optional
        As in `voc_annotation`.
    skip_damaged : bool, optional
        Leave out files that cannot be used, and return what is wrong with them,
        instead of raising the first error.

    Returns
    -------
    annotations : list of Annotation
    errors : list of AnnotationError
        Empty unless `skip_damaged`.

    Raises
    ------
    AnnotationError
        If a file is damaged, unless `skip_damaged`.
    ValueError
        If there is no such folder, or no XML file in it.
    """
    folder = Path(folder)
    paths = sorted(folder.glob("*.xml")) if folder.is_dir() else []
    if not paths:
        raise ValueError(
            f"voc_folder: folder must hold files that end in .xml, got "
            f"{os.fspath(folder)!r}"
        )
    annotations, errors = [], []
    for path in paths:
        try:
            annotations.append(voc_annotation(path, one_based))
        except AnnotationError as error:
            if not skip_damaged:
                raise
            errors.append(error)
    return annotations, errors


class _Element:
    """An element of an XML file that knows its line."""

    def __init__(self, path, tag, line):
        self.path, self.tag, self.line = path, tag, line
        self.children, self.text = [], ""

    def child(self, tag):
        """Return the one child of that name, or raise."""
        found = [each for each in self.children if each.tag == tag]
        if len(found) != 1:
            count = "no" if not found else "more than one"
            raise self.error(f"<{self.tag}> has {count} <{tag}>")
        return found[0]

    def number(self):
        """Return the element's text as a finite number, or raise."""
        try:
            value = float(self.text)
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            raise self.error(f"<{self.tag}> must be a number, got {self.text!r}")
        return value

    def error(self, message):
        return AnnotationError(f"{self.path}, line {self.line}: {message}")


def _parse(path):
    """Return the outermost element of an XML file."""
    parser = expat.ParserCreate()
    outside = _Element(path, "file", 1)
    stack = [outside]

    def start(tag, _):
        element = _Element(path, tag, parser.CurrentLineNumber)
        stack[-1].children.append(element)
        stack.append(element)

    def text(characters):
        stack[-1].text += characters

    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda tag: stack.pop()
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise AnnotationError(f"{path}, line {error.lineno}: {reason}") from error
    return outside.child("annotation")


def _box(element, width, height, one_based):
    """Return a box's four numbers, checked."""
    left, top, right, bottom = (element.child(side).number() for side in SIDES)
    if one_based:
        left, top = left - 1, top - 1
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise element.error(
            f"a box must have an area and lie in the image of {width:g}×{height:g} "
            f"pixels, got {[left, top, right, bottom]}"
        )
    return left, top, right, bottom
