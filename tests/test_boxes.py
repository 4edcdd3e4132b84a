"""Boxes: overlaps by hand and by counting, suppression against TensorFlow's."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.boxes import (
    batched_non_max_suppression,
    iou,
    non_max_suppression,
    soft_non_max_suppression,
)

UNIT = [0, 0, 1, 1]
SHIFTED = [[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]]


def from_corners(corners):
    """Return boxes of any two corners each, [boxes, 2, 2]."""
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def grid_boxes(largest=12, limit=8):
    """Boxes with corners on a small grid: many ties, many of zero area."""
    shapes = st.integers(0, largest).map(lambda count: (count, 2, 2))
    corners = shapes.flatmap(
        lambda shape: arrays(np.int64, shape, elements=st.integers(0, limit))
    )
    return corners.map(from_corners)


# IoU


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (UNIT, UNIT, 1),
        (UNIT, [1, 0, 2, 1], 0),  # they touch
        (UNIT, [5, 5, 6, 6], 0),
        (UNIT, [0, 0, 2, 1], 1 / 2),
        (UNIT, [-1, -1, 2, 2], 1 / 9),
        ([0, 0, 2, 2], [1, 1, 3, 3], 1 / 7),
        ([0, 0, 4, 2], [3, 1, 5, 5], 1 / 15),
        ([0, 0, 0, 5], [0, 0, 0, 5], 0),  # no area
        ([2, 2, 2, 2], [0, 0, 4, 4], 0),
        ([0.25, 0, 0.75, 1], UNIT, 1 / 2),
    ],
)
def test_hand_cases(a, b, expected):
    assert iou([a], [b])[0, 0] == pytest.approx(expected, abs=1e-7)
    assert iou([b], [a])[0, 0] == pytest.approx(expected, abs=1e-7)


@given(grid_boxes(), grid_boxes())
@settings(deadline=None)
def test_overlap_is_what_counting_pixels_gives(a, b):
    def pixels(box):
        mask = np.zeros((8, 8), bool)
        mask[box[1] : box[3], box[0] : box[2]] = True
        return mask

    found = iou(a, b)
    assert found.shape == (len(a), len(b))
    for row, first in enumerate(a):
        for column, second in enumerate(b):
            either = (pixels(first) | pixels(second)).sum()
            both = (pixels(first) & pixels(second)).sum()
            expected = both / either if either else 0
            assert found[row, column] == pytest.approx(expected, abs=1e-6)


@given(grid_boxes(6), st.integers(-1000, 1000), st.sampled_from([0.5, 2, 1024]))
@settings(deadline=None)
def test_overlap_does_not_change_with_place_or_scale(boxes, shift, scale):
    moved = (boxes + shift) * scale
    np.testing.assert_allclose(iou(moved, moved), iou(boxes, boxes), atol=1e-6)


def test_types_of_the_answer():
    for given_type, expected in [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.uint8, np.float32),
        (np.int64, np.float32),
    ]:
        assert iou(np.array([UNIT], given_type), [[0, 0, 2, 2]]).dtype == expected
    mixed = iou(np.array([UNIT], np.float32), np.array([UNIT], np.float64))
    assert mixed.dtype == np.float64


def test_unsigned_boxes_do_not_wrap_around():
    a = np.array([[0, 0, 3, 3]], np.uint8)
    b = np.array([[5, 5, 9, 9]], np.uint8)
    assert iou(a, b) == 0


def test_no_boxes_give_an_empty_answer():
    assert iou([], [UNIT]).shape == (0, 1)
    assert iou(np.empty((0, 4)), np.empty((0, 4), np.float32)).shape == (0, 0)
    assert len(non_max_suppression([], [])) == 0
    assert len(batched_non_max_suppression([], [], [])) == 0


# Suppression


def suppress_by_hand(boxes, scores, iou_threshold=0.5, max_boxes=None):
    """The definition, box for box."""
    order = sorted(range(len(boxes)), key=lambda i: (-scores[i], i))
    kept = []
    for i in order:
        if all(iou([boxes[i]], [boxes[j]])[0, 0] <= iou_threshold for j in kept):
            kept.append(i)
    return kept[:max_boxes]


def test_a_box_at_the_threshold_stays_and_one_above_goes():
    boxes, scores = [[0, 0, 2, 1], [0, 0, 1, 1]], [0.9, 0.8]  # IoU 1/2
    assert non_max_suppression(boxes, scores, 0.5).tolist() == [0, 1]
    assert non_max_suppression(boxes, scores, 0.499).tolist() == [0]


def test_a_dropped_box_drops_no_other():
    chain = [[0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10]]
    assert non_max_suppression(chain, [0.9, 0.8, 0.7], 0.3).tolist() == [0, 2]


def test_equal_scores_are_kept_by_index():
    assert non_max_suppression(SHIFTED, [0.5, 0.5, 0.5]).tolist() == [0, 2]
    assert non_max_suppression(SHIFTED, [0.5, 0.5, 0.9]).tolist() == [2, 0]


def test_scores_must_be_strictly_greater_than_the_threshold():
    kept = non_max_suppression(SHIFTED, [0.5, 0.4, 0.6], score_threshold=0.5)
    assert kept.tolist() == [2]
    assert non_max_suppression(SHIFTED, [-1, -2, -3]).tolist() == [0, 2]


def test_at_most_so_many_boxes_are_kept():
    for count in range(4):
        found = non_max_suppression(SHIFTED, [0.7, 0.8, 0.9], 1.0, max_boxes=count)
        assert found.tolist() == [2, 1, 0][:count]


@given(grid_boxes(), st.data())
@settings(deadline=None)
def test_suppression_is_its_definition(boxes, data):
    scores = data.draw(
        arrays(np.float32, len(boxes), elements=st.sampled_from([0.1, 0.5, 0.9]))
    )
    threshold = data.draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    limit = data.draw(st.sampled_from([None, 0, 1, 3]))
    found = non_max_suppression(boxes, scores, threshold, max_boxes=limit)
    assert found.dtype == np.int64
    assert found.tolist() == suppress_by_hand(boxes, scores, threshold, limit)


def test_the_arguments_are_left_as_they_were():
    boxes, scores = np.array(SHIFTED, np.float32), np.array([0.5, 0.9, 0.1], np.float32)
    copies = boxes.copy(), scores.copy()
    batched_non_max_suppression(boxes, scores, [0, 1, 0], max_boxes=1)
    np.testing.assert_array_equal(boxes, copies[0])
    np.testing.assert_array_equal(scores, copies[1])


@given(grid_boxes(), st.data())
@settings(deadline=None)
def test_the_same_boxes_as_tensorflow_on_a_grid_with_ties(boxes, data):
    import tensorflow as tf

    count = len(boxes)
    scores = data.draw(
        arrays(np.float32, count, elements=st.sampled_from([0.25, 0.5, 0.75]))
    )
    iou_threshold = data.draw(st.sampled_from([0.0, 1 / 3, 0.5, 2 / 3, 1.0]))
    score_threshold = data.draw(st.sampled_from([None, 0.0, 0.25, 0.5]))
    limit = data.draw(st.sampled_from([None, 0, 2]))
    expected = tf.image.non_max_suppression(
        boxes[:, [1, 0, 3, 2]].astype(np.float32),
        scores,
        count if limit is None else limit,
        iou_threshold,
        -np.inf if score_threshold is None else score_threshold,
    )
    found = non_max_suppression(boxes, scores, iou_threshold, score_threshold, limit)
    np.testing.assert_array_equal(found, expected)


def test_the_same_boxes_as_tensorflow_on_a_thousand_sets_apart_and_in_heaps():
    import tensorflow as tf

    for seed in range(1000):
        rng = np.random.default_rng(seed)
        count, heaps = int(rng.integers(1, 600)), int(rng.integers(1, 30))
        corners = rng.uniform(0, 400, (count, 2))
        if seed % 3:
            heap = rng.integers(0, min(heaps, count), count)
            corners = corners[heap] + rng.normal(0, 6, (count, 2))
        boxes = np.concatenate([corners, corners + rng.uniform(1, 90, (count, 2))], 1)
        if seed % 4 == 0:
            boxes = np.round(boxes / 8) * 8
        boxes = boxes.astype(np.float32)
        scores = rng.integers(0, 50, count).astype(np.float32) / 50
        threshold = float(rng.choice([0, 0.3, 0.5, 0.7, 1]))
        yxyx = boxes[:, [1, 0, 3, 2]]
        expected = tf.image.non_max_suppression(yxyx, scores, count, threshold)
        found = non_max_suppression(boxes, scores, threshold)
        np.testing.assert_array_equal(found, expected, err_msg=f"seed {seed}")


@pytest.mark.parametrize("seed", range(20))
def test_the_same_boxes_as_tensorflow_on_random_sets(seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 400))
    boxes = from_corners(rng.uniform(-50, 250, (count, 2, 2))).astype(np.float32)
    boxes[:, 2:] = boxes[:, :2] + rng.uniform(0, 90, (count, 2))
    scores = rng.integers(0, 40, count).astype(np.float32) / 40
    classes = rng.integers(0, 5, count)
    threshold = float(rng.uniform(0.05, 0.9))
    yxyx = boxes[:, [1, 0, 3, 2]]
    expected = tf.image.non_max_suppression(yxyx, scores, count, threshold, 0.2)
    found = non_max_suppression(boxes, scores, threshold, 0.2)
    np.testing.assert_array_equal(found, expected)

    by_class = []
    for each in range(5):
        own = np.flatnonzero(classes == each)
        kept = tf.image.non_max_suppression(yxyx[own], scores[own], 7, threshold, 0.2)
        by_class += own[kept.numpy()].tolist()
    found = batched_non_max_suppression(boxes, scores, classes, threshold, 0.2, 7)
    assert found.tolist() == sorted(by_class, key=lambda i: (-scores[i], i))


def test_boxes_of_other_classes_drop_nothing():
    same = [[0, 0, 5, 5]] * 4
    scores = [0.6, 0.9, 0.8, 0.9]
    assert batched_non_max_suppression(same, scores, [7, 7, -1, 3]).tolist() == [
        1,
        3,
        2,
    ]
    assert batched_non_max_suppression(same, scores, [1, 1, 1, 1]).tolist() == [1]


def test_limit_is_for_each_class():
    apart = [[10 * n, 0, 10 * n + 5, 5] for n in range(6)]
    scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    found = batched_non_max_suppression(apart, scores, [0, 0, 0, 1, 1, 1], max_boxes=2)
    assert found.tolist() == [5, 4, 2, 1]


# Bad input


@pytest.mark.parametrize(
    ("boxes", "error", "words"),
    [
        ([1, 2, 3, 4], ValueError, r"must have the axes \[boxes, 4\]"),
        ([[1, 2, 3]], ValueError, r"axes \[boxes, 4\], got shape \(1, 3\)"),
        ([[1, 2, 3], [1, 2, 3, 4]], ValueError, "nested lists of equal lengths"),
        ([[0, 0, 1, np.nan]], ValueError, "must be finite.*in row 0"),
        ([UNIT, [0, 0, np.inf, 1]], ValueError, "must be finite.*in row 1"),
        ([UNIT, [2, 0, 1, 1]], ValueError, "no maximum below its minimum.*in row 1"),
        ([[0, 3, 1, 1]], ValueError, "no maximum below its minimum"),
        (np.array([[0, 0, 1e30, 1e30]], np.float32), ValueError, "areas that float32"),
        ([["a", "b", "c", "d"]], TypeError, "must hold float32"),
        (np.ones((1, 4), np.float16), TypeError, "got float16"),
        (np.ones((1, 4), complex), TypeError, "got complex"),
        (None, TypeError, "must hold float32"),
    ],
)
def test_bad_boxes_are_refused(boxes, error, words):
    with pytest.raises(error, match=f"^iou: boxes_a .*{words}"):
        iou(boxes, [UNIT])
    with pytest.raises(error, match=f"^iou: boxes_b .*{words}"):
        iou([UNIT], boxes)
    scores = np.zeros(2 if isinstance(boxes, list) and len(boxes) == 2 else 1)
    with pytest.raises(error, match=f"^non_max_suppression: boxes .*{words}"):
        non_max_suppression(boxes, scores)


@pytest.mark.parametrize("function", [non_max_suppression, batched_non_max_suppression])
@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"scores": [0.1, 0.2]}, ValueError, r"each of the 3 boxes, got shape \(2,\)"),
        ({"scores": [[0.1], [0.2], [0.3]]}, ValueError, "scores must have the axes"),
        ({"scores": [0.1, np.nan, 0.3]}, ValueError, "must not be NaN.*in row 1"),
        ({"scores": "abc"}, TypeError, "scores must hold"),
        ({"iou_threshold": -0.1}, ValueError, "iou_threshold must be"),
        ({"iou_threshold": 1.1}, ValueError, "iou_threshold must be"),
        ({"iou_threshold": "half"}, TypeError, "iou_threshold must be"),
        ({"score_threshold": np.nan}, ValueError, "score_threshold must be"),
        ({"score_threshold": True}, TypeError, "score_threshold must be"),
        ({"max_boxes": -1}, ValueError, "max_boxes must be an int of at least 0"),
        ({"max_boxes": 2.0}, TypeError, "max_boxes must be an int"),
    ],
)
def test_bad_settings_are_refused(function, changed, error, words):
    arguments = {"boxes": SHIFTED, "scores": [0.1, 0.2, 0.3]}
    if function is batched_non_max_suppression:
        arguments["classes"] = [0, 0, 1]
    with pytest.raises(error, match=f"^{function.__name__}: .*{words}"):
        function(**(arguments | changed))


@pytest.mark.parametrize(
    ("classes", "error", "words"),
    [
        ([0.0, 1.0, 2.0], TypeError, "classes must hold whole numbers"),
        ([True, False, True], TypeError, "classes must hold whole numbers"),
        ([0, 1], ValueError, "each of the 3 boxes"),
    ],
)
def test_bad_classes_are_refused(classes, error, words):
    with pytest.raises(error, match=f"batched_non_max_suppression: .*{words}"):
        batched_non_max_suppression(SHIFTED, [0.1, 0.2, 0.3], classes)


# Cost


def test_thousands_of_boxes_take_a_fraction_of_a_second():
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 400, (3000, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(20, 80, (3000, 2))], axis=1)
    start = time.perf_counter()
    kept = non_max_suppression(boxes, rng.uniform(size=3000))
    # About 0.03 s on the machine that this was written on.
    assert time.perf_counter() - start < 1
    assert 100 < len(kept) < 2000


def test_numpy_is_enough():
    code = """
