"""The areas of detections and objects, and what they share: of boxes and of masks."""

import numpy as np

WORD = 8  # bytes


class BoxAreas:
    """Areas of boxes.

    Parameters
    ----------
    objects : ndarray, shape (groups, objects, 4)
        Zeros where a group has fewer objects than others.
    """

    def __init__(self, objects):
        self.objects = objects

    def measured(self, some, detections):
        """Measure one detection a group beside each object of its group.

        Parameters
        ----------
        some : slice
            The groups.
        detections : ndarray, shape (groups, 4)

        Returns
        -------
        shared : ndarray, shape (groups, objects)
            The area that the detection shares with each object.
        own : ndarray, shape (groups, 1)
            The area of the detection.
        theirs : ndarray, shape (groups, objects)
            The areas of the objects.
        """
        objects, detections = self.objects[some], detections[:, np.newaxis]
        sides = np.minimum(objects[..., 2:], detections[..., 2:])
        sides = sides - np.maximum(objects[..., :2], detections[..., :2])
        shared = np.maximum(sides, 0).prod(axis=2)
        own = (detections[..., 2:] - detections[..., :2]).prod(axis=2)
        theirs = (objects[..., 2:] - objects[..., :2]).prod(axis=2)
        return shared, own, theirs


class MaskAreas:
    """Areas of masks, in pixels.

    Parameters
    ----------
    objects : ndarray of object, shape (groups, objects)
        Rows as `packed` returns them.
    there : ndarray of bool, shape (groups, objects)
        Which are real.
    """

    def __init__(self, objects, there):
        self.objects = [
            np.stack(row[real]) for row, real in zip(objects, there, strict=True)
        ]
        self.theirs = np.zeros(there.shape)
        for theirs, masks in zip(self.theirs, self.objects, strict=True):
            theirs[: len(masks)] = _pixels(masks)

    def measured(self, some, detections):
        """Measure one detection a group, as `BoxAreas.measured` does."""
        theirs = self.theirs[some]
        shared, own = np.zeros_like(theirs), np.zeros((len(theirs), 1))
        groups = zip(self.objects[some], detections, strict=True)
        for row, (objects, mask) in enumerate(groups):
            shared[row, : len(objects)] = _pixels(objects & mask)
            own[row] = _pixels(mask)
        return shared, own, theirs


def packed(masks):
    """Return masks as rows of bits: an eighth of the memory, and quickly compared.

    Parameters
    ----------
    masks : ndarray of bool, shape (masks, height, width)

    Returns
    -------
    ndarray of object, shape (masks,)
        For each mask its pixels, 64 in an integer, zeros behind the last.
    """
    count, height, width = masks.shape
    bits = np.packbits(masks.reshape(count, height * width), axis=1)
    bits = np.pad(bits, ((0, 0), (0, -bits.shape[1] % WORD)))
    rows = np.empty(count, object)
    for index, row in enumerate(bits.view(np.uint64)):
        rows[index] = row
    return rows


def _pixels(masks):
    return np.bitwise_count(masks).sum(axis=-1)
