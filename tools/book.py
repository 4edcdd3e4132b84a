"""Build the book: ``python -m tools.book``.

Notebooks are executed through jupyter-cache. Pages are built into a staging folder
with warnings as errors. Only a build without any error replaces ``_build/html``.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools import fingerprint, pictures
from tools.notebooks import ENVIRONMENT

BUILD = fingerprint.ROOT / "_build"
STAGE = BUILD / "stage"
HTML = BUILD / "html"
STAMP = BUILD / "html.fingerprint"
KEPT_CACHES = 3


def build_stage():
    """Run jupyter-book; return its exit code and write all it says to a log."""
    command = ["jupyter-book", "build", ".", "--path-output", STAGE, "-W"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | ENVIRONMENT | {"PATH": path}
    STAGE.mkdir(parents=True, exist_ok=True)
    log = []
    with subprocess.Popen(
        command,
        cwd=fingerprint.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout:
            log.append(line)
            if re.search(r"[Ee]xecut|WARNING|ERROR", line):
                print(line, end="", flush=True)
    (BUILD / "book.log").write_text("".join(log), encoding="utf8")
    return process.returncode, "".join(log)


def explain_failure(log):
    """Return the cell that failed and its error, or else the log's end."""
    found = re.search(
        r"(\S+\.(?:ipynb|md)).{0,400}?An error occurred while executing the "
        r"following cell:\n-+\n(.*?)\n-+\n"
        r".*?\n(\w+(?:Error|Exception|Interrupt)[^\n]*)",
        log,
        re.DOTALL,
    )
    warning = re.search(r"Warning, treated as error:\S*\n([^\n]+)", log)
    if not found:
        return warning[1] if warning else log[-4000:]
    notebook, cell, error = found.groups()
    return f"{notebook}: this cell failed\n\n{cell}\n\n{error}"


def publish():
    """Replace the last good site by the staged one, its pictures made small."""
    fresh = BUILD / "html.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(STAGE / "_build" / "html", fresh)
    pictures.shrink_site(fresh)
    last = BUILD / "html.last"
    shutil.rmtree(last, ignore_errors=True)
    if HTML.exists():
        HTML.rename(last)
    fresh.rename(HTML)
    shutil.rmtree(last, ignore_errors=True)


def prune_caches():
    """Keep the execution caches that were used last."""
    caches = sorted(
        (BUILD / "executed").glob("*"), key=lambda path: path.stat().st_mtime
    )
    for old in caches[:-KEPT_CACHES]:
        shutil.rmtree(old)


def main():
    started = time.monotonic()
    current = fingerprint.of_book()
    if HTML.exists() and STAMP.exists() and STAMP.read_text() == current:
        print("Nothing has changed since the last build.")
    else:
        code, log = build_stage()
        if code:
            # Sphinx would take the pages that it has read as good next time.
            shutil.rmtree(STAGE, ignore_errors=True)
            print(explain_failure(log), file=sys.stderr)
            print(
                "The book was not built; the last good one, if there is one, is "
                f"untouched. All that was said: {BUILD / 'book.log'}",
                file=sys.stderr,
            )
            return code
        publish()
        STAMP.write_text(current)
        (BUILD / "executed" / fingerprint.of_execution()).touch()
        prune_caches()
    print(f"Done in {time.monotonic() - started:.0f} s. Open this in a browser:")
    print(f"  {(HTML / 'index.html').as_uri()}")
    print("or run `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
