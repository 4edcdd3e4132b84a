"""Indexes, the map and credits: made from the book, and complete."""

import doctest
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from book_site import ARTICLE, PAGES, VIEW, explorers, soup, target
from hypothesis import given
from hypothesis import strategies as st
from myst_parser.mdit_to_docutils.base import default_slugify
from pybtex.database import parse_string

from tools import chapter_map, contents, credits, indexes
from tools.canonical import read
from tools.cells import sections
from tools.chapter_parts import drawn
from tools.contents import chapters, without_implied

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\((chapters/[^)#]+\.ipynb)(?:#([^)]+))?\)")
BY_PAGE = {chapter.page: chapter for chapter in chapters()}
each_chapter = pytest.mark.parametrize(
    "chapter", chapters(), ids=lambda each: each.page
)


def page(name):
    return (ROOT / f"{name}.md").read_text(encoding="utf8")


def part(text, title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.M | re.S)[1]


def rows(text):
    return [line for line in text.splitlines() if line.startswith("| ")][2:]


@pytest.mark.parametrize("module", [contents, chapter_map])
def test_examples_of_what_writes_the_pages(module):
    failed, attempted = doctest.testmod(module)
    assert failed == 0
    assert attempted > 0


@pytest.mark.parametrize("name", ["explorers", "figures", "map"])
def test_a_page_asks_for_what_is_made(name):
    assert f"\n% made from the book: {name}\n" in page(name)


@each_chapter
def test_every_figure_of_a_chapter_is_listed(chapter):
    cells = drawn(read(ROOT / chapter.page))
    assert len(chapter.figures) == len(cells)
    listed = indexes.figures()
    for figure in chapter.figures:
        assert f"- [{figure.caption}]({chapter.page}#{figure.anchor})\n" in listed
        assert "](" not in figure.caption, "a link within a link"


@each_chapter
def test_every_explorer_of_a_chapter_is_listed(chapter):
    source = "\n".join(
        cell.source
        for cell in read(ROOT / chapter.page).cells
        if cell.cell_type == "code"
    )
    count = len(re.findall(r"^explorer\(", source, re.MULTILINE))
    assert len(chapter.explorers) == count >= 2
    listed = indexes.explorers()
    for explorer in chapter.explorers:
        (line,) = re.findall(
            rf"^- \[{re.escape(explorer.section)}\]"
            rf"\({re.escape(chapter.page)}#{explorer.anchor}\)\. (.+)$",
            listed,
            re.MULTILINE,
        )
        assert re.search(r"\*[\w ]+\*", line), "names no control"
        assert "{" not in line


def test_names_of_figures_are_unique():
    names = Counter(figure.name for chapter in chapters() for figure in chapter.figures)
    assert [name for name, count in names.items() if count > 1] == []


def places(text):
    """What the links of a text lead to: chapters, and anchors in them."""
    return [(BY_PAGE[file], anchor) for file, anchor in LINK.findall(text)]


def anchors(chapter):
    titles = [each.title for each in sections(read(ROOT / chapter.page))]
    return {default_slugify(title) for title in titles}


def test_each_of_the_usual_figures_has_a_figure_or_an_explorer():
    wanted = rows(part(page("figures"), "The figures a course usually asks for"))
    assert len(wanted) == 28
    for row in wanted:
        assert places(row), row
        for chapter, anchor in places(row):
            drawn_here = {each.anchor for each in chapter.figures}
            drawn_here |= {each.anchor for each in chapter.explorers}
            assert anchor in drawn_here, row


def test_the_two_usual_tables_and_the_usual_code_have_their_places():
    text = page("figures")
    tables = part(text, "The figures a course usually asks for").split("Two tables")[1]
    assert len(places(tables)) == 2
    for chapter, anchor in places(tables):
        (title,) = [
            each.title
            for each in sections(read(ROOT / chapter.page))
            if default_slugify(each.title) == anchor
        ]
        own = next(
            each for each in sections(read(ROOT / chapter.page)) if each.title == title
        )
        assert any("account(" in cell.source for cell in own.code)
    code = rows(part(text, "The code a course usually asks for"))
    assert len(code) >= 7
    for row in code:
        assert places(row), row
        for chapter, anchor in places(row):
            assert not anchor or anchor in anchors(chapter), row


# --- the map ---


@st.composite
def graphs(draw):
    """Some chapters, each with some that come before it."""
    count = draw(st.integers(1, 12))
    return {
        row: draw(st.sets(st.integers(1, row - 1), max_size=3)) if row > 1 else set()
        for row in range(1, count + 1)
    }


def reachable(needs):
    """All that comes before each, found by walking."""
    found = {}
    for row in needs:
        waiting, found[row] = list(needs[row]), set()
        while waiting:
            before = waiting.pop()
            found[row].add(before)
            waiting += needs[before]
    return found


@given(graphs())
def test_what_is_implied_is_left_out_and_nothing_else(needs):
    fewer = without_implied(needs)
    assert reachable(fewer) == reachable(needs)
    for row, direct in fewer.items():
        for each in direct:
            without = fewer | {row: direct - {each}}
            assert reachable(without) != reachable(needs)


def traced(drawn_rows):
    """The needs that a reader finds who follows the lines upwards."""
    found = {row: set() for row in drawn_rows}
    for row, (_, parts) in drawn_rows.items():
        for lane in [lane for lane, which in parts if which == "top"]:
            above = row - 1
            while (lane, "past") in drawn_rows[above][1]:
                above -= 1
            assert (lane, "bottom") in drawn_rows[above][1], "a line that ends nowhere"
            found[row].add(above)
    return found


@given(graphs())
def test_lines_lead_where_they_should_and_touch_no_other_dot(needs):
    fewer = without_implied(needs)
    drawn_rows = chapter_map.lanes(fewer)
    assert traced(drawn_rows) == fewer
    for dot, parts in drawn_rows.values():
        passing = {lane for lane, which in parts if which == "past"}
        joining = {lane for lane, which in parts if which != "past"}
        assert dot not in passing
        assert not passing & joining


def test_chapters_need_only_earlier_ones():
    for chapter in chapters():
        assert all(need < chapter.number for need in chapter.needs)


def test_the_map_says_in_words_what_it_draws():
    drawn_map = chapter_map.draw()
    items = re.findall(
        r"^- (<svg.+?</svg><span [^>]*></span>)(.+)\\\n  (.+)$", drawn_map, re.M
    )
    assert len(items) == len(chapters())
    for chapter, (picture, link, words) in zip(chapters(), items, strict=True):
        assert 'aria-hidden="true"' in picture
        assert link == f"[{chapter.number} · {chapter.title}]({chapter.page})"
        named = {int(number) for number in re.findall(r"\(chapters/(\d\d)_", words)}
        assert named == chapter.needs
        assert words.startswith("You need ")


def test_the_page_leaves_room_for_the_lanes():
    (width,) = set(re.findall(r'style="width:(\d+)px"', chapter_map.draw()))
    style = (ROOT / "_static/book.css").read_text(encoding="utf8")
    room = re.search(r"\.chapter-map li \{[^}]*padding: [^;]* ([\d.]+)rem;", style)
    assert int(width) < 15 * float(room[1])  # a rem has 15 pixels at least


# --- credits ---


def test_the_book_is_cited_as_its_file_says():
    entry = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    entry = entry["preferred-citation"]
    shown = credits.citation()
    for value in (entry["title"], entry["year"], entry["version"], entry["url"]):
        assert shown.count(str(value)) == 2  # in the sentence, and in BibTeX
    record = re.search(r"```bibtex\n(.+)```", shown, re.DOTALL)[1]
    (parsed,) = parse_string(record, "bibtex").entries.values()
    assert parsed.fields["title"] == entry["title"]
    assert str(parsed.persons["author"][0]) == "{" + entry["authors"][0]["name"] + "}"
    assert "% made from the book: citation" in page("credits")


def test_every_file_of_data_is_credited():
    files = {
        path.relative_to(ROOT / "data").as_posix()
        for path in (ROOT / "data").rglob("*")
        if path.is_file() and path.parent.name != "licenses"
    } - {"README.md"}
    credited = re.findall(r"^- `([^`]+)`: ", credits.data(), re.MULTILINE)
    assert sorted(credited) == sorted(files)
    assert "% made from the book: data" in page("credits")


def test_what_others_made_has_origin_author_and_licence():
    others = credits.data().split("### Made for this book")[0]
    for item in re.split(r"^- ", others, flags=re.MULTILINE)[1:]:
        for label in ("*From*", "*By*", "*Licence:*"):
            assert re.search(rf"{re.escape(label)} \S{{2,}}", item), item


def test_every_script_and_font_is_credited():
    files = {
        path.name
        for folder in credits.VENDORED
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".js", ".woff", ".woff2")
    } - {"book-widgets.js"}  # the book's own
    credited = [
        name
        for names in re.findall(
            r"^- \*\*.+?\*\* [\d.]+ \(npm\): (.+)\.\\$", credits.scripts(), re.M
        )
        for name in re.findall(r"`([^`]+)`", names)
    ]
    assert sorted(credited) == sorted(files)
    assert (
        credits.scripts().count("*Licence:* ")
        == len(credits.scripts().splitlines()) / 2
    )
    assert "% made from the book: scripts" in page("credits")


# --- in the built book ---


def led_to(name):
    """Each link of an index's lists, and the element that it leads to."""
    for link in soup(name).select(f"{ARTICLE} li a.reference[href*='#']"):
        file, anchor = target(name, link["href"])
        yield link, soup(file).find(id=anchor)


@pytest.mark.browser
@pytest.mark.usefixtures("site")
def test_the_index_of_figures_leads_to_the_very_figures():
    listed = 0
    for link, place in led_to("figures.html"):
        found = place.find_parent("figure")
        listed += 1
        caption = found.select_one(".caption-text").get_text(" ", strip=True)
        assert caption.split() == link.get_text(" ", strip=True).split()
    assert listed == sum(len(chapter.figures) for chapter in chapters())


@pytest.mark.browser
@pytest.mark.usefixtures("site")
def test_the_index_of_explorers_leads_to_the_very_explorers():
    listed = 0
    for _, place in led_to("explorers.html"):
        assert len(place.find_all("script", type=VIEW)) == 1
        listed += 1
    assert listed == sum(
        len(explorers(page)) for page in PAGES if page.startswith("chapters/")
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_drawn_beside_its_words(visit, width, scheme):
    view = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    with visit("map.html", **view) as (page, _):
        rows_shown = page.locator(".chapter-map li")
        assert rows_shown.count() == len(chapters())
        boxes = page.evaluate(
            """() => [...document.querySelectorAll('.chapter-map li')].map(row => {
              const box = (which) => row.querySelector(which).getBoundingClientRect();
              const [lanes, dot, words] = ['svg', '.lane-dot', 'a'].map(box);
              const whole = row.getBoundingClientRect();
              return {gap: words.left - lanes.right, over: dot.right - words.left,
                top: lanes.top - whole.top, bottom: lanes.bottom - whole.bottom};
            })"""
        )
        for box in boxes:
            assert box["gap"] >= 0
            assert box["over"] < 0
            assert abs(box["top"]) < 1, "pieces of lines that do not meet"
            assert abs(box["bottom"]) < 1, "pieces of lines that do not meet"
