"""Composed scenes: the frozen bytes, exact boxes and masks, and bad input."""

import hashlib
import time

import numpy as np
import pytest

from helpers.data import composition, fashion_mnist, scenes


def digest(some):
    """Return the SHA-256 of all but the images, whose JPEGs may be decoded otherwise,
    and of everything."""
    exact = hashlib.sha256(some.masks.tobytes())
    for boxes, labels in zip(some.boxes, some.labels, strict=True):
        exact.update(boxes.tobytes())
        exact.update(labels.tobytes())
    whole = exact.copy()
    whole.update(some.images.tobytes())
    return exact.hexdigest()[:16], whole.hexdigest()[:16]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"split": "train"}, ("6a7c5c784809d1d7", "0d9002be05181fb7")),
        ({"split": "test"}, ("62046057dcd4ef4e", "b7d12bb047452cff")),
        (
            {"split": "train", "seed": 5, "size": 256, "first": 100},
            ("03ac72a81b643240", "72342b98e84bb7ed"),
        ),
    ],
)
def test_the_generator_is_frozen(arguments, expected):
    """Networks were trained on these bytes: other ones would be another data set."""
    assert digest(scenes(20, **arguments)) == expected


def test_a_scene_depends_on_its_number_alone():
    many = scenes(12, "test", seed=3)
    some = scenes(4, "test", seed=3, first=8)
    np.testing.assert_array_equal(some.images, many.images[8:])
    np.testing.assert_array_equal(some.masks, many.masks[8:])
    for one, other in zip(some.boxes, many.boxes[8:], strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(scenes(4, "test", seed=4, first=8).masks, some.masks)
    assert not np.array_equal(scenes(4, "train", seed=3, first=8).masks, some.masks)


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("size", [96, 128, 200])
def test_boxes_labels_and_masks_belong_together(split, size):
    some = scenes(60, split, seed=1, size=size)
    assert some.images.shape == (60, size, size, 3)
    assert some.masks.shape == (60, size, size)
    assert some.images.dtype == some.masks.dtype == np.uint8
    for mask, boxes, labels in zip(some.masks, some.boxes, some.labels, strict=True):
        assert 1 <= len(labels) <= 6
        assert boxes.shape == (len(labels), 4)
        assert set(np.unique(mask)) - {0} == set(range(1, len(labels) + 1))
        assert ((labels >= 0) & (labels < len(some.class_names))).all()
        for number, box in enumerate(boxes, start=1):
            rows, columns = np.nonzero(mask == number)
            tight = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            np.testing.assert_array_equal(box, tight)


def test_counts_classes_and_sizes_vary():
    some = scenes(400)
    counts = np.bincount([len(labels) for labels in some.labels], minlength=7)
    assert (counts[1:] > 20).all()
    classes = np.bincount(np.concatenate(some.labels), minlength=10)
    assert classes.min() > 0.6 * classes.mean()
    boxes = np.concatenate(some.boxes)
    sides = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    assert sides.min() < 30
    assert 60 < sides.max() <= 90  # 64 pixels, turned


def test_others_hide_at_most_two_fifths_of_an_item(monkeypatch):
    """Count each item's pixels when it is laid down, and in the end."""
    place, areas = composition._place, []

    def watched(rng, inside, mask, seen, least):
        window, left_over = place(rng, inside, mask, seen, least)
        if window is not None:
            areas.append(np.count_nonzero(inside))
        return window, left_over

    monkeypatch.setattr(composition, "_place", watched)
    for index in range(100):
        areas.clear()
        (mask,) = scenes(1, first=index).masks
        seen = np.bincount(mask.ravel(), minlength=len(areas) + 1)[1:]
        assert (seen >= 0.6 * np.array(areas)).all()


def test_the_splits_share_neither_photographs_nor_items():
    train, test = (set(names) for names in composition.SPLITS.values())
    assert not train & test
    for split in composition.SPLITS:
        _, items, _ = composition._sources(split)
        expected = getattr(fashion_mnist(), f"{split}_images")[..., 0]
        np.testing.assert_array_equal(items, expected)


def test_the_photograph_is_left_alone_where_there_is_no_item():
    """A pixel far from every item is one of the photograph's own."""
    some = scenes(10, "test", seed=2)
    for image, mask in zip(some.images, some.masks, strict=True):
        near = mask > 0
        for axis in (0, 1):
            near = near | np.roll(near, 1, axis) | np.roll(near, -1, axis)
        own = {tuple(pixel) for pixel in image[~near][::500]}
        photographs, _, _ = composition._sources("test")
        known = {
            tuple(pixel) for sizes in photographs for pixel in sizes[0].reshape(-1, 3)
        }
        assert own <= known


def test_a_thousand_a_second():
    scenes(5)
    start = time.perf_counter()
    scenes(200)
    assert time.perf_counter() - start < 5 * 0.2


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((0,), ValueError, "count must be"),
        ((1.5,), TypeError, "count must be"),
        ((1, "validation"), ValueError, "split must be 'train' or 'test'"),
        ((1, "train", -1), ValueError, "seed must be"),
        ((1, "train", 0, 64), ValueError, "size must be"),
        ((1, "train", 0, 512), ValueError, "size must be"),
        ((1, "train", 0, 128, -1), ValueError, "first must be"),
    ],
)
def test_bad_arguments_are_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        scenes(*arguments)
