"""Building the book: what is built again, what fails and what is said, `make`."""

import contextlib
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from bs4 import BeautifulSoup
from checkout import ROOT, clean_environment, copy_checkout
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes
from PIL import Image

from helpers.data import photograph
from helpers.widgets._frames import Frame
from tools import book, fingerprint, pictures

# --- what counts as a change ---


@pytest.fixture
def tree(tmp_path):
    """A small checkout."""
    for name in (
        "helpers/conv.py", "helpers/plots/maps.py", "data/china.jpg",
        "requirements.lock", "index.md", "chapters/01.ipynb", "_ext/book_pages.py",
    ):  # fmt: skip
        put(tmp_path / name, name)
    return tmp_path


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf8")


def hashes(root):
    return fingerprint.of_execution(root), fingerprint.of_book(root)


@pytest.mark.parametrize(
    "name", ["helpers/conv.py", "helpers/plots/maps.py", "data/china.jpg"]
)
def test_a_byte_of_what_notebooks_use_counts(tree, name):
    before = hashes(tree)
    put(tree / name, name[:-1] + "#")
    after = hashes(tree)
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_lock_file_names_and_new_files_count(tree):
    seen = {hashes(tree)}
    put(tree / "requirements.lock", "numpy==2.4.6")
    seen.add(hashes(tree))
    (tree / "data/china.jpg").rename(tree / "data/China.jpg")
    seen.add(hashes(tree))
    put(tree / "helpers/new/deeper/file.json", "")
    seen.add(hashes(tree))
    assert len(seen) == len({execution for execution, _ in seen}) == 4


@pytest.mark.parametrize("name", ["index.md", "chapters/01.ipynb", "_ext/x/y.py"])
def test_what_notebooks_do_not_use_counts_for_the_pages_alone(tree, name):
    before = hashes(tree)
    put(tree / name, "other")
    after = hashes(tree)
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_another_version_of_a_package_counts(tree, monkeypatch):
    before = hashes(tree)
    newer = fingerprint.versions() | {"Keras": "99.0"}
    monkeypatch.setattr(fingerprint, "versions", lambda: newer)
    after = hashes(tree)
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_junk_does_not_count(tree):
    before = hashes(tree)
    for name in (
        "helpers/.DS_Store", "data/._china.jpg", "helpers/__pycache__/conv.pyc",
        "helpers/__pycache__/x/y.py", "helpers/conv.pyc", "helpers/.conv.py.swp",
        "helpers/conv.py~", "chapters/.ipynb_checkpoints/01-checkpoint.ipynb",
        "data/Thumbs.db", "tests/test_conv.py", "_build/html/index.html",
    ):  # fmt: skip
        put(tree / name, "junk")
    (tree / "helpers/gone.py").symlink_to(tree / "nowhere")
    assert hashes(tree) == before


