"""PASCAL VOC and Oxford pets: found or fetched, unpacked whole, read as meant."""

import hashlib
import io
import os
import tarfile
from itertools import chain

import numpy as np
import pytest
from data_server import serve, start_afresh
from PIL import Image

from helpers import data
from helpers.data import _archives

# File names, and which of them have outlines (VOC) or a box (pets)
VOC = {"train": ["000012", "000017"], "val": ["000005"], "test": ["000001", "000002"]}
OUTLINED = ["000017", "000001"]
PETS = {
    "trainval": ["Maine_Coon_7 2 1 1", "american_bulldog_10 1 2 1"],
    "test": ["american_bulldog_2 1 2 1"],
}
HEADS = ["american_bulldog_10"]
COLOUR = (200, 40, 90)


def jpeg():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), COLOUR).save(file, "JPEG", quality=95)
    return file.getvalue()


def png(numbers, palette=False):
    image = Image.fromarray(np.array(numbers, np.uint8))
    if palette:
        image = image.convert("P")
        image.putdata(np.ravel(numbers).tolist())
        image.putpalette([7, 8, 9] * 256)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def annotation(*objects):
    text = "<annotation><filename>x.jpg</filename>"
    text += "<size><width>40</width><height>30</height></size>"
    for name, difficult, box in objects:
        sides = zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
        text += f"<object><name>{name}</name><difficult>{difficult}</difficult><bndbox>"
        text += "".join(f"<{side}>{at}</{side}>" for side, at in sides)
        # People have parts with a box each, which are no objects.
        text += "</bndbox><part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>"
        text += "</object>"
    return f"{text}</annotation>".encode()


def voc_files(year, *splits):
    """Contents by name: the layout of VOC's archives."""
    top = f"VOCdevkit/VOC{year}"
    lists = {split: VOC[split] for split in splits}
    if len(splits) > 1:
        lists["trainval"] = sorted(chain.from_iterable(lists.values()))
    files = {}
    for split, stems in lists.items():
        drawn = [stem for stem in stems if stem in OUTLINED]
        for folder, names in (("Main", stems), ("Segmentation", drawn)):
            text = "".join(f"{name}\n" for name in names)
            files[f"{top}/ImageSets/{folder}/{split}.txt"] = text.encode()
        for stem in stems:
            files[f"{top}/JPEGImages/{stem}.jpg"] = jpeg()
            files[f"{top}/Annotations/{stem}.xml"] = annotation(
                ("dog", 0, (1, 1, 40, 30)), ("person", 1, (8.5, 9, 20, 25))
            )
        for stem in drawn:
            files[f"{top}/SegmentationClass/{stem}.png"] = png([[0, 12], [255, 15]], 1)
    return files


def pet_files():
    """The pets' two archives."""
    images, notes = {}, {}
    for split, lines in PETS.items():
        text = "".join(f"{line}\n" for line in lines)
        notes[f"annotations/{split}.txt"] = text.encode()
        for stem in (line.split()[0] for line in lines):
            images[f"images/{stem}.jpg"] = jpeg()
            notes[f"annotations/trimaps/{stem}.png"] = png([[1, 3], [2, 2]])
            # The publisher's archive has such files beside the others.
            notes[f"annotations/trimaps/._{stem}.png"] = b"Mac OS X"
    for stem in HEADS:
        notes[f"annotations/xmls/{stem}.xml"] = annotation(("dog", 0, (5, 6, 25, 20)))
    return images, notes


