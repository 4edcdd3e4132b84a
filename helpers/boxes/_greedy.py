"""The engine behind suppression: few of all pairs of boxes are ever looked at.

Suppression is greedy: the best box is kept, what overlaps it goes, and so on. Taken
literally, that is a loop over kept boxes with a little work in each. Here the work is
done for many boxes at once, in one of two ways.

In a crowd, few boxes are kept. So the best boxes are settled among themselves, and
what they drop from all the others is dropped at once. Where boxes lie apart, most pairs
need no look. So the boxes are sorted from left to right: each can only lose to, or
drop, those that begin before it ends.
"""

from itertools import pairwise

import numpy as np

from helpers.boxes._overlap import overlaps

# Boxes that are settled at once in a crowd, and so few that they are no crowd.
BEST, FEW = 32, 256
# It is no crowd where the best drop less than this share of the others.
CROWDED = 1 / 8
# Pairs that are looked at together: they stay in the processor's cache.
PAIRS = 1 << 16
# Of a threshold, against rounding: pairs that might pass it are worked out in full.
SLACK = 1 - 1e-4


def suppress(boxes, area, scores, iou_threshold, score_threshold, max_boxes):
    """Return the indices that suppression keeps, best first; all is checked before."""
    waiting = best_first(scores)
    if score_threshold is not None:
        waiting = waiting[scores[waiting] > score_threshold]
    boxes, area = boxes[waiting], area[waiting]
    most = len(waiting) if max_boxes is None else max_boxes
    kept, count, crowded = [], 0, len(waiting) > FEW
    while crowded and count < most:
        best, rest = slice(BEST), slice(BEST, None)
        chosen = _settle(boxes[best], area[best], iou_threshold)
        kept.append(waiting[chosen])
        count += len(chosen)
        left = ~_drops(boxes, area, chosen, rest, iou_threshold)
        waiting, boxes, area = (part[rest][left] for part in (waiting, boxes, area))
        gone = len(left) - len(waiting)
        crowded = len(waiting) > FEW and gone >= CROWDED * len(left)
    if count < most:
        kept.append(waiting[_sweep(boxes, area, iou_threshold)])
    return np.concatenate(kept)[:most] if kept else np.empty(0, np.int64)


def best_first(scores):
    """Return the order from the best score to the worst; equal ones keep theirs."""
    return np.argsort(-scores, kind="stable")


def _drops(boxes, area, chosen, rest, iou_threshold):
    """Tell which of the rest overlap a chosen box by more than the threshold."""
    first, second = boxes[chosen, np.newaxis], area[chosen, np.newaxis]
    return (overlaps(first, second, boxes[rest], area[rest]) > iou_threshold).any(0)


def _settle(boxes, area, iou_threshold):
    """Return which of some boxes, best first, are kept among themselves."""
    drops = overlaps(boxes[:, np.newaxis], area[:, np.newaxis], boxes, area)
    rows = np.packbits(drops > iou_threshold, axis=1, bitorder="little")
    kept, dropped = [], 0
    for index, row in enumerate(rows):
        if not dropped >> index & 1:
            kept.append(index)
            dropped |= int.from_bytes(row.tobytes(), "little")
    return kept


def _sweep(boxes, area, iou_threshold):
    """Return which of the boxes, best first, are kept; look at neighbours only."""
    pairs = []
    for one, other in _neighbours(boxes, iou_threshold * SLACK):
        found = overlaps(boxes[one], area[one], boxes[other], area[other])
        over = found > iou_threshold
        pairs.append(np.stack([one[over], other[over]]))
    if not pairs:
        return np.arange(len(boxes))
    better, worse = np.sort(np.concatenate(pairs, axis=1), axis=0)
    order = np.argsort(better, kind="stable")
    worse = worse[order].tolist()
    better, starts = np.unique(better[order], return_index=True)
    bounds = [*starts.tolist(), len(worse)]
    dropped = bytearray(len(boxes))
    for box, (start, end) in zip(better.tolist(), pairwise(bounds), strict=True):
        if not dropped[box]:
            for other in worse[start:end]:
                dropped[other] = 1
    return np.flatnonzero(np.frombuffer(dropped, np.uint8) == 0)


def _neighbours(boxes, share):
    """Yield pairs of boxes, [2, pairs], that may share such a part of either.

    An IoU above a threshold asks for a shared width above that part of each width, and
    for as much of each height.
    """
    order = np.argsort(boxes[:, 0], kind="stable")
    left, low, right, high = np.ascontiguousarray(boxes[order].T)
    begin = np.arange(1, len(boxes) + 1)
    end = np.searchsorted(left, right - share * (right - left), side="right")
    counts = np.maximum(end - begin, 0)
    totals = np.cumsum(counts)
    start = done = 0
    while start < len(boxes):
        stop = max(start + 1, np.searchsorted(totals, done + PAIRS, side="right"))
        some = slice(start, stop)
        one = np.repeat(np.arange(start, stop), counts[some])
        skipped = begin[some] - (totals[some] - counts[some] - done)
        other = np.arange(len(one)) + np.repeat(skipped, counts[some])
        shared = np.minimum(high[one], high[other]) - np.maximum(low[one], low[other])
        near = np.flatnonzero(shared >= share * (high[other] - low[other]))
        if near.size:
            yield order[np.stack([one[near], other[near]])]
        start, done = stop, totals[stop - 1]
