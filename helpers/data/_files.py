"""Find a file of ``data/``, check it, and fetch it where there is no checkout."""

import difflib
import hashlib
import json
import os
import stat
import sys
import tomllib
from functools import cache
from pathlib import Path

DISTRIBUTION = "seeing-with-convolutions"

# (path, time of change, size) of the files that were found intact in this process
_intact = set()


class DataError(OSError):
    """A data file is missing, damaged or out of reach."""


class MissingDataError(DataError, FileNotFoundError):
    """A data file is not where it should be."""


class DamagedDataError(DataError):
    """A data file differs from the one that the book was written with."""


class DownloadError(DataError):
    """A data file could not be fetched."""


@cache
def registry():
    """Size, SHA-256 and kind of every file in ``data/``, by name."""
    text = Path(__file__).with_name("registry.json").read_text(encoding="utf-8")
    return json.loads(text)


def data_path(name):
    """Return the path of a data file, once its contents are known to be right.

    Used from Chapter 9 on.

    Parameters
    ----------
    name : str
        Name of the file, as in ``data/README.md``: ``"china.jpg"``.

    Returns
    -------
    pathlib.Path
        Where the file is: in the folder that the environment variable
        ``HELPERS_DATA`` names, if it is set; or else in ``data/`` of the checkout that
        ``helpers`` belongs to; or else in the user's cache. A file that the cache does
        not hold yet is fetched from the book's repository, that one file only.

    Raises
    ------
    ValueError
        If the book has no such file.
    MissingDataError, DamagedDataError
        If the file is absent from that folder, or its size or its SHA-256 is wrong.
        Both are kinds of `DataError`, itself an ``OSError``.
    DownloadError
        If the file had to be fetched and could not be.

    Notes
    -----
    The cache is ``seeing-with-convolutions`` in ``XDG_CACHE_HOME`` where that is set,
    otherwise in ``~/.cache`` (Linux), ``~/Library/Caches`` (macOS) or ``LOCALAPPDATA``
    (Windows). ``HELPERS_DATA_URL`` is the address of a folder to fetch from instead of
    the repository's.

    Examples
    --------
    >>> from helpers.data import data_path
    >>> data_path("china.jpg").stat().st_size
    196653
    >>> data_path("flower.png")
    Traceback (most recent call last):
        ...
    ValueError: data_path: there is no file 'flower.png'; did you mean 'flower.jpg'?
    """
    require_known("data_path", "file", name, registry())
    chosen = os.environ.get("HELPERS_DATA")
    if chosen:
        path = Path(chosen).expanduser().absolute() / name
        remedy = (
            "copy the file there from data/ of the book's repository, "
            "or unset HELPERS_DATA"
        )
    elif checkout := checkout_folder():
        path = checkout / "data" / name
        remedy = (
            f"git checkout -- data/{name}  (in {checkout}), "
            "or download the book's repository again"
        )
    else:
        return _cached(name)
    check(path, name, remedy)
    return path


def require_known(caller, noun, name, known):
    """Raise unless `name` is one of the `known` names; suggest those that are near."""
    if not isinstance(name, str):
        raise TypeError(f"{caller}: name must be a string, not {name!r}")
    if name not in known:
        near = difflib.get_close_matches(name, known, cutoff=0.75)
        hint = "did you mean " + " or ".join(map(repr, near)) + "?"
        if not near:
            hint = "there are " + ", ".join(sorted(known))
        raise ValueError(f"{caller}: there is no {noun} {name!r}; {hint}")


def pillow_images(caller):
    """Return Pillow's module of images; it is imported when the first one is read."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError(f"{caller} needs Pillow: pip install pillow") from error
    return Image


def check(path, name, remedy):
    """Raise `MissingDataError` or `DamagedDataError` unless `path` is the file `name`.

    A file is read once per process, and again when its size or time has changed.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        status = None
    if status is None or not stat.S_ISREG(status.st_mode):
        raise MissingDataError(
            f"the data file {name} is missing: there is no file {path}\n"
            f"  expected {describe(name)}\n"
            f"  to get it again: {remedy}"
        )
    key = (path, status.st_mtime_ns, status.st_size)
    if key not in _intact:
        found = measure(path)
        if found != expected(name):
            raise DamagedDataError(
                f"the data file {name} is damaged: {path}\n"
                f"  expected {describe(name)}\n"
                f"  found    {describe(name, found)}\n"
                f"  to get it again: {remedy}"
            )
        _intact.add(key)


def expected(name):
    """Size in bytes and SHA-256 that the file should have."""
    return registry()[name]["bytes"], registry()[name]["sha256"]


def measure(path):
    """Size in bytes and SHA-256 that the file has."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def describe(name, facts=None):
    """Put size and SHA-256 into words; those that are expected unless given."""
    size, digest = facts or expected(name)
    return f"{size:,} bytes with SHA-256 {digest}"


def checkout_folder():
    """Return the checkout that this package belongs to, or None outside of one.

    A folder named ``data`` beside an installed package can be anybody's, so that the
    project file next to it has to be this book's.
    """
    folder = Path(__file__).resolve().parents[2]
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_ours = project.get("project", {}).get("name") == DISTRIBUTION
    return folder if is_ours else None


def cache_folder():
    """Return the user's cache folder for the book's data on this system."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(chosen):
        base = Path(chosen)
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        base = Path(local) if local else Path.home() / "AppData" / "Local"
    else:
        base = Path.home() / ".cache"
    return base / DISTRIBUTION


def _cached(name):
    """Return the path of the file in the user's cache; fetch it where it must be."""
    path = cache_folder() / name
    remedy = "connect to a network and try again"
    try:
        check(path, name, remedy)
    except (MissingDataError, DamagedDataError):
        # Fetching costs an import of urllib, which a checkout never needs.
        from helpers.data._download import fetch

        fetch(name, path)
        check(path, name, remedy)
    return path
