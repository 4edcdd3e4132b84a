"""Every symbol of the chapters' equations is explained on the page of notation."""

import re
from functools import cache
from pathlib import Path

import pytest

from tools.canonical import read
from tools.cells import sections

ROOT = Path(__file__).parents[1]
CHAPTERS = {
    int(path.name[:2]): path for path in sorted((ROOT / "chapters").glob("*.ipynb"))
}
PAGE = (ROOT / "notation.md").read_text(encoding="utf8")
# Explained above the tables: the exponential function's base. No symbols of the book's:
# functions of a whole word, pi, signs.
EXCEPTIONS = {"e", r"\pi"}
WORDS = r"\\(?:text|mathrm|operatorname|begin|end)\{[^}]*\}"
LETTERS = "alpha|beta|gamma|epsilon|varepsilon|eta|lambda|mu|sigma|varphi|pi"
GREEK = rf"\\(?:{LETTERS})(?![a-zA-Z])"
ONE_SYMBOL = rf"{GREEK}|\\math(?:bf|cal)\{{\w\}}|\\hat|\\ast"
OTHER_COMMAND = r"\\[a-zA-Z]+"


def mathematics(text):
    """The formulas of Markdown, without code."""
    text = re.sub(r"```.*?```|`[^`]*`", " ", text, flags=re.DOTALL)
    found = re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", text, re.DOTALL)
    return [display or inline for display, inline in found]


def symbols(formula):
    """The letters of a formula, bold and script ones apart.

    >>> sorted(symbols(r"\\hat{b}_k = \\mathbf{W} x^{\\ast} + e^{-t_w} \\text{ if }"))
    ['\\\\ast', '\\\\hat', '\\\\mathbf{W}', 'b', 'e', 'k', 't', 'w', 'x']
    """
    found = re.findall(
        rf"({ONE_SYMBOL})|{OTHER_COMMAND}|([a-zA-Z])", re.sub(WORDS, " ", formula)
    )
    return {command or letter for command, letter in found if command or letter}


@cache
def used(number):
    """The symbols of a chapter, each with the formulas that have it."""
    found = {}
    for part in sections(read(CHAPTERS[number])):
        for formula in mathematics("\n".join(part.markdown)):
            for symbol in symbols(formula):
                found.setdefault(symbol, []).append(formula)
    return found


def tables():
    """Of each table: the chapter that it is for, or nothing, and its rows."""
    for part in re.split(r"^##+ ", PAGE, flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| (\$.*?) \| (.*) \|$", part, re.MULTILINE)
        chapter = re.match(r"Chapter (\d+)$", part, re.MULTILINE)
        if rows:
            yield chapter and int(chapter[1]), rows, part


def explained():
    """Symbols by chapter; those of the whole book under nothing."""
    return {
        chapter: set().union(
            *(symbols(each) for cell, _ in rows for each in mathematics(cell))
        )
        for chapter, rows, _ in tables()
    }


@pytest.mark.parametrize("number", CHAPTERS)
def test_every_symbol_of_a_chapter_is_explained(number):
    found = explained()
    again = {17: 6}  # the exercises ask about that chapter's symbols, as the page says
    known = found[None] | found.get(number, set()) | found.get(again.get(number), set())
    lost = {name: used(number)[name] for name in set(used(number)) - known - EXCEPTIONS}
    assert lost == {}


@pytest.mark.parametrize("number", [number for number, _, _ in tables() if number])
def test_what_a_chapter_is_said_to_use_it_uses(number):
    assert explained()[number] - set(used(number)) == set()


def test_the_first_table_leads_to_where_a_symbol_is_met():
    ((_, rows, _),) = [table for table in tables() if table[0] is None]
    for cell, rest in rows:
        number = int(re.search(r"\[Chapter (\d+)\]\(chapters/(\d\d)_", rest)[1])
        names = set().union(*map(symbols, mathematics(cell)))
        assert names & set(used(number)), f"Chapter {number} has none of {cell}"


def test_each_chapter_s_table_leads_into_it():
    for number, _, part in tables():
        if number:
            pages = re.findall(r"\]\(chapters/(\d\d)_[^)#]*#[^)]+\)", part)
            assert f"{number:02}" in pages


def test_how_to_use_leads_here():
    assert "](notation.md)" in (ROOT / "how_to_use.md").read_text(encoding="utf8")
