"""A Chromium and a server for the tests that need them."""

import contextlib
import dataclasses
import functools
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Every widget has its picture, MathJax has set the page, and the pictures further down
# have come, which the browser would fetch only when the reader is near.
DRAWN = """async () => {
  const views = 'script[type="application/vnd.jupyter.widget-view+json"]';
  const wanted = document.querySelectorAll(views).length;
  if (document.querySelectorAll('.explorer img').length < wanted) return false;
  if (document.querySelector('.math')) {
    if (!window.MathJax?.startup?.promise) return false;
    await MathJax.startup.promise;
  }
  const images = [...document.images];
  for (const image of images) image.loading = 'eager';
  await Promise.allSettled(images.map(image => image.decode()));
  await document.fonts.ready;
  await new Promise(requestAnimationFrame);
  return true;
}"""


def find_chromium() -> str | None:
    """Path of an installed Chromium: $CHROMIUM, then the PATH, then macOS's apps."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not shutil.which(chosen):
            pytest.fail(f"CHROMIUM is {chosen!r}, which is not a program")
        return shutil.which(chosen)
    found = (shutil.which(name) for name in (*NAMES, *MAC_APPS))
    return next(filter(None, found), None)


def launch(playwright):
    """Start Chromium, as a last resort the one that playwright has downloaded."""
    path = find_chromium() or playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.fail(
            "no Chromium found: install one (Debian: apt-get install chromium; or "
            "playwright install chromium), or name it in the variable CHROMIUM"
        )
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


class Quiet(SimpleHTTPRequestHandler):
    """Answers, and writes nothing about it."""

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve(folder: Path, handler=Quiet):
    """Serve a folder on a free local port; gives the address without final slash."""
    handler = functools.partial(handler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclasses.dataclass
class Noticed:
    """What a page did while it was watched."""

    foreign: list[str] = dataclasses.field(default_factory=list)
    asked: list[str] = dataclasses.field(default_factory=list)
    failed: list[str] = dataclasses.field(default_factory=list)
    complaints: list[str] = dataclasses.field(default_factory=list)


def open_watched(context, address: str, block=()):
    """Open an empty page that can ask nobody but the server at this address.

    Parameters
    ----------
    context : playwright.sync_api.BrowserContext
    address : str
        All else counts as another host, except for ``data:`` and ``blob:``.
    block : sequence of str
        Names of files that the page shall not get.

    Returns
    -------
    page : playwright.sync_api.Page
    noticed : Noticed
        Other hosts asked for, addresses asked for, requests that failed or were
        answered with an error, and errors told to the console.
    """
    page, noticed = context.new_page(), Noticed()

    def only_here(route):
        url = route.request.url
        noticed.asked.append(url)
        if not url.startswith((f"{address}/", "data:", "blob:")):
            noticed.foreign.append(url)
            route.abort()
        elif Path(urlsplit(url).path).name in block:
            route.abort()
        else:
            route.continue_()

    def hear(message):
        if message.type == "error":
            where = message.location.get("url")
            noticed.complaints.append(f"{message.text} {where}")

    def look(response):
        if response.status >= 400:
            noticed.failed.append(f"{response.status} {response.url}")

    page.route("**/*", only_here)
    page.on("pageerror", lambda error: noticed.complaints.append(str(error)))
    page.on("console", hear)
    page.on("response", look)
    page.on("requestfailed", lambda request: noticed.failed.append(request.url))
    return page, noticed