def test_the_place_of_a_checkout_does_not_count(tree, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "__pycache__" / ".DS_Store"
    shutil.copytree(tree, other)
    assert hashes(other) == hashes(tree)


# --- what is said of a failure: from logs of real builds, shortened ---

BEGUN = """\
reading sources... [ 25%] chapters/tiny
ROOT/chapters/tiny.ipynb: Executing notebook using temporary CWD [mystnb]
[IPKernelApp] WARNING | Kernel is running over TCP without encryption.

Warning, treated as error:
ROOT/chapters/tiny.ipynb:Executing notebook failed: CellExecutionError [mystnb.exec]
Traceback (most recent call last):
  File "nbclient/client.py", line 918, in _check_raise_for_error
    raise CellExecutionError.from_cell_and_msg(cell, exec_reply_content)
nbclient.exceptions.CellExecutionError: An error occurred while executing the \
following cell:
"""
CHAINED = """\


The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "sphinx/util/logging.py", line 266, in pending_warnings
    yield memhandler
myst_nb.core.execute.base.ExecutionError: ROOT/chapters/tiny.ipynb
RuntimeError: There was an error in building your book. Look above for the cause.
"""
RULE = "-" * 75
NAME_ERROR = f"""{BEGUN}------------------
b = 2
print(helpers)
------------------

----- stdout -----
AnError: this is only printed
------------------

{RULE}
NameError                                 Traceback (most recent call last)
Cell In[2], line 2
      1 b = 2
----> 2 print(helpers)

NameError: name 'helpers' is not defined
on two lines

{CHAINED}"""
CHAINED_ERROR = f"""{BEGUN}------------------
print(helpers)
------------------


{RULE}
KeyError                                  Traceback (most recent call last)
Cell In[2], line 1
KeyError: 'a'

The above exception was the direct cause of the following exception:

ValueError                                Traceback (most recent call last)
Cell In[2], line 1
ValueError: no such filter

{CHAINED}"""
SYNTAX_ERROR = f"""{BEGUN}------------------
1+
------------------


  Cell In[2], line 1
    1+
      ^
SyntaxError: invalid syntax

{CHAINED}"""
TIMEOUT = f"""{BEGUN.partition("nbclient.exceptions")[0]}\
nbclient.exceptions.CellTimeoutError: A cell timed out while it was being executed, \
after 120 seconds.
The message was: Cell execution timed out.
Here is a preview of the cell contents:
-------------------
import time
time.sleep(500)
-------------------
{CHAINED}"""
DEAD = """\
ROOT/chapters/tiny.ipynb: Executing notebook using temporary CWD [mystnb]

Exception occurred:
  File "nbclient/client.py", line 1009, in async_execute_cell
    raise DeadKernelError("Kernel died") from None
nbclient.exceptions.DeadKernelError: Kernel died
The full traceback has been saved in /tmp/sphinx-err.log
"""
LINK = """\
ROOT/chapters/tiny.ipynb: Executed notebook in 0.86 seconds [mystnb]

Warning, treated as error:
ROOT/chapters/tiny.ipynb:120004:local id not found in doc 'glossary': 'term-x' \
[myst.xref_missing]
Traceback (most recent call last):
"""
PAGE = """\
Warning, treated as error:
ROOT/how_to_use.md:7:'myst' cross-reference target not found: 'no.md' \
[myst.xref_missing]
"""


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (
            NAME_ERROR,
            "chapters/tiny.ipynb, cell 2 (two, `b = 2`): NameError: name 'helpers' is "
            "not defined\non two lines\n\n    b = 2\n    print(helpers)\n",
        ),
        (
            CHAINED_ERROR,
            "chapters/tiny.ipynb: ValueError: no such filter\n\n    print(helpers)\n",
        ),
        (
            SYNTAX_ERROR,
            "chapters/tiny.ipynb: SyntaxError: invalid syntax\n\n    1+\n",
        ),
        (
            TIMEOUT,
            "chapters/tiny.ipynb: took too long, stopped after 120 seconds\n\n"
            "    import time\n    time.sleep(500)\n",
        ),
        (DEAD, "chapters/tiny.ipynb: its Python died; was there enough memory?"),
        (
            LINK,
            "chapters/tiny.ipynb, cell 12: local id not found in doc 'glossary': "
            "'term-x'",
        ),
        (PAGE, "how_to_use.md:7:'myst' cross-reference target not found: 'no.md'"),
        ("x" * 5000 + "\nConfigError: this\n", "x" * 1981 + "\nConfigError: this"),
    ],
    ids=["name", "chained", "syntax", "timeout", "dead", "link", "page", "other"],
)
def test_a_failure_is_explained(log, said, tmp_path, monkeypatch):
    monkeypatch.setattr(book, "ROOT", tmp_path)
    cells = [
        new_markdown_cell("# Tiny", id="one"),
        new_code_cell("b = 2\nprint(helpers)\n", id="two"),
    ]
    put(tmp_path / "chapters/tiny.ipynb", writes(new_notebook(cells=cells)))
    assert book.explain_failure(log.replace("ROOT", str(tmp_path))) == said


# --- pictures ---


def as_on_paper(path):
    image = Image.open(path).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("RGB"), float)


