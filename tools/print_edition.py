"""Print the built book into one PDF: ``python -m tools.print_edition``.

Chromium prints the pages one by one, as a reader would; ``@media print`` in
``_static/book.css`` says how they look. Here they are joined: page numbers run
through, links from page to page lead to sheets, and headings become bookmarks.
"""

import io
import sys
from pathlib import PurePosixPath

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, Destination, Fit, NameObject

from tools.book import BUILD
from tools.chromium import open_book

from book_site import CONFIG, target, toc  # isort: skip (tools.chromium finds it)

EDITION = BUILD / "seeing-with-convolutions.pdf"
DEEPEST_BOOKMARK = 3
# Chromium remembers where an element lies only if a link on its own page leads there.
# Other pages' links do, too.
REMEMBER_PLACES = """() => {
  for (const element of document.querySelectorAll('article [id]')) {
    const link = document.createElement('a');
    link.href = '#' + encodeURIComponent(element.id);
    document.body.append(link);
  }
}"""


def print_page(page, first_number=1):
    """Print a page of the book that is open and drawn.

    Parameters
    ----------
    page : playwright.sync_api.Page
    first_number : int
        The number of its first sheet.

    Returns
    -------
    bytes
        A PDF, with an outline of the page's headings.
    """
    start = f"@media print {{ html {{ counter-reset: page {first_number - 1} }} }}"
    page.add_style_tag(content=start)
    page.evaluate(REMEMBER_PLACES)
    return page.pdf(format="A4", prefer_css_page_size=True, outline=True, tagged=True)


class Edition:
    """The pages printed so far, joined.

    Parameters
    ----------
    address : str
        Where the pages were served, which their links to each other begin with.
    """

    def __init__(self, address):
        self.address = address
        self.writer = PdfWriter()
        self.places = {}  # page of the book to its anchors: (sheet, left, top)
        self.sheets = []  # the page of the book that each sheet is part of

    def append(self, name, printed):
        """Add a printed page of the book under its name, with its bookmarks."""
        reader, start = PdfReader(io.BytesIO(printed)), len(self.sheets)

        def place(destination):
            sheet = start + reader.get_destination_page_number(destination)
            return sheet, destination.left or 0, destination.top or 0

        self.places[name] = {
            anchor.removeprefix("/"): place(destination)
            for anchor, destination in reader.named_destinations.items()
        }
        self.places[name][""] = (start, 0, float(reader.pages[0].mediabox.top))
        self.sheets += [name] * len(reader.pages)
        self.writer.append(reader, import_outline=False)
        self._add_bookmarks(reader.outline, place)

    def _add_bookmarks(self, outline, place, parent=None, depth=1):
        bookmark = None
        for item in outline:
            if not isinstance(item, list):
                sheet, *spot = place(item)
                bookmark = self.writer.add_outline_item(
                    title=item.title,
                    page_number=sheet,
                    parent=parent,
                    fit=Fit.xyz(*spot),
                )
            elif depth < DEEPEST_BOOKMARK:
                self._add_bookmarks(item, place, bookmark, depth + 1)

    def save(self, path):
        """Let the links lead to sheets, and write the file."""
        for sheet, name in zip(self.writer.pages, self.sheets, strict=True):
            links = [link.get_object() for link in sheet.get("/Annots", ())]
            kept = [link for link in links if self._mend(link, name)]
            sheet[NameObject("/Annots")] = ArrayObject(kept)
        # Names such as "summary" stand once for each chapter; no link needs them now.
        self.writer.root_object.pop("/Names", None)
        self.writer.root_object.pop("/Dests", None)
        self.writer.add_metadata(
            {"/Title": CONFIG["title"], "/Author": CONFIG["author"]}
        )
        self.writer.compress_identical_objects()
        self.writer.write(path)

    def _mend(self, link, name):
        """Lead a link on page `name` to its sheet; tell whether it leads anywhere."""
        if "/Dest" in link:
            end = name, str(link["/Dest"]).removeprefix("/")
        else:
            uri = str(link["/A"].get("/URI", ""))
            if not uri.startswith(f"{self.address}/"):
                return True
            end = target(name, uri.removeprefix(self.address))
        places = self.places.get(end[0])
        if places is None:  # a picture's file, a notebook
            return False
        sheet, *spot = places.get(end[1], places[""])
        link.pop("/A", None)
        link[NameObject("/Dest")] = Destination(
            "", self.writer.pages[sheet].indirect_reference, Fit.xyz(*spot)
        ).dest_array
        return True


def main():
    with open_book() as (address, open_page):
        edition = Edition(address)
        for name in toc():
            page = open_page(name)
            edition.append(name, print_page(page, len(edition.sheets) + 1))
            page.close()
            title = PurePosixPath(name).with_suffix("")
            print(f"{title}: to sheet {len(edition.sheets)}", flush=True)
    edition.save(EDITION)
    print(f"{EDITION}: {EDITION.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())
