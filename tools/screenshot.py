"""Take the README's picture from the built book: ``python -m tools.screenshot``.

The first page and a chapter stand side by side, as a reader at a desk sees them.
"""

import io

from PIL import Image

from tools.chromium import open_book
from tools.fingerprint import ROOT

PICTURE = ROOT / "_static" / "readme.webp"
SCREEN = {"width": 768, "height": 780}
# A page, what stands at the top of the picture, and how far below the screen's edge.
VIEWS = (
    ("index.html", "h1", 20),
    ("chapters/02_convolutional_layers.html", "#line-filters", 330),
)
GAP = 16
QUALITY = 80
# The sidebars repeat what the README says; without them, letters stay readable.
PLAIN = (
    ".bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article { display: none }"
)


def take(open_page, name, top, above):
    """Return what a screen shows of a page, scrolled to an element."""
    page = open_page(name, viewport=SCREEN)
    page.add_style_tag(content=PLAIN)
    page.locator(f"article {top}").first.evaluate(
        "(e, above) => scrollTo({ behavior: 'instant', "
        "top: scrollY + e.getBoundingClientRect().top - above })",
        above,
    )
    page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return picture


def main():
    with open_book() as (_, open_page):
        pictures = [take(open_page, *view) for view in VIEWS]
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    together = Image.new("RGB", (width, SCREEN["height"]), "#c9ced3")
    left = 0
    for picture in pictures:
        together.paste(picture, (left, 0))
        left += picture.width + GAP
    together.save(PICTURE, quality=QUALITY, method=6)
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
