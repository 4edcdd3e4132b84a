"""Curves and counts: by hand, by counting, against TensorFlow, and bad input."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.metrics import (
    average_precision,
    confusion_matrix,
    dice,
    mean_iou,
    precision_recall,
)

# The curve of a detector that finds objects 1, 2 and 4 of 5, with two mistakes.
MATCHES = [True, True, False, True, False]
PRECISION, RECALL = [1, 1, 2 / 3, 3 / 4, 3 / 5], [0.2, 0.4, 0.4, 0.6, 0.6]


def test_a_curve_by_hand():
    precision, recall = precision_recall([0.9, 0.8, 0.7, 0.6, 0.5], MATCHES, 5)
    np.testing.assert_allclose(precision, PRECISION)
    np.testing.assert_allclose(recall, RECALL)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # 1 up to a recall of 0.4, 0.75 up to 0.6, then 0.
        ("all_points", 0.4 + 0.2 * 0.75),
        ("11_point", (5 * 1 + 2 * 0.75) / 11),
        ("101_point", (41 * 1 + 20 * 0.75) / 101),
    ],
)
def test_average_precision_by_hand(method, expected):
    assert average_precision(PRECISION, RECALL, method) == pytest.approx(expected)
    assert average_precision([], [], method) == 0


def test_equal_scores_keep_their_order():
    precision, _ = precision_recall([0.5, 0.5], [False, True], 1)
    np.testing.assert_array_equal(precision, [0, 0.5])


scored = st.integers(1, 30).flatmap(
    lambda count: st.tuples(
        st.permutations(range(count)), arrays(bool, count), st.integers(0, 5)
    )
)


@given(scored)
def test_the_area_is_what_integration_gives(drawn):
    scores, matches, missed = drawn
    positives = max(1, int(matches.sum()) + missed)
    precision, recall = precision_recall(scores, matches, positives)
    # Each object that is found adds its precision, or the best one later on.
    order = np.argsort(-np.array(scores))
    best = [max(precision[place:]) for place in np.flatnonzero(matches[order])]
    area = average_precision(precision, recall, "all_points")
    assert area == pytest.approx(sum(best) / positives)
    for method, points in (("11_point", 11), ("101_point", 101)):
        found = average_precision(precision, recall, method)
        assert 0 <= found <= 1
        assert abs(found - area) <= 1.5 / (points - 1) + 1e-9


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([0.5], [1], 1), TypeError, "matches must hold bool"),
        (([0.5], [True, False], 1), ValueError, "matches must have one value"),
        (([np.nan], [True], 1), ValueError, "NaN"),
        (([0.5], [True], 0), ValueError, "num_positives"),
        (([0.5, 0.4], [True, True], 1), ValueError, "at least the 2 matches"),
    ],
)
def test_bad_detections_are_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        precision_recall(*arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1], [1], "area"), "method must be one of"),
        (([1, 1], [1], "all_points"), "equal lengths"),
        (([1.5], [1], "all_points"), "precision must be from 0 to 1"),
        (([1], [np.nan], "all_points"), "recall must be from 0 to 1"),
        (([1, 1], [0.5, 0.4], "all_points"), "recall must not fall"),
    ],
)
def test_bad_curves_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        average_precision(*arguments)


# Counts

classes = arrays(np.int64, (3, 5), elements=st.integers(0, 3))


@settings(deadline=None)
@given(classes, classes)
def test_counts_are_tensorflows(labels, predictions):
    import tensorflow as tf

    found = confusion_matrix(labels, predictions, 4)
    expected = tf.math.confusion_matrix(labels.ravel(), predictions.ravel(), 4)
    np.testing.assert_array_equal(found, expected)


@given(classes, classes, st.sampled_from([None, 0, 3]))
def test_mean_iou_is_what_counting_gives(labels, predictions, ignored):
    counted = labels != ignored
    if not counted.any():
        return
    shares = []
    for each in range(4):
        a, b = (labels == each) & counted, (predictions == each) & counted
        if (a | b).any():
            shares.append((a & b).sum() / (a | b).sum())
    found = mean_iou(labels, predictions, 4, ignored)
    assert found == pytest.approx(np.mean(shares))


def test_an_ignored_label_may_lie_outside_of_the_classes():
    assert mean_iou([0, 1, 255], [0, 1, 1], 2, ignore_label=255) == 1
    assert mean_iou([0, 1, -1], [0, 1, 1], 2, ignore_label=-1) == 1


@pytest.mark.parametrize("function", [confusion_matrix, dice, mean_iou])
@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([0.0], [0], 2), TypeError, "labels must hold integers"),
        (([0], [True], 2), TypeError, "predictions must hold integers"),
        (([0], [0, 1], 2), ValueError, "one shape"),
        (([2], [0], 2), ValueError, "labels must be from 0 to 1, got 2"),
        (([0], [-1], 2), ValueError, "predictions must be from 0 to 1, got -1"),
        (([0], [0], 0), ValueError, "num_classes"),
        ((np.empty(0, int), np.empty(0, int), 2), ValueError, "got none"),
    ],
)
def test_bad_classes_are_refused(function, arguments, kind, message):
    with pytest.raises(kind, match=message):
        function(*arguments)


@pytest.mark.parametrize("function", [dice, mean_iou])
def test_all_pixels_ignored_are_refused(function):
    with pytest.raises(ValueError, match="at least one that counts"):
        function([1, 1], [0, 1], 2, ignore_label=1)


def test_numpy_is_all_that_is_imported():
    code = (
        "import sys, helpers.metrics, helpers.boxes\n"
        "names = {name.split('.')[0] for name in sys.modules}\n"
        "assert not names & {'tensorflow', 'keras', 'matplotlib', 'pycocotools'}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
