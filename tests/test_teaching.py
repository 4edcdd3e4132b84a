"""The page for teachers says what the chapters and the exercise sets say."""

import ast
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from page_links import CHAPTERS, LINK, NOTEBOOKS, ROOT, linked_section

from tools.cells import calls, code_tree, section, sections
from tools.chapter_parts import OBJECTIVES, list_items, text_of

PAGE = (ROOT / "teaching.md").read_text(encoding="utf8")
SETS = {int(path.name[:2]): path for path in (ROOT / "exercises").glob("*.ipynb")}
MINUTES = {"Recall": 5, "Implement": 10, "Investigate": 15}  # as the page says
COURSES = {"Four weeks": 4, "Eight weeks": 8, "Twelve weeks": 12}
LAST = max(CHAPTERS)  # its questions name their chapters one by one
each_chapter = pytest.mark.parametrize("number", sorted(CHAPTERS))
each_course = pytest.mark.parametrize("course", COURSES)


def preparation(number):
    """A chapter's lines on what it needs and how long it takes."""
    text = text_of(NOTEBOOKS[number], OBJECTIVES)
    return [
        re.search(rf"^\*\*{name}:\*\*(.*)", text, re.MULTILINE)[1]
        for name in ("You need", "Time")
    ]


def needed(number):
    """The numbers of the chapters that a chapter asks for."""
    return {int(found) for found in re.findall(r"\((\d\d)_", preparation(number)[0])}


def stated(number):
    """Minutes to read and seconds to run, as the chapter says."""
    found = re.search(r"(\d+) minutes to read.* (\d+) seconds", preparation(number)[1])
    return int(found[1]), int(found[2])


