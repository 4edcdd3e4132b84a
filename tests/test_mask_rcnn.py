"""A mask for each object: what is learned, and how it gets back into the image."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.data import scenes
from helpers.segmentation import instance_masks, mask_rcnn, mask_targets, pasted


@pytest.fixture(scope="module")
def learner():
    keras.utils.set_random_seed(0)
    return mask_rcnn()


def test_masks_by_number():
    masks = instance_masks(np.array([[0, 1, 1], [2, 2, 0]]))
    assert masks.dtype == bool
    assert masks.astype(int).tolist() == [
        [[0, 1, 1], [0, 0, 0]],
        [[0, 0, 0], [1, 1, 0]],
    ]
    assert instance_masks(np.zeros((4, 5), np.uint8)).shape == (0, 4, 5)


def test_targets_by_hand():
    numbers = np.zeros((1, 56, 56), np.uint8)
    numbers[0, :28] = 1  # upper half
    numbers[0, 28:, :28] = 2  # lower left
    whole = np.float32([[[0, 0, 56, 56], [0, 0, 56, 56]]])
    upper, lower = mask_targets(numbers, whole).numpy()
    assert upper[:14].all()
    assert not upper[14:].any()
    assert lower[14:, :14].all()
    assert lower.sum() == 14 * 14


def test_a_full_mask_fills_its_box():
    masks = pasted(np.ones((1, 28, 28)), np.array([[3, 5, 20, 9]]), (12, 30))
    assert masks[0, 5:9, 3:20].all()
    assert masks.sum() == 4 * 17


def test_boxes_past_the_edge_and_without_area():
    boxes = np.array([[-4.0, -4, 6, 6], [5, 5, 5, 5], [40, 40, 50, 50]])
    masks = pasted(np.ones((3, 28, 28)), boxes, (10, 10))
    assert masks.reshape(3, -1).sum(axis=1).tolist() == [36, 0, 0]
    assert pasted(np.ones((0, 28, 28)), np.empty((0, 4)), (10, 10)).shape == (0, 10, 10)


def test_targets_pasted_back_are_the_objects():
    some = scenes(20)
    for numbers, boxes in zip(some.masks, some.boxes, strict=True):
        shares = mask_targets(numbers[np.newaxis], boxes[np.newaxis]).numpy()
        found = pasted(shares, boxes, numbers.shape)
        true = instance_masks(numbers)
        shared = (found & true).sum(axis=(1, 2)) / (found | true).sum(axis=(1, 2))
        assert shared.min() > 0.75
        assert shared.mean() > 0.88


def test_what_is_learned(learner):
    some = scenes(6)
    some = some._replace(images=some.images / np.float32(255))
    images, boxes, labels, numbers = learner.batch(some)
    most = max(map(len, some.boxes))
    assert boxes.shape == (6, most, 4)
    assert (boxes[..., 2:] - boxes[..., :2]).min() >= 0.99
    for own, names in zip(labels, some.labels, strict=True):
        assert own.tolist() == [*names, *[-1] * (most - len(names))]
    with tf.GradientTape() as tape:
        parts = learner.loss(images, boxes, labels, numbers)
    gradients = tape.gradient(parts["masks"], learner.network.trainable_variables)
    assert all(np.isfinite(gradient).all() for gradient in gradients)
    assert np.isclose(parts["masks"], np.log(2), atol=0.5)


def test_no_object_is_learned_from_or_found(learner):
    some = scenes(2)
    nothing = some._replace(
        images=some.images / np.float32(255),
        masks=np.zeros_like(some.masks),
        boxes=[np.empty((0, 4), np.float32)] * 2,
        labels=[np.empty(0, np.int64)] * 2,
    )
    assert float(learner.loss(*learner.batch(nothing))["masks"]) == 0
    for found in learner.detect(nothing.images, score_threshold=1.0):
        assert found["masks"].shape == (0, 128, 128)


def test_every_object_that_is_found_has_a_mask(learner):
    (found,) = learner.detect(scenes(1).images, score_threshold=0.0, max_boxes=2)
    assert len(found["masks"]) == len(found["boxes"]) > 0
    for mask, (x_min, y_min, x_max, y_max) in zip(
        found["masks"], found["boxes"], strict=True
    ):
        rows, columns = np.nonzero(mask)
        if len(rows):
            assert rows.min() >= round(float(y_min))
            assert rows.max() < round(float(y_max)) + 1
            assert columns.min() >= round(float(x_min))
            assert columns.max() < round(float(x_max)) + 1
