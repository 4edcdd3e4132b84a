"""Every chapter has its parts, and each topic of the curriculum has its section."""

import tomllib
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.canonical import read
from tools.cells import section, sections, words
from tools.chapter_parts import FIXED, PARTS, prose_words, searchable

ROOT = Path(__file__).resolve().parents[1]
CURRICULUM = tomllib.loads((ROOT / "tests/curriculum.toml").read_text("utf8"))
CHAPTERS = CURRICULUM["chapter"]


def test_curriculum_and_chapters_are_the_same_files():
    listed = [chapter["file"] for chapter in CHAPTERS]
    assert listed
    assert listed == sorted(path.name for path in (ROOT / "chapters").glob("*.ipynb"))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter["file"])
def test_chapter_has(chapter, part):
    notebook = read(ROOT / "chapters" / chapter["file"])
    assert not list(PARTS[part](notebook, chapter, ROOT))


# A chapter in small, which has everything. Below, each part is taken away in turn.

CHAPTER = {
    "file": "07_small.ipynb",
    "explorers": 3,
    "topic": [{"name": "strides", "section": "Strides", "words": ["stride of 2,000"]}],
}
START = """# A small chapter

## What you will be able to do

- count
- test
- read

**You need:** nothing.

**Time:** 20 minutes to read, 5 seconds to run."""
READING = "## Further reading\n\n" + "\n".join(
    f"- [Paper](../references.md#paper{number})" for number in range(3)
)


def small_chapter():
    """Return a chapter's cells by name, in order."""
    prose = f"## Strides\n\nA *stride* of\n2,000. {'word ' * 2600}"
    cells = {"start": START, "prose": prose}
    for number in range(8):
        alt = {"mystnb": {"image": {"alt": f"figure {number}"}}}
        cells[f"figure {number}"] = new_code_cell("plots.show()", metadata=alt)
    for number in range(3):
        cells[f"explorer {number}"] = new_code_cell("explorer(draw, 'A figure')")
    cells["predict"] = "**Predict, then look.** What comes?"
    cells["look"] = new_code_cell("1 + 1")
    cells["fail"] = "## See it fail\n\n" + "word " * 150
    cells["failure"] = new_code_cell("1 / 1")
    cells["quiz"] = "## Quick quiz"
    cells["ask"] = new_code_cell('quiz("small")')
    cells["exercises"] = "## Exercises"
    for number, level in enumerate(["Recall", "Implement", "Investigate"], start=1):
        cells[level] = f"### Exercise 7.{number} · {level}\n\nDo it."
        cells[f"check {level}"] = new_code_cell("assert answer == 1")
    cells["summary"] = "## Summary\n\n" + "\n".join(["- a line"] * 10)
    cells["reading"] = READING
    cells["returns"] = "## Where this returns\n\nIn chapter 9."
    return cells


def faults(part, cells, chapter, root, questions=3):
    quizzes = root / "helpers" / "quizzes"
    quizzes.mkdir(parents=True)
    (quizzes / "small.toml").write_text('[[question]]\ntext = "?"\n' * questions)
    made = [
        new_markdown_cell(cell) if isinstance(cell, str) else cell
        for cell in cells.values()
    ]
    return list(PARTS[part](new_notebook(cells=made), chapter, root))


@pytest.mark.parametrize("part", PARTS)
def test_complete_chapter_has(part, tmp_path):
    assert faults(part, small_chapter(), CHAPTER, tmp_path) == []


def without(*names):
    return dict.fromkeys(names)


def replaced(name, old, new):
    cell = small_chapter()[name]
    source = cell if isinstance(cell, str) else cell.source
    assert old in source
    source = source.replace(old, new)
    return {name: source if isinstance(cell, str) else new_code_cell(source)}


