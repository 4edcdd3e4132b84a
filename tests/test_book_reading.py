"""The built book enlarged, on the narrowest screen, and from the keyboard."""

import pytest
from page_shape import CUT, OVERLAPS, STICKING_OUT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]

# Kinds of elements that look the same with the keyboard's focus as without.
UNMARKED = """() => {
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow,
      style.textDecoration, style.backgroundColor, style.borderColor].join(' ');
  };
  const kinds = new Set(), unmarked = [];
  document.activeElement.blur();
  for (const element of document.querySelectorAll(
      'a[href], button, input, select, summary, [tabindex="0"]')) {
    const kind = `${element.tagName} ${element.className}`;
    if (kinds.has(kind) || !element.checkVisibility()) continue;
    const before = look(element);
    element.focus({ preventScroll: true });
    if (document.activeElement !== element) continue;
    kinds.add(kind);
    if (look(element) === before) unmarked.push(kind);
    element.blur();
  }
  return unmarked;
}"""

# On another screen, the sidebar slides to its place.
RESTED = """() => Promise.allSettled(document.getAnimations().filter(
  each => each.effect.getComputedTiming().endTime < Infinity).map(e => e.finished))"""


def assert_fits(page):
    """Nothing lies beside the page, under something else, or is cut off."""
    page.evaluate(RESTED)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    assert page.evaluate(STICKING_OUT, True) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(CUT) == []


def assert_fits_in(page, width, height):
    """The same on another screen, for a while."""
    usual = page.viewport_size
    page.set_viewport_size({"width": width, "height": height})
    try:
        assert_fits(page)
    finally:
        page.set_viewport_size(usual)


def test_the_narrowest_screen_needs_no_sideways_scroll(on_phone):
    assert_fits_in(on_phone, 320, 640)


def test_twice_as_large_everything_is_there(at_desk):
    """What 200 % makes of a screen of 1280 by 800."""
    page, _, _ = at_desk
    assert_fits_in(page, 640, 400)


def test_letters_twice_as_large_cover_nothing(at_desk):
    page, _, _ = at_desk
    style = page.add_style_tag(content="html { font-size: 200% !important; }")
    try:
        assert_fits(page)
    finally:
        style.evaluate("style => style.remove()")


def test_the_focus_is_seen(at_desk):
    page, _, _ = at_desk
    style = page.add_style_tag(content="* { transition: none !important; }")
    page.keyboard.press("Tab")  # a reader of the keyboard
    unmarked = page.evaluate(UNMARKED)
    style.evaluate("style => style.remove()")
    assert unmarked == []


@pytest.mark.parametrize("name", ["index.html", "how_to_use.html"])
def test_the_first_tab_skips_to_the_text(visit, name):
    with visit(name) as (page, _):
        page.keyboard.press("Tab")
        link = page.locator(":focus")
        assert link.inner_text() == "Skip to main content"
        page.wait_for_function("document.activeElement.getBoundingClientRect().y >= 0")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.querySelector('main').contains(document.activeElement)"
        )
