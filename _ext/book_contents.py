"""Pages that are made from the book itself: indexes, the map, credits.

A line ``% made from the book: figures`` in a page gives way to Markdown that is
written when the page is read. Without this extension it is a comment.
"""

import re

from docutils import nodes

from tools import chapter_map, credits, indexes
from tools.contents import chapters

WRITERS = {
    "explorers": indexes.explorers,
    "figures": indexes.figures,
    "map": chapter_map.draw,
    "citation": credits.citation,
    "data": credits.data,
    "scripts": credits.scripts,
}
LINE = re.compile(r"^% made from the book: (\w+)$", re.MULTILINE)


def write_what_is_made(app, docname, source):
    source[0] = LINE.sub(lambda found: WRITERS[found[1]](), source[0])


def name_figures_and_explorers(app, doctree):
    """Let Markdown links end at a chapter's figures and explorers."""
    env = app.env
    found = {chapter.page.removesuffix(".ipynb"): chapter for chapter in chapters()}
    chapter = found.get(env.docname)
    if chapter is None:
        return
    slugs = env.metadata[env.docname].setdefault("myst_slugs", {})
    figures = {figure.name: figure for figure in chapter.figures}
    for node in doctree.findall(nodes.figure):
        for figure in filter(None, map(figures.get, node["names"])):
            node["ids"].append(figure.anchor)
            slugs[figure.anchor] = (0, figure.anchor, figure.caption)
    anchors = {explorer.cell: explorer for explorer in chapter.explorers}
    for cell in doctree.findall(nodes.container):
        explorer = anchors.get(cell.get("cell_index"))
        if explorer and cell["nb_element"] == "cell_code":
            cell["ids"].append(explorer.anchor)
            slugs[explorer.anchor] = (0, explorer.anchor, explorer.section)


def setup(app):
    app.connect("source-read", write_what_is_made)
    app.connect("doctree-read", name_figures_and_explorers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
