"""Checks for the exercises of Chapter 15, Instance segmentation."""

import numpy as np

from helpers.checks._compare import as_numbers, compare

BOXES, CLASSES, CELLS = 100, 80, 28


def numbers_of_masks(numbers, used):
    """Check 15.1: what a mask head puts out for 100 boxes of COCO's 80 classes."""
    try:
        numbers, used = float(numbers), float(used)
    except (TypeError, ValueError):
        return "Give two numbers: numbers and used."
    everything = BOXES * CLASSES * CELLS**2
    hints = {
        CLASSES * CELLS**2: "That is one box. There are 100.",
        BOXES * CELLS**2: "That is one mask for each box; there is one a class.",
        BOXES * CLASSES * CELLS: "A mask has rows and columns.",
        BOXES * CLASSES * (CELLS // 2) ** 2: (
            "14×14 is what the head reads. It puts out 28×28."
        ),
        BOXES * (CLASSES + 1) * CELLS**2: "Nothing needs no mask: only objects have.",
    }
    if numbers != everything:
        fallback = "For each box and each class a mask of 28×28 cells."
        return "Numbers: " + hints.get(numbers, fallback)
    hints = {
        everything: "Those are all. Only the mask of one class of each box counts.",
        CELLS**2: "That is one box. There are 100.",
        BOXES: "That counts masks. How many numbers has each?",
    }
    if used != BOXES * CELLS**2:
        fallback = "For each box, the mask of the class that was found."
        return "Used: " + hints.get(used, fallback)
    return None


def _table(masks, others, kind="iou"):
    one = masks.reshape(len(masks), -1).astype(float)
    other = others.reshape(len(others), -1).astype(float)
    both = one @ other.T
    areas, theirs = one.sum(axis=1)[:, np.newaxis], other.sum(axis=1)
    below = {
        "iou": areas + theirs - both,
        "sum": areas + theirs,
        "half": (areas + theirs) / 2,
        "first": areas + 0 * both,
        "image": np.full(both.shape, float(one.shape[1])),
    }[kind]
    return both / below


def mask_iou_table(function):
    """Check 15.2: mask IoU of all pairs, ``function(masks, others)``."""
    rng = np.random.default_rng(15)
    cases = [
        (rng.random((3, 9, 7)) < 0.5, rng.random((2, 9, 7)) < 0.6),
        (rng.random((1, 5, 5)) < 0.7, rng.random((4, 5, 5)) < 0.3),
    ]
    mistakes = {
        "You divided by the sum of both areas. Pixels in both count once.": (
            lambda *given: _table(*given, kind="sum")
        ),
        "That is Dice: twice the shared pixels over both areas. IoU divides by the "
        "pixels in either.": lambda *given: _table(*given, kind="half"),
        "You divided by the area of the first mask alone.": (
            lambda *given: _table(*given, kind="first")
        ),
        "You divided by all pixels of the image.": (
            lambda *given: _table(*given, kind="image")
        ),
        "Rows are `masks`, columns are `others`: yours is turned.": (
            lambda *given: _table(*given).T
        ),
    }
    return compare(function, _table, mistakes, cases)


def _read(features, x, y, centre=0.5, nearest=False):
    rows, columns = features.shape[:2]
    x = np.clip(x - centre, 0, columns - 1)
    y = np.clip(y - centre, 0, rows - 1)
    if nearest:
        return features[int(np.floor(y + 0.5)), int(np.floor(x + 0.5))]
    across = np.maximum(0, 1 - np.abs(x - np.arange(columns)))
    down = np.maximum(0, 1 - np.abs(y - np.arange(rows)))
    return np.einsum("m,mnc,n->c", down, features, across)


def bilinear_point(function):
    """Check 15.3: a map's value at a point, ``function(features, x, y)``."""
    features = np.random.default_rng(16).normal(size=(4, 6, 3))
    cases = [(features, 2.8, 1.3), (features, 4.6, 2.2), (features, 5.9, 0.2)]
    inner = features[:4, :4]

    def turned(features, x, y):
        return _read(features, y, x)

    def unclipped(features, x, y):
        framed = np.pad(features, ((1, 1), (1, 1), (0, 0)))
        return _read(framed, x + 1, y + 1)

    mistakes = {
        "The value of a pixel is that of its centre, half a pixel from its edge: "
        "subtract 0.5.": lambda *given: _read(*given, centre=0),
        "The half pixel goes the other way: subtract it.": (
            lambda *given: _read(*given, centre=-0.5)
        ),
        "You took the nearest pixel. Between centres, mix the four nearest.": (
            lambda *given: _read(*given, nearest=True)
        ),
        "You exchanged x and y: x goes with the columns.": turned,
        "Beyond the outer centres the value at the border counts: clip the point.": (
            unclipped
        ),
    }
    return compare(function, _read, mistakes, [*cases, (inner, 1.7, 3.1)])


