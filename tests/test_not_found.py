"""The page for addresses that lead nowhere, and the line below executed pages."""

import contextlib
import sys
from datetime import datetime
from http import HTTPStatus
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from book_site import ARTICLE, CONFIG, SITE, soup
from browser import Quiet, open_watched
from browser import serve as serve_folder
from bs4 import BeautifulSoup
from jupyter_cache import get_cache
from sphinx.errors import ConfigError

from tools import fingerprint, serve
from tools.canonical import read
from tools.contents import chapters

sys.path.insert(0, str(fingerprint.ROOT / "_ext"))
import book_not_found
import book_stamp

NAME = CONFIG["repository"]["url"].rpartition("/")[2]
NOWHERE = ["nowhere.html", "chapters/deep/deeper/nowhere.html", "chapters/"]
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    ("baseurl", "repository", "path"),
    [
        ("", "https://github.com/someone/book", "/book/"),
        ("", "https://gitlab.com/group/sub/book/", "/book/"),
        ("", "https://github.com/someone/someone.github.io", "/"),
        ("https://book.example.org", "https://github.com/someone/book", "/"),
        ("https://example.org/a/b/", "https://github.com/someone/book", "/a/b/"),
    ],
)
def test_where_a_forge_has_the_site(baseurl, repository, path):
    options = {"repository_url": repository}
    config = SimpleNamespace(html_baseurl=baseurl, html_theme_options=options)
    assert book_not_found.site_path(config) == path


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("chapters/a.html#b", "/book/chapters/a.html#b"),
        ("./", "/book/"),
        ("./index.html", "/book/index.html"),
        ("#here", "#here"),
        ("", ""),
        ("/root", "/root"),
        ("//host/x", "//host/x"),
        ("https://host/x", "https://host/x"),
        ("mailto:a@b.c", "mailto:a@b.c"),
        ("data:image/png;base64,AA", "data:image/png;base64,AA"),
    ],
)
def test_relative_links_become_absolute(link, absolute):
    for name in ("href", "src", "action", "data-content_root"):
        before = f'<a {name}="{link}">'
        assert (
            book_not_found.make_absolute(before, "/book/") == f'<a {name}="{absolute}">'
        )


def test_the_line_below_a_page_names_day_and_versions():
    found = {"Python": "3.11.7", "NumPy": "2.4.6", "Keras": "3.15.1"}
    text = BeautifulSoup(book_stamp.line(datetime(2026, 3, 9), found), "html.parser")
    assert text.time["datetime"] == "2026-03-09"
    assert text.get_text() == (
        "Last verified on 9 March 2026 with "
        "Python 3.11.7, NumPy 2.4.6 and Keras 3.15.1."
    )


@pytest.mark.parametrize("program", ["python", sys.executable])
def test_this_python_s_kernel_is_taken(monkeypatch, program):
    stand_in(monkeypatch, program)
    book_stamp.refuse_another_python(None, None)


def test_another_python_s_kernel_is_refused(monkeypatch):
    stand_in(monkeypatch, "/usr/bin/other-python")
    with pytest.raises(ConfigError, match="would run in /usr/bin/other-python"):
        book_stamp.refuse_another_python(None, None)


def stand_in(monkeypatch, program):
    kernel = SimpleNamespace(argv=[program, "-m", "ipykernel_launcher"])
    monkeypatch.setattr(
        book_stamp.KernelSpecManager, "get_kernel_spec", lambda self, name: kernel
    )


# --- in the built book ---


class Forge(Quiet):
    """Serves the site below its name alone, and its page for all that is not there."""

    def translate_path(self, path):
        inside = urlsplit(path).path.removeprefix(f"/{NAME}/")
        return super().translate_path(inside if inside != path else "/nothing")

    def send_head(self):
        path = self.translate_path(self.path)
        if (SITE / path).is_file():
            return super().send_head()
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        return (SITE / "404.html").open("rb")


@pytest.fixture(scope="module")
def forge(site):
    with serve_folder(SITE, Forge) as address:
        yield f"{address}/{NAME}"


