"""Anchors, which object each answers for, and boxes as offsets from them."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.boxes import iou, roi_align
from helpers.detection import anchor_grid, anchor_shapes, assign, encode
from helpers.detection._tensors import (
    align_regions,
    decode,
    encode_tensors,
    mean_over,
    overlaps,
    smooth_l1,
)


def boxes_of(count, low=1.0, high=60.0):
    """Return a strategy for boxes with sides of at least `low`."""
    sides = arrays(np.float32, (count, 4), elements=st.floats(low, high, width=32))
    return sides.map(lambda s: np.concatenate([s[:, :2], s[:, :2] + s[:, 2:]], axis=1))


# Grid


def test_shapes_have_the_area_and_ratio_asked_for():
    shapes = anchor_shapes((16, 40), (0.5, 2.0)).reshape(2, 2, 2)
    np.testing.assert_allclose(shapes.prod(axis=2), [[256] * 2, [1600] * 2], rtol=1e-6)
    np.testing.assert_allclose(shapes[..., 0] / shapes[..., 1], [[0.5, 2.0]] * 2)


def test_the_grid_unrolls_as_a_map_does():
    shapes = np.array([[4, 2], [6, 8], [10, 10]], np.float32)
    grid = anchor_grid((24, 40), 8, shapes).reshape(3, 5, 3, 4)
    for row in range(3):
        for column in range(5):
            for n, (width, height) in enumerate(shapes):
                x, y = 8 * column + 4, 8 * row + 4
                box = x - width / 2, y - height / 2, x + width / 2, y + height / 2
                assert grid[row, column, n].tolist() == list(box)


def test_what_the_stride_does_not_divide_gets_a_cell_more():
    assert len(anchor_grid((17, 16), 8, [[4, 4]])) == 3 * 2


# Assignment


def test_assignment_by_hand():
    anchors = np.array(
        [[0, 0, 10, 10], [0, 0, 10, 22], [2, 0, 12, 10], [50, 50, 60, 60]]
    )
    objects = np.array([[0, 0, 10, 9], [70, 70, 80, 80]])
    # IoU with the first object: 0.9, 0.409, 0.615, 0; none overlaps the second, so that
    # its best is the first of equals.
    assert assign(anchors, objects[:1]).tolist() == [0, -2, 0, -1]
    assert assign(anchors, objects).tolist() == [1, -2, 0, -1]


def test_an_object_that_no_anchor_fits_gets_the_best_one():
    assert assign([[0, 0, 10, 10], [0, 0, 30, 30]], [[0, 0, 5, 5]]).tolist() == [0, -1]


def test_no_object_and_no_anchor():
    assert assign([[0, 0, 10, 10]], np.empty((0, 4))).tolist() == [-1]
    assert assign(np.empty((0, 4)), [[0, 0, 10, 10]]).tolist() == []


@settings(max_examples=40, deadline=None)
@given(boxes_of(30), boxes_of(4))
def test_assignment_follows_the_overlaps(anchors, objects):
    answers, shared = assign(anchors, objects), iou(anchors, objects)
    best = shared.max(axis=1)
    own = answers >= 0
    forced = np.isin(np.arange(30), shared.argmax(axis=0))
    assert (best[own & ~forced] >= 0.5).all()
    assert (best[answers == -1] < 0.4).all()
    assert own[forced].all()
    assert own[best >= 0.5].all()


# Offsets


@settings(max_examples=40, deadline=None)
@given(boxes_of(6), boxes_of(6))
def test_offsets_come_back_as_boxes(boxes, anchors):
    offsets = encode(boxes, anchors)
    np.testing.assert_allclose(decode(offsets, anchors), boxes, atol=1e-3)
    np.testing.assert_allclose(encode_tensors(boxes, anchors), offsets, atol=1e-4)


def test_offsets_by_hand():
    offsets = encode(np.array([[2.0, 2, 22, 12]]), np.array([[0.0, 0, 10, 10]]))
    np.testing.assert_allclose(offsets, [[0.7, 0.2, np.log(2), 0]], rtol=1e-6)


def test_huge_offsets_do_not_overflow():
    boxes = decode(np.full((1, 4), 1e6, np.float32), np.float32([[0, 0, 9, 9]]))
    assert np.isfinite(boxes).all()


# Tensors


@settings(max_examples=20, deadline=None)
@given(boxes_of(5), boxes_of(3))
def test_overlaps_are_those_of_numpy(boxes, others):
    found = overlaps(boxes[np.newaxis], others[np.newaxis])[0]
    np.testing.assert_allclose(found, iou(boxes, others), atol=1e-5)


def test_boxes_without_area_overlap_nothing():
    zeros = tf.zeros((1, 2, 4))
    assert not overlaps(zeros, zeros).numpy().any()


@pytest.mark.parametrize("cells", [3, 7])
def test_aligned_regions_are_those_of_roi_align(cells):
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(2, 16, 12, 3)).astype(np.float32)
    one, other = rng.uniform(0, [12, 16], (2, 2, 5, 2))
    regions = np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=-1)
    regions[0, 0] = 0, 0, 12, 16
    found = align_regions(maps, regions.astype(np.float32), cells).numpy()
    wanted = [roi_align(*pair, cells) for pair in zip(maps, regions, strict=True)]
    np.testing.assert_allclose(
        found.reshape(2, 5, cells, cells, 3), np.stack(wanted), atol=2e-5
    )


def test_smooth_l1_and_weighted_means():
    found = smooth_l1(tf.constant([-3.0, -0.5, 0.0, 1.0])).numpy()
    assert found.tolist() == [2.5, 0.125, 0.0, 0.5]
    assert mean_over(tf.constant([1.0, 3.0]), tf.constant([1.0, 0.0])).numpy() == 1
    assert mean_over(tf.constant([1.0, 3.0]), tf.zeros(2)).numpy() == 0