def pack(path, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Small archives to serve, in the place of the publishers'; an empty cache."""
    start_afresh(tmp_path, monkeypatch)
    return Shelf(tmp_path, monkeypatch)


class Shelf:
    def __init__(self, folder, monkeypatch):
        self.folder = folder / "served"
        self.cache = folder / "cache" / "seeing-with-convolutions"
        self.archives, self.url = {}, "http://127.0.0.1:9"
        real = _archives.archives()
        pet_images, pet_notes = pet_files()
        for name, files in {
            "voc 2007": voc_files(2007, "train", "val"),
            "voc 2007 test": voc_files(2007, "test"),
            "voc 2012": voc_files(2012, "train", "val"),
            "pet images": pet_images,
            "pet annotations": pet_notes,
        }.items():
            self.put(name, real[name].file, files)
        monkeypatch.setattr(_archives, "archives", self.all)

    def put(self, name, file, files):
        path = self.folder / file
        pack(path, files)
        content = path.read_bytes()
        facts = (len(content), hashlib.sha256(content).hexdigest())
        self.archives[name] = (file, *facts)

    def all(self):
        return {
            name: _archives.Archive(file, f"{self.url}/{file}", *facts)
            for name, (file, *facts) in self.archives.items()
        }

    def left(self):
        """What the cache holds, two levels deep."""
        return sorted(
            path.relative_to(self.cache).as_posix() for path in self.cache.glob("*/*")
        )


@pytest.fixture
def server(shelf):
    with serve(shelf.folder) as found:
        shelf.url = found.url
        yield found


@pytest.fixture
def offline(shelf, monkeypatch):
    """The archives where a reader may have put them by hand."""
    monkeypatch.setenv("HELPERS_DATA", str(shelf.folder))
    return shelf


def stems(images):
    return [image.path.stem for image in images]


@pytest.mark.parametrize("year", [2007, 2012])
def test_voc_lists_its_splits(year, offline):
    train, val = (data.pascal_voc(year, split) for split in ("train", "val"))
    assert stems(train) == VOC["train"]
    assert stems(val) == VOC["val"]
    both = data.pascal_voc(year, "trainval")
    assert sorted(both) == sorted(train + val)
    assert f"VOC{year}" in both[0].path.parts
    drawn = data.pascal_voc(year, "train", task="segmentation")
    assert drawn == [train[1]]
    assert data.pascal_voc(year, "val", "segmentation") == []


def test_vocs_test_is_an_archive_of_its_own(server):
    images = data.pascal_voc(2007, "test")
    assert stems(images) == VOC["test"]
    assert server.requests == ["/pascal-voc/VOCtest_06-Nov-2007.tar"]


def test_a_voc_image_is_read_when_it_is_asked_for(offline):
    plain, drawn = data.pascal_voc(2007, "train")
    found = drawn.annotation()
    np.testing.assert_array_equal(found.boxes, [[0, 0, 40, 30], [7.5, 8, 20, 25]])
    assert found.names == ("dog", "person")
    assert found.difficult.tolist() == [False, True]
    image = data.read_image(drawn.path)
    assert image.shape == (30, 40, 3)
    assert image.dtype == np.uint8
    assert np.abs(image - np.array(COLOUR, int)).max() < 6
    assert plain.labels_path is None
    labels = data.read_labels(drawn.labels_path)
    assert labels.dtype == np.uint8
    assert labels.tolist() == [[0, 12], [255, 15]]
    assert [data.VOC_CLASSES[k - 1] for k in (12, 15)] == ["dog", "person"]


def test_pets_have_breed_species_outline_and_some_a_box(server):
    coon, bulldog = data.oxford_pets("trainval")
    assert (coon.breed, coon.breed_name, coon.species) == (1, "Maine Coon", "cat")
    assert bulldog[1:4] == (0, "american bulldog", "dog")
    assert coon.path.name == "Maine_Coon_7.jpg"
    assert data.read_labels(coon.trimap_path).tolist() == [[1, 3], [2, 2]]
    assert data.read_image(coon.path).shape == (30, 40, 3)
    assert coon.head_path is None
    assert coon.heads().shape == (0, 4)
    np.testing.assert_array_equal(bulldog.heads(), [[4, 5, 25, 20]])
    assert stems(data.oxford_pets("test")) == ["american_bulldog_2"]
    assert len(server.requests) == 2


def test_an_archive_is_fetched_and_unpacked_once(server, shelf):
    data.pascal_voc(2012, "train")
    (shelf.cache / "pascal-voc/VOCtrainval_11-May-2012.tar").unlink()
    assert stems(data.pascal_voc(2012, "val")) == VOC["val"]
    assert server.requests == ["/pascal-voc/VOCtrainval_11-May-2012.tar"]
    assert shelf.left() == ["pascal-voc/VOCtrainval_11-May-2012"]


@pytest.mark.parametrize("fault", ["cut", "damaged", "endless"])
def test_a_faulty_download_is_tried_again_and_then_removed(fault, shelf):
    with serve(shelf.folder, [fault]) as found:
        shelf.url = found.url
        assert stems(data.pascal_voc(2012, "val")) == VOC["val"]
        assert len(found.requests) == 2
    with serve(shelf.folder, [fault, fault]) as found:
        shelf.url = found.url
        with pytest.raises(data.DownloadError, match=r"2 downloads .* were cut off"):
            data.oxford_pets("test")
    assert all(name.startswith("pascal-voc/") for name in shelf.left())


def test_a_damaged_archive_is_passed_over(server, offline, capsys):
    file = "pascal-voc/VOCtest_06-Nov-2007.tar"
    own = offline.cache / file
    own.parent.mkdir(parents=True)
    own.write_bytes((offline.folder / file).read_bytes())
    with open(offline.folder / file, "r+b") as damaged:
        damaged.write(b"?")
    assert stems(data.pascal_voc(2007, "test")) == VOC["test"]
    assert f"passed over {offline.folder / file}" in capsys.readouterr().err
    assert server.requests == []


def test_without_a_network_the_message_says_where_to_put_the_archive(shelf):
    with pytest.raises(data.DownloadError) as raised:
        data.pascal_voc(2012, "train")
    message = str(raised.value)
    own = shelf.cache / "pascal-voc/VOCtrainval_11-May-2012.tar"
    for part in (
        f"{shelf.url}/pascal-voc/VOCtrainval_11-May-2012.tar",
        "SHA-256",
        f"put a copy of that file at {own}",
        "set HELPERS_DATA to a folder that holds pascal-voc/VOCtrainval_11-May-2012",
    ):
        assert part in message
    own.write_bytes((shelf.folder / own.relative_to(shelf.cache)).read_bytes())
    assert stems(data.pascal_voc(2012, "train")) == VOC["train"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError("disk full")])
