"""The built book in Chromium; ``python -m tools.chromium`` tells if there is one.

The tests' own finder is asked, so that all look in the same places.
"""

import contextlib
import sys

import pytest
from playwright.sync_api import sync_playwright

from tools.fingerprint import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from book_site import SITE
from browser import DRAWN, launch, serve


@contextlib.contextmanager
def open_book():
    """Serve the built book; give its address, and a function that opens a page.

    The function takes a page's name and the options of a new context. What it returns
    is drawn to the end.
    """
    if not (SITE / "index.html").exists():
        sys.exit("There is no built book yet: run `make book` first.")
    with serve(SITE) as address, sync_playwright() as playwright:
        browser = launch(playwright)

        def open_page(name, **options):
            page = browser.new_page(**options)
            page.goto(f"{address}/{name}")
            page.wait_for_function(DRAWN)
            return page

        yield address, open_page
        browser.close()


def main():
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except pytest.fail.Exception as error:
        sys.exit(f"{error}. Without it: make lint unit chapters")


if __name__ == "__main__":
    main()