@pytest.fixture
def site(tmp_path):
    """A built site with a drawing, a photograph, a foreign picture and two pages."""
    images = tmp_path / "site" / "_images"
    images.mkdir(parents=True)
    figure = Figure(figsize=(4, 3), facecolor="none")
    figure.subplots().plot(np.sin(np.linspace(0, 9, 99)))
    with mpl.rc_context({"savefig.transparent": True}):
        figure.savefig(images / f"{'a' * 64}.png", dpi=192)
    photo = Image.fromarray(photograph("china", size=(300, 450)))
    photo.save(images / f"{'b' * 64}.png")
    photo.save(images / "cover.png")
    picture = '<img alt="a &lt; b, see {0}.png" src="{1}_images/{0}.png" width="9">'
    for page, up in (("index.html", ""), ("chapters/one.html", "../")):
        body = "\n".join(
            picture.format(name, up) for name in ("a" * 64, "b" * 64, "cover")
        )
        link = f'<a href="{up}_images/{"b" * 64}.png">Größe</a>'
        put(tmp_path / "site" / page, f"<p>{body}</p>{link}")
    return tmp_path / "site"


def test_pictures_shrink_and_look_the_same(site):
    before = {path.stem: path for path in (site / "_images").iterdir()}
    looks = {stem: as_on_paper(path) for stem, path in before.items()}
    sizes = {stem: path.stat().st_size for stem, path in before.items()}
    pictures.shrink_site(site)
    after = {path.stem: path for path in (site / "_images").iterdir()}
    assert set(after) == set(before)
    assert after["cover"] == before["cover"]
    assert after["cover"].stat().st_size == sizes["cover"]
    for stem in ("a" * 64, "b" * 64):
        assert after[stem].stat().st_size < sizes[stem] / 2
        error = np.square(as_on_paper(after[stem]) - looks[stem]).mean()
        assert 10 * np.log10(255**2 / max(error, 1e-9)) > 30


def test_only_links_to_pictures_change(site):
    pages = {path: path.read_text("utf8") for path in site.rglob("*.html")}
    pictures.shrink_site(site)
    for path, old in pages.items():
        new = path.read_text("utf8")
        assert new != old
        soup = BeautifulSoup(new, "html.parser")
        for image in soup.find_all("img"):
            assert (path.parent / image["src"]).is_file()
        assert (path.parent / soup.a["href"]).is_file()
        assert re.sub(r"(_images/\w+)\.webp", r"\1.png", new) == old


def test_a_picture_that_does_not_shrink_stays(site, monkeypatch):
    larger = Frame("image/webp", b"x" * 10**6, 1, 1)
    monkeypatch.setattr(pictures, "compress", lambda image: larger)
    before = tree_of(site)
    pictures.shrink_site(site)
    assert tree_of(site) == before


# --- a whole build, of a tiny book in a copy of this checkout ---

TOC = """\
format: jb-book
root: index
chapters:
  - file: chapters/tiny
  - file: extra
  - file: glossary
  - file: references
"""
GLOSSARY = "# Glossary\n\n:::{glossary}\nstride\n: A step.\n:::\n"
COUNT = """\
import os

with open(os.environ["BUILD_TEST_RUNS"], "a") as runs:
    runs.write("x")"""
USE = """\
from pathlib import Path

import helpers
from helpers.tiny import answer

data = Path(helpers.__file__).parents[1] / "data" / "tiny.txt"
print(answer(), data.read_text())"""
DRAW = """\
import matplotlib.pyplot as plt

%config InlineBackend.figure_format = "retina"
plt.plot([0, 3, 1])
plt.show()"""
LINKS = "A [stride](../glossary.md#term-stride), [a paper](../references.md#{key})."