import sys, helpers.boxes
assert not {"tensorflow", "keras", "matplotlib", "PIL"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# Soft suppression


@pytest.mark.parametrize("seed", range(100))
def test_soft_suppression_is_tensorflows(seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 80))
    corners = rng.uniform(0, 60, (count, 2))
    sizes = rng.uniform(5, 40, (count, 2))
    boxes = np.concatenate([corners, corners + sizes], axis=1).astype(np.float32)
    scores = rng.random(count).astype(np.float32)
    sigma, least = float(rng.uniform(0.1, 1)), float(rng.uniform(0, 0.3))
    expected = tf.image.non_max_suppression_with_scores(
        boxes[:, [1, 0, 3, 2]], scores, count, 1.0, least, sigma / 2
    )
    found = soft_non_max_suppression(boxes, scores, sigma, least)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-5)


def test_soft_suppression_by_hand():
    # Two squares that share a third of their union, and one apart from both.
    boxes = [[0, 0, 2, 2], [1, 0, 3, 2], [9, 9, 10, 10]]
    indices, scores = soft_non_max_suppression(boxes, [0.5, 0.8, 0.5], sigma=0.5)
    np.testing.assert_array_equal(indices, [1, 2, 0])
    np.testing.assert_allclose(scores, [0.8, 0.5, 0.5 * np.exp(-2 / 9)])
    assert soft_non_max_suppression(np.empty((0, 4)), [])[0].size == 0


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([UNIT], [-0.1]), ValueError, "scores must be at least 0"),
        (([UNIT], [np.nan]), ValueError, "scores must not be NaN"),
        (([UNIT], [0.5, 0.5]), ValueError, "scores must have one value"),
        (([UNIT], [0.5], 0), ValueError, "sigma"),
        (([UNIT], [0.5], "wide"), TypeError, "sigma"),
        (([UNIT], [0.5], 0.5, np.inf), ValueError, "score_threshold"),
    ],
)
def test_bad_input_to_soft_suppression_is_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        soft_non_max_suppression(*arguments)
