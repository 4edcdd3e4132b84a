"""Checks for the exercises of Chapter 13, YOLO."""

import numpy as np

from helpers.boxes import kmeans_anchors
from helpers.boxes._anchors import shared_size
from helpers.checks._compare import as_numbers, compare


def large_grid(numbers, proposed):
    """Check 13.1: what a v2 with 80 classes puts out for 608×608 pixels."""
    try:
        numbers, proposed = float(numbers), float(proposed)
    except (TypeError, ValueError):
        return "Give two numbers: numbers and proposed."
    hints = {
        5 * 5 + 80: "In v2 each box has its own classes; they are not shared.",
        5 * (4 + 80): "The objectness is missing: five numbers and the classes.",
        5 * (5 + 20): "COCO has 80 classes, not VOC's 20.",
        3 * (5 + 80): "There are 5 anchors. Three is v3's number for each grid.",
        5 + 80: "That is one box. A cell proposes five.",
    }
    if numbers != 5 * (5 + 80):
        fallback = "Each of 5 boxes: four numbers, objectness and 80 classes."
        return "Numbers: " + hints.get(numbers, fallback)
    hints = {
        19 * 19: "Those are the cells. Each proposes five boxes.",
        19 * 5: "The grid has rows and columns.",
        13 * 13 * 5: "That is for 416×416 pixels.",
        19 * 19 * 425: "Those are all the numbers. How many boxes are they?",
    }
    if proposed != 19 * 19 * 5:
        fallback = "Cells along a side: 608 divided by the stride."
        return "Proposed: " + hints.get(proposed, fallback)
    return None


def _sigmoid(values):
    return 1 / (1 + np.exp(-np.asarray(values, float)))


def _decoded(
    raw, row, column, anchor, stride, place=_sigmoid, power=np.exp, part=0.5, cell=None
):
    cell = (column, row) if cell is None else cell
    middle = stride * (np.array(cell) + place(raw[:2]))
    half = part * np.array(anchor) * power(raw[2:])
    return np.concatenate([middle - half, middle + half])


def one_box(function):
    """Check 13.2: one box, ``function(raw, row, column, anchor, stride)``."""
    rng = np.random.default_rng(13)
    cases = [
        (rng.normal(size=4), 2, 5, (32.0, 18.0), 16),
        (rng.normal(size=4), 7, 0, (10.0, 40.0), 8),
    ]

    def middle_and_size(raw, row, column, anchor, stride):
        box = _decoded(raw, row, column, anchor, stride)
        return np.concatenate([(box[:2] + box[2:]) / 2, box[2:] - box[:2]])

    def unscaled(raw, row, column, anchor, stride):
        middle = np.array([column, row]) + _sigmoid(raw[:2])
        half = np.array(anchor) * np.exp(raw[2:]) / 2
        return np.concatenate([middle - half, middle + half])

    def in_pixels(raw, row, column, anchor, stride):
        middle = stride * np.array([column, row]) + _sigmoid(raw[:2])
        half = np.array(anchor) * np.exp(raw[2:]) / 2
        return np.concatenate([middle - half, middle + half])

    mistakes = {
        "You exchanged row and column: x goes with the column.": (
            lambda t, r, c, a, s: _decoded(t, c, r, a, s)
        ),
        "The logistic function on the place is missing.": (
            lambda *given: _decoded(*given, place=np.asarray)
        ),
        "You put the size through the logistic function, too. It takes an "
        "exponential.": lambda *given: _decoded(*given, power=_sigmoid),
        "The exponential of the size is missing.": (
            lambda *given: _decoded(*given, power=np.asarray)
        ),
        "You went a whole width to each side of the centre. Half of it is right.": (
            lambda *given: _decoded(*given, part=1.0)
        ),
        "That is the centre and the size. The corners are asked for.": middle_and_size,
        "The centre is still in cells. Multiply it by the stride.": unscaled,
        "The place in the cell is a fraction of it: multiply it by the stride, too.": (
            in_pixels
        ),
    }
    return compare(function, _decoded, mistakes, cases)


def _answer(box, anchors, stride, size=np.log, corner=False, best=None):
    x, y = (box[:2] if corner else (box[:2] + box[2:]) / 2) / stride
    shape = box[2:] - box[:2]
    fits = shared_size(shape[np.newaxis], anchors)[0] if best is None else best
    k = int(np.argmax(fits(shape, anchors) if callable(fits) else fits))
    row, column = np.floor([y, x])
    return np.array([row, column, k, x - column, y - row, *size(shape / anchors[k])])


