"""Read the code and the Markdown of notebook cells, for the tests of the chapters."""

import ast
import itertools
import re
from dataclasses import dataclass, field

from IPython.core.inputtransformer2 import TransformerManager
from markdown_it import MarkdownIt

MARKDOWN = MarkdownIt("commonmark").enable("table")

# Parts of pyplot that draw nothing.
SILENT = {"cm", "close", "colormaps", "get_cmap", "imread", "ioff", "ion", "rc"}
SILENT |= {"rcParams", "rc_context", "style"}


def tags(cell):
    return cell.metadata.get("tags", [])


def alternative(cell):
    """Return the text alternative of a cell's picture, or an empty string."""
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def code_tree(source):
    """Parse a code cell, with lines for IPython or the shell made into Python."""
    return ast.parse(TransformerManager().transform_cell(source))


def walk_now(node):
    """Walk what runs together with the cell: all but the bodies of functions."""
    yield node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from walk_now(child)


def dotted(call):
    """Return ``["plots", "window"]`` for a call of ``plots.window(...)``."""
    name, node = [], call.func
    while isinstance(node, ast.Attribute):
        name.append(node.attr)
        node = node.value
    return [node.id, *reversed(name)] if isinstance(node, ast.Name) else name[:1]


def calls(tree, name):
    """Return the calls of a function, however it was imported, outside of functions."""
    found = (node for node in walk_now(tree) if isinstance(node, ast.Call))
    return [call for call in found if dotted(call)[-1:] == [name]]


class Drawing:
    """Tell from the source which cells draw; feed it a notebook's cells in order.

    A cell draws when it calls pyplot, or when a statement is a call of something from
    ``helpers.plots``, of a function of the notebook's own that draws, or a figure.
    Assigning a figure does not show it. What this cannot see is seen when the
    notebook is run (`notebook_checks.executed`).
    """

    def __init__(self):
        self.pyplot, self.plots = {"plt"}, {"plots"}
        self.figures = set()

    def draws(self, tree):
        """Tell whether the next cell draws."""
        self._learn(tree)
        nodes = list(walk_now(tree))
        return any(self._is_pyplot(node) for node in nodes) or any(
            self._is_figure(node.value) for node in nodes if isinstance(node, ast.Expr)
        )

    def _learn(self, tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None) or ""
                for alias in node.names:
                    name, known = alias.asname or alias.name, f"{module}.{alias.name}"
                    if known.endswith("matplotlib.pyplot"):
                        self.pyplot.add(name)
                    elif known.lstrip(".").startswith("helpers.plots"):
                        self.plots.add(name)
            elif isinstance(node, ast.FunctionDef):
                if any(self._is_drawing_call(inner) for inner in ast.walk(node)):
                    self.plots.add(node.name)
            elif isinstance(node, ast.Assign) and any(
                self._is_drawing_call(inner) for inner in walk_now(node.value)
            ):
                targets = (n for t in node.targets for n in ast.walk(t))
                self.figures |= {n.id for n in targets if isinstance(n, ast.Name)}

    def _is_pyplot(self, node):
        name = dotted(node) if isinstance(node, ast.Call) else []
        return len(name) > 1 and name[0] in self.pyplot and name[1] not in SILENT

    def _is_drawing_call(self, node):
        name = dotted(node) if isinstance(node, ast.Call) else []
        return self._is_pyplot(node) or bool(name and name[0] in self.plots)

    def _is_figure(self, node):
        if isinstance(node, ast.Call) and dotted(node)[-1:] == ["display"]:
            return any(self._is_figure(argument) for argument in node.args)
        is_name = isinstance(node, ast.Name) and node.id in self.figures
        return is_name or self._is_drawing_call(node)


def without_mathematics(text):
    return re.sub(r"\$\$.*?\$\$|\$[^$]+\$", " ", text, flags=re.DOTALL)


def plain(inline):
    """Return an inline token's words, without code and mathematics."""
    kept = [
        child.content if child.type == "text" else " "
        for child in inline.children
        if child.type in {"text", "softbreak", "hardbreak", "code_inline"}
    ]
    return without_mathematics("".join(kept))


def inlines(source, headings=False):
    """Return the inline tokens of Markdown, with or without those of headings."""
    tokens = MARKDOWN.parse(source)
    return [
        token
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.type == "inline" and (headings or before.type != "heading_open")
    ]


def words(source):
    """Return the words of prose in Markdown: no headings, code or mathematics."""
    text = " ".join(plain(token) for token in inlines(source))
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)


@dataclass
class Section:
    """A heading with what follows it, up to the next heading of any level."""

    level: int
    title: str
    markdown: list = field(default_factory=list)
    code: list = field(default_factory=list)
    parts: list = field(default_factory=list)  # both, in order


def sections(notebook):
    """Cut a notebook at its headings; what stands before the first has level 0."""
    found = [Section(0, "")]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found[-1].code.append(cell)
            found[-1].parts.append(cell)
            continue
        lines, start = cell.source.splitlines(), 0
        tokens = MARKDOWN.parse(cell.source)
        for token, inline in itertools.pairwise(tokens):
            if token.type == "heading_open" and token.level == 0:
                _add(found[-1], lines[start : token.map[0]])
                found.append(Section(int(token.tag[1]), inline.content))
                start = token.map[1]
        _add(found[-1], lines[start:])
    return found


def _add(section, lines):
    if any(lines):
        section.markdown.append("\n".join(lines))
        section.parts.append("\n".join(lines))


def section(notebook, title):
    """Return a heading's section with all below it, or None if it is not there once."""
    found = sections(notebook)
    starts = [place for place, each in enumerate(found) if each.title == title]
    if len(starts) != 1:
        return None
    first = found[starts[0]]
    whole = Section(first.level, title)
    for candidate in found[starts[0] :]:
        if candidate is not first and candidate.level <= first.level:
            break
        whole.markdown += candidate.markdown
        whole.code += candidate.code
        whole.parts += candidate.parts
    return whole
