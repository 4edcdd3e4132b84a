"""Store the pictures that notebooks drew small in a built site."""

import re
from pathlib import Path

from PIL import Image

from helpers.widgets._frames import compress

DRAWN = r"[0-9a-f]{64}\.png"  # myst-nb names what a notebook drew by its hash


def shrink_site(site):
    """Replace each drawn PNG below ``site/_images`` and mend the pages' links.

    Parameters
    ----------
    site : pathlib.Path
        Folder of a built HTML site.
    """
    renamed = {}
    for png in sorted((Path(site) / "_images").glob("*.png")):
        if not re.fullmatch(DRAWN, png.name):
            continue
        with Image.open(png) as image:
            frame = compress(image)
        if len(frame.data) >= png.stat().st_size:
            continue
        png.unlink()
        small = png.with_suffix("." + frame.mime.partition("/")[2])
        small.write_bytes(frame.data)
        renamed[png.name] = small.name
    for page in Path(site).rglob("*.html"):
        text = page.read_text(encoding="utf8")
        new = re.sub(
            rf"(?<=_images/){DRAWN}",
            lambda found: renamed.get(found[0], found[0]),
            text,
        )
        if new != text:
            page.write_text(new, encoding="utf8")
