"""YOLO: what the numbers of a cell mean, what they should be, and back to boxes."""

import numpy as np
import pytest
import tensorflow as tf
from detection_cases import FakeNetwork, apart, assert_finds

from helpers.boxes import kmeans_anchors
from helpers.boxes._anchors import shared_size
from helpers.data import scenes
from helpers.detection import Yolo, YoloLayout, yolo_boxes, yolo_targets
from helpers.detection._yolo import SCENE_ANCHORS, FoldedPixels

ANCHORS = np.float32([[20, 20], [40, 20]])


@pytest.mark.parametrize(
    ("layout", "numbers"),
    [
        (YoloLayout(2, 20, shared_classes=True), 30),  # YOLOv1
        (YoloLayout(5, 20, shared_classes=True), 45),  # a simplified one
        (YoloLayout(5, 20), 125),  # YOLOv2
        (YoloLayout(3, 80), 255),  # YOLOv3
    ],
)
def test_numbers_of_a_cell(layout, numbers):
    assert layout.numbers == numbers
    outputs = np.arange(2 * 3 * numbers).reshape(2, 3, numbers)
    places, sizes, objectness, classes = layout.split(outputs)
    assert places.shape == sizes.shape == (2, 3, layout.boxes, 2)
    assert objectness.shape == (2, 3, layout.boxes)
    shared = 1 if layout.shared_classes else layout.boxes
    assert classes.shape == (2, 3, shared, layout.classes)
    every = np.concatenate(
        [part.ravel() for part in (places, sizes, objectness, classes)]
    )
    assert sorted(every) == list(range(outputs.size))
    for ours, theirs in zip(
        (places, sizes, objectness, classes),
        layout.split(tf.constant(outputs)),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_order_within_a_cell():
    places, sizes, objectness, classes = YoloLayout(2, 3).split(np.arange(16))
    assert places.tolist() == [[0, 1], [8, 9]]
    assert sizes.tolist() == [[2, 3], [10, 11]]
    assert objectness.tolist() == [4, 12]
    assert classes.tolist() == [[5, 6, 7], [13, 14, 15]]
    *_, shared = YoloLayout(2, 3, shared_classes=True).split(np.arange(13))
    assert shared.tolist() == [[10, 11, 12]]


def test_other_numbers_are_refused():
    with pytest.raises(ValueError, match=r"split: outputs must have 30 numbers a cell"):
        YoloLayout(2, 20, shared_classes=True).split(np.zeros((7, 7, 45)))
    with pytest.raises(ValueError, match="YoloLayout: boxes must be"):
        YoloLayout(0, 20)


def test_boxes_by_hand():
    places, sizes = np.zeros((2, 2, 3, 2, 2), np.float32)
    places[1, 2, 1] = np.log(3), -np.log(3)  # logistic: three quarters, a quarter
    sizes[1, 2, 1] = np.log(2), np.log(0.5)
    boxes = yolo_boxes(places, sizes, ANCHORS, 16).numpy()
    assert boxes.shape == (2, 3, 2, 4)
    np.testing.assert_allclose(boxes[0, 0, 0], [-2, -2, 18, 18])
    x, y = 16 * 2.75, 16 * 1.25
    np.testing.assert_allclose(
        boxes[1, 2, 1], [x - 40, y - 5, x + 40, y + 5], rtol=1e-6
    )


def test_targets_by_hand():
    box = [[30, 14, 70, 34]]  # centre 50, 24: the second row and the fourth column
    targets = yolo_targets(box, [3], (64, 96), ANCHORS, 5, stride=16)
    assert targets.shape == (4, 6, 2, 10)
    own = targets[1, 3, 1]
    np.testing.assert_allclose(own[:5], [50 / 16 - 3, 0.5, 0, 0, 1], atol=1e-6)
    assert own[5:].tolist() == [0, 0, 0, 1, 0]
    objectness = targets[..., 4].copy()
    objectness[1, 3, 1] = 0
    # The same shape one cell to the left and one below still overlaps by a half.
    assert objectness[1, 2, 1] == -1
    assert (objectness <= 0).all()
    assert (objectness == 0).sum() > 40


def test_no_object():
    assert not yolo_targets([], [], (64, 64), ANCHORS, 5, 16).any()


@pytest.mark.parametrize(
    ("boxes", "labels", "message"),
    [
        ([[0, 0, 8, 8]], [5], "labels must be from 0 to 4, got 5"),
        ([[0, 0, 8, 8]], [-1], "labels must be from 0 to 4, got -1"),
        ([[60, 60, 80, 80]], [0], "boxes must have their centres in an image"),
        ([[-20, 0, 8, 8]], [0], "boxes must have their centres in an image"),
        ([[0, 0, 8, 8]], [0, 1], "boxes and labels must be as many"),
    ],
)
def test_bad_objects_are_refused(boxes, labels, message):
    with pytest.raises(ValueError, match=message):
        yolo_targets(boxes, labels, (64, 64), ANCHORS, 5, 16)


@pytest.mark.parametrize("size", [128, 192])
def test_perfect_outputs_give_the_objects_back(size):
    some = apart(scenes(12, size=size), SCENE_ANCHORS, stride=16)
    detector = Yolo(FakeNetwork(), some.class_names, SCENE_ANCHORS)
    _, targets = detector.batch(some)
    outputs = targets.copy()
    inside = np.clip(targets[..., :2], 1e-4, 1 - 1e-4)
    outputs[..., :2] = np.log(inside / (1 - inside))
    outputs[..., 4:] = 40 * (targets[..., 4:] == 1) - 20
    detector.network.outputs = outputs.reshape(*outputs.shape[:3], -1)
    assert_finds(detector, some)


def test_scene_anchors_are_those_of_kmeans():
    boxes = np.concatenate(scenes(2000).boxes)
    sizes = boxes[:, 2:] - boxes[:, :2]
    anchors = kmeans_anchors(sizes, 5)
    np.testing.assert_allclose(anchors, SCENE_ANCHORS, atol=0.06)
    assert shared_size(sizes, anchors).max(axis=1).mean() > 0.77


def test_folding_keeps_every_pixel():
    maps = np.arange(2 * 4 * 6 * 3, dtype=np.float32).reshape(2, 4, 6, 3)
    layer = FoldedPixels()
    folded = layer(maps).numpy()
    assert folded.shape == layer.compute_output_shape(maps.shape) == (2, 2, 3, 12)
    np.testing.assert_array_equal(folded[0, 0, 0].reshape(2, 2, 3), maps[0, :2, :2])
