"""`data/` holds what its register says, and the loaders read it or say why not."""

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import sys
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from checkout import ROOT
from data_server import serve, start_afresh

from helpers import data
from helpers.data import _download, _files

DATA = ROOT / "data"
REGISTRY = json.loads((ROOT / "helpers/data/registry.json").read_text())
CHINA = REGISTRY["china.jpg"]


@pytest.fixture
def copy_of_data(tmp_path, monkeypatch):
    folder = tmp_path / "a copy"
    shutil.copytree(DATA, folder)
    monkeypatch.setenv("HELPERS_DATA", str(folder))
    return folder


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The loaders as they are outside of a checkout, with an empty cache."""
    start_afresh(tmp_path, monkeypatch)
    monkeypatch.setattr(_files, "checkout_folder", lambda: None)
    return tmp_path / "cache" / "seeing-with-convolutions"


# The folder


def test_every_file_is_registered_and_every_registered_file_is_there():
    present = {
        path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()
    }
    beside = {
        name for name in present if name == "README.md" or name.startswith("licenses/")
    }
    assert present - beside == set(REGISTRY)
    assert len(beside) > 1


@pytest.mark.parametrize("name", REGISTRY)
def test_size_and_checksum_are_the_registered_ones(name):
    contents = (DATA / name).read_bytes()
    assert len(contents) == REGISTRY[name]["bytes"]
    assert hashlib.sha256(contents).hexdigest() == REGISTRY[name]["sha256"]


def test_readme_has_a_full_row_for_every_file_and_no_other():
    rows = re.findall(r"^\| `(.+?)` \|(.+)\|$", (DATA / "README.md").read_text(), re.M)
    assert sorted(name for name, _ in rows) == sorted(REGISTRY)
    for name, row in rows:
        shows, origin, author, licence, checksum = (
            cell.strip() for cell in row.split(" | ")
        )
        assert all((shows, origin, author, licence)), name
        assert checksum == f"`{REGISTRY[name]['sha256']}`", name


def test_readme_names_every_licence_file():
    readme = (DATA / "README.md").read_text()
    for path in (DATA / "licenses").iterdir():
        assert f"`licenses/{path.name}`" in readme


def test_data_stays_small_enough_to_clone():
    total = sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file())
    assert total < 60e6


# Finding a file


def test_checkout_is_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("HELPERS_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert data.data_path("china.jpg") == DATA / "china.jpg"


def test_chosen_folder_comes_first_and_survives_a_change_of_folder(
    copy_of_data, monkeypatch
):
    monkeypatch.chdir(copy_of_data.parent)
    monkeypatch.setenv("HELPERS_DATA", copy_of_data.name)
    path = data.data_path("china.jpg")
    monkeypatch.chdir("/")
    assert path == copy_of_data / "china.jpg"
    assert path.is_file()


def test_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("HELPERS_DATA", "")
    assert data.data_path("china.jpg") == DATA / "china.jpg"


@pytest.mark.parametrize(
    "project", [None, "", "not toml [", '[project]\nname = "another"']
)
def test_a_data_folder_beside_the_package_is_not_yet_a_checkout(
    project, tmp_path, monkeypatch
):
    (tmp_path / "data").mkdir()
    if project is not None:
        (tmp_path / "pyproject.toml").write_text(project)
    monkeypatch.setattr(_files, "__file__", str(tmp_path / "helpers/data/_files.py"))
    assert _files.checkout_folder() is None


@pytest.mark.parametrize(
    "name", ["../china.jpg", "/etc/passwd", "china", "", "README.md"]
)
def test_unknown_name_is_refused(name):
    with pytest.raises(ValueError, match=r"data_path: there is no file '"):
        data.data_path(name)


@pytest.mark.parametrize("name", [None, Path("china.jpg"), 3, b"china.jpg"])
def test_name_has_to_be_a_string(name):
    with pytest.raises(TypeError, match="name must be a string"):
        data.data_path(name)


def test_near_names_are_suggested():
    with pytest.raises(ValueError, match=r"'chelsae'; did you mean 'chelsea'\?"):
        data.photograph("chelsae")
    with pytest.raises(ValueError, match=r"'chinna.jpg'; did you mean 'china.jpg'\?"):
        data.data_path("chinna.jpg")
    with pytest.raises(ValueError, match="'dog'; there are astronaut, chelsea, china,"):
        data.photograph("dog")


# Missing and damaged files


def test_missing_file_says_what_was_expected_and_how_to_get_it(copy_of_data):
    (copy_of_data / "china.jpg").unlink()
    with pytest.raises(FileNotFoundError) as caught:
        data.photograph("china")
    assert isinstance(caught.value, data.DataError)
    for part in (
        "china.jpg is missing",
        str(copy_of_data / "china.jpg"),
        "196,653 bytes",
        CHINA["sha256"],
        "unset HELPERS_DATA",
    ):
        assert part in str(caught.value)


def test_missing_folder_and_folder_in_place_of_the_file(copy_of_data, monkeypatch):
    (copy_of_data / "china.jpg").unlink()
    (copy_of_data / "china.jpg").mkdir()
    with pytest.raises(data.MissingDataError, match="is missing"):
        data.data_path("china.jpg")
    for nowhere in (copy_of_data / "nowhere", copy_of_data / "README.md"):
        monkeypatch.setenv("HELPERS_DATA", str(nowhere))
        with pytest.raises(data.MissingDataError, match="is missing"):
            data.data_path("china.jpg")


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
def test_damaged_file_says_what_was_found(damage, copy_of_data):
    path = copy_of_data / "china.jpg"
    contents = bytearray(path.read_bytes())
    if damage == "cut":
        contents = contents[:1000]
    elif damage == "changed":
        contents[5000] ^= 1
    else:
        contents.clear()
    path.write_bytes(contents)
    with pytest.raises(data.DamagedDataError) as caught:
        data.sample_images()
    for part in (
        str(path),
        "expected 196,653 bytes",
        CHINA["sha256"],
        f"found    {len(contents):,} bytes",
        hashlib.sha256(contents).hexdigest(),
        "unset HELPERS_DATA",
    ):
        assert part in str(caught.value)


def test_in_a_checkout_the_remedy_is_git(copy_of_data, monkeypatch):
    monkeypatch.delenv("HELPERS_DATA")
    checkout = copy_of_data.parent
    copy_of_data.rename(checkout / "data")
    monkeypatch.setattr(_files, "checkout_folder", lambda: checkout)
    (checkout / "data/china.jpg").write_bytes(b"")
    with pytest.raises(data.DamagedDataError) as caught:
        data.data_path("china.jpg")
    assert f"git checkout -- data/china.jpg  (in {checkout})" in str(caught.value)


def test_a_file_is_read_once_and_again_when_it_changes(copy_of_data, monkeypatch):
    reads = []

    def measure(path, measure=_files.measure):
        reads.append(path)
        return measure(path)

    monkeypatch.setattr(_files, "measure", measure)
    data.data_path("china.jpg")
    data.data_path("china.jpg")
    assert len(reads) == 1
    os.utime(copy_of_data / "china.jpg", (1, 1))
    data.data_path("china.jpg")
    assert len(reads) == 2
    (copy_of_data / "china.jpg").write_bytes(b"short")
    with pytest.raises(data.DamagedDataError):
        data.data_path("china.jpg")


# Fetching


def test_address_follows_the_repository_and_the_installed_commit(monkeypatch):
    monkeypatch.delenv("HELPERS_DATA_URL", raising=False)

    def install(repository, origin=None):
        metadata = Message()
        metadata["Project-URL"] = f"Repository, {repository}"
        fake = SimpleNamespace(metadata=metadata, read_text=lambda name: origin)
        monkeypatch.setattr(importlib.metadata, "distribution", lambda name: fake)

    raw = "https://raw.githubusercontent.com/someone/book"
    install("https://github.com/someone/book")
    assert _download.base_address() == f"{raw}/HEAD/data"
    install(
        "https://github.com/someone/book.git",
        '{"url": "…", "vcs_info": {"vcs": "git", "commit_id": "abc123"}}',
    )
    assert _download.base_address() == f"{raw}/abc123/data"
    install("https://github.com/someone/book", '{"url": "…", "dir_info": {}}')
    assert _download.base_address() == f"{raw}/HEAD/data"
    install("https://example.org/someone/book")
    with pytest.raises(data.DownloadError, match="HELPERS_DATA_URL"):
        _download.base_address()


def test_package_without_metadata_has_no_address(installed, monkeypatch):
    def distribution(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", distribution)
    with pytest.raises(data.DownloadError, match="set HELPERS_DATA"):
        data.data_path("china.jpg")


def test_address_has_to_be_a_web_address(installed, monkeypatch):
    monkeypatch.setenv("HELPERS_DATA_URL", "file:///etc")
    with pytest.raises(ValueError, match="HELPERS_DATA_URL must start with http"):
        data.data_path("china.jpg")


def test_damaged_file_in_the_cache_is_fetched_anew(installed, monkeypatch):
    installed.mkdir(parents=True)
    (installed / "china.jpg").write_bytes(b"damaged")
    with serve(DATA) as server:
        monkeypatch.setenv("HELPERS_DATA_URL", server.url + "/")
        assert data.data_path("china.jpg") == installed / "china.jpg"
    assert server.requests == ["/china.jpg"]
    assert (installed / "china.jpg").read_bytes() == (DATA / "china.jpg").read_bytes()


def test_unknown_address_is_not_tried_twice(installed, monkeypatch, tmp_path):
    with serve(tmp_path) as server:
        monkeypatch.setenv("HELPERS_DATA_URL", server.url)
        with pytest.raises(data.DownloadError, match="the server answered 404"):
            data.data_path("china.jpg")
    assert server.requests == ["/china.jpg"]
    assert list(installed.iterdir()) == []


def test_an_answer_without_end_is_cut_short(installed, monkeypatch):
    with serve(DATA, ["endless"]) as server:
        monkeypatch.setenv("HELPERS_DATA_URL", server.url)
        data.data_path("china.jpg")
    assert len(server.requests) == 2


def test_cache_that_cannot_be_written_says_so(installed, monkeypatch):
    installed.parent.write_text("a file where the folder should be")
    with serve(DATA) as server:
        monkeypatch.setenv("HELPERS_DATA_URL", server.url)
        with pytest.raises(data.DownloadError, match="set XDG_CACHE_HOME"):
            data.data_path("china.jpg")


def test_progress_is_shown_for_large_files_only(
    installed, monkeypatch, tmp_path, capsys
):
    large = tmp_path / "served" / "large.bin"
    large.parent.mkdir()
    large.write_bytes(bytes(6_000_000))
    size, digest = _files.measure(large)
    entry = {"kind": "test", "bytes": size, "sha256": digest}
    monkeypatch.setattr(_files, "registry", lambda: REGISTRY | {"large.bin": entry})
    shutil.copy(DATA / "china.jpg", large.parent)
    with serve(large.parent) as server:
        monkeypatch.setenv("HELPERS_DATA_URL", server.url)
        data.data_path("china.jpg")
        assert capsys.readouterr().err == ""
        data.data_path("large.bin")
    shown = capsys.readouterr().err
    assert shown.startswith("\rlarge.bin [#")
    assert shown.endswith("100% of 6 MB\n")


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/x/.cache"),
        ("linux", {}, "/home/x/.cache"),
        ("darwin", {}, "/home/x/Library/Caches"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local"),
        ("win32", {}, "/home/x/AppData/Local"),
    ],
)
def test_cache_folder_is_the_platforms_own(platform, variables, folder, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/x"))
    assert _files.cache_folder() == Path(folder) / "seeing-with-convolutions"


# Photographs


def test_every_photograph_loads_at_its_size():
    shapes = {name: data.photograph(name).shape for name in data.photograph_names()}
    assert shapes == {
        "astronaut": (512, 512, 3),
        "chelsea": (300, 451, 3),
        "china": (427, 640, 3),
        "coffee": (400, 600, 3),
        "coins": (303, 384, 3),
        "flower": (427, 640, 3),
    }


def test_sample_images_are_china_and_flower_and_the_callers_own():
    images = data.sample_images()
    assert images.shape == (2, 427, 640, 3)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images[0], data.photograph("china"))
    np.testing.assert_array_equal(images[1], data.photograph("flower"))
    images[:] = 0
    assert data.sample_images().any()
    assert data.photograph("coins", grey=True).flags.writeable


def test_grey_is_the_luma_of_itu_r_601():
    weighted = data.photograph("china") @ np.array([0.299, 0.587, 0.114])
    difference = data.photograph("china", grey=True) - weighted
    assert np.abs(difference).max() < 1


def test_a_grey_photograph_has_three_equal_channels():
    colour = data.photograph("coins")
    for channel in range(3):
        np.testing.assert_array_equal(
            colour[..., channel], data.photograph("coins", grey=True)
        )


def test_shrinking_averages_detail():
    small = data.photograph("china", size=(43, 64), grey=True).astype(float)
    full = data.photograph("china", grey=True)[:420, :].astype(float)
    blocks = full.reshape(42, 10, 64, 10).mean(axis=(1, 3))
    thinned = full[5::10, 5::10]
    error = np.abs(small[:42] - blocks).mean()
    assert error < 0.5 * np.abs(thinned - blocks).mean()


def test_crop_keeps_the_middle_and_the_scale():
    whole = data.photograph("coffee")
    square = data.photograph("coffee", size=(400, 400), crop=True)
    np.testing.assert_array_equal(square, whole[:, 100:500])
    upright = data.photograph("coffee", size=(400, 100), crop=True)
    np.testing.assert_array_equal(upright, whole[:, 250:350])


@pytest.mark.parametrize("crop", [False, True])
@pytest.mark.parametrize("name", ["china", "chelsea", "coins"])
def test_sizes_of_the_photographs_shape_are_met(name, crop):
    height, width, _ = data.photograph(name).shape
    for new_height in (1, 7, 33, 100, 427, 600):
        size = (new_height, max(1, round(new_height * width / height)))
        assert data.photograph(name, size=size, crop=crop).shape == (*size, 3)


def test_stretching_is_refused_beyond_two_percent():
    assert data.photograph("astronaut", size=(200, 203)).shape == (200, 203, 3)
    for size in ((200, 210), (210, 200)):
        with pytest.raises(ValueError, match="by 5 %; pass crop=True"):
            data.photograph("astronaut", size=size)


@pytest.mark.parametrize("size", [224, (224,), (1, 2, 3), (2.0, 3.0), "ab", "224"])
def test_size_of_the_wrong_kind_is_refused(size):
    with pytest.raises(TypeError, match="pair of integers"):
        data.photograph("china", size=size)


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-427, -640)])
def test_size_that_is_not_positive_is_refused(size):
    with pytest.raises(ValueError, match="must be positive"):
        data.photograph("china", size=size)


def test_without_pillow_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        data.photograph("china")