class TinyBook:
    """A checkout whose book has one small notebook."""

    def __init__(self, folder):
        self.root = copy_checkout(folder / "checkout")
        self.runs = folder / "runs"
        self.html = self.root / "_build" / "html"
        self.environment = clean_environment(
            folder, PYTHONPATH=self.root, BUILD_TEST_RUNS=self.runs
        )
        bibliography = (self.root / "references.bib").read_text("utf8")
        key = re.search(r"@\w+\{([\w-]+),", bibliography)[1]
        alt = {"mystnb": {"image": {"alt": "A bent line."}}}
        cells = [
            new_markdown_cell("# Tiny\n\n" + LINKS.format(key=key), id="title"),
            new_code_cell(COUNT, id="count"),
            new_code_cell(USE, id="use"),
            new_code_cell(DRAW, id="draw", metadata=alt),
        ]
        kernel = {"name": "python3", "display_name": "Python 3"}
        self.key = key
        notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        self.write("chapters/tiny.ipynb", writes(notebook))
        self.write("_toc.yml", TOC)
        self.write("index.md", "# A tiny book\n\nIt is short.\n")
        self.write("extra.md", "# Extra\n")
        self.write("glossary.md", GLOSSARY)
        self.write("helpers/tiny.py", "def answer():\n    return 'first answer'\n")
        self.write("data/tiny.txt", "first data")

    def write(self, name, text):
        put(self.root / name, text)

    @contextlib.contextmanager
    def changed(self, name, old, new):
        """Replace text in a file for a while."""
        path = self.root / name
        before = path.read_bytes()
        assert old.encode() in before
        path.write_bytes(before.replace(old.encode(), new.encode()))
        yield
        path.write_bytes(before)

    def build(self):
        """Build; the result also has how often the notebook ran."""
        before = self.count()
        result = subprocess.run(
            [sys.executable, "-m", "tools.book"],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        result.runs = self.count() - before
        return result

    def count(self):
        return len(self.runs.read_text()) if self.runs.exists() else 0

    def page(self, name="chapters/tiny"):
        return (self.html / f"{name}.html").read_text("utf8")


def tree_of(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    tiny = TinyBook(tmp_path_factory.mktemp("tiny"))
    tiny.first = tiny.build()
    assert tiny.first.returncode == 0, tiny.first.stderr
    return tiny


def assert_fails(tiny, *parts):
    good = tree_of(tiny.html)
    result = tiny.build()
    assert result.returncode != 0
    for part in parts:
        assert part in result.stderr
    assert "The last good one is untouched." in result.stderr
    assert str(tiny.root / "_build" / "book.log") in result.stderr
    assert len(result.stderr.splitlines()) < 25
    assert tree_of(tiny.html) == good
    return result


def test_first_build_is_calm_and_says_where_the_book_is(tiny):
    said = tiny.first.stdout
    assert (tiny.html / "index.html").as_uri() in said
    assert re.search(r"^chapters/tiny\.ipynb: ran in \d+ s$", said, re.M)
    assert len(said.splitlines()) == 5
    assert tiny.first.stderr == ""
    assert "IPKernelApp" in (tiny.root / "_build" / "book.log").read_text()
    page = BeautifulSoup(tiny.page(), "html.parser")
    assert "first answer first data" in page.text
    for link in (f"references.html#cite-{tiny.key}", "glossary.html#term-stride"):
        assert page.find("a", href=f"../{link}")
        name, _, anchor = link.partition("#")
        target = BeautifulSoup((tiny.html / name).read_text("utf8"), "html.parser")
        assert target.find(id=anchor)
    image = page.find("img", alt="A bent line.")
    assert (tiny.html / "chapters" / image["src"]).is_file()
    assert not image["src"].endswith(".png")
    assert image["loading"] == "lazy"
    assert 1.1 < int(image["width"]) / int(image["height"]) < 1.5
    assert "style" not in image.attrs


def test_nothing_is_done_where_nothing_changed(tiny):
    good = tree_of(tiny.html)
    for junk in ("helpers/.DS_Store", "chapters/.ipynb_checkpoints/tiny.ipynb"):
        tiny.write(junk, "junk")
    result = tiny.build()
    assert result.returncode == 0
    assert "Nothing has changed" in result.stdout
    assert (tiny.html / "index.html").as_uri() in result.stdout
    assert re.search(r"Done in [0-4] s", result.stdout)
    assert result.runs == 0
    assert tree_of(tiny.html) == good


def test_a_changed_function_changes_the_page(tiny):
    tiny.write("helpers/tiny.py", "def answer():\n    return 'second answer'\n")
    result = tiny.build()
    assert result.returncode == 0, result.stderr
    assert result.runs == 1
    assert "second answer first data" in tiny.page()
    assert "first answer" not in tiny.page()


def test_changed_data_change_the_page_and_a_dropped_page_goes(tiny):
    tiny.write("data/tiny.txt", "second data")
    tiny.write("_toc.yml", TOC.replace("  - file: extra\n", ""))
    result = tiny.build()
    assert result.returncode == 0, result.stderr
    assert result.runs == 1
    assert "second data" in tiny.page()
    assert not (tiny.html / "extra.html").exists()
    assert "Extra" not in tiny.page("index")
    assert len(list((tiny.html / "_images").glob("?" * 64 + ".*"))) == 1


def test_a_changed_lock_file_runs_notebooks_again(tiny):
    with tiny.changed("requirements.lock", "absl-py==", "absl-py==0"):
        result = tiny.build()
    assert result.returncode == 0, result.stderr
    assert result.runs == 1


def test_a_notebook_that_raises(tiny):
    with tiny.changed("chapters/tiny.ipynb", "print(answer(),", "print(answer(1),"):
        for _ in range(2):
            result = assert_fails(
                tiny,
                "chapters/tiny.ipynb, cell 3 (use, `from pathlib import Path`): "
                "TypeError: answer() takes 0 positional arguments but 1 was given",
                "    print(answer(1), data.read_text())",
            )
            assert result.runs == 1
            assert "Done" not in result.stdout
    # The words of a page changed, and the notebook is what it was: nothing runs.
    tiny.write("glossary.md", GLOSSARY.replace("A step.", "A wide step."))
    result = tiny.build()
    assert result.returncode == 0, result.stderr
    assert result.runs == 0
    assert "A wide step." in tiny.page("glossary")


def test_a_page_keeps_the_day_of_its_execution(tiny):
    for cache in (tiny.root / "_build" / "executed").glob("*/global.db"):
        with contextlib.closing(sqlite3.connect(cache)) as records, records:
            records.execute("UPDATE nbcache SET created = '2001-02-03 04:05:06.0'")
    tiny.write("index.md", "# A tiny book\n\nIt is very short.\n")
    result = tiny.build()
    assert result.returncode == 0, result.stderr
    assert result.runs == 0
    stamp = BeautifulSoup(tiny.page(), "html.parser").select_one("article .verified")
    assert stamp.time["datetime"] == "2001-02-03"
    assert "3 February 2001" in stamp.text
    for name, version in fingerprint.versions().items():
        assert f"{name} {version}" in stamp.text
    assert "verified" not in tiny.page("index")


def test_a_link_whose_target_went_from_another_page(tiny):
    with tiny.changed("glossary.md", "stride\n:", "steps\n:"):
        assert_fails(tiny, "chapters/tiny.ipynb, cell 1: ", "'term-stride'")


def test_a_link_to_no_reference(tiny):
    with tiny.changed("index.md", "short", "[short](references.md#nosuchkey)"):
        assert_fails(tiny, "index.md:3:", "'nosuchkey'")


def test_stray_stderr(tiny):
    noise = ("print(answer(),", "print(answer(), file=__import__('sys').stderr) #")
    with tiny.changed("chapters/tiny.ipynb", *noise):
        assert_fails(tiny, "chapters/tiny.ipynb, cell 3: stderr was found")


def test_an_interrupted_replacement_is_mended(tiny):
    tiny.html.rename(tiny.html.with_name("html.last"))
    assert tiny.build().returncode == 0
    assert (tiny.html / "index.html").exists()


# --- make ---


@pytest.fixture
def make(tmp_path):
    """Run make with this Makefile in an empty folder."""
    if not shutil.which("make"):
        pytest.skip("there is no make")
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "pyproject.toml"):
        put(tmp_path / name, "")
    outer = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")

    def run(*arguments):
        environment = clean_environment(tmp_path)
        return subprocess.run(
            ["make", *arguments],
            cwd=tmp_path,
            env={k: v for k, v in environment.items() if k not in outer},
            capture_output=True,
            text=True,
            timeout=60,
        )

    run.folder = tmp_path
    return run


def fake_python(path, version):
    put(path, f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return path


def assert_one_line(result, *parts):
    assert result.returncode != 0
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    for part in parts:
        assert part in line


@pytest.mark.parametrize("target", ["book", "test", "setup"])
def test_unsupported_python_is_told_in_one_line(make, target):
    fake = fake_python(make.folder / "fake", 3.9)
    result = make(target, f"PYTHON={fake}")
    advice = f"Try: make {target} PYTHON=/path/to/python3.11"
    assert_one_line(result, "needs Python 3.11, 3.12 or 3.13", f"{fake} is 3.9", advice)
    assert not (make.folder / ".venv").exists()


def test_no_python_is_told_in_one_line(make):
    assert_one_line(make("book", "PYTHON=nonesuch"), "nonesuch is not a Python")
    assert_one_line(make("book", "CANDIDATES=nonesuch"), "none of nonesuch is one")


def test_an_environment_of_another_python_is_noticed(make):
    fake = fake_python(make.folder / ".venv/bin/python", "3.10")
    put(make.folder / ".venv/ready", "")
    assert_one_line(make("book"), "the one in .venv is 3.10", "make distclean")
    fake_python(fake, "3.12")
    other = fake_python(make.folder / "other", "3.13")
    result = make("book", f"PYTHON={other}")
    assert_one_line(result, ".venv has Python 3.12", "is 3.13", "make distclean")
    fake.unlink()
    assert_one_line(make("book"), "the one in .venv is gone", "make distclean")


def test_a_supported_python_is_taken(make):
    fake = fake_python(make.folder / "fake", "3.12")
    result = make("-n", "setup", f"PYTHON={fake}")
    assert result.returncode == 0, result.stderr
    assert f"{fake} -m venv .venv" in result.stdout


def test_help_lists_every_target(make):
    text = (ROOT / "Makefile").read_text("utf8")
    targets = re.findall(r"^([a-z-]+):.*## ", text, re.M)
    listed = dict(line.split(maxsplit=1) for line in make().stdout.splitlines())
    assert {"book", "test", "serve", "notebooks", "clean", "bench"} < set(targets)
    assert list(listed) == targets
    assert all(len(words) > 10 for words in listed.values())
    assert make("help").stdout == make().stdout


def test_notebooks_run_alike_in_make_and_in_the_book(make):
    recipe = make("-n", "chapters").stdout
    assert "env $(.venv/bin/python -m tools.notebooks environment)" in recipe
    assert "--nbval-cell-timeout 120" in recipe


def test_ci_script():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", script], check=True)
    assert "make test" in script.read_text()


def test_what_is_built_is_ignored_by_git():
    made = [
        "_build/html/index.html", ".venv/ready", "build/x", "dist/x", "x.egg-info/y",
        ".pytest_cache/x", ".hypothesis/x", ".ruff_cache/x", "helpers/__pycache__/x",
        "chapters/.ipynb_checkpoints/x", "data/.DS_Store",
    ]  # fmt: skip
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    command = ["git", "check-ignore", *made]
    ignored = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ignored.stdout.split() == made


def test_serve_says_what_is_missing(tmp_path):
    for name in ("__init__", "book", "fingerprint", "serve"):
        put(tmp_path / f"tools/{name}.py", (ROOT / f"tools/{name}.py").read_text())
    result = subprocess.run(
        [sys.executable, "-m", "tools.serve"],
        cwd=tmp_path,
        env=clean_environment(tmp_path, PYTHONPATH=tmp_path),
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert result.stderr == "There is no built book yet: run `make book` first.\n"
