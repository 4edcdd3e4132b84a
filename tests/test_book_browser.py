"""The built book in a browser: at a desk, on a phone, in the dark, without scripts."""

import re
from collections import Counter
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from book_site import ARTICLE, PAGES, explorers, soup
from browser import PHONE
from explorer_hands import PICTURE, controls_of, press
from page_shape import CUT, STICKING_OUT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]

REQUEST_LIMIT = 80
# Relative luminance of a CSS colour, and how much two of them contrast, as in WCAG 2.
COLOURS = """
const channels = (colour) => colour.match(/[0-9.]+/g).map(Number);
const luminance = (colour) => {
  const [r, g, b] = channels(colour).map(c => c / 255).map(
    c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const paper = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    const alpha = channels(colour)[3] ?? 1;
    if (alpha > 0.5) return colour;
  }
  return 'rgb(255, 255, 255)';
};
"""
each_page = pytest.mark.parametrize("name", PAGES)


def test_nobody_else_is_asked_and_all_is_well(at_desk):
    _, noticed, _ = at_desk
    assert noticed.foreign == []
    assert noticed.failed == []
    assert noticed.complaints == []


def test_each_script_and_style_comes_once(at_desk):
    page, noticed, _ = at_desk
    files = Counter(
        url.path
        for url in map(urlsplit, noticed.asked)
        if url.path.endswith((".js", ".css", ".woff", ".woff2"))
    )
    assert [file for file, times in files.items() if times > 1] == []
    named = page.evaluate(
        "[...document.scripts].map(s => s.src && new URL(s.src).pathname)"
    )
    assert [file for file, n in Counter(filter(None, named)).items() if n > 1] == []


def test_a_page_asks_for_few_files(at_desk, tell):
    _, noticed, name = at_desk
    asked = [url for url in noticed.asked if url.startswith("http")]
    tell(f"{name:45} {len(asked)} requests")
    assert len(asked) <= REQUEST_LIMIT


def test_mathematics_is_set_in_local_fonts(at_desk):
    page, noticed, name = at_desk
    wanted = len(soup(name).select(f"{ARTICLE} .math"))
    assert page.locator(f"{ARTICLE} mjx-container").count() == wanted
    assert page.locator("mjx-merror").count() == 0
    if wanted:
        fonts = "[...document.fonts].filter(f => f.family.startsWith('MJX'))"
        assert page.evaluate(f"{fonts}.some(f => f.status === 'loaded')")
        assert any("/vendor/mathjax/output/chtml/fonts/" in u for u in noticed.asked)


def test_every_picture_has_come(at_desk):
    page, _, _ = at_desk
    images = "[...document.querySelectorAll('article.bd-article img')]"
    assert page.evaluate(f"{images}.filter(i => !i.naturalWidth).map(i => i.src)") == []


def test_the_theme_switches_by_keyboard(at_desk):
    page, _, _ = at_desk
    theme, seen = "document.documentElement.dataset.theme", {}
    for _ in range(3):  # auto, which is light here, dark, light
        page.locator(".theme-switch-button:visible").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
        colour = page.evaluate(
            f"() => {{{COLOURS} return luminance(paper("
            "document.querySelector('article')))}"
        )
        seen[page.evaluate(theme)] = colour
    assert set(seen) == {"light", "dark"}
    assert seen["dark"] < 0.1
    assert seen["light"] > 0.8


def test_pictures_and_explorers_are_legible_in_the_dark(at_desk):
    page, _, _ = at_desk
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    images = page.locator(f"{ARTICLE} img:visible")
    # All lie on light paper but the cover, whose colours suit the dark as well.
    unlit = f"""(image) => {{{COLOURS}
      return luminance(paper(image)) < 0.6 && !image.src.includes('cover');}}"""
    assert [i.get_attribute("src") for i in images.all() if i.evaluate(unlit)] == []
    pale = page.evaluate(
        f"""() => {{{COLOURS}
          return [...document.querySelectorAll('.explorer .noUi-handle')].filter(e =>
            contrast(getComputedStyle(e).backgroundColor, paper(e.closest('.explorer')))
              < 3).length;}}"""
    )
    page.emulate_media(color_scheme="light")
    assert pale == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(at_desk, scheme):
    page, _, _ = at_desk
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
    # What is folded, and what a choice shows, counts as well.
    show = "open => document.querySelectorAll('details').forEach(d => d.open = open)"
    page.evaluate(show, True)
    for answer in page.locator(".quiz input").all():
        answer.check()
    page.wait_for_timeout(300)
    found = Axe().run(page).response["violations"]
    page.evaluate(show, False)
    page.evaluate(
        "document.querySelectorAll('.quiz input').forEach(i => i.checked = false)"
    )
    page.emulate_media(color_scheme="light")
    inside = f"target => !!document.querySelector(target)?.closest('{ARTICLE}')"
    told = [
        f"{fault['id']} in the {where}: {node['target'][0]}: {node['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        for where in [
            "article" if page.evaluate(inside, node["target"][0]) else "frame"
        ]
    ]
    assert told == []


