"""Every chapter runs in an environment like Colab's, on its own set-up cell alone.

Colab brings its own TensorFlow, NumPy and an old Jupyter. The first code cell of a
chapter adds `helpers` to them and may not change what is there. Each chapter starts
from an untouched copy of such an environment, outside the repository; the kernel's
connections to any other machine are refused.

The environment takes about two minutes and 2.4 GB to make, once for a list of
requirements; SKIP_COLAB=1 leaves these tests out.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from checkout import ROOT, clean_environment, copy_checkout
from data_server import serve

# Colab's versions of what draws and runs a notebook; the rest as pip finds it today,
# since Colab follows the newest TensorFlow and not our lock.
COLAB = (
    "tensorflow",
    "matplotlib",
    "pillow",
    "ipykernel==6.17.1",
    "ipython==7.34.0",
    "ipywidgets==7.7.1",
    "nbclient",
    "notebook<7",
)
# ipywidgets 7 lacks the explorer's Stack; a chapter may bring a newer one, with the
# packages that are released together with it.
MAY_CHANGE = {"ipywidgets", "jupyterlab-widgets", "widgetsnbextension", "comm"}

EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
"""
LIST_PACKAGES = """
import importlib.metadata, json
print(json.dumps({
    found.metadata["Name"].lower().replace("_", "-"): found.version
    for found in importlib.metadata.distributions()
}))
"""
BASE_ADDRESS = "from helpers.data._download import base_address; print(base_address())"
# Run by IPython when a kernel starts. pip is another process and may go out: it takes
# what it builds `helpers` with from the package index.
REFUSE_NETWORK = """
import sys

def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if host not in ("localhost", "::1") and not host.startswith("127."):
            raise ConnectionRefusedError(f"a chapter asked for {host}")

sys.addaudithook(refuse)
"""

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))

pytestmark = pytest.mark.skipif(
    os.environ.get("SKIP_COLAB") == "1", reason="SKIP_COLAB=1 is set"
)


@pytest.fixture(scope="module")
def colab():
    """The environment's folder; made anew when the requirements change."""
    key = hashlib.sha256(repr((COLAB, sys.version_info[:2])).encode()).hexdigest()[:12]
    folder = ROOT / ".venv" / f"colab-{key}"
    complete = folder / "complete"
    if not complete.exists():
        for old in folder.parent.glob("colab-*"):
            shutil.rmtree(old)
        run(sys.executable, "-m", "venv", folder)
        run(python(folder), "-m", "pip", "install", "--quiet", *COLAB)
        complete.touch()
    return folder


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """The working tree, uncommitted changes and all, as a repository to clone."""
    folder = copy_checkout(tmp_path_factory.mktemp("book") / "repository")
    git = ("git", "-C", folder, "-c", "user.name=Test", "-c", "user.email=test@local")
    run(*git, "init", "--quiet")
    run(*git, "add", "--all", "--force")
    run(*git, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "Working tree")
    return folder


@pytest.fixture
def machine(colab):
    """A copy of the environment to change; hard links make it quick and small."""
    folder = colab.parent / f"colab-in-use-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(colab, folder, symlinks=True, copy_function=os.link)
    yield folder
    shutil.rmtree(folder)


def python(folder):
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def run(*command, **options):
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    if result.returncode != 0:
        # pytest's own report would print the environment, which may hold secrets.
        pytest.fail((result.stdout + result.stderr)[-6000:], pytrace=False)
    return result.stdout


def from_local_repository(chapter, repository):
    """Return the chapter with the address in its set-up cell turned to `repository`."""
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    setup = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert "set-up" in setup["metadata"].get("tags", []), "the first code cell"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    address = project["project"]["urls"]["Repository"]
    source = "".join(setup["source"])
    assert source.count(f'"{address}"') == 1, source
    assert "git+{source}" in source
    setup["source"] = source.replace(address, repository.as_uri())
    return json.dumps(notebook)


def test_no_chapter_of_the_book_is_left_out():
    if not CHAPTERS:
        pytest.skip("no chapter is written yet")
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"file: chapters/(\S+)", contents))
    assert listed
    assert listed <= {chapter.stem for chapter in CHAPTERS}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_chapter_runs_and_leaves_the_environment_as_it_was(
    chapter, machine, repository, tmp_path
):
    here = python(machine)
    notebook = tmp_path / chapter.name
    notebook.write_text(from_local_repository(chapter, repository), encoding="utf-8")
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "refuse_network.py").write_text(REFUSE_NETWORK)
    away = {
        "cwd": tmp_path,
        "env": clean_environment(tmp_path, IPYTHONDIR=tmp_path / "ipython"),
    }

    before = json.loads(run(here, "-c", LIST_PACKAGES, **away))
    assert "seeing-with-convolutions" not in before
    with serve(ROOT / "data") as server:
        away["env"]["HELPERS_DATA_URL"] = server.url
        run(here, "-c", EXECUTE, notebook, **away)

    after = json.loads(run(here, "-c", LIST_PACKAGES, **away))
    assert after.keys() - before.keys() - MAY_CHANGE == {"seeing-with-convolutions"}
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed <= MAY_CHANGE

    # Each file that the chapter read came once, and nothing else was fetched.
    cache = tmp_path / "cache" / "seeing-with-convolutions"
    cached = {
        "/" + path.relative_to(cache).as_posix()
        for path in cache.rglob("*")
        if path.is_file()
    }
    assert sorted(server.requests) == sorted(cached)

    # A reader's data would come from the very commit that pip installed.
    del away["env"]["HELPERS_DATA_URL"]
    commit = run("git", "-C", repository, "rev-parse", "HEAD").strip()
    assert f"/{commit}/data" in run(here, "-c", BASE_ADDRESS, **away)
