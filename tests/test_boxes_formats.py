"""Formats of boxes, and anchors: by hand, there and back, and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from helpers.boxes import convert, iou, kmeans_anchors

PIXELS = ("xyxy", "yxyx", "xywh", "center_xywh")
FORMATS = PIXELS + tuple(f"rel_{name}" for name in PIXELS)
# One box in an image 80 high and 100 wide.
SAME = {
    "xyxy": [10, 20, 40, 60],
    "yxyx": [20, 10, 60, 40],
    "xywh": [10, 20, 30, 40],
    "center_xywh": [25, 40, 30, 40],
    "rel_xyxy": [0.1, 0.25, 0.4, 0.75],
    "rel_yxyx": [0.25, 0.1, 0.75, 0.4],
    "rel_xywh": [0.1, 0.25, 0.3, 0.5],
    "rel_center_xywh": [0.25, 0.5, 0.3, 0.5],
}


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_the_same_box_in_every_format(source, target):
    boxes = np.array(SAME[source], float)
    found = convert(boxes, source, target, image_size=(80, 100))
    np.testing.assert_allclose(found, SAME[target], rtol=1e-12)


corners = array_shapes(max_dims=3, max_side=3).flatmap(
    lambda shape: arrays(np.float64, (*shape, 2, 2), elements=st.floats(-1e3, 1e3))
)


@given(corners, st.sampled_from(FORMATS), st.sampled_from([(1, 1), (480, 640)]))
def test_there_and_back(pairs, target, image_size):
    boxes = np.concatenate([pairs.min(axis=-2), pairs.max(axis=-2)], axis=-1)
    there = convert(boxes, "xyxy", target, image_size)
    assert there.shape == boxes.shape
    # Half of a tiny side may round to less than nothing beside a large coordinate.
    back = convert(np.where(np.abs(there) < 1e-9, 0, there), target, target, image_size)
    np.testing.assert_allclose(back, there, atol=1e-6)


def test_types_and_no_boxes():
    assert convert(np.zeros((0, 4), np.float32), "xyxy", "xywh").shape == (0, 4)
    assert convert([[0, 0, 2, 2]], "xyxy", "xywh").dtype == np.float32
    assert convert(np.zeros((1, 4)), "xyxy", "xywh").dtype == np.float64


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([0, 0, 1], "xyxy", "xywh"), ValueError, "4 numbers each"),
        ((5.0, "xyxy", "xywh"), ValueError, "4 numbers each"),
        ((["a"] * 4, "xyxy", "xywh"), TypeError, "boxes must hold"),
        (([0, 0, np.nan, 1], "xyxy", "xywh"), ValueError, "finite"),
        (([5, 0, 1, 1], "xyxy", "xywh"), ValueError, "below zero in xyxy"),
        (([0, 0, -1, 1], "xywh", "xyxy"), ValueError, "below zero in xywh"),
        (([0, 0, 1, 1], "xxyy", "xywh"), ValueError, "source must be one of"),
        (([0, 0, 1, 1], "xyxy", "relative"), ValueError, "target must be one of"),
        (([0, 0, 1, 1], 4, "xywh"), TypeError, "source must be a str"),
        (([0, 0, 1, 1], "xyxy", "rel_xywh"), ValueError, "image_size must be"),
        (([0, 0, 1, 1], "rel_xyxy", "xywh"), ValueError, "image_size must be"),
        (([0, 0, 1, 1], "xyxy", "xywh", 100), TypeError, "image_size must be"),
        (([0, 0, 1, 1], "xyxy", "xywh", (0, 10)), ValueError, "image_size"),
    ],
)
def test_bad_boxes_and_formats_are_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        convert(*arguments)


# Anchors


def test_three_kinds_of_boxes_are_found_again():
    rng = np.random.default_rng(0)
    kinds = np.array([[10, 20], [40, 15], [80, 90]])
    sizes = kinds[rng.integers(0, 3, 300)] * rng.uniform(0.9, 1.1, (300, 2))
    np.testing.assert_allclose(
        kmeans_anchors(sizes, 3, seed=1), kinds[[0, 1, 2]], rtol=0.05
    )


sizes = arrays(np.float64, (12, 2), elements=st.floats(1, 100), unique=True)


@given(sizes, st.integers(1, 6), st.integers(0, 9))
def test_each_anchor_is_the_mean_of_its_boxes(sizes, k, seed):
    anchors = kmeans_anchors(sizes, k, seed)
    assert anchors.shape == (k, 2)
    assert (np.diff(anchors.prod(axis=1)) >= 0).all()
    np.testing.assert_array_equal(anchors, kmeans_anchors(sizes, k, seed))
    as_boxes = [np.pad(each, ((0, 0), (2, 0))) for each in (sizes, anchors)]
    owners = iou(*as_boxes).argmax(axis=1)
    for index in np.unique(owners):
        np.testing.assert_allclose(anchors[index], sizes[owners == index].mean(axis=0))


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([[1.0, 2.0, 3.0]], 1), ValueError, r"\[boxes, 2\]"),
        (([[1.0, 0.0]], 1), ValueError, "above 0"),
        (([[1.0, np.inf]], 1), ValueError, "finite"),
        ((np.empty((0, 2)), 1), ValueError, "empty"),
        (([[1.0, 2.0]], 0), ValueError, "k must be"),
        (([[1.0, 2.0]], 1.5), TypeError, "k must be"),
        (([[1.0, 2.0], [1.0, 2.0]], 2), ValueError, "at most 1"),
        (([[1.0, 2.0]], 1, -1), ValueError, "seed must be"),
    ],
)
def test_bad_sizes_are_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        kmeans_anchors(*arguments)
