"""Find the full image sets on this machine, or fetch them.

They are too large for ``data/``. A copy counts when the SHA-256 of each of its four
arrays is right, whatever file they came in.
"""

import gzip
import hashlib
import json
import os
import sys
import zlib
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from helpers.data._files import DownloadError, cache_folder

DEBIAN = Path("/usr/share/datasets")
PARTS = ("train_images", "train_labels", "test_images", "test_labels")
IDX_STEMS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


@cache
def catalogue():
    """Files, addresses and checksums of the sets that are kept elsewhere, by name."""
    text = Path(__file__).with_name("elsewhere.json").read_text(encoding="utf-8")
    return json.loads(text)


def full_set(name):
    """Return the four arrays of a full set: its first intact copy, or a download.

    The places, in this order: a folder of that name in ``HELPERS_DATA``, Debian's
    package, Keras' cache, this book's cache, the network. A copy in somebody else's
    folder that is damaged is named in a warning and passed over.
    """
    for folder in _folders(name):
        arrays = _intact(name, folder)
        if arrays is not None:
            return arrays
    return _download(name)


def read_idx_folder(folder):
    """Read the four IDX files of a folder, packed by gzip or not, as arrays."""
    return tuple(_read_idx(Path(folder) / stem) for stem in IDX_STEMS)


def _read_idx(path):
    """Return the array in an IDX file, the format that MNIST came in.

    Two zero bytes, a type, the rank, a size an axis (big-endian), then the values.
    """
    if not path.exists():
        path = path.with_name(path.name + ".gz")
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    unsigned_bytes = 8
    if len(content) < 4 or content[:3] != bytes((0, 0, unsigned_bytes)):
        raise ValueError(f"{path} is no IDX file of unsigned bytes")
    rank = content[3]
    sizes = np.frombuffer(content, ">u4", rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(sizes)


def _folders(name):
    """Yield where a copy may be, the reader's own choice first."""
    if chosen := os.environ.get("HELPERS_DATA"):
        yield Path(chosen).expanduser() / name
    yield DEBIAN / name
    keras_home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    yield Path(keras_home) / "datasets" / name
    yield Path(keras_home) / "datasets"
    yield cache_folder() / name


def _intact(name, folder):
    """Return a folder's arrays; None where there are none or they are not the right."""
    files = [folder / file for file in catalogue()[name]["files"]]
    has_idx = any((folder / stem).exists() for stem in IDX_STEMS)
    if not has_idx and not all(file.is_file() for file in files):
        return None
    try:
        arrays = _read(files)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error) as error:
        reason = str(error)
    else:
        if digests(arrays) == catalogue()[name]["arrays"]:
            return arrays
        reason = "the SHA-256 of its arrays is another"
    print(f"{name}: passed over the copy in {folder}: {reason}", file=sys.stderr)
    return None


def _read(files):
    if files[0].suffix != ".npz" or not files[0].exists():
        return read_idx_folder(files[0].parent)
    with np.load(files[0]) as archive:
        return tuple(archive[key] for key in ("x_train", "y_train", "x_test", "y_test"))


def digests(arrays):
    """SHA-256 of each array's bytes, by the array's name."""
    return {
        part: hashlib.sha256(np.ascontiguousarray(array)).hexdigest()
        for part, array in zip(PARTS, arrays, strict=True)
    }


def _download(name):
    """Fetch the set's files into the book's cache and read them from there."""
    # Fetching costs an import of urllib, which a copy on this machine never needs.
    from helpers.data._download import fetch

    entry = catalogue()[name]
    folder = cache_folder() / name
    other_ways = (
        f"try again with a network; without one, {entry['offline']}, "
        "or use subset=True, which ships with the book"
    )
    for file, facts in entry["files"].items():
        fetch(
            file,
            folder / file,
            address=f"{entry['address']}/{file}",
            facts=(facts["bytes"], facts["sha256"]),
            other_ways=other_ways,
        )
    arrays = _read([folder / file for file in entry["files"]])
    if digests(arrays) != entry["arrays"]:
        raise DownloadError(f"{name}: the files in {folder} hold other arrays")
    return arrays
