"""The single-shot and the two-stage detector."""

import numpy as np
import pytest
import tensorflow as tf
from detection_cases import FakeNetwork, assert_finds, pick

from helpers.boxes import iou
from helpers.data import scenes
from helpers.detection import Ssd, encode, two_stage
from helpers.detection._ssd import hardest
from helpers.detection._two_stage import PROPOSALS, SPREAD, region_targets


def well_apart(some):
    """Return the scenes of which no object overlaps another by much."""
    kept = [
        n
        for n, boxes in enumerate(some.boxes)
        if (iou(boxes, boxes) - np.eye(len(boxes))).max() < 0.3
    ]
    assert len(kept) >= 4
    return pick(some, kept)


# Single shot


@pytest.mark.parametrize("size", [128, 160])
def test_perfect_outputs_give_the_objects_back(size):
    some = well_apart(scenes(12, size=size))
    detector = Ssd(FakeNetwork(), some.class_names)
    images, classes, offsets = detector.batch(some)
    assert classes.shape == (len(images), len(detector.anchors((size, size))))
    scores = 40 * np.eye(11, dtype=np.float32)[np.maximum(classes, 0)]
    detector.network.outputs = tf.constant(offsets), tf.constant(scores)
    # Several anchors answer for an object; each says the same box.
    assert_finds(detector, some)


def test_anchors_that_are_left_out_have_no_offsets():
    detector = Ssd(FakeNetwork(), scenes(1).class_names)
    _, classes, offsets = detector.batch(scenes(6))
    assert (classes == -1).any()
    assert not offsets[classes < 1].any()


def test_the_hardest_negatives_by_hand():
    wrong = tf.constant(
        [[0.5, 0.9, 0.1, 0.7, 0.3, 0.0], [0.2, 0.1, 0.4, 0.3, 0.5, 0.6]]
    )
    positive = tf.constant([[0.0] * 5 + [1.0], [0.0] * 6])
    # Three for the one positive; three, too, where there is none.
    assert hardest(wrong, positive).numpy().tolist() == [
        [1, 1, 0, 1, 0, 0],
        [0, 0, 1, 0, 1, 1],
    ]
    many = tf.constant([[1.0, 1.0, 1.0, 1.0, 0.0, 0.0]])
    left = tf.constant([[0.0, 0.0, 0.0, 0.0, 0.2, 0.1]])
    assert hardest(left, many).numpy().tolist() == [[0, 0, 0, 0, 1, 1]]


# Two stages


def test_regions_get_the_object_that_they_overlap():
    regions = tf.constant([[[0, 0, 10, 10], [0, 0, 10, 30], [40, 40, 60, 60.0]]])
    boxes = tf.constant([[[0, 0, 10, 12], [40, 40, 60, 62], [0, 0, 0, 0.0]]])
    classes, targets = region_targets(regions, boxes, tf.constant([[3, 7, 0]]))
    assert classes.numpy().tolist() == [[3, 0, 7]]
    assert targets.numpy()[0, 0].tolist() == [0, 0, 10, 12]
    assert targets.numpy()[0, 1].tolist() == [0, 0, 10, 30]  # itself


def test_filled_up_objects_are_never_matched():
    zeros = tf.zeros((1, 2, 4))
    classes, _ = region_targets(zeros, zeros, tf.constant([[0, 0]]))
    assert not classes.numpy().any()


@pytest.fixture(scope="module")
def detector():
    return two_stage()


def first_stage(detector, some):
    """Return perfect outputs of the first stage, and the batch that they answer."""
    batch = detector.batch(some)
    _, objectness, offsets, *_ = batch
    logits = tf.constant(40 * (objectness == 1) - 20, tf.float32)
    return logits, tf.constant(offsets), batch


def test_perfect_first_outputs_propose_the_objects(detector):
    some = well_apart(scenes(12))
    logits, offsets, (images, *_) = first_stage(detector, some)
    proposals, valid = detector._proposals(tf.constant(images), logits, offsets)
    assert proposals.shape == (len(images), PROPOSALS, 4)
    for found, there, boxes in zip(proposals, valid.numpy(), some.boxes, strict=True):
        # The first of them are the objects, one each.
        best = iou(found.numpy()[: len(boxes)], boxes)
        assert (best.max(axis=0) > 0.99).all()
        assert there[: len(boxes)].all()


def test_the_second_stage_moves_the_boxes(detector, monkeypatch):
    some = well_apart(scenes(12))
    logits, offsets, (*_, boxes, labels) = first_stage(detector, some)
    monkeypatch.setattr(detector, "first", lambda *_, **__: (None, logits, offsets))

    def look(maps, regions, training):
        classes, targets = region_targets(regions, boxes, labels)
        offsets = encode(targets.numpy(), np.maximum(regions.numpy(), [0, 0, 1, 1]))
        return 40 * tf.one_hot(classes, 11), tf.constant(offsets / np.float32(SPREAD))

    monkeypatch.setattr(detector, "_look_again", look)
    monkeypatch.setattr(detector, "_run", detector._candidates)
    assert_finds(detector, some)


def test_places_that_are_no_proposal_have_no_score(detector):
    one = scenes(1)
    logits, _, (images, *_) = first_stage(detector, one)
    # All anchors are one box: the others are suppressed, and the places filled up.
    same = encode(np.float32([[8, 8, 40, 40]]), detector.anchors((128, 128)))
    proposals, valid = detector._proposals(
        tf.constant(images), tf.zeros_like(logits), tf.constant(same[np.newaxis])
    )
    assert valid.numpy().sum() == 1
    np.testing.assert_allclose(proposals[0, 0], [8, 8, 40, 40], atol=1e-3)
    assert not proposals[0, 1:].numpy().any()
