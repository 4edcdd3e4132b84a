"""Archives of photographs, too large to ship: found or fetched, and unpacked once."""

import json
import os
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from helpers.data._files import (
    DownloadError,
    MissingDataError,
    cache_folder,
    measure,
)


class Archive(NamedTuple):
    """One tar file, as its publisher has it.

    Attributes
    ----------
    file : str
        Where it lies in a folder of data: ``"oxford-pets/images.tar.gz"``.
    address : str
        Where it is fetched from.
    size : int
        In bytes.
    digest : str
        Its SHA-256.
    """

    file: str
    address: str
    size: int
    digest: str


@cache
def archives():
    """Return the archives by name.

    Sizes and SHA-256 are those that TensorFlow Datasets has; torchvision's prototypes
    give the same SHA-256 for PASCAL VOC.
    """
    text = Path(__file__).with_name("archives.json").read_text(encoding="utf-8")
    return {name: Archive(**facts) for name, facts in json.loads(text).items()}


def find(caller, archive, instead=""):
    """Return the path of the first intact copy; fetch one where there is none.

    The places, in this order: the folder that ``HELPERS_DATA`` names, Keras' cache,
    this book's cache, the network. A damaged copy is named in a warning and passed
    over. `instead` ends the advice that is given where there is no network.
    """
    chosen = os.environ.get("HELPERS_DATA")
    keras_home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    own = cache_folder() / archive.file
    folders = [Path(chosen).expanduser()] if chosen else []
    facts = (archive.size, archive.digest)
    for path in [folder / archive.file for folder in folders] + [
        keras_home / "datasets" / archive.file,
        own,
    ]:
        if path.is_file():
            if measure(path) == facts:
                return path
            print(f"{caller}: passed over {path}: it is damaged", file=sys.stderr)
    # Fetching costs an import of urllib, which a copy on this machine never needs.
    from helpers.data._download import fetch

    fetch(
        archive.file,
        own,
        address=archive.address,
        facts=facts,
        other_ways="try again with a network; without one, put a copy of that file at "
        f"{own}, or set HELPERS_DATA to a folder that holds {archive.file}" + instead,
    )
    return own


class Unpacked:
    """The files of an archive, unpacked in the user's cache.

    They are unpacked beside the folder and moved into place in one step, so that a
    folder of that name is whole: an interruption leaves none.
    """

    def __init__(self, caller, name):
        archive = archives()[name]
        path = cache_folder() / archive.file
        self.caller = caller
        self.folder = path.with_name(path.name.split(".tar")[0])
        if not self.folder.is_dir():
            self._unpack(find(caller, archive))

    def lines(self, name):
        """Return the lines of one file that are not empty."""
        path = self.folder / name
        if not path.is_file():
            raise self._missing(path)
        text = path.read_text(encoding="utf-8")
        return [line.strip() for line in text.splitlines() if line.strip()]

    def paths(self, folder, stems, suffix, required=True):
        """Return a path for each stem; None for a file that is missing and may be."""
        folder = self.folder / folder
        # One look into the folder is faster than one at each of its files.
        present = set(os.listdir(folder)) if folder.is_dir() else set()
        paths = [folder / (stem + suffix) for stem in stems]
        for path in paths:
            if required and path.name not in present:
                raise self._missing(path)
        return [path if path.name in present else None for path in paths]

    def _missing(self, path):
        return MissingDataError(
            f"{self.caller}: there is no file {path}\n"
            f"  to get it again: delete the folder {self.folder}, and call "
            f"{self.caller} once more"
        )

    def _unpack(self, source):
        folder = self.folder
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as own:
                part = Path(own) / folder.name
                with tarfile.open(source) as files:
                    # Refuses what would be written outside of the folder.
                    files.extractall(part, filter="data")
                _move(part, folder)
        except (OSError, tarfile.TarError) as error:
            raise DownloadError(
                f"{self.caller}: could not unpack {source} into {folder}: {error}\n"
                "  its files need as much space as the archive; where that is lacking, "
                "set XDG_CACHE_HOME to a folder that has it and can be written"
            ) from error


def _move(part, folder):
    try:
        os.replace(part, folder)
    except OSError:
        # Another process may have been faster; its files are the same.
        if not folder.is_dir():
            raise
