"""Hands on an explorer's controls, for the tests in a browser."""

import numpy as np

# The picture on show in the explorer that is the n-th on the page.
PICTURE = "n => document.querySelectorAll('.explorer')[n].querySelector('img').src"
WORDS = PICTURE.replace(".src", ".alt")
LATENCY = """(n) => {
  const root = document.querySelectorAll('.explorer')[n];
  const latencies = window.latencies = [];  // not those of an earlier call
  let pressed = null, before = null;
  root.addEventListener('keydown', () => {
    pressed = performance.now();
    before = root.querySelector('img').src;
  }, true);
  const look = () => {
    const img = root.querySelector('img');
    if (pressed !== null && img && img.src !== before) {
      const start = pressed;
      pressed = null;
      // The callback of the frame after the one that holds the decoded picture.
      img.decode().then(() => requestAnimationFrame(
        () => latencies.push(performance.now() - start)));
    }
  };
  new MutationObserver(look).observe(root, {childList: true, subtree: true});
}"""


def controls_of(page, number):
    """Sliders and menus, from left to right."""
    root = page.locator(".explorer").nth(number)
    return root.locator(".noUi-handle, select").all()


def press(page, control, key):
    control.focus()
    page.keyboard.press(key)
    page.wait_for_timeout(120)


def keys_of(control):
    """The keys that move a control one step on and one step back."""
    is_menu = control.evaluate("e => e.tagName === 'SELECT'")
    return ("ArrowDown", "ArrowUp") if is_menu else ("ArrowRight", "ArrowLeft")


def change_and_return(page, number, control, steps=1):
    """Step on until the picture changes, and as far back, where it must be as before.

    With the picture, its text alternative must change.

    Parameters
    ----------
    number : int
        The explorer's place on the page.
    steps : int
        How many steps there are to find another picture.
    """
    on, back = keys_of(control)
    before = page.evaluate(PICTURE, number)
    said = page.evaluate(WORDS, number)
    for done in range(1, steps + 1):  # noqa: B007
        press(page, control, on)
        if page.evaluate(PICTURE, number) != before:
            break
    else:
        raise AssertionError(f"explorer {number}: no other picture in {steps} steps")
    assert page.evaluate(WORDS, number) != said, "another picture in the same words"
    for _ in range(done):
        press(page, control, back)
    assert page.evaluate(PICTURE, number) == before
    assert page.evaluate(WORDS, number) == said


def latencies(page, number, walks):
    """Milliseconds from each key press that changed the picture to the new one.

    Parameters
    ----------
    number : int
        The explorer's place on the page.
    walks : list of (control, keys)
        Which keys to press on which control, in order.
    """
    page.evaluate(LATENCY, number)
    for control, keys in walks:
        control.focus()
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(100)  # a frame must not be taken for the next one
    return page.evaluate("window.latencies")


def percentiles(what, taken, tell):
    """Tell how long the presses took; return what 95 % of them stay under."""
    median, worst = np.percentile(taken, [50, 95])
    tell(
        f"key to frame, {what}: median {median:.0f} ms, 95 % {worst:.0f} ms "
        f"({len(taken)} presses)"
    )
    return worst