def test_an_interrupted_unpacking_leaves_nothing(interruption, server, shelf):
    extract = tarfile.TarFile._extract_one
    with pytest.MonkeyPatch.context() as patch:
        count = iter(range(3))

        def fail(*arguments, **options):
            if next(count, None) is None:
                raise interruption
            extract(*arguments, **options)

        patch.setattr(tarfile.TarFile, "_extract_one", fail)
        with pytest.raises((KeyboardInterrupt, data.DownloadError)) as raised:
            data.pascal_voc(2012, "train")
    if isinstance(raised.value, data.DownloadError):
        assert "disk full\n  its files need as much space" in str(raised.value)
    assert shelf.left() == ["pascal-voc/VOCtrainval_11-May-2012.tar"]
    assert stems(data.pascal_voc(2012, "train")) == VOC["train"]
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["../../../outside.txt", "/tmp/outside/outside.txt"])
def test_nothing_is_written_outside_of_the_folder(name, offline):
    file = _archives.archives()["pet images"].file
    offline.put("pet images", file, {name: b"bad"} | pet_files()[0])
    if name.startswith("/"):  # taken for a name within the folder
        data.oxford_pets("test")
    else:
        with pytest.raises(data.DownloadError, match="could not unpack"):
            data.oxford_pets("test")
        assert offline.left() == ["oxford-pets/annotations"]
    assert not os.path.exists("/tmp/outside")
    assert not list(offline.cache.parent.parent.glob("outside*"))
    assert not list(offline.cache.glob("outside*"))


def test_another_process_may_be_faster(offline, monkeypatch):
    find = _archives.find

    def slow(caller, archive):
        monkeypatch.setattr(_archives, "find", find)
        data.pascal_voc(2012, "val")  # the other process, meanwhile
        return find(caller, archive)

    monkeypatch.setattr(_archives, "find", slow)
    assert stems(data.pascal_voc(2012, "train")) == VOC["train"]
    assert offline.left() == ["pascal-voc/VOCtrainval_11-May-2012"]


