"""The image of nuclei: what is learned from lies apart from what is tested on."""

import sys

import numpy as np
import pytest
from PIL import Image

from helpers import data
from helpers.data import nuclei, nuclei_part, nuclei_tiles, scenes
from tools import pack_nuclei


def test_every_nucleus_has_a_number_without_gaps():
    image, masks = nuclei()
    assert image.dtype == masks.dtype == np.uint8
    assert image.shape == masks.shape == (512, 512)
    assert np.unique(masks).tolist() == list(range(126))
    assert image[masks > 0].mean() > 2 * image[masks == 0].mean()


def test_the_parts_are_apart_in_space():
    image, _ = nuclei()
    train, test = (nuclei_part(split).images[0, ..., 0] for split in ("train", "test"))
    np.testing.assert_array_equal(train, image[:, :320])
    np.testing.assert_array_equal(test, image[:, 352:])


@pytest.mark.parametrize("split", ["train", "test"])
def test_boxes_are_around_their_nuclei(split):
    part = nuclei_part(split)
    (masks,), (boxes,), (labels,) = part.masks, part.boxes, part.labels
    assert len(boxes) == len(labels) == masks.max()
    for number, (x_min, y_min, x_max, y_max) in enumerate(boxes.astype(int), 1):
        inside = masks[y_min:y_max, x_min:x_max] == number
        assert inside.sum() == (masks == number).sum() > 0
        for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
            assert edge.any()


def test_tiles_come_from_their_part_alone():
    for split in ("train", "test"):
        (part,) = nuclei_part(split).images[..., 0]
        found = np.lib.stride_tricks.sliding_window_view(part, (8, 8))
        tiles = nuclei_tiles(20, split, seed=3, size=8)
        for tile in tiles.images[..., 0]:
            turned = [np.rot90(tile, turns) for turns in range(4)]
            assert any((found == one).all(axis=(2, 3)).any() for one in turned)


def test_a_tile_depends_on_its_number_alone():
    some = nuclei_tiles(5, seed=1, size=64)
    last = nuclei_tiles(1, seed=1, size=64, first=4)
    np.testing.assert_array_equal(last.images[0], some.images[4])
    np.testing.assert_array_equal(last.masks[0], some.masks[4])
    assert (nuclei_tiles(1, seed=2, size=64).images != some.images[:1]).any()


def test_a_tile_can_hold_no_nucleus():
    tiles = nuclei_tiles(50, size=16)
    empty = [n for n, mask in enumerate(tiles.masks) if not mask.any()]
    assert empty
    assert tiles.boxes[empty[0]].shape == (0, 4)
    assert tiles.labels[empty[0]].shape == (0,)


def test_they_look_like_scenes():
    tiles, some = nuclei_tiles(1), scenes(1)
    assert tiles._fields == some._fields
    for name in ("images", "masks"):
        assert getattr(tiles, name).dtype == getattr(some, name).dtype
    assert tiles.boxes[0].dtype == some.boxes[0].dtype
    assert tiles.labels[0].dtype == some.labels[0].dtype


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, "nuclei_tiles: count must be"),
        ({"count": 1, "split": "all"}, "nuclei_tiles: split must be 'train' or 'test'"),
        ({"count": 1, "size": 321}, "nuclei_tiles: size must be"),
        ({"count": 1, "split": "test", "size": 161}, "nuclei_tiles: size must be"),
        ({"count": 1, "seed": -1}, "nuclei_tiles: seed must be"),
    ],
)
def test_bad_calls_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        nuclei_tiles(**arguments)


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="nuclei_part: split must be 'train' or"):
        nuclei_part("middle")


def test_without_pillow_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        nuclei()


def test_the_command_loses_nothing(tmp_path):
    image, masks = nuclei()
    for name, values in (("nuclei.png", image), ("nuclei_mask.png", masks)):
        pack_nuclei.save(tmp_path / name, values)
        stored = np.array(Image.open(data.data_path(name)))
        np.testing.assert_array_equal(np.array(Image.open(tmp_path / name)), stored)
    with pytest.raises(ValueError, match="300 does not fit in 8 bits"):
        pack_nuclei.save(tmp_path / "x.png", np.array([[300]]))
