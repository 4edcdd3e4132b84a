"""The one form in which notebooks are committed.

Outputs are text and stand in pinned cells only (those with the tag
``nbval-check-output``), so that a change shows in a readable diff. White space at line
ends goes: a hard line break in Markdown is a backslash.
"""

import hashlib
import re
from pathlib import Path

import nbformat
from nbformat.v4 import nbjson

PINNED = "nbval-check-output"

METADATA = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}

# nbval refuses a cell that has outputs and no execution count, and passes a pinned cell
# that has no count whatever it prints. A constant satisfies it without renumbering the
# cells below an inserted one.
PINNED_COUNT = 1


class NotebookError(Exception):
    """A notebook that cannot be read, or did not run as a chapter must."""


def read(path):
    """Read a notebook as it stands: nbformat's own reader would invent cell ids."""
    try:
        notebook = nbjson.reads(Path(path).read_bytes().decode("utf8"))
        if (notebook.nbformat, notebook.nbformat_minor) < (4, 0):
            raise NotebookError(f"{path}: notebook format 4 is needed")
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise NotebookError(f"{path}: not a notebook ({error})") from error
    return notebook


def canonical(notebook, name):
    """Return a notebook's canonical text; `name` is the notebook's file name."""
    cells, used = [], set()
    taken = {cell.get("id") for cell in notebook.cells}
    for cell in notebook.cells:
        kept = {
            "cell_type": cell.cell_type,
            "metadata": _cell_metadata(cell.metadata),
            "source": _stripped(cell.source),
        }
        if cell.get("attachments"):
            kept["attachments"] = cell.attachments
        if cell.cell_type == "code":
            pinned = PINNED in kept["metadata"].get("tags", [])
            kept["execution_count"] = PINNED_COUNT if pinned else None
            kept["outputs"] = text_outputs(cell.outputs) if pinned else []
        kept["id"] = _cell_id(cell.get("id"), kept, name, used, taken)
        used.add(kept["id"])
        cells.append(kept)
    result = nbformat.from_dict(
        {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    )
    try:
        nbformat.validate(result)
    except nbformat.ValidationError as error:
        raise NotebookError(f"{name}: {error}") from error
    return nbjson.writes(result) + "\n"


def _stripped(source):
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def _cell_metadata(metadata):
    kept = {key: metadata[key] for key in ("cellView", "mystnb") if metadata.get(key)}
    if metadata.get("tags"):
        kept["tags"] = sorted(set(metadata.tags))
    if metadata.get("jupyter", {}).get("source_hidden"):
        kept["jupyter"] = {"source_hidden": True}
    return kept


def _cell_id(current, cell, name, used, taken):
    """Return a cell's id, or one made of the chapter's number and the content."""
    valid = re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", current or "")
    if valid and current not in used:
        return current
    chapter = re.match(r"\d*", name).group() or "cell"
    content = f"{cell['cell_type']}\n{cell['source']}"
    while True:
        digest = hashlib.sha256(content.encode()).hexdigest()[:8]
        if (made := f"{chapter}-{digest}") not in used | taken:
            return made
        content += "\n"


def text_outputs(outputs):
    """Return what nbval can compare: printed text, texts of objects, an error's name.

    Pictures and widgets, which it skips, go, and so does what went to stderr.
    """
    kept, printed = [], None
    for output in outputs:
        if output.output_type == "stream" and output.name == "stdout":
            if printed is None:
                printed = {"output_type": "stream", "name": "stdout", "text": ""}
                kept.append(printed)
            printed["text"] += output.text
        elif output.output_type == "error":
            error = {"ename": output.ename, "evalue": output.evalue, "traceback": []}
            kept.append({"output_type": "error", **error})
        elif "text/plain" in output.get("data", {}):
            data = {"text/plain": output.data["text/plain"]}
            shown = {"output_type": output.output_type, "data": data, "metadata": {}}
            if output.output_type == "execute_result":
                shown["execution_count"] = PINNED_COUNT
            kept.append(shown)
    return kept
