"""Make the nuclei of ``data/`` from the package that they come from.

``python -m tools.pack_nuclei STARDIST_WHEEL [TO]``: the 16-bit image and the numbers of
its nuclei, none of which is above 255, as 8-bit PNG. The nuclei are numbered anew, from
1 without gaps, in the order of their old numbers.
"""

import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

INSIDE = "stardist/data/images"


def main(arguments):
    wheel, *rest = map(Path, arguments)
    folder = rest[0] if rest else Path(__file__).parents[1] / "data"
    with zipfile.ZipFile(wheel) as archive:
        image, mask = (_read(archive, f"{name}2d.tif") for name in ("img", "mask"))
    save(folder / "nuclei.png", image)
    _, numbers = np.unique(mask, return_inverse=True)
    save(folder / "nuclei_mask.png", numbers.reshape(mask.shape))


def _read(archive, name):
    return np.array(Image.open(io.BytesIO(archive.read(f"{INSIDE}/{name}"))))


def save(path, values):
    """Write whole numbers up to 255 as a grey PNG."""
    if values.max() > 255:
        raise ValueError(f"{path.name}: {values.max()} does not fit in 8 bits")
    Image.fromarray(values.astype(np.uint8)).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