def one_target(function):
    """Check 13.3: what one object asks for, ``function(box, anchors, stride)``."""
    # The anchor with the largest IoU is not the nearest one in pixels.
    anchors = np.array([[20.0, 28.0], [31.0, 44.0], [72.0, 16.0], [60.0, 8.0]])
    cases = [
        (np.array([20.0, 41.0, 40.0, 81.0]), anchors, 8),
        (np.array([53.0, 11.0, 113.0, 27.0]), anchors, 16),
    ]

    def turned(*given):
        row, column, *rest = _answer(*given)
        return np.array([column, row, *rest])

    def in_pixels(*given):
        answer = _answer(*given)
        answer[3:5] *= given[2]
        return answer

    def nearest(shape, anchors):
        return -np.linalg.norm(shape - anchors, axis=1)

    mistakes = {
        "The row comes first, from y.": turned,
        "You took the corner of the box. The centre decides.": (
            lambda *given: _answer(*given, corner=True)
        ),
        "The place should be a part of the cell, from 0 to 1, not pixels.": in_pixels,
        "The logarithms of the sizes are missing.": (
            lambda *given: _answer(*given, size=np.asarray)
        ),
        "You took the anchor that is nearest in pixels. The one with the largest "
        "IoU is asked for.": lambda *given: _answer(*given, best=nearest),
        "You divided the anchor by the size. It is the other way round.": (
            lambda *given: _answer(*given, size=lambda times: -np.log(times))
        ),
    }
    return compare(function, _answer, mistakes, cases)


def _moved(shapes, anchors, alike=shared_size, middle=np.mean, lost=None):
    owners = alike(shapes, anchors).argmax(axis=1)
    moved = anchors.copy() if lost is None else np.full_like(anchors, lost)
    for k in np.unique(owners):
        moved[k] = middle(shapes[owners == k], axis=0)
    return moved


def _near(shapes, anchors):
    return -np.linalg.norm(shapes[:, np.newaxis] - anchors, axis=2)


def _far(shapes, anchors):
    return -shared_size(shapes, anchors)


def kmeans_step(function):
    """Check 13.4: one step of k-means, ``function(shapes, anchors)``."""
    rng = np.random.default_rng(14)
    shapes = np.exp(rng.uniform(1.5, 5, (40, 2)))
    cases = [
        (shapes, np.array([[10.0, 10.0], [40.0, 40.0], [100.0, 30.0]])),
        (shapes, np.array([[20.0, 30.0], [70.0, 70.0], [900.0, 2.0]])),
    ]
    mistakes = {
        "You took Euclid's distance. The distance is 1 − IoU.": (
            lambda *given: _moved(*given, alike=_near)
        ),
        "You gave each box to the anchor that is least alike.": (
            lambda *given: _moved(*given, alike=_far)
        ),
        "You took the median. k-means takes the mean.": (
            lambda *given: _moved(*given, middle=np.median)
        ),
        "An anchor without boxes should stay where it is.": (
            lambda *given: _moved(*given, lost=0.0)
        ),
        "An anchor without boxes should stay where it is; the mean of nothing is not "
        "a number.": lambda *given: _moved(*given, lost=np.nan),
    }
    return compare(function, _moved, mistakes, cases)


CROWD, SIDE, CLASSES, MOST_LOST = (100, 40), 256, 10, 0.02


def _crowd():
    """Return centres ``[images, objects, 2]`` and sizes of the crowd's boxes."""
    rng = np.random.default_rng(15)
    centres = rng.uniform(0, SIDE, (*CROWD, 2))
    widths = np.exp(rng.uniform(np.log(10), np.log(40), CROWD))
    heights = widths * rng.uniform(1, 3, CROWD)
    return centres, np.stack([widths, heights], axis=-1)


def _lost(stride, count):
    """Return the share of the crowd's objects that find their place taken."""
    centres, sizes = _crowd()
    anchors = kmeans_anchors(sizes.reshape(-1, 2), count)
    best = shared_size(sizes.reshape(-1, 2), anchors).argmax(axis=1)
    images = np.repeat(np.arange(CROWD[0]), CROWD[1])
    cells = (centres.reshape(-1, 2) // stride).astype(int)
    places = np.column_stack([images, cells, best])
    return 1 - len(np.unique(places, axis=0)) / len(places)


def _numbers(stride, count):
    return (SIDE // stride) ** 2 * count * (5 + CLASSES)


def crowded_grid(stride, anchors):
    """Check 13.5: the fewest numbers with which hardly an object is lost."""
    answer, hint = as_numbers([stride, anchors])
    if hint:
        return hint
    if answer.shape != (2,) or (answer % 1).any():
        return "Give two whole numbers: stride and anchors."
    stride, count = answer.astype(int)
    if stride not in (8, 16, 32) or not 1 <= count <= 9:
        return "The stride is 8, 16 or 32, and there are 1 to 9 anchors."
    lost, numbers = _lost(stride, count), _numbers(stride, count)
    if lost > MOST_LOST:
        return (
            f"{100 * lost:.1f} % of the objects are lost; at most "
            f"{100 * MOST_LOST:.0f} % may be. Smaller cells or more anchors?"
        )
    fewer = any(
        _numbers(other, k) < numbers and _lost(other, k) <= MOST_LOST
        for other in (8, 16, 32)
        for k in range(1, 10)
    )
    if fewer:
        return (
            f"Hardly an object is lost, but the network puts out {numbers:,} numbers; "
            "fewer would do."
        )
    return None


EXERCISES = {
    "13.1": large_grid,
    "13.2": one_box,
    "13.3": one_target,
    "13.4": kmeans_step,
    "13.5": crowded_grid,
}
