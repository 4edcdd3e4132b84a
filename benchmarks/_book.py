"""How long the book takes to build, to test, to read: ``python -m benchmarks._book``.

``make book`` and ``make test`` run in a copy of the checkout, with a virtual
environment of its own, so that the first is as slow as on the day a reader clones the
book. That takes about an hour, on a machine that does nothing else. ``--reading``
measures only the pages of the book that is built here.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.chromium import open_book
from tools.fingerprint import ROOT

from book_site import PAGES  # isort: skip (tools.chromium finds it)
from checkout import copy_checkout  # isort: skip

TOLERANCE = 5  # as for the ratios: only what is far beyond its budget fails
# In seconds.
READABLE, EXECUTED, COLD, WARM, TESTED = 1, 7 * 60, 12 * 60, 30, 35 * 60
PAINTED = """() => Math.max(
  performance.getEntriesByName('first-contentful-paint')[0].startTime,
  performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd) / 1000"""


def reading():
    """Yield each chapter's seconds until it is readable, first paint and all text."""
    with open_book() as (_, open_page):
        for name in filter(lambda page: page.startswith("chapters/"), PAGES):
            times = []
            for _ in range(3):
                page = open_page(name)
                times.append(page.evaluate(PAINTED))
                page.close()
            yield f"readable: {name}", statistics.median(times), READABLE


def building():
    """Yield the seconds of the two commands, in a fresh copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_checkout(Path(folder) / "book")
        yield "make book, set-up and all", _seconds(copy, "book"), COLD
        log = (copy / "_build" / "book.log").read_text(encoding="utf8")
        executed = re.search(r"^All were executed in ([\d.]+) seconds", log, re.M)
        yield "executing all chapters", float(executed[1]), EXECUTED
        with (copy / "index.md").open("a", encoding="utf8") as page:
            page.write("\nOne more line.\n")
        yield "make book after a change of words", _seconds(copy, "book"), WARM
        subprocess.run(["make", "distclean"], cwd=copy, check=True)
        _as_in_git(copy)
        yield "make test, set-up and all", _seconds(copy, "test"), TESTED


def _seconds(folder, target):
    start = time.perf_counter()
    subprocess.run(["make", target], cwd=folder, check=True)
    return time.perf_counter() - start


def _as_in_git(copy):
    """Undo the change, and make the copy a repository, as tests of a checkout want."""
    (copy / "index.md").write_bytes((ROOT / "index.md").read_bytes())
    who = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "copy"]):
        subprocess.run(["git", *command], cwd=copy, check=True)


def main():
    only_reading = "--reading" in sys.argv
    measured = [*([] if only_reading else building()), *reading()]
    for name, seconds, budget in measured:
        mark = "  over" if seconds > budget else ""
        print(f"{name:62}{seconds:9.2f} s, budget {budget} s{mark}")
    return int(any(seconds > TOLERANCE * budget for _, seconds, budget in measured))


if __name__ == "__main__":
    sys.exit(main())