def test_folded_cells_open_by_keyboard(at_desk):
    page, _, _ = at_desk
    for fold in page.locator(f"{ARTICLE} details").all():
        summary = fold.locator("summary").first
        for state in (True, False):
            summary.focus()
            page.keyboard.press("Enter")
            assert fold.evaluate("e => e.open") == state


def test_the_quiz_is_answered_by_keyboard(at_desk):
    page, _, _ = at_desk
    questions = page.locator(".quiz fieldset").all()
    for number, question in enumerate(questions):
        assert question.locator("p:visible").count() == 0
        answers = question.locator("input")
        if number == 0:
            answers.first.focus()
        else:
            page.keyboard.press("Tab")
        assert answers.first.evaluate("e => e === document.activeElement")
        verdicts = []
        for place in range(answers.count()):
            page.keyboard.press("ArrowDown" if place else "Space")
            verdicts.append(question.locator("p:visible").inner_text())
        assert len(set(verdicts)) == len(verdicts)
        assert sum(verdict.startswith("✓ Right.") for verdict in verdicts) == 1


def test_a_phone_needs_no_sideways_scroll(on_phone):
    assert on_phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert on_phone.evaluate(STICKING_OUT, True) == []
    assert on_phone.evaluate(CUT) == []


def test_nothing_moves_for_those_who_want_it_so(on_phone):
    moving = on_phone.evaluate(
        """() => [...document.querySelectorAll('html, body, body *')].filter(e => {
          const style = getComputedStyle(e);
          const longest = (times) => Math.max(...times.split(',').map(parseFloat));
          return longest(style.transitionDuration) > 0.01
            || longest(style.animationDuration) > 0.01
            || style.scrollBehavior === 'smooth';
        }).map(e => `${e.tagName} ${e.className}`)"""
    )
    assert moving == []


@each_page
def test_without_javascript_the_page_is_there(visit, name):
    with visit(name, viewport=PHONE, java_script_enabled=False) as (page, noticed):
        assert noticed.foreign == []
        for folded in page.locator("details").all():  # needs no script of the page's
            folded.evaluate("each => { each.open = true }")
        stills = page.locator(".explorer-still img")
        assert stills.count() == len(explorers(name))
        for image in page.locator(f"{ARTICLE} img").all():
            image.scroll_into_view_if_needed()
            assert image.is_visible()
            image.evaluate("image => image.decode()")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.evaluate(STICKING_OUT, True) == []
        text = page.locator(f"{ARTICLE} :is(h1, p, li)").first
        assert text.is_visible()
        clear = (
            f"e => {{{COLOURS} return contrast(getComputedStyle(e).color, paper(e))}}"
        )
        assert text.evaluate(clear) > 4.5


def test_search_finds_each_chapter(visit):
    queries = {"stride": "chapters/02_convolutional_layers.html"}
    for name in PAGES:
        if name.startswith("chapters/"):
            title = soup(name).select_one(f"{ARTICLE} h1").find(string=True)
            queries[" ".join(re.findall(r"[^\W\d_]{3,}", title))] = name
    for query, name in queries.items():
        address = f"search.html?q={quote(query)}"
        with visit(address, viewport=PHONE) as (page, noticed):
            found = page.locator(f'#search-results a[href*="{name}"]').first
            found.wait_for(timeout=5000)
            # It reads all the pages that it has found.
            page.wait_for_load_state("networkidle")
            assert (noticed.foreign, noticed.failed, noticed.complaints) == ([], [], [])
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"]


def test_search_opens_by_keyboard(visit):
    with visit("how_to_use.html") as (page, _):
        dialog = page.locator("dialog#pst-search-dialog")
        page.keyboard.press("Control+k")
        assert dialog.is_visible()
        page.keyboard.press("Escape")
        assert not dialog.is_visible()
        page.locator(".search-button__button:visible").first.focus()
        page.keyboard.press("Enter")
        assert dialog.is_visible()
        page.keyboard.type("stride")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=stride*")


def test_the_first_screen_says_what_the_book_is(visit):
    with visit("index.html") as (page, _):
        assert page.locator(f"{ARTICLE} .audiences .sd-card").count() == 3
        assert page.locator(f"{ARTICLE} .explorer").count() == 1
        below = page.evaluate(
            """() => [...document.querySelectorAll(
              'article :is(h1, .lead, .explorer, .explorer img, .sd-card)')].filter(
              e => e.getBoundingClientRect().top < 0
                || e.getBoundingClientRect().bottom > innerHeight).map(
              e => `${e.tagName} ${e.className} ends at ${
                e.getBoundingClientRect().bottom.toFixed()}`)"""
        )
        assert below == []
        (slider,) = controls_of(page, 0)
        before = page.evaluate(PICTURE, 0)
        press(page, slider, "ArrowRight")
        assert page.evaluate(PICTURE, 0) != before
