"""Store the pictures that notebooks drew small in a built site."""

import re
from pathlib import Path

from PIL import Image

from helpers.widgets._frames import Drawing, compress


def shrink_site(site):
    """Replace each drawn PNG below ``site/_images`` and mend the pages' links.

    Parameters
    ----------
    site : pathlib.Path
        Folder of a built HTML site.
    """
    renamed = {}
    for png in sorted((site / "_images").glob("*.png")):
        if not re.fullmatch(r"[0-9a-f]{64}", png.stem):
            continue  # not drawn by a notebook
        with Image.open(png) as image:
            drawing = Drawing(png.read_bytes(), None, *image.size)
        frame = compress(drawing)
        png.unlink()
        small = png.with_suffix("." + frame.mime.partition("/")[2])
        small.write_bytes(frame.data)
        renamed[png.name] = small.name
    if renamed:
        for page in Path(site).rglob("*.html"):
            text = page.read_text(encoding="utf8")
            new = re.sub(
                r"(_images/)([0-9a-f]{64}\.png)",
                lambda found: found[1] + renamed.get(found[2], found[2]),
                text,
            )
            if new != text:
                page.write_text(new, encoding="utf8")
