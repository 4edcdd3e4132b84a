"""Every chapter's notebook keeps the house rules, and each rule is shown to bite."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbformat.v4.nbjson import reads

from tools import notebooks
from tools.canonical import PINNED, canonical, read
from tools.cells import Drawing, code_tree
from tools.notebook_checks import CHECKS, Book, glossary_anchors, long_numbers

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


def test_there_are_chapters():
    assert CHAPTERS


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.name)
def test_chapter_keeps(path, check):
    assert not list(CHECKS[check](read(path), path, Book.at(ROOT)))


def test_address_is_the_same_everywhere():
    current = notebooks.address()
    assert f'Repository = "{current}"' in (ROOT / "pyproject.toml").read_text("utf8")
    for name in notebooks.ADDRESSED:
        assert current in (ROOT / name).read_text("utf8")


# A notebook in small that keeps all rules. Below, each of them is broken in turn.

ADDRESS = "https://example.org/book"
ALT = "A picture of a window on a grid"


def code(source="1 + 1", alt=None, tags=(), printed=None):
    metadata = {"tags": list(tags)} if tags else {}
    if alt:
        metadata["mystnb"] = {"image": {"alt": alt}}
    outputs = [new_output("stream", text=printed)] if printed else []
    return new_code_cell(source, metadata=metadata, outputs=outputs)


def pinned(printed="0.5\n"):
    return code(f"print({printed!r})", tags=[PINNED], printed=printed)


def good_cells():
    return [
        new_markdown_cell("# A small notebook\n\nSee [two](02_other.ipynb)."),
        code(f'source = "{ADDRESS}"', tags=[notebooks.SETUP]),
        new_markdown_cell("A [paper](../references.md#first2020), $x_{{i}}$ and `{{`."),
        code("fig = plots.window(1)\nfig", alt=ALT),
        code('explorer(plots.window, alt="How the window moves", step=range(3))'),
        *[pinned(f"{number}\n") for number in range(8)],
        new_markdown_cell("A [stride](../glossary.md#term-stride)."),
    ]


def book_at(root):
    (root / "chapters").mkdir()
    (root / "_config.yml").write_text(f"repository: {{url: {ADDRESS}}}")
    (root / "references.bib").write_text("@article{first2020,\n}\n")
    (root / "references.md").write_text("# References\n")
    glossary = "# Glossary\n\n```{glossary}\nstride\n  A step.\n```\n"
    (root / "glossary.md").write_text(glossary)
    (root / "chapters" / "02_other.ipynb").write_text("")
    return Book.at(root)


def faults(check, cells, root):
    """Return what a check finds in the canonical form of some cells."""
    book, path = book_at(root), root / "chapters" / "01_small.ipynb"
    path.write_text(canonical(new_notebook(cells=cells), path.name))
    return list(CHECKS[check](read(path), path, book))


@pytest.mark.parametrize("check", CHECKS)
def test_good_notebook_keeps(check, tmp_path):
    assert faults(check, good_cells(), tmp_path) == []


PROSE = new_markdown_cell
DRAWS_LATER = "def draw(size):\n    return plots.window(size)"
BROKEN = [
    ("set_up", [code(), *good_cells()], "not tagged"),
    ("set_up", [code('source = "https://a.b"', tags=["set-up"])], "does not say"),
    ("set_up", [code("import numpy", tags=["set-up"])], "does not say"),
    ("size", [code("\n".join(["x = 1"] * 21))], "21 lines"),
    ("size", [PROSE("\n".join(["word"] * 21))], "21 lines"),
    ("size", [code("x = " + "1" * 73)], "77 characters"),
    ("size", [PROSE("```python\nx = " + "1" * 73 + "\n```")], "77 characters"),
    ("alternatives", [code("plots.window(1)")], "is missing"),
    ("alternatives", [code("x = 1"), code("plt.imshow(x)")], "is missing"),
    ("alternatives", [code("fig = plots.window(1)"), code("fig")], "is missing"),
    ("alternatives", [code(DRAWS_LATER), code("draw(3)")], "is missing"),
    ("alternatives", [code("display(plots.window(1))")], "is missing"),
    ("alternatives", [code("plots.window(1)", alt="A picture")], "9 characters"),
    ("alternatives", [code("plots.a()", ALT), code("plots.a()", ALT)], "repeats"),
    ("alternatives", [code("explorer(plots.a, step=[1])")], "no alt"),
    ("alternatives", [code('explorer(plots.a, "Short", step=[1])')], "5 characters"),
    ("alternatives", [code("plots.a()", ALT), code(f"explorer(a, {ALT!r})")], "repeat"),
    ("book_only_markup", [PROSE("```{note}\nRead.\n```")], "directive"),
    ("book_only_markup", [PROSE(":::{note}\nRead.\n:::")], "directive"),
    ("book_only_markup", [PROSE("See {ref}`this`.")], "role {ref}"),
    ("book_only_markup", [PROSE("(here)=\n# Title")], "target"),
    ("book_only_markup", [PROSE("It is {{ name }}.")], "substitution"),
    ("book_only_markup", [PROSE("Said.[^1]")], "footnote"),
    ("book_only_markup", [PROSE("about 75\n% of them")], "comment"),
    ("book_only_markup", [PROSE("+++\nnext")], "block break"),
    ("book_only_markup", [PROSE("stride\n: a step")], "definition list"),
    ("links", [PROSE("[three](03_missing.ipynb)")], "no such file"),
    ("links", [PROSE("[other](02_other.html)")], "no such file"),
    ("links", [PROSE("![a picture](missing.png)")], "no such file"),
    ("links", [PROSE("[paper](../references.md#second2020)")], "no such entry"),
    ("links", [PROSE("[pad](../glossary.md#term-padding)")], "no such term"),
    ("pins", [pinned() for _ in range(7)], "7 pinned cells"),
    ("pins", [code("x = 1", tags=[PINNED])], "no output is stored"),
    ("pins", [pinned("0.1234\n")], "0.1234"),
    ("pins", [pinned("2.21.0\n")], "2.21.0"),
    ("unfinished", [PROSE("TODO: write")], "TODO"),
    ("unfinished", [code("x = 1  # FIXME")], "FIXME"),
]


@pytest.mark.parametrize(("check", "cells", "message"), BROKEN)
def test_broken_rule_is_found(check, cells, message, tmp_path):
    assert any(message in fault for fault in faults(check, cells, tmp_path))


def test_form_and_stray_outputs_are_checked_in_the_file(tmp_path):
    book, path = book_at(tmp_path), tmp_path / "chapters" / "01_small.ipynb"
    text = canonical(new_notebook(cells=good_cells()), path.name)
    path.write_text(text + "\n")
    assert list(CHECKS["canonical_form"](read(path), path, book))
    notebook = reads(text)
    notebook.cells[3].outputs = [new_output("stream", text="stray")]
    assert "not pinned" in " ".join(CHECKS["pins"](notebook, path, book))


def test_each_check_is_shown_to_fail():
    assert {check for check, _, _ in BROKEN} | {"canonical_form"} == set(CHECKS)


@pytest.mark.parametrize(
    ("source", "draws"),
    [
        ("plots.window(1)", True),
        ("fig, axes = plt.subplots()", True),
        ("from helpers.plots import layers\nlayers.sheet(maps)", True),
        ("for size in (1, 2):\n    plots.window(size)", True),
        ("%matplotlib inline\nplt.show()", True),
        (DRAWS_LATER, False),
        ("explorer(lambda size: plots.window(size), 'A picture', size=[1])", False),
        ("explorer(plots.window, 'A picture', size=[1])", False),
        ("fig = plots.window(1)", False),
        ("plt.close('all')", False),
        ("plt.rcParams.update({})", False),
        ("print(plt)", False),
        ("from helpers.plots import layers as plots", False),
    ],
)
def test_drawing_cells_are_known_by_their_source(source, draws):
    assert Drawing().draws(code_tree(source)) is draws


SHORT = [
    *("0.123", "12.3 %", "1.5e-07", "1e-05", "0.000", "x=1.25.", "-0.5", "3.14, 2.72"),
    *("135,003,000,000", "15_200", "(1, 224, 224, 3)", "[0. 1.]", "True", "float32"),
]
LONG = [
    *("0.1234", "1.000", "135.0", "1,234.5", "1.234e-05", "12345e3", "-12.34", ".1234"),
    *("2.21.0", "x0.1234"),
]


@pytest.mark.parametrize("text", SHORT)
def test_short_numbers_pass(text):
    assert long_numbers(text) == []


@pytest.mark.parametrize("text", LONG)
def test_long_numbers_are_found(text):
    assert len(long_numbers(text)) == 1


def test_glossary_anchors_are_those_of_sphinx():
    page = "# Glossary\n\n:::{glossary}\n:sorted:\n\nfeature map\nIoU\n  Area.\n"
    page += "\n1×1 convolution\n  Small.\n:::\n\nOther text\n"
    expected = {"term-feature-map", "term-IoU", "term-11-convolution"}
    assert glossary_anchors(page) == expected
