"""Boundary IoU and Dice: against slow loops, by hand, properties, and bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.metrics import boundary_iou, confusion_matrix, dice, mean_iou


def slow_region(mask, ratio):
    """Return the boundary region: eroded d times, pixel by pixel, zeros around."""
    height, width = mask.shape
    steps = max(1, round(ratio * (height**2 + width**2) ** 0.5))
    kept = np.pad(mask, 1)
    for _ in range(steps):
        before = kept.copy()
        for y in range(1, height + 1):
            for x in range(1, width + 1):
                kept[y, x] = before[y - 1 : y + 2, x - 1 : x + 2].all()
    return mask & ~kept[1:-1, 1:-1]


def slow_iou(labels, predictions, ratio):
    a, b = slow_region(labels, ratio), slow_region(predictions, ratio)
    return (a & b).sum() / (a | b).sum()


def blobs(rng, shape):
    """Return a mask of a few rectangles."""
    mask = np.zeros(shape, bool)
    for _ in range(3):
        top, left = rng.integers(0, shape[0]), rng.integers(0, shape[1])
        mask[top : top + rng.integers(1, 20), left : left + rng.integers(1, 20)] = True
    return mask


@pytest.mark.parametrize("ratio", [0.001, 0.02, 0.05, 0.1, 0.3, 1])
@pytest.mark.parametrize("seed", range(8))
def test_boundary_iou_is_what_repeated_erosion_gives(seed, ratio):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(2, 35, 2))
    labels, predictions = blobs(rng, shape), blobs(rng, shape)
    found = boundary_iou(labels, predictions, dilation_ratio=ratio)
    assert found == pytest.approx(slow_iou(labels, predictions, ratio), abs=1e-12)


def test_boundary_iou_by_hand():
    full, less = np.ones((10, 10), bool), np.ones((10, 10), bool)
    less[:, 9] = False
    # Rings of 36 and 34 pixels: the border of the image is an outline too.
    assert boundary_iou(full, less) == pytest.approx(26 / 44)
    # The diagonal is 50 pixels: d is 1 at 2 %, 2 at 4 %.
    masks = np.zeros((2, 30, 40), bool)
    masks[0, 5:25, 5:35] = True
    masks[1, 6:24, 6:34] = True
    assert boundary_iou(*masks) == 0
    second = 2 * (28 + 18) - 4
    third = 2 * (26 + 16) - 4
    first = 2 * (30 + 20) - 4
    found = boundary_iou(*masks, dilation_ratio=0.04)
    assert found == pytest.approx(second / (first + second + third))
    assert boundary_iou(masks[0], ~masks[0]) == 0
    assert boundary_iou(masks[0], masks[0] & False) == 0
    # What is deeper than d does not count: a ring is as good as what it bounds.
    ring = masks[0] & ~masks[1]
    assert boundary_iou(masks[0], ring) == 1
    assert boundary_iou(masks[0], ring, dilation_ratio=0.04) < 1


masks = arrays(bool, (2, 7, 9)).filter(lambda drawn: drawn.any())
maps = arrays(np.int64, (2, 2, 6, 7), elements=st.integers(0, 3))


@settings(deadline=None)
@given(masks)
def test_properties_of_boundary_iou(drawn):
    labels, predictions = drawn
    found = boundary_iou(labels, predictions)
    assert 0 <= found <= 1
    assert found == boundary_iou(predictions, labels)
    assert found == boundary_iou(labels.T, predictions.T)
    for one in drawn[drawn.any(axis=(1, 2))]:
        assert boundary_iou(one, one) == 1
    # A boundary as wide as the image is the whole mask.
    whole = (labels & predictions).sum() / (labels | predictions).sum()
    assert boundary_iou(labels, predictions, dilation_ratio=1) == pytest.approx(whole)


@settings(deadline=None)
@given(maps, st.sampled_from([None, 0, 3]))
def test_maps_are_the_mean_over_the_masks_of_the_classes(drawn, ignored):
    labels, predictions = drawn
    counted = labels != ignored
    if not counted.any():
        return
    shares = []
    for one in range(4):
        a, b = (labels == one) & counted, (predictions == one) & counted
        if a.any() or b.any():
            a = np.stack([slow_region(mask, 0.02) for mask in a])
            b = np.stack([slow_region(mask, 0.02) for mask in b])
            shares.append((a & b).sum() / (a | b).sum())
    found = boundary_iou(labels, predictions, 4, ignored)
    assert found == pytest.approx(np.mean(shares))


def test_what_is_predicted_where_labels_are_ignored_does_not_matter():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, (20, 30)).repeat(3, axis=0).repeat(3, axis=1)
    labels[rng.random(labels.shape) < 0.1] = 255
    predictions = np.where(labels == 255, rng.integers(0, 999, labels.shape), labels)
    for metric in (boundary_iou, dice, mean_iou):
        assert metric(labels, predictions, 3, ignore_label=255) == 1


MAP = np.zeros((3, 4), int)
MASK = MAP == 0


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((MASK, MASK.T), ValueError, r"one shape, got \(3, 4\) and \(4, 3\)"),
        ((MAP, MAP.T, 2), ValueError, r"one shape, got \(3, 4\) and \(4, 3\)"),
        ((MASK[0], MASK[0]), ValueError, "height, width"),
        ((~MASK, ~MASK), ValueError, "two empty masks"),
        ((MASK, MASK, 2), ValueError, "num_classes must not be given with masks"),
        ((MASK, MASK, None, 0), ValueError, "ignore_label must not be given"),
        ((MAP, MAP), ValueError, "must be masks, both bool, or num_classes"),
        ((MASK, MAP), ValueError, "got bool and int64"),
        ((MASK, MAP, 2), TypeError, "labels must hold integers"),
        ((MAP * 1.0, MAP, 2), TypeError, "labels must hold integers"),
        ((MAP, MAP + 2, 2), ValueError, "predictions must be from 0 to 1, got 2"),
        ((MAP, MAP, 2, 0), ValueError, "at least one that counts"),
        ((MASK, MASK, None, None, 0), ValueError, "dilation_ratio"),
        ((MASK, MASK, None, None, 1.5), ValueError, "dilation_ratio"),
        ((MASK, MASK, None, None, "2 %"), TypeError, "dilation_ratio"),
        ((None, MASK), TypeError, "labels must hold"),
        ((MASK[:0], MASK[:0]), ValueError, "labels must not be empty"),
    ],
)
def test_bad_boundaries_are_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        boundary_iou(*arguments)


# Dice


@given(maps, st.sampled_from([None, 0, 3]))
def test_dice_is_what_counting_gives(drawn, ignored):
    labels, predictions = drawn
    counted = labels != ignored
    if not counted.any():
        return
    shares = []
    for one in range(4):
        a, b = (labels == one) & counted, (predictions == one) & counted
        if a.any() or b.any():
            shares.append(2 * (a & b).sum() / (a.sum() + b.sum()))
    assert dice(labels, predictions, 4, ignored) == pytest.approx(np.mean(shares))


@given(maps)
def test_dice_follows_from_the_intersection_over_union(drawn):
    labels, predictions = drawn
    counts = confusion_matrix(labels, predictions, 4)
    both = np.diag(counts)
    either = counts.sum(axis=0) + counts.sum(axis=1) - both
    iou = both[either > 0] / either[either > 0]
    found = dice(labels, predictions, 4)
    assert found == pytest.approx((2 * iou / (1 + iou)).mean())
    assert found >= mean_iou(labels, predictions, 4) - 1e-12


def test_dice_by_hand():
    assert dice([0, 0, 1, 1], [0, 1, 1, 1], 2) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert dice([1, 1], [1, 1], 5) == 1
    assert dice([0, 1], [1, 0], 2) == 0
    assert dice([0, 1, 255], [0, 1, 1], 2, ignore_label=255) == 1
