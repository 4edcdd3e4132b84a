"""Which detections find an object, by COCO's rules.

COCO's own program walks through images, classes, thresholds and boxes in four loops.
Here one loop is left, over the ranks of the detections: the best of every image and
class are matched at once, for all thresholds, then the second best, and so on.
"""

from typing import NamedTuple

import numpy as np

from helpers.metrics._areas import BoxAreas, MaskAreas

MOST_DETECTIONS = 100


class Objects(NamedTuple):
    """Objects or detections of all images, one after the other.

    Detections have scores, objects have marks of crowds. Regions are boxes, or of dtype
    object: the masks as `helpers.metrics._areas.packed` returns them.
    """

    images: np.ndarray
    labels: np.ndarray
    regions: np.ndarray
    scores: np.ndarray | None
    crowd: np.ndarray | None

    def take(self, chosen):
        """Return some of them, or all in another order."""
        return Objects(*(None if part is None else part[chosen] for part in self))

    def groups(self):
        """Return where each group begins and how many it has.

        A group is an image and a class; groups lie one after the other.
        """
        new = np.ones(len(self.labels), bool)
        new[1:] = (np.diff(self.images) != 0) | (np.diff(self.labels) != 0)
        starts = np.flatnonzero(new)
        return starts, np.diff([*starts, len(new)])

    def ranks(self):
        """Return the place of each in its group, from 0."""
        starts, counts = self.groups()
        return np.arange(len(self.labels)) - np.repeat(starts, counts)


def best_of_each_group(found):
    """Return detections by image, then class, best first: the 100 best of each."""
    found = found.take(np.lexsort((-found.scores, found.labels, found.images)))
    return found.take(found.ranks() < MOST_DETECTIONS)


def match(found, true, thresholds):
    """Tell of each detection whether it is right, and whether it is ignored.

    Parameters
    ----------
    found : Objects
        As `best_of_each_group` returns them.
    true : Objects
        In any order; of equal overlaps, the last one counts.
    thresholds : ndarray
        Of the IoU.

    Returns
    -------
    right, ignored : ndarray of bool, shape (detections, thresholds)
    """
    right = np.zeros((len(found.labels), len(thresholds)), bool)
    ignored = right.copy()
    if not len(found.labels) or not len(true.labels):
        return right, ignored
    pairs = _Pairs(found, true)
    single = pairs.there & ~pairs.crowd
    free = np.repeat(single[:, np.newaxis], len(thresholds), axis=1)
    # COCO's own limit, for a threshold of 1.
    thresholds = np.minimum(thresholds, 1 - 1e-10)[:, np.newaxis]
    for rank in range(pairs.counts.max(initial=0)):
        some = slice(np.searchsorted(-pairs.counts, -rank))  # they have more than rank
        detections = pairs.starts[some] + rank
        overlap = pairs.overlap(some, found.regions[detections])[:, np.newaxis]
        enough = overlap >= thresholds
        open_to = enough & free[some]
        # The last of the best, as COCO's loop has it.
        best = np.where(open_to, overlap, -1.0)[..., ::-1].argmax(axis=2)
        hit = open_to.any(axis=2)
        group, threshold = np.nonzero(hit)
        free[group, threshold, ~best[hit]] = False
        right[detections] = hit
        in_crowd = enough & (pairs.there & pairs.crowd)[some, np.newaxis]
        ignored[detections] = in_crowd.any(axis=2) & ~hit
    return right, ignored


class _Pairs:
    """Images and classes that have both detections and objects, most detections first.

    `starts` and `counts` say which detections are theirs; the other arrays hold a row
    of objects each, filled up to the longest: `there` tells which are real.
    """

    def __init__(self, found, true):
        true = true.take(np.lexsort((true.labels, true.images)))
        begin, sizes = true.groups()
        rows = {
            key: row for row, key in enumerate(zip(*_keys(true, begin), strict=True))
        }
        starts, counts = found.groups()
        keys = zip(*_keys(found, starts), strict=True)
        theirs = np.array([rows.get(key, -1) for key in keys])
        order = np.argsort(-counts, kind="stable")
        order = order[theirs[order] >= 0]
        self.starts, self.counts = starts[order], counts[order]
        places = np.repeat(np.arange(len(begin)), sizes), true.ranks()
        regions, self.crowd, self.there = (
            _filled_up(values, places, sizes)[theirs[order]]
            for values in (true.regions, true.crowd, np.ones(len(true.labels), bool))
        )
        masks = regions.dtype == object
        self.areas = MaskAreas(regions, self.there) if masks else BoxAreas(regions)

    def overlap(self, some, detections):
        """Return the overlap of one detection a group with each of its objects."""
        shared, own, theirs = self.areas.measured(some, detections)
        whole = np.where(self.crowd[some], own, own + theirs - shared)
        return np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0)


def _keys(objects, starts):
    return objects.images[starts].tolist(), objects.labels[starts].tolist()


def _filled_up(values, places, sizes):
    """Return the values of each group in a row, zeros behind."""
    shape = len(sizes), int(sizes.max()), *values.shape[1:]
    rows = np.zeros(shape, values.dtype)
    rows[places] = values
    return rows
