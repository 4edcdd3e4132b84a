"""Mean average precision of masks: against pycocotools, by hand, and bad input."""

import numpy as np
import pytest
from coco_reference import COCO_THRESHOLDS, reference

from helpers.metrics import mean_average_precision


def random_masks(rng, count, height, width):
    """Return rectangles, some with holes, some empty, some the same as the last."""
    masks = np.zeros((count, height, width), bool)
    for index, mask in enumerate(masks):
        top, left = rng.integers(0, height), rng.integers(0, width)
        mask[top : top + rng.integers(1, 15), left : left + rng.integers(1, 15)] = True
        if rng.random() < 0.3:
            mask &= rng.random(mask.shape) < 0.8
        if rng.random() < 0.1:
            mask[:] = False
        if index and rng.random() < 0.1:
            mask[:] = masks[index - 1]
    return masks


def random_set(seed):
    """Return detections and objects: crowds, ties, empty images, missing classes."""
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(1, 6))
    predictions, truths = [], []
    for _ in range(int(rng.integers(1, 10))):
        height, width = rng.integers(1, 30, 2)
        count = int(rng.integers(0, 9)) * int(rng.random() > 0.15)
        masks = random_masks(rng, count, height, width)
        labels = rng.integers(0, classes, count)
        truth = {"masks": masks, "labels": labels}
        if rng.random() < 0.6:
            truth["crowd"] = rng.random(count) < 0.3
        truths.append(truth)
        repeats = rng.integers(0, 4, count)
        near = np.repeat(masks, repeats, axis=0)
        near ^= rng.random(near.shape) < rng.choice([0, 0.02, 0.1])
        far = random_masks(rng, int(rng.integers(0, 6)), height, width)
        found = np.concatenate([near, far])
        guessed = np.repeat(labels, repeats)
        guessed = np.append(guessed, rng.integers(0, classes + 1, len(far)))
        predictions.append(
            {
                "masks": found,
                "scores": rng.integers(0, 12, len(found)) / 12,  # many ties
                "labels": guessed,
            }
        )
    return predictions, truths, classes + 1


@pytest.mark.parametrize("seed", range(150))
def test_as_pycocotools_on_random_sets(seed):
    predictions, truths, classes = random_set(seed)
    thresholds = [COCO_THRESHOLDS, [0.5], [0.3, 1.0]][seed % 3]
    expected = reference(predictions, truths, thresholds, classes, "masks")
    found = mean_average_precision(predictions, truths, thresholds, overlap="masks")
    counted = expected > -1
    assert sorted(found.per_class) == np.flatnonzero(counted).tolist()
    np.testing.assert_allclose(
        list(found.per_class.values()), expected[counted], rtol=0, atol=1e-9
    )
    if counted.any():
        assert found.map == pytest.approx(expected[counted].mean(), abs=1e-9)
    else:
        assert np.isnan(found.map)


def test_the_random_sets_hold_what_they_should():
    truths = [truth for seed in range(150) for truth in random_set(seed)[1]]
    crowds = np.concatenate([truth.get("crowd", []) for truth in truths])
    areas = np.concatenate([truth["masks"].sum(axis=(1, 2)) for truth in truths])
    assert (crowds == 1).sum() > 300
    assert (areas == 0).sum() > 200
    assert sum(len(truth["labels"]) == 0 for truth in truths) > 100
    scores = [mean_average_precision(*random_set(n)[:2], 0.5, "masks") for n in (0, 1)]
    assert all(0.1 < score.map < 0.99 for score in scores)


def test_as_pycocotools_with_more_than_a_hundred_detections():
    rng = np.random.default_rng(0)
    truth = {"masks": np.zeros((2, 9, 9), bool), "labels": [0, 0]}
    truth["masks"][0, :4] = truth["masks"][1, 4:] = True
    found = {"masks": np.repeat(truth["masks"], [130, 20], axis=0)}
    found |= {"scores": rng.random(150), "labels": np.zeros(150, int)}
    expected = reference([found], [truth], [0.5], 1, "masks")
    answer = mean_average_precision([found], [truth], overlap="masks")
    assert answer.map == pytest.approx(expected[0])


