"""Make the tree crowns of ``data/`` from the package that they come from.

``python -m tools.pack_tree_crowns DEEPFOREST_WHEEL [TO]``: the photographs as JPEG, the
boxes that were drawn on them by hand, two of the files that hold those boxes, and the
windows that a classifier is shown. The result is the same as the files in ``data/``.
"""

import csv
import io
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

INSIDE = "deepforest/data"
PHOTOGRAPHS = {
    "yellowstone_road": "2019_YELL_2_541000_4977000_image_crop",
    "yellowstone_meadow": "2019_YELL_2_528000_4978000_image_crop2",
    "florida": "OSBS_029",
    "california": "SOAP_061",
}
SPLITS = {
    "yellowstone_meadow": "test",
    "florida": "elsewhere",
    "california": "elsewhere",
}
ANNOTATED = ("florida", "california")  # their XML files are kept, too
# The photograph with the road is cut along a line. Windows west of it are for training,
# those east of it for validation; what crosses it is left out.
CUT = 850
# It has more crowns than a test needs: every other one is taken.
THINNED = {"yellowstone_meadow": 2}
# All photographs get the same quality: a network could learn to see the difference.
QUALITY = 90

SMALLEST = 20  # pixels; smaller crowns are too few pixels to be told by eye
MARGIN = 1.2  # side of a window, in longer sides of its box
SHIFT = 0.1  # of the window's side, so that crowns are not exactly in the middle
MOST_OVERLAP = 0.3  # IoU of two windows that show no crown
SEED = 10


def main(arguments):
    wheel, *rest = map(Path, arguments)
    folder = rest[0] if rest else Path(__file__).parents[1] / "data"
    folder = folder / "tree_crowns"
    folder.mkdir(exist_ok=True)
    all_boxes, rows = [], []
    with zipfile.ZipFile(wheel) as archive:
        for name, file in PHOTOGRAPHS.items():
            picture = Image.open(io.BytesIO(archive.read(f"{INSIDE}/{file}.png")))
            picture = picture.convert("RGB")
            picture.save(folder / f"{name}.jpg", quality=QUALITY)
            text = archive.read(f"{INSIDE}/{file}.xml")
            if name in ANNOTATED:
                (folder / f"{name}.xml").write_bytes(text)
            boxes = read_boxes(text)
            all_boxes += [(name, *map(int, box)) for box in boxes]
            rows += [(name, *row) for row in windows(name, picture.size, boxes)]
    write(folder / "boxes.csv", "photograph,x_min,y_min,x_max,y_max", all_boxes)
    write(folder / "windows.csv", "photograph,split,crown,x,y,side", rows)


def read_boxes(text):
    """Return the boxes of a file in PASCAL VOC's format, [boxes, 4]."""
    keys = ("xmin", "ymin", "xmax", "ymax")
    found = ElementTree.fromstring(text).iter("bndbox")
    return np.array([[float(box.find(key).text) for key in keys] for box in found])


def windows(name, size, boxes):
    """Yield split, crown (1 or 0), left, top and side of each square window.

    As many windows show no crown as show one. Their sides are drawn from the same
    sizes, and they touch no box: what counts is what a window shows, not where.
    """
    rng = np.random.default_rng([SEED, *name.encode()])
    crowns = [around(box, rng) for box in boxes if longer(box) >= SMALLEST]
    crowns = [window for window in crowns if fits(name, window, size)]
    crowns = crowns[:: THINNED.get(name, 1)]
    others = []
    while len(others) < len(crowns):
        window = anywhere(rng.choice(crowns)[2], size, rng)
        apart = all(iou(window, square(other)) < MOST_OVERLAP for other in others)
        if fits(name, window, size) and iou(window, boxes).max() == 0 and apart:
            others.append(window)
    for crown, found in ((1, crowns), (0, others)):
        for left, top, side in found:
            split = SPLITS.get(name) or ("train" if left < CUT else "validation")
            yield split, crown, f"{left:.1f}", f"{top:.1f}", f"{side:.1f}"


def longer(box):
    return max(box[2] - box[0], box[3] - box[1])


def around(box, rng):
    """Return left, top and side of a window with a crown near its middle."""
    side = MARGIN * longer(box)
    middle = (box[:2] + box[2:]) / 2 + rng.uniform(-SHIFT, SHIFT, 2) * side
    return np.array([*(middle - side / 2), side])


def anywhere(side, size, rng):
    return np.array([*rng.uniform(0, np.array(size) - side), side])


def fits(name, window, size):
    """Tell whether a window lies in the photograph, on one side of its cut."""
    left, top, side = window
    crosses = name not in SPLITS and left < CUT < left + side
    width, height = size
    inside = min(left, top, width - left - side, height - top - side) >= 0
    return inside and not crosses


def iou(window, boxes):
    """Return the intersection over union of a window with each box."""
    x_min, y_min, x_max, y_max = square(window)[0]
    wide = np.minimum(x_max, boxes[:, 2]) - np.maximum(x_min, boxes[:, 0])
    high = np.minimum(y_max, boxes[:, 3]) - np.maximum(y_min, boxes[:, 1])
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return shared / (areas + window[2] ** 2 - shared)


def square(window):
    left, top, side = window
    return np.array([[left, top, left + side, top + side]])


def write(path, heading, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(heading + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)
    print(f"{path}: {len(rows)} rows")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