@pytest.mark.parametrize(
    ("missing", "load"),
    [
        ("voc/ImageSets/Main/train.txt", lambda: data.pascal_voc(2012, "train")),
        ("voc/JPEGImages/000012.jpg", lambda: data.pascal_voc(2012, "train")),
        ("voc/Annotations/000017.xml", lambda: data.pascal_voc(2012, "train")),
        (
            "voc/SegmentationClass/000017.png",
            lambda: data.pascal_voc(2012, "train", "segmentation"),
        ),
        ("annotations/test.txt", lambda: data.oxford_pets("test")),
        ("images/american_bulldog_2.jpg", lambda: data.oxford_pets("test")),
        (
            "annotations/trimaps/american_bulldog_2.png",
            lambda: data.oxford_pets("test"),
        ),
    ],
)
def test_a_missing_file_is_named_with_the_folder_to_delete(missing, load, offline):
    missing = missing.replace("voc", "VOCdevkit/VOC2012")
    load()
    (path,) = offline.cache.glob(f"*/*/{missing}")
    path.unlink()
    with pytest.raises(data.MissingDataError) as raised:
        load()
    assert f"there is no file {path}" in str(raised.value)
    folder = offline.cache.joinpath(*path.relative_to(offline.cache).parts[:2])
    assert f"delete the folder {folder}, " in str(raised.value)


@pytest.mark.parametrize("line", ["Bombay_1 8 1", "Bombay_1 x 1 1", "Bombay_1 8 3 1"])
def test_a_line_that_says_no_breed_is_refused(line, offline):
    file = _archives.archives()["pet annotations"].file
    notes = pet_files()[1] | {"annotations/test.txt": line.encode()}
    offline.put("pet annotations", file, notes)
    with pytest.raises(data.DamagedDataError, match=rf"test\.txt: .* got '{line}'"):
        data.oxford_pets("test")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2010, "train"), "year must be one of 2007, 2012, got 2010"),
        (("2012", "train"), "year must be one of 2007, 2012, got '2012'"),
        (([2012], "train"), "year must be"),
        ((2007, "training"), "split must be one of 'train', 'val', 'trainval', 'test'"),
        ((2012, "test"), "split must be one of 'train', 'val', 'trainval', got"),
        ((2012, None), "split must be"),
        ((2012, "val", "layout"), "task must be one of 'detection', 'segmentation'"),
    ],
)
def test_voc_refuses_what_there_is_not(arguments, message, shelf):
    with pytest.raises(ValueError, match=f"pascal_voc: {message}"):
        data.pascal_voc(*arguments)


@pytest.mark.parametrize("split", ["train", "", 1, None])
def test_pets_refuse_other_splits(split, shelf):
    with pytest.raises(ValueError, match="oxford_pets: split must be one of 'trainv"):
        data.oxford_pets(split)


def test_publishers_archives_have_their_facts():
    found = _archives.archives()
    assert len({archive.file for archive in found.values()}) == len(found) == 5
    for archive in found.values():
        assert archive.address.startswith("https://")
        assert archive.address.endswith(archive.file.split("/")[1])
        assert len(bytes.fromhex(archive.digest)) == 32
        assert archive.size > 10_000_000


# One image


def test_any_photograph_becomes_rgb(tmp_path):
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)
    path = tmp_path / "grey.jpg"  # the ending says nothing
    path.write_bytes(png(grey))
    np.testing.assert_array_equal(data.read_image(path), np.stack([grey] * 3, -1))
    clear = np.dstack([grey] * 3 + [np.full_like(grey, 9)])
    path.write_bytes(png(clear))
    np.testing.assert_array_equal(data.read_image(str(path)), clear[..., :3])


@pytest.mark.parametrize("read", [data.read_image, data.read_labels])
@pytest.mark.parametrize("damage", ["empty", "text", "half", "byte"])
def test_a_damaged_image_is_named(read, damage, tmp_path):
    content = bytearray(png(np.random.default_rng(0).integers(0, 99, (50, 60))))
    middle = len(content) // 2
    path = tmp_path / "broken.png"
    if damage == "byte":
        content[middle] ^= 255
    path.write_bytes(
        {"empty": b"", "text": b"no image", "half": content[:middle]}.get(
            damage, content
        )
    )
    with pytest.raises(data.DamagedDataError, match=r"cannot read .*broken\.png"):
        read(path)


def test_labels_in_colour_are_refused(tmp_path):
    path = tmp_path / "colour.png"
    path.write_bytes(png(np.zeros((2, 2, 3))))
    with pytest.raises(data.DamagedDataError, match="no single bytes but RGB"):
        data.read_labels(path)
    with pytest.raises(FileNotFoundError):
        data.read_labels(tmp_path / "nowhere.png")
