"""The built book on paper."""

import pytest
from book_site import ARTICLE, explorers
from page_shape import STICKING_OUT
from pypdf import PdfReader

from tools.print_edition import Edition, print_page

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]

# What A4 leaves between the margins, in CSS pixels: 176 by 259 mm.
PAPER = {"width": 665, "height": 979}
STILL = "A still picture. In the HTML edition it moves."
UNSEEN = """(selector) => [...document.querySelectorAll(selector)]
  .filter(e => !e.checkVisibility({ contentVisibilityAuto: true })
    || !e.getBoundingClientRect().height)
  .map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`)"""


@pytest.fixture
def on_paper(at_desk):
    """A page as print would lay it out, and its name."""
    page, _, name = at_desk
    desk = page.viewport_size
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    page.evaluate("new Promise(requestAnimationFrame)")
    yield page, name
    page.emulate_media(media="screen")
    page.set_viewport_size(desk)


def test_nothing_is_wider_than_paper(on_paper):
    page, _ = on_paper
    assert page.evaluate(STICKING_OUT, False) == []
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll('article.bd-article pre')].filter(
          e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
        )
        == []
    )


def test_what_is_folded_on_screens_is_open_on_paper(on_paper):
    page, name = on_paper
    for hidden in ("details > :not(summary, style)", ".quiz-why p", ".quiz label"):
        assert page.evaluate(UNSEEN, f"{ARTICLE} {hidden}") == []
    # One picture each, and a line that says what paper cannot do.
    stills = page.evaluate(
        """() => [...document.querySelectorAll('.explorer')].map(e => [
          [...e.querySelectorAll('img')].filter(i => i.checkVisibility()).length,
          getComputedStyle(e, '::after').content])"""
    )
    assert stills == [[1, f'"{STILL}"'] for _ in explorers(name)]


def test_paper_has_no_buttons(on_paper):
    page, _ = on_paper
    controls = "nav, button, input, .noUi-handle, .headerlink, .copybtn"
    assert (
        page.evaluate(
            """(selector) => [...document.querySelectorAll(selector)].filter(e =>
          e.checkVisibility() && e.getBoundingClientRect().height > 1).map(
          e => `${e.tagName} ${e.className}`)""",
            controls,
        )
        == []
    )


def test_the_dark_prints_light(visit):
    with visit("how_to_use.html", color_scheme="dark") as (page, _):
        theme = "document.documentElement.dataset.theme"
        page.evaluate(
            f"addEventListener('beforeprint', () => {{ window.printed = {theme}; }})"
        )
        assert page.evaluate(theme) == "dark"
        page.pdf()
        assert page.evaluate("printed") == "light"
        assert page.evaluate(theme) == "dark"


@pytest.fixture(scope="module")
def edition(visit, address, tmp_path_factory):
    """Three pages of the book in one PDF."""
    names = ["index.html", "chapters/01_visual_cortex.html", "references.html"]
    joined = Edition(address)
    for name in names:
        with visit(name) as (page, _):
            joined.append(name, print_page(page, len(joined.sheets) + 1))
    path = tmp_path_factory.mktemp("print") / "edition.pdf"
    joined.save(path)
    return PdfReader(path), joined


@pytest.fixture(scope="module")
def texts(edition):
    """The words of each sheet, the number at its foot first."""
    return [" ".join(sheet.extract_text().split()) for sheet in edition[0].pages]


def test_sheets_are_a4_and_numbered_through(edition, texts):
    for number, (sheet, text) in enumerate(zip(edition[0].pages, texts, strict=True)):
        assert [round(side / 72 * 25.4) for side in sheet.mediabox[2:]] == [210, 297]
        assert text.split()[0] == str(number + 1)


def test_explorers_say_that_they_move_elsewhere(texts):
    wanted = explorers("index.html") + explorers("chapters/01_visual_cortex.html")
    assert " ".join(texts).count(STILL) == len(wanted) > 1


def test_bookmarks_lead_to_pages_and_their_sections(edition):
    reader, joined = edition
    pages = [item for item in reader.outline if not isinstance(item, list)]
    starts = [joined.places[name][""][0] for name in joined.places]
    assert [reader.get_destination_page_number(item) for item in pages] == starts
    below = next(item for item in reader.outline if isinstance(item, list))
    sections = [item.title for item in below if not isinstance(item, list)]
    assert "Summary" in sections
    assert "On this page" not in sections


def test_links_between_pages_lead_to_sheets(edition):
    reader, joined = edition
    first_reference = joined.places["references.html"][""][0]
    ends = []
    for number, sheet in enumerate(reader.pages):
        for link in sheet.get("/Annots", ()):
            link = link.get_object()
            if "/Dest" in link:
                end = reader.get_page_number(link["/Dest"][0].get_object())
                ends.append((number, end))
            else:
                assert not link["/A"]["/URI"].startswith(joined.address)
    assert any(end >= first_reference > number for number, end in ends)
    # The first page's last line leads to the first chapter.
    assert (0, joined.places["chapters/01_visual_cortex.html"][""][0]) in ends