def exercise_set(number):
    """A set's title, and its minutes by the page's rule."""
    cells = json.loads(SETS[number].read_text(encoding="utf8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    levels = Counter(re.findall(r"^## Question \d+ · (\w+)", text, re.MULTILINE))
    assert set(levels) == set(MINUTES)
    title = re.search(r"^# Exercise set \d+ · (.+)", text, re.MULTILINE)[1]
    return title, sum(MINUTES[level] * count for level, count in levels.items())


def part(title):
    """The page's text from a heading that begins so to the next of its level."""
    pattern = rf"^(##+) {re.escape(title)}.*?\n(.*?)(?=^##|\Z)"
    (found,) = re.findall(pattern, PAGE, re.MULTILINE | re.DOTALL)
    return found[1]


def rows(text):
    """The rows of a part's table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines][2:]


def weeks(course):
    """Of each week: its chapters, their minutes, its set, its minutes."""
    for _, reading, task, _ in rows(part(course)):
        chapters, minutes = reading.removesuffix(" min").split(": ")
        chapters = [int(number) for number in chapters.split(", ")]
        number, effort = task.removesuffix(" min").split(": ")
        yield chapters, int(minutes), int(number), int(effort)


def test_the_page_stands_in_the_book_beside_the_instructors():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
    pages = [page["file"] for page in contents["parts"][-1]["chapters"]]
    assert {"teaching", "instructors"} <= set(pages)
    assert "](instructors.md)" in PAGE
    assert "](teaching.md)" in (ROOT / "instructors.md").read_text(encoding="utf8")


def test_the_times_are_those_of_chapters_and_sets():
    found = {}
    for chapter, minutes, seconds, task in rows(part("How long things take")):
        ((label, address, _),) = LINK.findall(chapter)
        title, effort = task.rsplit(", ", 1)
        found[int(label)] = address, int(minutes), int(seconds), title, int(effort)
    assert set(SETS) == set(CHAPTERS)
    assert found == {
        number: (f"chapters/{path.name}", *stated(number), *exercise_set(number))
        for number, path in CHAPTERS.items()
    }


def test_the_rule_of_the_estimate_is_the_one_that_is_used():
    text = " ".join(part("How long things take").split())
    assert "**estimate**" in text
    assert "It was not measured on students." in text
    for level, minutes in MINUTES.items():
        assert re.search(
            rf"\b{minutes} (minutes )?for (a question .*)?\*{level}\*", text
        )


def test_two_hours_for_the_ten_questions():
    assert "two hours to answer" in preparation(LAST)[1]
    assert f"Chapter {LAST} takes two hours more" in part("How long things take")


@each_course
def test_a_course_has_its_weeks(course):
    numbers = [int(row[0]) for row in rows(part(course))]
    assert numbers == list(range(1, COURSES[course] + 1))


@each_course
def test_minutes_of_a_week_add_up(course):
    for chapters, minutes, number, effort in weeks(course):
        assert minutes == sum(stated(chapter)[0] for chapter in chapters)
        assert effort == exercise_set(number)[1]
        assert number in chapters


@each_course
def test_a_course_keeps_to_what_chapters_need(course):
    known = set()
    for chapters, *_ in weeks(course):
        for chapter in chapters:
            assert needed(chapter) <= known, f"{course}: Chapter {chapter} is too early"
            assert chapter not in known
            known.add(chapter)


def test_which_chapters_the_courses_hold():
    held = {
        course: {chapter for chapters, *_ in weeks(course) for chapter in chapters}
        for course in COURSES
    }
    assert held["Twelve weeks"] == set(CHAPTERS)
    assert held["Eight weeks"] == set(CHAPTERS) - {8}
    assert all(8 not in needed(chapter) for chapter in CHAPTERS)


def test_questions_of_the_short_course_need_no_chapter_that_it_leaves_out():
    cells = [
        cell.source for cell in NOTEBOOKS[LAST].cells if "needs = {" in cell.source
    ]
    literal = re.search(r"needs = (\{.*\})", cells[0], re.DOTALL)[1]
    needs = {int(name.split()[0]): of for name, of in ast.literal_eval(literal).items()}
    held = {chapter for chapters, *_ in weeks("Four weeks") for chapter in chapters}
    able = [
        question
        for question, chapters in needs.items()
        if all(chapter in held for chapter, derives in chapters.items() if derives)
    ]
    stated_questions = re.search(r"questions ([\d, and]+) of Chapter", PAGE)[1]
    assert [int(found) for found in re.findall(r"\d+", stated_questions)] == able


@each_chapter
def test_a_chapter_has_objectives_and_mistakes(number):
    title = sections(NOTEBOOKS[number])[1].title
    text = part(title)
    able = re.search(r"^\*Able to\* (.+?)\.\n", text, re.MULTILINE | re.DOTALL)[1]
    objectives = list_items(text_of(NOTEBOOKS[number], OBJECTIVES))
    assert len(able.split(";")) == len(objectives)
    mistakes = text.split("- *Mistake:*")[1:]
    assert 1 <= len(mistakes) <= 2
    for mistake in mistakes:
        ((_, address, anchor),) = LINK.findall(mistake)
        assert Path(address).name == CHAPTERS[number].name
        assert anchor, f"{mistake.strip()} leads to no section"
    assert title in PAGE


def places():
    """The page's links into sections of chapters: how introduced, which section."""
    for found in re.finditer(rf"(Explorer\s+)?{LINK.pattern}", PAGE):
        if found[4]:
            yield found[1] is not None, ROOT / found[3], found[4]


@pytest.mark.parametrize(("is_explorer", "path", "anchor"), list(places()))
def test_a_section_exists_and_shows_what_is_promised(is_explorer, path, anchor):
    whole = linked_section(path, anchor)
    assert whole.code, f"{whole.title} computes nothing"
    if is_explorer:
        notebook = NOTEBOOKS[int(path.name[:2])]
        own = next(each for each in sections(notebook) if each.title == whole.title)
        found = [calls(code_tree(cell.source), "explorer") for cell in own.code]
        assert any(found), f"{whole.title} has no explorer"


def test_links_lead_to_files():
    addresses = {address for _, address, _ in LINK.findall(PAGE)}
    assert len(addresses) > len(CHAPTERS)
    assert [one for one in addresses if not (ROOT / one).is_file()] == []


def test_numbers_of_the_examples_are_those_of_the_exercises():
    def shown(number, title):
        return json.dumps(section(NOTEBOOKS[number], title).code)

    pooling = shown(LAST, "Exercise 17.4 · Recall")
    for value in ("36,928", "115,605,504"):
        assert value in pooling
        assert value in PAGE
    assert "1.7 points" in shown(5, "Exercise 5.5 · Investigate")
    assert "flatters by 1.7 points" in PAGE


def test_the_rubric_has_four_levels_and_an_answer_for_each():
    levels = [row[0][0] for row in rows(part("A rubric for what students write"))]
    assert levels == ["3", "2", "1", "0"]
    graded = re.findall(r"^\*\*(\d)\.\*\*", part("One question, four answers"), re.M)
    assert graded == ["0", "1", "2", "3"]