BROKEN = [
    ("headings", without("summary"), "## Summary stands 0 times"),
    ("headings", {"extra": "## Summary"}, "## Summary stands 2 times"),
    ("headings", {"extra": "# A second title"}, "one title"),
    ("headings", replaced("start", "# A small chapter\n", ""), "one title"),
    ("headings", replaced("prose", "## S", "## Summary\n\n## S"), "in the order"),
    ("headings", replaced("start", "## What", "## First\n\n## What"), "first section"),
    ("objectives", replaced("start", "- test\n", ""), "2 objectives"),
    ("objectives", replaced("start", "- test\n", "- test\n" * 4), "6 objectives"),
    ("preparation", replaced("start", "**You need:**", "Need:"), "**You need:**"),
    ("preparation", replaced("start", "20 minutes", "Long"), "**Time:**"),
    ("preparation", replaced("start", "5 seconds", "soon"), "**Time:**"),
    ("figures", without("figure 7"), "7 figures"),
    ("explorers", without("explorer 1"), "2 explorers, at least 3"),
    ("explorers", replaced("explorer 1", "explorer", "# explorer"), "2 explorers"),
    ("predictions", without("predict"), "no paragraph"),
    ("predictions", without("look"), "nothing to look at"),
    ("failure", without("failure"), "no code"),
    ("failure", replaced("fail", "word " * 150, "word " * 50), "50 words"),
    ("failure", without("fail", "failure"), "0 words"),
    ("quiz", without("ask"), "one cell calls"),
    ("quiz", {"ask": new_code_cell("quiz()")}, "one cell calls"),
    ("quiz", {"ask": new_code_cell('quiz("other")')}, "other.toml"),
    ("exercises", without("Implement", "check Implement"), "at least one"),
    ("exercises", without("check Implement"), "no cell checks it"),
    ("exercises", replaced("check Recall", "assert", "# assert"), "no cell checks it"),
    ("exercises", replaced("Recall", "Recall", "Hard"), "at least one"),
    ("exercises", replaced("Recall", " · ", ": "), "heading"),
    ("exercises", replaced("Recall", "7.1", "7.2"), "numbered"),
    ("exercises", replaced("Recall", "7.1", "2.1"), "numbered"),
    ("exercises", without("exercises"), "does not stand under"),
    ("summary", replaced("summary", "- a line", ""), "0 lines"),
    ("summary", replaced("summary", "- a line", "- a\n- b"), "20 lines"),
    ("reading", replaced("reading", "paper1", "paper0"), "2 references"),
    ("returns", replaced("returns", "chapter 9", "time"), "no chapter"),
    ("prose", replaced("prose", "word " * 200, ""), "words of prose"),
    ("prose", {"more": "word " * 2500}, "words of prose"),
    ("topics", replaced("prose", "## Strides", "## Steps"), "no section"),
    ("topics", replaced("prose", "2,000", "2000"), "never says"),
    ("topics", replaced("prose", "word " * 2600, ""), "8 words"),
]


@pytest.mark.parametrize(("part", "change", "message"), BROKEN)
def test_what_is_missing_is_found(part, change, message, tmp_path):
    cells = small_chapter() | change
    cells = {name: cell for name, cell in cells.items() if cell is not None}
    assert any(message in fault for fault in faults(part, cells, CHAPTER, tmp_path))


@pytest.mark.parametrize("questions", [2, 7])
def test_quiz_has_three_to_six_questions(questions, tmp_path):
    (fault,) = faults("quiz", small_chapter(), CHAPTER, tmp_path, questions)
    assert f"{questions} questions" in fault


def test_chapter_without_topics_fails(tmp_path):
    chapter = CHAPTER | {"topic": []}
    assert faults("topics", small_chapter(), chapter, tmp_path)


def test_each_part_is_shown_to_fail():
    assert {part for part, _, _ in BROKEN} == set(PARTS)
    assert len(FIXED) == 7


def test_words_are_words_of_prose():
    source = (
        "# Not this\n\nIt's $x = y$, a well-known `code` [link](x.md) to 3 *pixels*"
    )
    source += "\n\n```python\ncode here\n```\n\n$$\nnot this\n$$\n"
    assert words(source) == ["It's", "a", "well-known", "link", "to", "pixels"]
    notebook = new_notebook(cells=[new_markdown_cell(source), new_code_cell("a b")])
    assert prose_words(notebook) == 6


def test_section_holds_its_subsections_and_ends_at_the_next():
    source = (
        "# T\n\n## A\n\none\n\n### B\n\ntwo\n\n```\n## no heading\n```\n\n## C\n\nthree"
    )
    notebook = new_notebook(
        cells=[new_markdown_cell(source), new_code_cell("4 * {15,200}")]
    )
    assert [each.title for each in sections(notebook)] == ["", "T", "A", "B", "C"]
    assert searchable(section(notebook, "A")) == "one two ``` ## no heading ```"
    assert len(section(notebook, "T").code) == 1
    assert searchable(section(notebook, "C")) == "three 4 {15,200}"
    assert section(notebook, "D") is None
