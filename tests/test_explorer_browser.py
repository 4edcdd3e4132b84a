"""Explorers and a quiz in a page without kernel, in a real browser."""

import pytest
from browser import open_watched, serve
from explorer_hands import (
    PICTURE,
    change_and_return,
    controls_of,
    latencies,
    percentiles,
    press,
)
from explorer_page import build_site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Address of the pages that `build_site` writes."""
    folder = tmp_path_factory.mktemp("site")
    build_site(folder)
    with serve(folder) as address:
        yield address


@pytest.fixture
def open_page(chromium, site):
    """Open a page of the site; other hosts are cut off, and none may be asked."""
    contexts, foreign, complaints = [], [], []

    def open_(name="index.html", **options):
        context = chromium.new_context(device_scale_factor=2, **options)
        contexts.append(context)
        page, noticed = open_watched(context, site)
        foreign.append(noticed.foreign)
        complaints.append(noticed.complaints)
        page.goto(f"{site}/{name}")
        page.wait_for_function(
            "document.querySelectorAll('.explorer img').length === 3"
        )
        page.wait_for_timeout(200)
        return page

    open_.complaints = complaints
    yield open_
    for context in contexts:
        context.close()
    assert not any(foreign)


@pytest.mark.parametrize("name", ["index.html", "plain.html"])
@pytest.mark.parametrize(("number", "count"), [(0, 1), (1, 2), (2, 3)])
def test_every_control_changes_the_picture_by_keyboard(open_page, name, number, count):
    page = open_page(name)
    controls = controls_of(page, number)
    assert len(controls) == count
    for control in controls:
        change_and_return(page, number, control)
    # Without our script a font of html-manager's may be asked for in a wrong place.
    if name == "index.html":
        assert not any(open_page.complaints)


def test_combinations_show_their_own_text(open_page):
    page = open_page()
    style, count, height = controls_of(page, 2)
    press(page, height, "End")
    press(page, style, "ArrowDown")
    press(page, count, "ArrowRight")
    shown = page.locator(".explorer").nth(2).locator("img")
    assert shown.get_attribute("alt") == "ruled bars, 3 px of them, 3 m high."


def test_names_and_values_are_spoken(open_page):
    page = open_page()
    (angle,) = controls_of(page, 0)
    assert angle.get_attribute("aria-label") == "Angle"
    assert angle.get_attribute("aria-valuetext") == "0°"
    press(page, angle, "ArrowRight")
    assert angle.get_attribute("aria-valuetext") == "45°"
    style = page.get_by_label("Style")
    assert style.evaluate("e => e.tagName") == "SELECT"
    readouts = page.locator(".widget-readout")
    assert all(readout.get_attribute("tabindex") == "-1" for readout in readouts.all())
    first = page.locator(".widget-play").first.locator("button")
    assert first.nth(0).get_attribute("aria-label") == "Play angle"
    assert first.nth(1).get_attribute("aria-label") == "Stop angle"


def test_a_new_frame_comes_within_50_ms(open_page, tell):
    page = open_page()
    _, count, height = controls_of(page, 2)
    keys = (["ArrowRight"] * 2 + ["ArrowLeft"] * 2) * 6
    taken = latencies(page, 2, [(height, keys), (count, keys)])
    assert len(taken) == 48
    assert percentiles("explorers", taken, tell) < 50


def test_the_page_does_not_jump(open_page):
    """The explorer keeps its height in every frame painted while it changes."""
    page = open_page()
    page.evaluate(
        """() => {
          const root = document.querySelector('.explorer');
          window.heights = new Set();
          const look = () => {
            window.heights.add(root.offsetHeight);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    (angle,) = controls_of(page, 0)
    for key in ["ArrowRight"] * 3 + ["ArrowLeft"] * 3:
        press(page, angle, key)
    assert len(page.evaluate("[...window.heights]")) == 1


def test_play_plays_and_stops(open_page):
    page = open_page()
    play, stop = page.locator(".widget-play").first.locator("button:visible").all()
    (angle,) = controls_of(page, 0)
    before = page.evaluate(PICTURE, 0)
    play.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('.noUi-handle').ariaValueText === '90°'"
    )
    assert play.get_attribute("aria-label") == "Pause angle"
    assert page.evaluate(PICTURE, 0) != before
    stop.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    assert angle.get_attribute("aria-valuetext") == "0°"
    assert page.evaluate(PICTURE, 0) == before
    assert play.get_attribute("aria-label") == "Play angle"


def test_the_quiz_explains_by_keyboard(open_page):
    page = open_page()
    question = page.locator(".quiz fieldset").first
    assert question.locator("p:visible").count() == 0
    question.locator("input").first.focus()
    page.keyboard.press("Space")
    assert question.locator("p:visible").inner_text().startswith("✓ Right.")
    page.keyboard.press("ArrowDown")
    assert question.locator("p:visible").inner_text().startswith("✗ Not quite.")
    page.keyboard.press("Tab")
    inside = "document.activeElement.closest('fieldset').textContent"
    assert page.evaluate(inside).startswith("2. ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(color_scheme=scheme)
    if scheme == "dark":
        page.add_style_tag(
            content=":root{color-scheme:dark} body{background:#14181e;color:#ced6dd}"
            ":root{--pst-color-text-base:#ced6dd}"
        )
    for answer in page.locator(".quiz input").all():
        answer.check()
    found = axe.run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_a_phone_needs_no_sideways_scroll(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    cut = page.evaluate(
        """[...document.querySelectorAll(
             '.explorer .widget-label, .explorer .widget-readout')]
           .filter(e => e.scrollWidth > e.clientWidth + 1).length"""
    )
    assert cut == 0
