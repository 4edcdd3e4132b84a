"""Links from the book's own pages into sections of its chapters."""

import functools
import re
from pathlib import Path

from myst_parser.mdit_to_docutils.base import default_slugify

from tools.canonical import read
from tools.cells import section, sections

ROOT = Path(__file__).parents[1]
CHAPTERS = {int(path.name[:2]): path for path in (ROOT / "chapters").glob("*.ipynb")}
NOTEBOOKS = {number: read(path) for number, path in CHAPTERS.items()}

# What is shown, the file, and the place in it.
LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]*)(?:#([^)\s]+))?\)")


@functools.cache
def linked_section(address, anchor):
    """Return a chapter's section, with all below it, that a link leads to.

    Raises
    ------
    ValueError
        If no section has this anchor, or more than one.
    """
    notebook = NOTEBOOKS[int(Path(address).name[:2])]
    titles = [each.title for each in sections(notebook)]
    found = [title for title in titles if default_slugify(title) == anchor]
    if len(found) != 1:
        raise ValueError(f"{len(found)} sections of {address} are called {anchor}")
    return section(notebook, found[0])
