"""Colour image sets: tree crowns that ship, flowers that are found or fetched."""

import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from data_server import serve, start_afresh
from PIL import Image

from helpers import data
from helpers.data import colour_images
from tools import pack_tree_crowns as pack

NEARBY = colour_images.TREE_VALIDATION


def places(split):
    """Windows of a split: photograph, left, top, right, bottom."""
    found = []
    for row in colour_images._rows("windows"):
        if row["split"] == split:
            x, y, side = (float(row[key]) for key in ("x", "y", "side"))
            found.append((row["photograph"], x, y, x + side, y + side))
    return found


def test_sets_have_their_sizes_and_both_classes():
    near, far = data.tree_crowns(size=16), data.tree_crowns(size=16, elsewhere=True)
    assert near.train_images.shape == (472, 16, 16, 3)
    assert near.test_images.shape == (496, 16, 16, 3)
    assert far.test_images.shape == (146, 16, 16, 3)
    assert near.train_images.dtype == near.train_labels.dtype == np.uint8
    np.testing.assert_array_equal(near.train_images, far.train_images)
    assert np.bincount(near.test_labels).tolist() == [248, 248]
    assert np.bincount(far.test_labels).tolist() == [73, 73]
    assert min(np.bincount(near.train_labels[:-NEARBY])) >= 150
    assert min(np.bincount(near.train_labels[-NEARBY:])) >= 50


def test_no_pixel_is_in_two_sets():
    train, validation = places("train"), places("validation")
    assert len(validation) == NEARBY
    assert {row[0] for row in train + validation} == {"yellowstone_road"}
    assert max(row[3] for row in train) <= min(row[1] for row in validation)
    others = {row[0] for row in places("test") + places("elsewhere")}
    assert others == {"yellowstone_meadow", "florida", "california"}


def test_crowns_are_around_boxes_and_the_others_touch_none():
    for name in colour_images.TREE_PHOTOGRAPHS:
        image, boxes = data.tree_photograph(name)
        for row in colour_images._rows("windows"):
            if row["photograph"] != name:
                continue
            window = np.array([float(row[key]) for key in ("x", "y", "side")])
            most = pack.iou(window, boxes).max()
            assert most > 0.3 if row["crown"] == "1" else most < 0.01
            assert window.min() >= 0
            assert window[1] + window[2] <= image.shape[0]


def test_images_are_cut_from_the_photographs():
    name, left, top, right, bottom = places("train")[0]
    image, _ = data.tree_photograph(name)
    window = image[round(top) : round(bottom), round(left) : round(right)]
    expected = Image.fromarray(window).resize((24, 24), Image.Resampling.BOX)
    found = data.tree_crowns(size=24).train_images[0]
    alike = np.corrcoef(found.ravel(), np.ravel(expected))[0, 1]
    other = data.tree_crowns(size=24).train_images[1]
    assert alike > 0.9 > np.corrcoef(other.ravel(), np.ravel(expected))[0, 1]


def test_iou_agrees_with_counted_pixels():
    boxes = np.array([[5.0, 5, 15, 25], [30, 30, 40, 40]])
    window = np.array([10.0, 10, 20])
    shared, union = 5 * 15, 10 * 20 + 400 - 5 * 15
    np.testing.assert_allclose(pack.iou(window, boxes), [shared / union, 0])


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": 9.5}, {"elsewhere": 1}])
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises((TypeError, ValueError), match="tree_crowns: "):
        data.tree_crowns(**wrong)
    with pytest.raises(ValueError, match="did you mean 'florida'"):
        data.tree_photograph("floridas")


# Flowers


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """A small archive as TensorFlow's: six photographs a class, each of one colour."""
    folder = tmp_path / "served"
    folder.mkdir()
    path = folder / colour_images.FLOWER_FILE
    with tarfile.open(path, "w:gz") as tar:
        for k, name in enumerate(colour_images.FLOWER_CLASSES):
            for number in range(6):
                picture = io.BytesIO()
                colour = (40 * k, 20 * number, 100)
                Image.new("RGB", (30, 20), colour).save(picture, "JPEG", quality=95)
                member = tarfile.TarInfo(f"flower_photos/{name}/{number}.jpg")
                member.size = picture.tell()
                picture.seek(0)
                tar.addfile(member, picture)
        tar.addfile(tarfile.TarInfo("flower_photos/LICENSE.txt"))
    facts = (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(colour_images, "FLOWER_FACTS", facts)
    start_afresh(tmp_path, monkeypatch)
    return path


def test_flowers_are_split_by_name_and_labelled_by_folder(archive, monkeypatch):
    monkeypatch.setenv("HELPERS_DATA", str(archive.parent))
    found = data.flowers(size=8)
    assert found.train_images.shape == (25, 8, 8, 3)
    assert found.test_images.shape == (5, 8, 8, 3)
    assert found.test_labels.tolist() == [0, 1, 2, 3, 4]
    red, green = found.test_images[:, 4, 4, :2].astype(int).T
    assert np.abs(red - 40 * np.arange(5)).max() < 6  # the class
    assert np.abs(green - 80).max() < 6  # the fifth of six


def test_flowers_are_fetched_once_and_checked(archive, monkeypatch):
    with serve(archive.parent) as server:
        address = f"{server.url}/{archive.name}"
        monkeypatch.setattr(colour_images, "FLOWER_ADDRESS", address)
        data.flowers(size=8)
        data.flowers(size=8)
    assert len(server.requests) == 1


def test_damaged_flowers_are_passed_over(archive, monkeypatch, capsys):
    bad = archive.parent.parent / "bad"
    bad.mkdir()
    (bad / archive.name).write_bytes(b"not flowers")
    monkeypatch.setenv("HELPERS_DATA", str(bad))
    keras_copy = Path(archive.parent.parent / "keras/datasets" / archive.name)
    keras_copy.parent.mkdir(parents=True)
    keras_copy.write_bytes(archive.read_bytes())
    assert len(data.flowers(size=8).test_labels) == 5
    assert "damaged" in capsys.readouterr().err


def test_without_a_network_the_message_says_what_to_do(archive, monkeypatch):
    monkeypatch.setattr(colour_images, "FLOWER_ADDRESS", "http://127.0.0.1:9/none")
    with pytest.raises(data.DownloadError, match="tree_crowns, which ships"):
        data.flowers(size=8)
