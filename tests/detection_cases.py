"""What the tests of the detectors share."""

import numpy as np

from helpers.boxes._anchors import shared_size


class FakeNetwork:
    """Say what it was told to, whatever the images."""

    name = "fake"

    def __call__(self, images, training):
        return self.outputs


def apart(scenes, anchors, stride):
    """Return the scenes in which no two objects want one anchor of one cell."""
    kept = []
    for index, boxes in enumerate(scenes.boxes):
        cells = (boxes[:, :2] + boxes[:, 2:]) // (2 * stride)
        sizes = boxes[:, 2:] - boxes[:, :2]
        best = shared_size(sizes, np.float32(anchors)).argmax(axis=1)
        wanted = np.column_stack([cells, best])
        if len(np.unique(wanted, axis=0)) == len(boxes):
            kept.append(index)
    assert len(kept) > len(scenes.boxes) / 2
    return pick(scenes, kept)


def pick(scenes, kept):
    """Return some of the scenes."""
    return scenes._replace(
        images=scenes.images[kept],
        masks=scenes.masks[kept],
        boxes=[scenes.boxes[n] for n in kept],
        labels=[scenes.labels[n] for n in kept],
    )


def assert_finds(detector, scenes):
    """Assert that a detector finds every object, and nothing else."""
    found = detector.detect(scenes.images, score_threshold=0.5, iou_threshold=0.9)
    for one, boxes, labels in zip(found, scenes.boxes, scenes.labels, strict=True):
        order = np.lexsort(np.column_stack([boxes, labels]).T)
        same = np.lexsort(np.column_stack([one["boxes"].round(2), one["labels"]]).T)
        assert len(one["boxes"]) == len(boxes)
        assert one["labels"][same].tolist() == labels[order].tolist()
        np.testing.assert_allclose(one["boxes"][same], boxes[order], atol=0.05)
