"""Small image sets: what ships, the full sets, and what goes wrong on the way."""

import gzip
import hashlib
from itertools import repeat

import numpy as np
import pytest
from data_server import serve, start_afresh

from helpers import data
from helpers.data import _elsewhere, _files

DEBIAN = _elsewhere.DEBIAN / "fashion-mnist"
IMAGES = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28)
LABELS = np.array([0, 1, 2], np.uint8)
SMALL = (IMAGES, LABELS, IMAGES[:2], LABELS[:2])


def write_idx(path, array):
    """Write an IDX file as the format's description says, packed by gzip."""
    head = bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(head + array.tobytes(), mtime=0))


def write_set(folder, arrays=SMALL):
    folder.mkdir(parents=True, exist_ok=True)
    for stem, array in zip(_elsewhere.IDX_STEMS, arrays, strict=True):
        write_idx(folder / f"{stem}.gz", array)
    return folder


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Debian's folder, Keras' home and the book's cache, all empty, for a small set."""
    start_afresh(tmp_path, monkeypatch)
    monkeypatch.setattr(_elsewhere, "DEBIAN", tmp_path / "debian")
    served = write_set(tmp_path / "served")
    entry = {
        "address": "http://127.0.0.1:9",
        "offline": "install the package",
        "arrays": _elsewhere.digests(SMALL),
        "files": {
            f"{stem}.gz": dict(
                zip(
                    ("bytes", "sha256"),
                    _files.measure(served / f"{stem}.gz"),
                    strict=True,
                )
            )
            for stem in _elsewhere.IDX_STEMS
        },
    }
    monkeypatch.setattr(_elsewhere, "catalogue", lambda: {"fashion-mnist": entry})
    return tmp_path, entry


# What ships


@pytest.mark.parametrize(
    ("load", "train", "test", "side"),
    [
        (data.fashion_mnist, 12_000, 10_000, 28),
        (data.mnist, 4_000, 1_000, 28),
        (data.digits, 1_500, 297, 8),
    ],
)
def test_shipped_sets_have_their_sizes(load, train, test, side):
    found = load()
    assert found.train_images.shape == (train, side, side, 1)
    assert found.test_images.shape == (test, side, side, 1)
    assert found.train_labels.shape == (train,)
    assert found.test_labels.shape == (test,)
    assert {array.dtype for array in found[:4]} == {np.dtype(np.uint8)}
    assert len(found.class_names) == 10
    assert found.train_images.max() == (255 if side == 28 else 16)
    assert found.train_images.flags.writeable


def test_shipped_classes_are_balanced():
    fashion, mnist = data.fashion_mnist(), data.mnist()
    assert set(np.bincount(fashion.train_labels)) == {1_200}
    assert set(np.bincount(fashion.test_labels)) == {1_000}
    assert set(np.bincount(mnist.train_labels)) == {400}
    assert set(np.bincount(mnist.test_labels)) == {100}


def test_no_test_image_is_a_training_image():
    for found in (data.mnist(), data.digits()):
        train = {image.tobytes() for image in found.train_images}
        assert not any(image.tobytes() in train for image in found.test_images)


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs dataset-fashion-mnist")
def test_shipped_fashion_is_the_first_of_each_class_of_the_full_set():
    small, full = data.fashion_mnist(), data.fashion_mnist(subset=False)
    assert full.train_images.shape == (60_000, 28, 28, 1)
    np.testing.assert_array_equal(small.test_images, full.test_images)
    np.testing.assert_array_equal(small.test_labels, full.test_labels)
    for label in range(10):
        np.testing.assert_array_equal(
            small.train_images[small.train_labels == label],
            full.train_images[full.train_labels == label][:1_200],
        )


@pytest.mark.parametrize("subset", [1, "all", None])
def test_subset_has_to_be_a_bool(subset):
    with pytest.raises(TypeError, match="fashion_mnist: subset must be True or False"):
        data.fashion_mnist(subset)
    with pytest.raises(TypeError, match="mnist: subset must be True or False"):
        data.mnist(subset)


# The full sets


@pytest.mark.parametrize(
    "place",
    [
        "chosen/fashion-mnist",
        "debian/fashion-mnist",
        "keras/datasets/fashion-mnist",
        "cache/seeing-with-convolutions/fashion-mnist",
    ],
)
def test_a_copy_on_this_machine_is_used(place, places, monkeypatch):
    folder, _ = places
    write_set(folder / place)
    if place.startswith("chosen"):
        monkeypatch.setenv("HELPERS_DATA", str(folder / "chosen"))
    found = data.fashion_mnist(subset=False)
    np.testing.assert_array_equal(found.train_images[..., 0], IMAGES)
    assert found.class_names[1] == "Trouser"