def test_masks_that_fill_their_boxes_score_as_boxes():
    rng = np.random.default_rng(4)

    def image(count):
        corner, size = rng.integers(0, 20, (count, 2)), rng.integers(1, 20, (count, 2))
        boxes = np.concatenate([corner, corner + size], axis=1)
        y, x = np.mgrid[:40, :40]
        left, top, right, bottom = boxes.T[..., np.newaxis, np.newaxis]
        masks = (x >= left) & (x < right) & (y >= top) & (y < bottom)
        labels = rng.integers(0, 2, count)
        return {"boxes": boxes, "masks": masks, "labels": labels}

    truths = [image(8) | {"crowd": rng.random(8) < 0.3} for _ in range(20)]
    predictions = [image(30) | {"scores": rng.random(30)} for _ in range(20)]
    thresholds = [0.2, 0.4, 0.6]
    masks = mean_average_precision(predictions, truths, thresholds, "masks")
    assert masks == mean_average_precision(predictions, truths, thresholds)
    assert masks.per_threshold[0.2] > 0.1


def masks(*rows):
    """Return masks of one row each."""
    return np.array(rows, bool)[:, np.newaxis]


def test_by_hand():
    truth = {"masks": masks([1, 1, 1, 1, 0, 0]), "labels": [3]}
    found = {"masks": masks([0, 1, 1, 1, 0, 0]), "scores": [0.5], "labels": [3]}
    answer = mean_average_precision([found], [truth], [0.75, 0.8], "masks")
    assert answer.per_threshold == {0.75: 1.0, 0.8: 0.0}
    assert answer.per_class == {3: 0.5}
    # Of the first detection 1 of 2 pixels lies in the crowd: enough at 0.5, not above.
    crowd = {"masks": masks([1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1])}
    crowd |= {"labels": [3, 3], "crowd": [False, True]}
    found = {"masks": masks([0, 0, 0, 0, 1, 1], [1, 1, 1, 1, 0, 0])}
    found |= {"scores": [0.9, 0.8], "labels": [3, 3]}
    answer = mean_average_precision([found], [crowd], [0.5, 0.6], "masks")
    assert answer.per_threshold == {0.5: 1.0, 0.6: 0.5}


def test_nothing_to_find():
    nothing = {"masks": [], "labels": []}
    one = {"masks": masks([1, 0]), "labels": [0]}
    found = one | {"scores": [1.0]}
    none = nothing | {"scores": []}
    assert np.isnan(mean_average_precision([found], [nothing], overlap="masks").map)
    assert np.isnan(mean_average_precision([], [], overlap="masks").map)
    assert mean_average_precision([none], [one], overlap="masks").map == 0.0
    # An empty mask overlaps nothing, not even an empty one.
    empty = {"masks": masks([0, 0]), "labels": [0]}
    answer = mean_average_precision([empty | {"scores": [1.0]}], [empty], 0.01, "masks")
    assert answer.map == 0.0


MASK = masks([1, 0])
FOUND = {"masks": MASK, "scores": [0.5], "labels": [0]}
TRUE = {"masks": MASK, "labels": [0]}
BOXES = {"boxes": [[0, 0, 1, 1]], "labels": [0]}


@pytest.mark.parametrize(
    ("found", "true", "kind", "message"),
    [
        (FOUND, BOXES, ValueError, r"ground_truths\[0\] must have 'masks'"),
        (BOXES | {"scores": [1]}, TRUE, ValueError, "must have 'masks'"),
        (TRUE, TRUE, ValueError, r"predictions\[0\] must have 'scores'"),
        (FOUND | {"masks": MASK * 1}, TRUE, TypeError, "masks must hold bool, got int"),
        (FOUND, TRUE | {"masks": MASK[0]}, ValueError, "objects, height, width"),
        (FOUND, TRUE | {"masks": [[[True]], [[True] * 2]]}, ValueError, "nested lists"),
        (FOUND, TRUE | {"labels": [0, 1]}, ValueError, "each of the 1 masks, got 2"),
        (
            FOUND,
            TRUE | {"labels": np.array(0)},
            ValueError,
            "labels must have the axes",
        ),
        (FOUND, TRUE | {"labels": "0"}, TypeError, "labels"),
        (FOUND, TRUE | {"crowd": []}, ValueError, "crowd must have one"),
        (FOUND | {"scores": [1, 2]}, TRUE, ValueError, "scores must have one"),
        (
            FOUND,
            TRUE | {"masks": masks([1, 0, 0])},
            ValueError,
            r"predictions\[0\] and ground_truths\[0\] must have masks of one size, "
            r"got \(1, 2\) and \(1, 3\)",
        ),
    ],
)
def test_bad_masks_are_refused(found, true, kind, message):
    with pytest.raises(kind, match=message):
        mean_average_precision([found], [true], overlap="masks")


@pytest.mark.parametrize("overlap", ["mask", None, ["boxes"]])
def test_an_unknown_overlap_is_refused(overlap):
    with pytest.raises(ValueError, match="overlap must be one of boxes, masks"):
        mean_average_precision([FOUND], [TRUE], overlap=overlap)
