"""Tell before the long tests whether there is a Chromium: ``python -m tools.chromium``.

The tests' own finder is asked, so that both look in the same places.
"""

import sys

import pytest
from playwright.sync_api import sync_playwright

from tools.fingerprint import ROOT


def main():
    sys.path.insert(0, str(ROOT / "tests"))
    from browser import launch

    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except pytest.fail.Exception as error:
        sys.exit(f"{error}. Without it: make lint unit chapters")


if __name__ == "__main__":
    main()