def _cells(mask, box, cells, place=0.5, first=None, turned=False):
    low, high = np.asarray(box[:2], float), np.asarray(box[2:], float)
    if first is not None:
        low, high = first(low), first(high)
    steps = (np.arange(cells)[:, np.newaxis] + place) / cells
    points = np.floor(low + steps * (high - low)).astype(int)
    columns, rows = points.T[::-1] if turned else points.T
    rows, columns = (
        np.clip(at, 0, side - 1)
        for at, side in zip((rows, columns), mask.shape, strict=True)
    )
    return mask[np.ix_(rows, columns)].astype(float)


def nearest_target(function):
    """Check 15.4: what a head should say in a box, ``function(mask, box, cells)``."""
    rng = np.random.default_rng(17)
    mask = rng.random((30, 40)) < 0.5
    cases = [
        (mask, np.array([3.7, 5.2, 33.4, 24.9]), 7),
        (mask, np.array([10.4, 2.6, 25.7, 28.3]), 10),
    ]
    mistakes = {
        "You read the corner of each cell. Its middle is half a cell further.": (
            lambda *given: _cells(*given, place=0)
        ),
        "You rounded the box first, as RoIPool does.": (
            lambda *given: _cells(*given, first=np.round)
        ),
        "You cut the box to whole pixels first. Keep it as it is.": (
            lambda *given: _cells(*given, first=np.floor)
        ),
        "You exchanged x and y: rows go with y.": (
            lambda *given: _cells(*given, turned=True)
        ),
        "You exchanged x and y: a mask is read as mask[y, x].": (
            lambda mask, box, cells: _cells(mask.T, box, cells)
        ),
        "That is the whole image on a grid. Only the box counts.": (
            lambda mask, box, cells: _cells(mask, [0, 0, *mask.shape[::-1]], cells)
        ),
        "Your rows and columns are exchanged in the answer.": (
            lambda *given: _cells(*given).T
        ),
    }
    return compare(function, _cells, mistakes, cases)


STRIDES, GRIDS, LEAST = (2, 4, 8, 16), (7, 14, 28, 56), 0.9


def _discs():
    """Return centres ``[discs, 2]`` and radii of discs, in pixels."""
    rng = np.random.default_rng(18)
    return rng.uniform(70, 90, (60, 2)), rng.uniform(15, 45, 60)


def _drawn(stride, cells):
    """Return the mean mask IoU of discs that a perfect head read in rounded boxes."""
    values = []
    for centre, radius in zip(*_discs(), strict=True):
        low, high = centre - radius, centre + radius
        read_low, read_high = (np.round(end / stride) * stride for end in (low, high))
        pixels = np.arange(160) + 0.5
        inside = (pixels > low[:, np.newaxis]) & (pixels < high[:, np.newaxis])
        cell = np.floor((pixels - low[:, np.newaxis]) / (2 * radius) * cells)
        places = (
            read_low[:, np.newaxis]
            + (cell + 0.5) / cells * (read_high - read_low)[:, np.newaxis]
        )
        x, y = (places - centre[:, np.newaxis]) / radius
        mask = (x**2 + y[:, np.newaxis] ** 2 < 1) & inside[0] & inside[1][:, np.newaxis]
        x, y = (pixels - centre[:, np.newaxis]) / radius
        true = x**2 + y[:, np.newaxis] ** 2 < 1
        values.append((mask & true).sum() / (mask | true).sum())
    return float(np.mean(values))


def coarsest_reading(stride, cells):
    """Check 15.5: the coarsest map and the fewest cells with which masks still fit."""
    answer, hint = as_numbers([stride, cells])
    if hint:
        return hint
    if answer.shape != (2,) or (answer % 1).any():
        return "Give two whole numbers: stride and cells."
    stride, cells = answer.astype(int)
    if stride not in STRIDES or cells not in GRIDS:
        return "The stride is 2, 4, 8 or 16, and the cells are 7, 14, 28 or 56."
    value = _drawn(stride, cells)
    if value < LEAST:
        return (
            f"The mean mask IoU is {value:.3f}; {LEAST} is asked for. Does a finer map "
            "help, or do more cells?"
        )
    for other in STRIDES:
        if other > stride and max(_drawn(other, n) for n in GRIDS) >= LEAST:
            return f"The masks fit, {value:.3f}, but a coarser map would do."
    if any(_drawn(stride, n) >= LEAST for n in GRIDS if n < cells):
        return f"The masks fit, {value:.3f}, but fewer cells would do."
    return None


EXERCISES = {
    "15.1": numbers_of_masks,
    "15.2": mask_iou_table,
    "15.3": bilinear_point,
    "15.4": nearest_target,
    "15.5": coarsest_reading,
}
