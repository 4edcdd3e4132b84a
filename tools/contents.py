"""What stands in the chapters: figures, explorers, and what each chapter needs."""

import ast
import re
from dataclasses import dataclass
from functools import cache

from tools.canonical import read
from tools.cells import calls, code_tree, sections
from tools.chapter_parts import OBJECTIVES, text_of
from tools.fingerprint import ROOT


@dataclass(frozen=True)
class Figure:
    """A figure: the section that it stands in, its name and its caption."""

    section: str
    name: str
    caption: str

    @property
    def anchor(self):
        """What a link to it ends with; its name alone may be a heading's, too."""
        return f"figure-{self.name}"


@dataclass(frozen=True)
class Explorer:
    """An explorer: its section, its cell, its anchor, and what its pictures show."""

    section: str
    cell: int
    anchor: str
    shows: str


@dataclass(frozen=True)
class Chapter:
    """A chapter: its title and page, what it needs in words and by chapter number."""

    number: int
    title: str
    page: str
    preparation: str
    needs: frozenset[int]
    figures: tuple[Figure, ...]
    explorers: tuple[Explorer, ...]


@cache
def chapters(root=ROOT):
    """Return the chapters of the book, in order."""
    paths = sorted((root / "chapters").glob("[0-9][0-9]_*.ipynb"))
    return tuple(_chapter(read(path), f"chapters/{path.name}") for path in paths)


def _chapter(notebook, page):
    places = {id(cell): place for place, cell in enumerate(notebook.cells)}
    figures, explorers = [], []
    for each in sections(notebook):
        for cell in each.code:
            if described := cell.metadata.get("mystnb", {}).get("figure"):
                figures.append(
                    Figure(each.title, described["name"], described["caption"])
                )
            for call in calls(code_tree(cell.source), "explorer"):
                anchor = f"explorer-{len(explorers) + 1}"
                place = places[id(cell)]
                explorers.append(Explorer(each.title, place, anchor, _shown(call)))
    number, title = sections(notebook)[1].title.split(" · ", 1)
    text = text_of(notebook, OBJECTIVES)
    preparation = re.search(r"^\*\*You need:\*\* *(.+)", text, re.MULTILINE)[1]
    needs = frozenset(map(int, re.findall(r"\((\d\d)_", preparation)))
    return Chapter(
        int(number), title, page, preparation, needs, tuple(figures), tuple(explorers)
    )


def _shown(call):
    """Return what an explorer's pictures show, with its controls' names in italics."""
    (given,) = [keyword.value for keyword in call.keywords if keyword.arg == "alt"]

    def name(control):
        return f"*{control[1].replace('_', ' ')}*"

    return re.sub(r"\{(\w+)\}", name, ast.literal_eval(given))


def without_implied(needs):
    """Return what each chapter needs, but for what follows from its other needs.

    Parameters
    ----------
    needs : dict of int to set of int

    Examples
    --------
    >>> without_implied({1: set(), 2: {1}, 3: {1, 2}})
    {1: set(), 2: {1}, 3: {2}}
    """

    def all_before(number):
        return set(needs[number]).union(*map(all_before, needs[number]))

    return {
        number: set(direct) - set().union(*map(all_before, direct))
        for number, direct in needs.items()
    }