def test_idx_files_may_be_unpacked(places):
    folder, _ = places
    debian = write_set(folder / "debian/fashion-mnist")
    for path in debian.iterdir():
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert len(data.fashion_mnist(subset=False).train_labels) == 3


def test_an_archive_of_keras_is_read(places, monkeypatch):
    folder, entry = places
    archive = folder / "keras/datasets/mnist.npz"
    archive.parent.mkdir(parents=True)
    names = ("x_train", "y_train", "x_test", "y_test")
    np.savez(archive, **dict(zip(names, SMALL, strict=True)))
    entry = entry | {"files": {"mnist.npz": {"bytes": 0, "sha256": ""}}}
    monkeypatch.setattr(_elsewhere, "catalogue", lambda: {"mnist": entry})
    np.testing.assert_array_equal(data.mnist(subset=False).test_labels, LABELS[:2])


@pytest.mark.parametrize("damage", ["pixel", "cut", "no gzip", "missing part"])
def test_a_damaged_copy_is_passed_over(damage, places, capsys):
    folder, _ = places
    debian = write_set(folder / "debian/fashion-mnist")
    write_set(folder / "keras/datasets/fashion-mnist")
    path = debian / "train-images-idx3-ubyte.gz"
    if damage == "pixel":
        write_idx(path, IMAGES ^ (np.arange(28) == 3).astype(np.uint8))
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    elif damage == "no gzip":
        path.write_bytes(b"not packed at all")
    else:
        (debian / "t10k-labels-idx1-ubyte.gz").unlink()
    found = data.fashion_mnist(subset=False)
    np.testing.assert_array_equal(found.train_images[..., 0], IMAGES)
    told = capsys.readouterr().err
    assert (str(debian) in told) == (damage != "missing part")


def test_the_full_set_is_fetched_once_into_the_cache(places):
    folder, entry = places
    with serve(folder / "served") as server:
        entry["address"] = server.url
        data.fashion_mnist(subset=False)
        assert len(server.requests) == 4
        data.fashion_mnist(subset=False)
        assert len(server.requests) == 4
    cache = folder / "cache/seeing-with-convolutions/fashion-mnist"
    assert sorted(path.name for path in cache.iterdir()) == sorted(entry["files"])


@pytest.mark.parametrize("fault", ["cut", "damaged"])
def test_a_faulty_download_is_removed_and_tried_again(fault, places):
    folder, entry = places
    with serve(folder / "served", [fault]) as server:
        entry["address"] = server.url
        data.fashion_mnist(subset=False)
        assert len(server.requests) == 5


@pytest.mark.parametrize("fault", ["cut", "damaged"])
def test_a_download_that_stays_faulty_says_what_to_do(fault, places):
    folder, entry = places
    with serve(folder / "served", repeat(fault)) as server:
        entry["address"] = server.url
        with pytest.raises(data.DownloadError, match="2 downloads from") as caught:
            data.fashion_mnist(subset=False)
    assert "install the package, or use subset=True" in str(caught.value)
    cache = folder / "cache/seeing-with-convolutions/fashion-mnist"
    assert list(cache.iterdir()) == []


def test_without_a_network_the_message_says_what_to_do(places):
    with pytest.raises(data.DownloadError, match="no connection") as caught:
        data.fashion_mnist(subset=False)
    assert "or use subset=True, which ships with the book" in str(caught.value)


def test_a_damaged_copy_in_the_cache_is_fetched_anew(places):
    folder, entry = places
    cache = write_set(folder / "cache/seeing-with-convolutions/fashion-mnist")
    (cache / "train-labels-idx1-ubyte.gz").write_bytes(b"")
    with serve(folder / "served") as server:
        entry["address"] = server.url
        data.fashion_mnist(subset=False)
    assert (cache / "train-labels-idx1-ubyte.gz").stat().st_size > 0


# The recipe


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs dataset-fashion-mnist")
def test_packing_again_gives_the_same_bytes(tmp_path):
    from tools.pack_data import fashion, save

    save(tmp_path / "again.npz", fashion(DEBIAN))
    again = hashlib.sha256((tmp_path / "again.npz").read_bytes()).hexdigest()
    assert again == _files.expected("fashion_mnist.npz")[1]


def test_catalogue_is_complete():
    for name, entry in _elsewhere.catalogue().items():
        assert set(entry["arrays"]) == set(_elsewhere.PARTS), name
        assert all(len(facts["sha256"]) == 64 for facts in entry["files"].values())
        assert "://" in entry["address"]
