"""The built book as the tests see it: its pages, its links, its widgets' state."""

import dataclasses
import json
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup

from tools.book import HTML
from tools.fingerprint import ROOT

# Another site than the last build's, such as a copy that was broken on purpose.
SITE = Path(os.environ.get("BOOK_HTML") or HTML).absolute()
STAMP = SITE.with_name(SITE.name + ".fingerprint")
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
NO_PAGES = {"404.html", "genindex.html", "search.html", "py-modindex.html"}
NO_PAGES_BELOW = {"_static", "_sources", "_images", "vendor"}
ARTICLE = "article.bd-article"
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def find_pages() -> list[str]:
    """Addresses of the book's pages, below the site's."""
    found = (path.relative_to(SITE) for path in sorted(SITE.rglob("*.html")))
    return [
        path.as_posix()
        for path in found
        if path.name not in NO_PAGES and path.parts[0] not in NO_PAGES_BELOW
    ]


def toc() -> list[str]:
    """The pages in the order in which `_toc.yml` leads from one to the next."""

    def walk(node):
        for key, value in node.items():
            if key in ("root", "file"):
                yield f"{value.removesuffix('.md').removesuffix('.ipynb')}.html"
            elif key in ("parts", "chapters", "sections", "subtrees"):
                for child in value:
                    yield from walk(child)

    return list(walk(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))))


@cache
def soup(page: str) -> BeautifulSoup:
    return BeautifulSoup((SITE / page).read_text(encoding="utf8"), "html.parser")


@cache
def ids(page: str) -> frozenset[str]:
    elements = soup(page).find_all(lambda tag: tag.get("id") or tag.get("name"))
    return frozenset(
        value for tag in elements for value in (tag.get("id"), tag.get("name"))
    )


@cache
def states(page: str) -> dict:
    """The state of each widget on the page, by its id."""
    found = {}
    for script in soup(page).find_all("script", type=STATE):
        found |= json.loads(script.string)["state"]
    return found


def target(page: str, link: str) -> tuple[str, str] | None:
    """The site's file and anchor that a link means; nothing if it leads away."""
    address = urlsplit(urljoin(f"http://book/{page}", link))
    if (address.scheme, address.netloc) != ("http", "book"):
        return None
    file = unquote(address.path).lstrip("/")
    return file + "index.html" if file[-1:] in ("", "/") else file, unquote(
        address.fragment
    )


def pictures(page: str) -> list[tuple[str | None, str]]:
    """Text alternative and address of all pictures of the article and its widgets."""
    images = soup(page).select(f"{ARTICLE} img")
    for explorer in explorers(page):
        for html in explorer.frames.values():
            images += BeautifulSoup(html, "html.parser").find_all("img")
    return [(image.get("alt"), image.get("src", "")) for image in images]


def weight(page: str) -> tuple[int, int]:
    """Bytes of the page's HTML, and of the files of its pictures."""
    links = {image.get("src", "") for image in soup(page).find_all("img")}
    files = {target(page, link) for link in links if not link.startswith("data:")}
    sizes = [(SITE / file[0]).stat().st_size for file in files if file]
    return (SITE / page).stat().st_size, sum(sizes)


@dataclasses.dataclass(frozen=True)
class ExplorerState:
    """An explorer as its page stores it.

    The frames' keys are the places of its controls, one number for each.
    """

    frames: dict[tuple[int, ...], str]

    @property
    def size_in_bytes(self) -> int:
        return sum(len(json.dumps(html)) for html in set(self.frames.values()))

    def changed_shares(self) -> list[float]:
        """For each control: of its single steps, the share that changes the picture."""
        sources = {
            place: re.search(r'src="([^"]*)"', html)[1]
            for place, html in self.frames.items()
        }
        shares = []
        for axis in range(len(next(iter(sources)))):
            changed = []
            for place, source in sources.items():
                after = (*place[:axis], place[axis] + 1, *place[axis + 1 :])
                if after in sources:
                    changed.append(sources[after] != source)
            shares.append(sum(changed) / len(changed))
        return shares


def explorers(page: str) -> list[ExplorerState]:
    """The page's explorers, from top to bottom."""
    state = states(page)

    def child_models(model):
        for child in state[model]["state"].get("children", ()):
            yield child.removeprefix("IPY_MODEL_")

    def frames(model, place=()):
        if state[model]["model_name"] == "StackModel":
            for number, child in enumerate(child_models(model)):
                yield from frames(child, (*place, number))
        else:
            yield place, state[model]["state"]["value"]

    found = []
    for script in soup(page).find_all("script", type=VIEW):
        root = json.loads(script.string)["model_id"]
        if "explorer" in state[root]["state"].get("_dom_classes", ()):
            *_, picture = child_models(root)
            found.append(ExplorerState(dict(frames(picture))))
    return found


def has_explorers(page: str) -> bool:
    return f'type="{VIEW}"' in (SITE / page).read_text(encoding="utf8")


# Tests are collected before a fixture can say that there is no book.
PAGES = find_pages() or ["index.html"]
EXPLORER_PAGES = [page for page in PAGES if SITE.exists() and has_explorers(page)]
