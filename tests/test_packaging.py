"""The wheel is small and light, and its loaders work where there is no checkout.

So is what a reader fetches who clones the book, and the picture that greets them.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from itertools import repeat

import pytest
from checkout import ROOT, clean_environment, copy_checkout
from data_server import serve
from PIL import Image

from tools.screenshot import PICTURE

DATA = ROOT / "data"
LOAD_CHINA = """
from helpers.data import data_path, photograph
print(photograph("china").shape, data_path("china.jpg"))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    # Built from a copy, so that no build folder is left in the checkout, and no file
    # of an earlier build or one that git ignores can slip in.
    folder = tmp_path_factory.mktemp("build")
    checkout = copy_checkout(folder / "checkout")
    pip("wheel", "--no-deps", "--no-build-isolation", "-w", folder, checkout)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """A folder that the wheel is installed in, beside a folder named `data`."""
    site = tmp_path_factory.mktemp("installed") / "site"
    pip("install", "--no-deps", "--target", site, wheel)
    (site / "data").mkdir()
    (site / "data" / "china.jpg").write_bytes(b"not the book's")
    return site


@pytest.fixture
def reader(site, tmp_path):
    """Run Python as a reader does who installed the wheel and has no checkout."""

    def run(code, **variables):
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=clean_environment(tmp_path, PYTHONPATH=site, **variables),
            capture_output=True,
            text=True,
            timeout=120,
        )

    run.cache = tmp_path / "cache" / "seeing-with-convolutions"
    return run


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


# The wheel


def test_wheel_is_under_a_megabyte(wheel):
    assert wheel.stat().st_size < 1_000_000


def test_wheel_holds_the_helpers_and_nothing_else(wheel):
    names = contents(wheel)
    code = [name for name in names if ".dist-info/" not in name]
    assert {name.split("/")[0] for name in code} == {"helpers"}
    assert {name.rsplit(".", 1)[-1] for name in code} <= {"py", "json", "toml"}


def test_wheel_holds_every_source_file(wheel):
    expected = {
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.py", "*.json", "*.toml")
        for path in (ROOT / "helpers").rglob(pattern)
    }
    assert expected <= set(contents(wheel))


def test_numpy_is_the_only_hard_requirement(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = message_from_bytes(archive.read(path))
    hard = [
        line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line
    ]
    assert len(hard) == 1
    assert hard[0].startswith("numpy")


# The repository


@pytest.mark.skipif(
    not (shutil.which("git") and (ROOT / ".git").exists()), reason="no git checkout"
)
def test_a_clone_with_its_history_is_light(tmp_path, tell):
    command = ["git", "clone", "--quiet", "--no-local", "--bare", ROOT, tmp_path / "it"]
    subprocess.run(command, check=True, capture_output=True)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    tell(f"{'what a clone fetches, history and all':45} {size / 1e6:5.2f} MB")
    assert size < 60_000_000


def test_the_readme_shows_the_book():
    text = (ROOT / "README.md").read_text(encoding="utf8")
    ((alt, file),) = re.findall(r"^!\[(.+?)\]\((.+?)\)", text, re.M | re.S)
    assert len(alt) > 100
    assert file == PICTURE.relative_to(ROOT).as_posix()
    assert 10_000 < PICTURE.stat().st_size < 200_000
    with Image.open(PICTURE) as picture:
        picture.load()
        assert picture.width > 1000


# What is imported


def test_importing_helpers_is_light(reader):
    result = reader("""
import sys, time
start = time.perf_counter()
import helpers
seconds = time.perf_counter() - start
heavy = {"tensorflow", "keras", "matplotlib", "PIL", "ipywidgets"} & set(sys.modules)
assert not heavy, heavy
assert seconds < 0.5, seconds
print(helpers.__file__)
""")
    assert result.returncode == 0, result.stderr
    assert "site" in result.stdout  # the wheel's, not the checkout's


def test_importing_the_loaders_waits_with_pillow_and_network(reader):
    result = reader("""
import sys
import helpers.data
heavy = {"tensorflow", "matplotlib", "PIL", "urllib.request"} & set(sys.modules)
assert not heavy, heavy
""")
    assert result.returncode == 0, result.stderr


# The loaders without a checkout


def test_loaders_read_the_chosen_folder(reader):
    result = reader(LOAD_CHINA, HELPERS_DATA=DATA)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"(427, 640, 3) {DATA / 'china.jpg'}\n"
    assert not reader.cache.exists()


def test_one_file_is_fetched_once(reader):
    with serve(DATA) as server:
        first = reader(LOAD_CHINA, HELPERS_DATA_URL=server.url)
        assert first.returncode == 0, first.stderr
        assert first.stdout == f"(427, 640, 3) {reader.cache / 'china.jpg'}\n"
        assert first.stderr == ""
        assert server.requests == ["/china.jpg"]
        second = reader(LOAD_CHINA, HELPERS_DATA_URL=server.url)
        assert second.stdout == first.stdout
        assert server.requests == ["/china.jpg"]
    assert os.listdir(reader.cache) == ["china.jpg"]
    assert (reader.cache / "china.jpg").read_bytes() == (
        DATA / "china.jpg"
    ).read_bytes()


@pytest.mark.parametrize("fault", ["cut", "damaged"])
def test_a_faulty_download_is_tried_again(fault, reader):
    with serve(DATA, [fault]) as server:
        result = reader(LOAD_CHINA, HELPERS_DATA_URL=server.url)
        assert result.returncode == 0, result.stderr
        assert server.requests == ["/china.jpg", "/china.jpg"]
    assert os.listdir(reader.cache) == ["china.jpg"]


@pytest.mark.parametrize("fault", ["cut", "damaged"])
def test_a_download_that_stays_faulty_is_removed(fault, reader):
    with serve(DATA, repeat(fault)) as server:
        result = reader(LOAD_CHINA, HELPERS_DATA_URL=server.url)
        assert len(server.requests) == 2
    found = "98,326" if fault == "cut" else "196,653"
    assert result.returncode == 1
    for part in (
        "DownloadError: could not fetch china.jpg: 2 downloads",
        f"{server.url}/china.jpg",
        "expected 196,653 bytes with SHA-256",
        f"found    {found} bytes with SHA-256",
        "set HELPERS_DATA",
    ):
        assert part in result.stderr
    assert os.listdir(reader.cache) == []


def test_a_server_that_is_down_says_so_and_what_helps(reader):
    with serve(DATA) as server:
        pass
    result = reader(LOAD_CHINA, HELPERS_DATA_URL=server.url)
    assert result.returncode == 1
    for part in (
        f"DownloadError: could not fetch china.jpg from {server.url}/china.jpg",
        "no connection",
        "set HELPERS_DATA to a folder that holds china.jpg",
    ):
        assert part in result.stderr
    assert os.listdir(reader.cache) == []


def test_two_processes_may_fetch_at_once(reader):
    with serve(DATA, delay=1.0) as server, ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(reader, LOAD_CHINA, HELPERS_DATA_URL=server.url)
            for _ in range(2)
        ]
        results = [run.result() for run in runs]
    for result in results:
        assert result.returncode == 0, result.stderr
    assert os.listdir(reader.cache) == ["china.jpg"]
