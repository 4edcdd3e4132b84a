"""Mean average precision against pycocotools, by hand, and bad input."""

import numpy as np
import pytest
from coco_reference import COCO_THRESHOLDS, reference

from helpers.metrics import mean_average_precision


def random_set(seed, images=None):
    """Return detections and objects: crowds, ties, empty images, missing classes."""
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(1, 6))
    predictions, truths = [], []
    for _ in range(images or int(rng.integers(1, 12))):
        count = int(rng.integers(0, 9)) * int(rng.random() > 0.15)
        corner = rng.uniform(0, 80, (count, 2))
        boxes = np.concatenate([corner, corner + rng.uniform(2, 50, (count, 2))], 1)
        labels = rng.integers(0, classes, count)
        truth = {"boxes": boxes, "labels": labels}
        if rng.random() < 0.6:
            truth["crowd"] = rng.random(count) < 0.3
        truths.append(truth)
        near = np.repeat(boxes, rng.integers(0, 4, count), axis=0)
        near = near + rng.normal(0, 4, near.shape)
        owners = np.concatenate([near[:, :2], near[:, :2] + 1], axis=1)
        far = rng.uniform(0, 80, (int(rng.integers(0, 6)), 2))
        far = np.concatenate([far, far + rng.uniform(2, 50, far.shape)], axis=1)
        found = np.concatenate([np.maximum(near, owners), far])
        predictions.append(
            {
                "boxes": found,
                "scores": rng.integers(0, 12, len(found)) / 12,  # many ties
                "labels": rng.integers(0, classes + 1, len(found)),
            }
        )
    return predictions, truths, classes + 1


@pytest.mark.parametrize("seed", range(150))
def test_as_pycocotools_on_random_sets(seed):
    predictions, truths, classes = random_set(seed)
    thresholds = [COCO_THRESHOLDS, [0.5], [0.3, 1.0]][seed % 3]
    expected = reference(predictions, truths, thresholds, classes)
    found = mean_average_precision(predictions, truths, thresholds)
    counted = expected > -1
    assert sorted(found.per_class) == np.flatnonzero(counted).tolist()
    np.testing.assert_allclose(
        list(found.per_class.values()), expected[counted], rtol=0, atol=1e-9
    )
    if counted.any():
        assert found.map == pytest.approx(expected[counted].mean(), abs=1e-9)
        means = list(found.per_threshold.values())
        assert np.mean(means) == pytest.approx(found.map)
    else:
        assert np.isnan(found.map)


def test_as_pycocotools_with_more_than_a_hundred_detections():
    rng = np.random.default_rng(0)
    truth = {"boxes": np.array([[0.0, 0, 10, 10], [20, 20, 40, 40]]), "labels": [0, 0]}
    boxes = np.array([[0.0, 0, 10, 10]] * 130 + [[20, 20, 40, 40]] * 20)
    found = {"boxes": boxes, "scores": rng.random(150), "labels": np.zeros(150, int)}
    expected = reference([found], [truth], [0.5], 1)
    assert mean_average_precision([found], [truth]).map == pytest.approx(expected[0])


def test_by_hand():
    truth = {"boxes": [[0, 0, 10, 10]], "labels": [3]}
    right = {"boxes": [[0, 0, 10, 9]], "scores": [0.5], "labels": [3]}
    found = mean_average_precision([right], [truth], [0.5, 0.95])
    assert (found.map, found.per_class) == (0.5, {3: 0.5})
    assert found.per_threshold == {0.5: 1.0, 0.95: 0.0}
    # A second detection of the same object is wrong; before the first it halves.
    twice = {"boxes": [[0, 0, 10, 9]] * 2, "scores": [0.5, 0.6], "labels": [3, 3]}
    assert mean_average_precision([twice], [truth]).map == 1.0
    other = {"boxes": [[50, 0, 60, 9], [0, 0, 10, 9]], "scores": [1, 0.6]}
    other["labels"] = [3, 3]
    assert mean_average_precision([other], [truth]).map == 0.5
    # In a crowd, detections are neither right nor wrong.
    crowd = {"boxes": [[0, 0, 10, 10], [50, 0, 90, 90]], "labels": [3, 3]}
    crowd["crowd"] = [False, True]
    assert mean_average_precision([other], [crowd]).map == 1.0


def test_nothing_to_find():
    nothing = {"boxes": [], "labels": []}
    found = {"boxes": [[0, 0, 1, 1]], "scores": [1.0], "labels": [0]}
    empty = mean_average_precision([found], [nothing])
    assert np.isnan(empty.map)
    assert empty.per_class == {}
    assert np.isnan(mean_average_precision([], []).map)
    none = {"boxes": [], "scores": [], "labels": []}
    truth = {"boxes": [[0, 0, 1, 1]], "labels": [0]}
    assert mean_average_precision([none], [truth]).map == 0.0


BOX = [[0, 0, 1, 1]]
FOUND = {"boxes": BOX, "scores": [0.5], "labels": [0]}
TRUE = {"boxes": BOX, "labels": [0]}


@pytest.mark.parametrize(
    ("found", "true", "thresholds", "kind", "message"),
    [
        (FOUND, [TRUE], 0.5, TypeError, "predictions must be a list"),
        ([FOUND], None, 0.5, TypeError, "ground_truths must be a list"),
        ([FOUND], [], 0.5, ValueError, "got 1 and 0"),
        ([BOX], [TRUE], 0.5, TypeError, r"predictions\[0\] must be a dict"),
        ([TRUE], [TRUE], 0.5, ValueError, r"predictions\[0\] must have 'scores'"),
        ([FOUND], [{"boxes": BOX}], 0.5, ValueError, "must have 'labels'"),
        ([FOUND | {"scores": [np.nan]}], [TRUE], 0.5, ValueError, "NaN"),
        ([FOUND | {"scores": [1, 2]}], [TRUE], 0.5, ValueError, "scores must have one"),
        ([FOUND | {"labels": [0, 1]}], [TRUE], 0.5, ValueError, "labels must have one"),
        ([FOUND | {"labels": [0.5]}], [TRUE], 0.5, TypeError, "whole numbers"),
        ([FOUND], [TRUE | {"crowd": [0, 1]}], 0.5, ValueError, "crowd must have one"),
        ([FOUND], [TRUE | {"boxes": [[3, 0, 1, 1]]}], 0.5, ValueError, "no maximum"),
        ([FOUND], [TRUE], 0, ValueError, "iou_thresholds"),
        ([FOUND], [TRUE], [0.5, 1.5], ValueError, "iou_thresholds"),
        ([FOUND], [TRUE], [], ValueError, "at least one"),
        ([FOUND], [TRUE], "half", TypeError, "iou_thresholds"),
    ],
)
def test_bad_input_is_refused(found, true, thresholds, kind, message):
    with pytest.raises(kind, match=message):
        mean_average_precision(found, true, thresholds)
