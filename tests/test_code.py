"""What all of the book's code keeps to: short modules, and docstrings that are true."""

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.canonical import read
from tools.cells import code_tree

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("helpers", "tools", "benchmarks", "_ext")
MODULES = sorted(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))
MOST_LINES = 299
TRAININGS = set().union(
    *(
        tomllib.loads(path.read_text("utf8"))
        for path in ROOT.glob("helpers/training/*.toml")
    )
)

NAMED = re.compile(r"\bChapters? (\d+)(?: (?:and|to) (\d+))?(?:, (?=[A-Z])([^.]*))?")
CLAIM = re.compile(
    r"\b(derived|explained|introduced|told|used) (in|from)"
    r" Chapters? (\d+)(?: and (\d+))?",
    re.IGNORECASE,
)


@dataclass
class Chapter:
    """What docstrings may say of a chapter."""

    title: str
    text: str  # lowercase
    named: set  # in its code: modules, what it takes from them, trainings


def chapters():
    """Return the chapters by number."""
    found = {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = read(path).cells
        text = "\n".join(cell.source for cell in cells)
        number, title = re.search(r"^# (\d+) · (.+)$", text, re.MULTILINE).groups()
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        named = set().union(*(names(code_tree(source)) for source in code))
        found[int(number)] = Chapter(title, text.lower(), named)
    return found


def names(tree):
    """Yield the names that code takes from modules, and those of trainings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (getattr(node, "module", None) or "").split(".")
            for alias in node.names:
                yield from alias.name.split(".")
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and node.value in TRAININGS:
            yield node.value


CHAPTERS = chapters()


def docstrings(path):
    """Yield the docstrings of a module that name chapters, each with whose it is."""
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = " ".join((ast.get_docstring(node) or "").replace("*", "").split())
            if NAMED.search(text):
                yield getattr(node, "name", None), text


def faults(path, name, text):
    """Yield what a docstring says of the chapters that is not so."""
    for first, second, title in NAMED.findall(text):
        for number in map(int, filter(None, (first, second))):
            if number not in CHAPTERS:
                yield f"there is no Chapter {number}"
            elif title and not title.startswith(CHAPTERS[number].title):
                yield f"Chapter {number} is not called {title}"
    for verb, since, *numbers in CLAIM.findall(text):
        knows = uses if verb.lower() == "used" else tells
        users = [number for number in CHAPTERS if knows(CHAPTERS[number], path, name)]
        for number in map(int, filter(None, numbers)):
            if number not in users:
                yield f"not {verb.lower()} in Chapter {number}, but in {users}"
            if since.lower() == "from" and users[:1] != [number]:
                yield f"Chapter {number} is not the first of {users}"


def uses(chapter, path, name):
    """Tell whether a chapter's code takes what the docstring belongs to."""
    return (name or public(path)) in chapter.named


def tells(chapter, path, name):
    """Tell whether a chapter has all the words of the name in it."""
    words = re.findall(r"[A-Z]?[a-z]+|\d+|[A-Z]+(?![a-z])", name or public(path))
    return all(word.lower() in chapter.text for word in words)


def public(path):
    """Return the last part of a module's name that is public."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return [part for part in parts if not part.startswith("_")][-1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_short(path):
    assert len(path.read_text("utf8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [(path, *found) for path in MODULES for found in docstrings(path)],
    ids=lambda value: value.stem if isinstance(value, Path) else None,
)
def test_docstring_names_chapters_rightly(path, name, text):
    assert not list(faults(path, name, text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Used in Chapter 99.", "no Chapter 99"),
        ("Figures of Chapter 1, Pooling layers.", "not called Pooling layers"),
        ("Used in Chapter 10.", "not used in Chapter 10, but in"),
        ("Used from Chapter 3 on.", "Chapter 3 is not the first"),
    ],
)
def test_wrong_claims_are_found(text, fault):
    found = list(faults(ROOT / "helpers/conv.py", "conv2d", text))
    assert fault in " ".join(found)


def test_names_that_no_chapter_tells_of_are_found():
    found = list(
        faults(ROOT / "helpers/conv.py", "hypernetwork", "Derived in Chapter 1.")
    )
    assert found == ["not derived in Chapter 1, but in []"]


@pytest.mark.parametrize(
    "text",
    ["Derived in Chapter 2, Convolutional layers.", "Used in Chapters 2 and 4.", "Hi."],
)
def test_right_claims_are_let_be(text):
    assert not list(faults(ROOT / "helpers/conv.py", "conv2d", text))
