"""The built book's files: links, words for pictures, weights, what is for download."""

import re
from collections import defaultdict
from itertools import pairwise
from pathlib import PurePosixPath

import pytest
from book_site import (
    ARTICLE,
    CONFIG,
    PAGES,
    SITE,
    STAMP,
    explorers,
    ids,
    pictures,
    soup,
    target,
    toc,
    weight,
)

from tools import fingerprint
from tools.canonical import canonical, read

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]

PAGE_LIMIT, SITE_LIMIT = 3_000_000, 80_000_000
CHAPTERS = sorted((fingerprint.ROOT / "chapters").glob("*.ipynb"))
COLAB, BINDER = "https://colab.research.google.com/", "https://mybinder.org/"
each_page = pytest.mark.parametrize("page", PAGES)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)


def test_the_book_is_newer_than_its_sources():
    built = STAMP.read_text() if STAMP.exists() else None
    assert built == fingerprint.of_book(), "the sources have changed: run make book"


def test_pages_are_those_of_the_table_of_contents():
    assert sorted(PAGES) == sorted(toc())


@each_page
def test_previous_and_next_follow_the_table_of_contents(page):
    order = [None, *toc(), None]
    place = order.index(page)
    for name, wanted in [("left-prev", place - 1), ("right-next", place + 1)]:
        found = soup(page).select(f".prev-next-area a.{name}")
        ends = [target(page, link["href"])[0] for link in found]
        assert ends == ([order[wanted]] if order[wanted] else [])


@each_page
def test_every_link_leads_to_something(page):
    lost = []
    for element in soup(page).select("[href], [src]"):
        link = element.get("href") or element.get("src") or ""
        end = target(page, link)
        if end is None:
            continue
        file, anchor = end
        anchored = anchor and file.endswith(".html")
        if not (SITE / file).is_file() or (anchored and anchor not in ids(file)):
            lost.append(link)
    assert lost == []


@each_page
def test_every_picture_is_said_in_words(page):
    shown = defaultdict(set)
    for alt, source in pictures(page):
        assert alt, f"no text alternative: {source[:80]}"
        assert len(alt) >= 20, f"says too little: {alt!r}"
        assert not re.search(r"\.(png|jpe?g|webp|svg|gif)\b", alt), alt
        shown[alt].add(source)
    twice = [alt for alt, sources in shown.items() if len(sources) > 1]
    assert twice == [], "the same words for different pictures"


@each_page
def test_a_page_is_light(page, tell):
    html, images = weight(page)
    frames = sum(explorer.size_in_bytes for explorer in explorers(page))
    tell(
        f"{page:45} {(html + images) / 1e6:5.2f} MB: HTML {html / 1e6:.2f} (explorers "
        f"{frames / 1e6:.2f}), pictures {images / 1e6:.2f}"
    )
    assert html + images < PAGE_LIMIT


def test_the_site_is_light(tell):
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    tell(f"{'the whole site':45} {size / 1e6:5.2f} MB")
    assert size < SITE_LIMIT


def test_every_chapter_is_in_the_book():
    names = {f"chapters/{chapter.stem}.html" for chapter in CHAPTERS}
    assert names == {page for page in PAGES if page.startswith("chapters/")}


@each_chapter
def test_a_chapter_opens_in_colab_and_binder(chapter):
    repository = CONFIG["repository"]
    name = "/".join(repository["url"].split("/")[-2:])
    branch = repository["branch"]
    inside = PurePosixPath(repository["path_to_book"], "chapters", chapter.name)
    links = soup(f"chapters/{chapter.stem}.html").select(
        ".dropdown-launch-buttons a[href]"
    )
    assert sorted(link["href"] for link in links) == [
        f"{COLAB}github/{name}/blob/{branch}/{inside}",
        f"{BINDER}v2/gh/{name}/{branch}?urlpath=lab/tree/{inside}",
    ]


@each_page
def test_what_is_no_notebook_does_not_offer_to_run(page):
    """Colab would answer that it cannot read the file."""
    links = soup(page).select(f'a[href^="{COLAB}github"], a[href^="{BINDER}v2"]')
    assert all(link["href"].endswith(".ipynb") for link in links)


@each_chapter
def test_a_chapter_is_for_download(chapter):
    page = f"chapters/{chapter.stem}.html"
    links = soup(page).select(".dropdown-download-buttons a")
    files = [target(page, link["href"])[0] for link in links]
    (file,) = [file for file in files if file.endswith(".ipynb")]
    path = SITE / file
    assert canonical(read(path), chapter.name) == path.read_text(encoding="utf8")
    assert path.read_bytes() == chapter.read_bytes()


@each_page
def test_headings_descend_one_by_one(page):
    levels = [
        int(heading.name[1])
        for heading in soup(page).select(f"{ARTICLE} :is(h1,h2,h3,h4,h5,h6)")
    ]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