@contextlib.contextmanager
def visit_nowhere(chromium, forge, place, **options):
    context = chromium.new_context(**options)
    try:
        page, noticed = open_watched(context, forge)
        response = page.goto(f"{forge}/{place}")
        assert response.status == HTTPStatus.NOT_FOUND
        page.wait_for_load_state("networkidle")
        noticed.failed.remove(f"404 {forge}/{place}")
        yield page, noticed
    finally:
        context.close()


@pytest.mark.browser
@pytest.mark.usefixtures("site")
def test_every_link_of_the_page_leads_into_the_site():
    page = soup("404.html")
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"
    links = [
        element.get("href") or element.get("src") or element.get("action")
        for element in page.select("[href], [src], [action]")
    ]
    inside = [link for link in links if link.startswith("/")]
    assert len(inside) > 2 * len(chapters())
    for link in inside:
        file = urlsplit(link).path.removeprefix(f"/{NAME}/")
        assert (SITE / file).is_file(), link
    others = [link for link in links if not link.startswith(("/", "#", "https://"))]
    assert others == []
    listed = [link.get_text() for link in page.select(f"{ARTICLE} li a")]
    assert listed == [f"{each.number} · {each.title}" for each in chapters()]


@pytest.mark.browser
@pytest.mark.parametrize("place", NOWHERE)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_it_looks_like_the_book_from_any_depth(chromium, forge, place, scripts):
    options = {"viewport": PHONE, "java_script_enabled": scripts}
    with visit_nowhere(chromium, forge, place, **options) as (page, noticed):
        assert noticed.foreign == []
        lost = [each for each in noticed.failed if scripts or ".js" not in each]
        assert lost == []
        assert page.locator(f"{ARTICLE} h1").inner_text().startswith("This page is not")
        font = "e => getComputedStyle(e).fontFamily"
        assert "Source Serif" in page.locator(f"{ARTICLE} p").first.evaluate(font)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.locator(".not-found-search").is_visible() == scripts
        page.locator(f"{ARTICLE} li a").first.click()
        page.wait_for_url(f"{forge}/chapters/01_*.html")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(chromium, forge, scheme):
    options = {"viewport": PHONE, "color_scheme": scheme}
    with visit_nowhere(chromium, forge, NOWHERE[0], **options) as (page, _):
        found = Axe().run(page).response["violations"]
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        assert [(each["id"], each["nodes"][0]["html"]) for each in grave] == []


@pytest.mark.browser
def test_it_searches_the_book(chromium, forge):
    with visit_nowhere(chromium, forge, NOWHERE[1]) as (page, noticed):
        page.get_by_label("Search the book").last.fill("stride")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{forge}/search.html?q=stride")
        page.locator("#search-results a").first.wait_for(timeout=5000)
        assert noticed.failed == []


@pytest.mark.browser
@pytest.mark.usefixtures("site")
def test_serve_shows_it_too():
    with serve_folder(SITE, serve.Handler) as address:
        with pytest.raises(HTTPError) as caught:
            urlopen(f"{address}/chapters/deep/nowhere.html")
        assert caught.value.code == HTTPStatus.NOT_FOUND
        page = BeautifulSoup(caught.value.read(), "html.parser")
        for link in page.select('link[rel="stylesheet"]'):
            with urlopen(address + link["href"]) as answer:
                assert answer.status == HTTPStatus.OK


@pytest.mark.browser
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("chapter", chapters(), ids=lambda each: each.page)
def test_a_chapter_says_the_truth_of_its_execution(chapter):
    cache = get_cache(fingerprint.execution_cache())
    record = cache.match_cache_notebook(read(fingerprint.ROOT / chapter.page))
    kernel = cache.get_cache_bundle(record.pk).nb.metadata.language_info
    page = chapter.page.replace(".ipynb", ".html")
    (line,) = soup(page).select(f"{ARTICLE} .verified")
    assert line.time["datetime"] == f"{record.created:%Y-%m-%d}"
    assert f"Python {kernel.version}," in line.text
    for name, version in fingerprint.versions().items():
        assert f"{name} {version}" in line.text
