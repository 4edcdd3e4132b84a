"""Look for solutions of graded sets where no student may see them."""

import html
import json
import re
from pathlib import Path

import nbformat

SHORTEST = 25
LOOKED_AT = {".html", ".js", ".ipynb", ".txt", ".md", ".py", ".json", ".toml", ""}


def solution_lines(solution, student):
    """Return the lines of code that stand in the solutions alone.

    Parameters
    ----------
    solution, student : pathlib.Path
        Notebooks of one built set.

    Returns
    -------
    set of str
        Lines of at least `SHORTEST` characters, without space around them.
    """
    return _lines(solution) - _lines(student)


def _lines(path):
    notebook = nbformat.read(path, as_version=4)
    lines = {line for cell in notebook.cells for line in _code(cell).split("\n")}
    return {line.strip() for line in lines if len(line.strip()) >= SHORTEST}


def _code(cell):
    return cell.source if cell.cell_type == "code" else ""


def find_leaks(lines, folder):
    """Return which lines stand in which files of a folder.

    Parameters
    ----------
    lines : set of str
        What must not be there.
    folder : pathlib.Path
        With pages, their sources, search indices, notebooks; looked at to the bottom.

    Returns
    -------
    list of (pathlib.Path, str)
        File and line.
    """
    wanted = {_squeezed(line): line for line in lines}
    leaks = []
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix in LOOKED_AT and path.is_file():
            content = _squeezed(_plain(path))
            leaks += [(path, line) for key, line in wanted.items() if key in content]
    return leaks


def _plain(path):
    """Return a file's text without what only its format adds."""
    text = path.read_bytes().decode("utf8", "replace")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells)
    if path.suffix == ".html":
        # A highlighted line of code is cut up by spans.
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return text.replace('\\"', '"').replace("\\'", "'")


def _squeezed(text):
    """Return text without any white space, which formatters move about."""
    return "".join(text.split())
