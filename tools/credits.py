"""Write who made the data, the scripts and the fonts, from the lists beside them."""

import json
import re
from itertools import groupby

import yaml

from tools.fingerprint import ROOT

OURS = "this book"
VENDORED = ("_extra/vendor", "_static/fonts")


def citation():
    """Return Markdown that says how to cite the book: a sentence, and BibTeX."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf8")
    entry = yaml.safe_load(text)["preferred-citation"]
    names = " and ".join(author["name"] for author in entry["authors"])
    title, year, version = entry["title"], entry["year"], entry["version"]
    return f"""\
> {names}: *{title}*. Version {version}, {year}. <{entry["url"]}>

```bibtex
@{entry["type"]}{{seeing_with_convolutions,
  title   = {{{title}}},
  author  = {{{{{names}}}}},
  year    = {{{year}}},
  version = {{{version}}},
  url     = {{{entry["url"]}}}
}}
```"""


def data():
    """Return Markdown that credits every file of ``data/``, by what it is."""
    listed = json.loads((ROOT / "helpers/data/registry.json").read_text("utf8"))
    kinds = {name: _kind(name, entry["kind"]) for name, entry in listed.items()}
    groups = {"Photographs": [], "Data sets": [], "Trained networks": []}
    ours = []
    for name, shows, origin, author, licence, _ in table("data/README.md"):
        if author == OURS:
            ours.append(f"- `{name}`: {shows}. {licence}.")
        else:
            groups[kinds[name]].append(
                f"- `{name}`: {shows}.\\\n"
                f"  *From* {origin}.\\\n  *By* {author}.\\\n  *Licence:* {licence}."
            )
    groups["Made for this book"] = ours
    return "\n\n".join(
        f"### {title}\n\n" + "\n".join(items) for title, items in groups.items()
    )


def _kind(name, kind):
    if kind.endswith("photograph"):
        return "Photographs"
    return "Trained networks" if name.startswith("pretrained/") else "Data sets"


def scripts():
    """Return Markdown that credits every script and font that the book brings."""
    lines = []
    for folder in VENDORED:
        rows = [row[:4] for row in table(f"{folder}/README.md")]
        rows.sort(key=lambda row: row[1:])
        for (package, version, licence), files in groupby(rows, lambda row: row[1:]):
            names = [name.rpartition("/")[2] for name, *_ in files]
            licence = re.sub(r" ?\(`[^`]*`\)", "", licence)
            lines.append(
                f"- **{package}** {version} (npm): "
                f"{', '.join(f'`{name}`' for name in names)}.\\\n"
                f"  *Licence:* {licence}."
            )
    return "\n".join(lines)


def table(file):
    """Return the rows of a file's table whose first cell names a file."""
    text = (ROOT / file).read_text(encoding="utf8")
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", text, re.MULTILINE)
    return [[name, *rest.split(" | ")] for name, rest in rows]
