"""The page for addresses that lead nowhere: ``404.html`` at the site's root.

A forge shows it under whatever address was asked for, however deep. Relative links
would lead nowhere from there, so all of its links begin at the server's root.
"""

import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from tools.contents import chapters

PAGE = "404"
# Links within the page, from the server's root, or to another site stay as they are.
RELATIVE = re.compile(
    r'\b(href|src|action|data-content_root)="(?![#/"]|[a-z][a-z+.-]*:)(?:\./)*([^"]*)"'
)
BODY = """\
<section>
<h1>This page is not here</h1>
<p>The address leads to no page of this book. Perhaps the page has another name now, or
a letter of the address is missing.</p>
<form class="not-found-search pst-js-only" role="search" action="search.html">
<label for="not-found-q">Search the book</label>
<input class="form-control" type="search" id="not-found-q" name="q">
<button class="btn btn-primary" type="submit">Search</button>
</form>
<p>Or go to <a href="index.html">the first page</a>, to
<a href="glossary.html">the glossary</a>, or to a chapter:</p>
<ul class="not-found-chapters">
{chapters}
</ul>
</section>"""


def site_path(config):
    """Return where the server has the site: what a forge makes of the repository."""
    if config.html_baseurl:
        return urlsplit(config.html_baseurl).path.rstrip("/") + "/"
    address = config.html_theme_options["repository_url"]
    name = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    return "/" if name.endswith(".io") else f"/{name}/"


def write_page(app):
    """Give Sphinx the page: its name, what its template needs, the template."""
    links = "\n".join(
        f'<li><a href="{each.page.removesuffix(".ipynb")}.html">'
        f"{each.number} · {escape(each.title)}</a></li>"
        for each in chapters()
    )
    context = {
        "title": "This page is not here",
        "metatags": '<meta name="robots" content="noindex">',
        "body": BODY.format(chapters=links),
    }
    yield PAGE, context, "page.html"


def make_absolute(page, root):
    """Let a page's relative links begin at the site's root.

    Examples
    --------
    >>> make_absolute('<a href="a.html#b"> <a href="#b"> <a href="//c.org">', "/book/")
    '<a href="/book/a.html#b"> <a href="#b"> <a href="//c.org">'
    """
    return RELATIVE.sub(lambda found: f'{found[1]}="{root}{found[2]}"', page)


def mend_links(app, exception):
    file = Path(app.outdir) / f"{PAGE}.html"
    if exception is None and file.exists():
        page = file.read_text(encoding="utf8")
        absolute = make_absolute(page, site_path(app.config))
        file.write_text(absolute, encoding="utf8")


def setup(app):
    app.connect("html-collect-pages", write_page)
    app.connect("build-finished", mend_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
