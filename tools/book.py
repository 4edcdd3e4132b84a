"""Build the book: ``python -m tools.book``.

Notebooks are executed through jupyter-cache. Pages are built into a staging folder
with warnings as errors. Only a build without any error replaces ``_build/html``.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools import fingerprint

ROOT = fingerprint.ROOT
BUILD = ROOT / "_build"
LOG = BUILD / "book.log"
STAGE = BUILD / "stage"
EXECUTED = BUILD / "executed"
HTML = BUILD / "html"
LAST = BUILD / "html.last"
STAMP = BUILD / "html.fingerprint"
KEPT_CACHES = 3

COLOURS = re.compile(r"\x1b\[[\d;]*m")
BEGUN = re.compile(r"^(.+?): Executing notebook using ", re.MULTILINE)
EXECUTED_IN = re.compile(r"^(.+?): Executed notebook in ([\d.]+) seconds")
RULED = r"^-{10,}\n(.*?)\n-{10,}$"
FAILED_CELL = re.compile(
    rf"An error occurred while executing the following cell:\n{RULED}"
    r"(.*?)^The above exception was the direct cause of the following exception:\n\n"
    r"Traceback ",  # IPython's own chains go on with a ruled line
    re.MULTILINE | re.DOTALL,
)
SLOW_CELL = re.compile(
    rf"A cell timed out while it was being executed, (after \S+ \w+).*?{RULED}",
    re.MULTILINE | re.DOTALL,
)
WARNING = re.compile(r"^Warning, treated as error:\n(.+?)(?: \[[\w.]+\])?$", re.M)
# myst-nb counts 10000 lines to a cell; the line within the cell is not reliable.
NUMBERED_CELL = re.compile(r"(?<=\.ipynb):(\d+)\d{4}:\s*")


def build_stage():
    """Execute and build, say what is slow, log the rest; return exit code and log."""
    # Sphinx builds on what it finds here, and then misses much: a link whose target has
    # gone from another page, a page that was dropped, a changed style or extension.
    # Only notebooks take long, and their outputs are kept elsewhere.
    shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir(parents=True)
    from tools.notebooks import ENVIRONMENT

    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    commands = (
        [sys.executable, "-m", "tools.execute"],
        ["jupyter-book", "build", ".", "--path-output", STAGE, "-W"],
    )
    with LOG.open("w", encoding="utf8") as log:
        for command in commands:
            code = _run(command, os.environ | ENVIRONMENT | {"PATH": path}, log)
            if code:
                break
    return code, LOG.read_text(encoding="utf8")


def _run(command, environment, log):
    """Run a command, log what it says, and tell which notebooks ran."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf8",
        errors="replace",
    ) as process:
        for line in process.stdout:
            line = COLOURS.sub("", line)
            log.write(line)
            if found := EXECUTED_IN.match(line):
                print(f"{_short(found[1])}: ran in {float(found[2]):.0f} s", flush=True)
    return process.returncode


def explain_failure(log):
    """Return where a build failed and why, as far as its log tells.

    Parameters
    ----------
    log : str
        All that jupyter-book said, without colours.

    Returns
    -------
    str
        The notebook, the cell and its error; or else the first warning; or else the
        end of the log.
    """
    begun = BEGUN.findall(log)
    if found := FAILED_CELL.search(log):
        source, traceback = found.groups()
        return _describe(begun[-1], source, _error(traceback))
    if found := SLOW_CELL.search(log):
        return _describe(begun[-1], found[2], f"took too long, stopped {found[1]}")
    if begun and "DeadKernelError" in log:
        return f"{_short(begun[-1])}: its Python died; was there enough memory?"
    if found := WARNING.search(log):
        return _short(NUMBERED_CELL.sub(r", cell \1: ", found[1]))
    return log[-2000:].strip()


def _error(traceback):
    """Return the last error of IPython's traceback, with all lines of its message."""
    headings = re.findall(r"^(\w+) +Traceback \(most recent", traceback, re.M)
    name = headings[-1] if headings else r"[A-Z]\w+"  # a SyntaxError has no heading
    starts = [found.start() for found in re.finditer(rf"^{name}:", traceback, re.M)]
    return traceback[starts[-1] if starts else 0 :].strip()


def _describe(notebook, source, error):
    """Name a notebook's cell as tools.notebooks does; show its source and its error."""
    from tools import notebooks

    place = _short(notebook)
    if notebook.endswith(".ipynb") and Path(notebook).exists():
        content = notebooks.read(Path(notebook))
        for index, cell in enumerate(content.cells):
            if cell.cell_type == "code" and cell.source.strip() == source.strip():
                place += f", {notebooks.describe(content, index)}"
    shown = "\n".join(f"    {line}".rstrip() for line in source.strip().split("\n"))
    return f"{place}: {error}\n\n{shown}\n"


def _short(text):
    """Return text with this checkout's files named from its root."""
    return text.replace(f"{ROOT}{os.sep}", "")


def publish():
    """Replace the last good site by the staged one, its pictures made small."""
    from tools import pictures  # takes a second to import

    fresh = STAGE / "_build" / "html"
    pictures.shrink_site(fresh)
    # From here on, the stamp would speak of another site than the one that is there.
    STAMP.unlink(missing_ok=True)
    shutil.rmtree(LAST, ignore_errors=True)
    if HTML.exists():
        HTML.rename(LAST)
    fresh.rename(HTML)
    shutil.rmtree(LAST, ignore_errors=True)


def prune_caches(used):
    """Keep the execution caches that were used last."""
    if used.exists():
        os.utime(used)
    caches = sorted(EXECUTED.glob("*"), key=lambda path: path.stat().st_mtime)
    for old in caches[:-KEPT_CACHES]:
        shutil.rmtree(old)


def update():
    """Build the book if anything changed; return the exit code."""
    if LAST.exists() and not HTML.exists():  # a build was stopped between two renames
        LAST.rename(HTML)
    sources, execution = fingerprint.of_book(), fingerprint.of_execution()
    if HTML.exists() and STAMP.exists() and STAMP.read_text() == sources:
        print("Nothing has changed since the last build.")
        return 0
    print("Building the book. Notebooks run first where something changed.", flush=True)
    code, log = build_stage()
    cache = EXECUTED / execution
    if fingerprint.of_execution() != execution:
        # Outputs of the new state may stand in the cache of the old one.
        shutil.rmtree(cache, ignore_errors=True)
        print("helpers/ or data/ changed meanwhile; `make book` again takes that up.")
    if code:
        kept = "The last good one is untouched." if HTML.exists() else ""
        print(f"\n{explain_failure(log)}\n", file=sys.stderr)
        print(f"The book was not built. {kept} The whole log: {LOG}", file=sys.stderr)
        return code
    publish()
    STAMP.write_text(sources)
    prune_caches(cache)
    return 0


def main():
    started = time.monotonic()
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds would share the staging folder
        if code := update():
            return code
    print(f"Done in {time.monotonic() - started:.0f} s. Open this in a browser:")
    print(f"  {(HTML / 'index.html').as_uri()}")
    print("or run `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
