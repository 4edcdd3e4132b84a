"""What every chapter's notebook must be, whatever it teaches.

Each check takes a notebook, the path where it stands and the `Book` around it, and
yields one message for each fault. `CHECKS` holds them all by name.
"""

import ast
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from tools import notebooks
from tools.canonical import PINNED
from tools.cells import (
    MARKDOWN,
    Drawing,
    alternative,
    calls,
    code_tree,
    tags,
    without_mathematics,
)

MAX_LINES = 20
MAX_WIDTH = 76
MIN_ALTERNATIVE = 20
MIN_PINS = 8
MAX_DIGITS = 3


@dataclass
class Book:
    """What a chapter may refer to: the book's address, citations and glossary."""

    address: str
    citations: set
    terms: set

    @classmethod
    def at(cls, root):
        """Read the book that stands in a folder."""
        bibliography, glossary = root / "references.bib", root / "glossary.md"
        entries = bibliography.read_text("utf8") if bibliography.exists() else ""
        page = glossary.read_text("utf8") if glossary.exists() else ""
        citations = set(re.findall(r"^@\w+\{\s*([^,\s]+)\s*,", entries, re.MULTILINE))
        return cls(notebooks.address(root), citations, glossary_anchors(page))


def glossary_anchors(page):
    """Return the anchors of a glossary page's terms, as Sphinx makes them."""
    anchors = set()
    for token in MARKDOWN.parse(page.replace(":::", "```")):
        if token.type == "fence" and token.info.startswith("{glossary}"):
            for line in token.content.splitlines():
                if re.match(r"[^\s:.]", line):
                    anchors.add(anchor(line.split(" : ")[0]))
    return anchors


def anchor(term):
    ascii_ = unicodedata.normalize("NFKD", term).encode("ascii", "ignore").decode()
    return "term-" + re.sub(r"[^a-zA-Z0-9._]+", "-", ascii_.strip()).strip("-")


def cells(notebook, kind):
    """Yield the cells of a kind, each with its name for messages."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == kind:
            yield notebooks.describe(notebook, index), cell


def set_up(notebook, path, book):
    cell = notebooks.set_up_cell(notebook)
    if cell is None:
        yield f"the first code cell is not tagged {notebooks.SETUP}"
    elif f'source = "{book.address}"' not in map(str.strip, cell.source.splitlines()):
        yield f'the set-up cell does not say source = "{book.address}"'


def size(notebook, path, book):
    for index, cell in enumerate(notebook.cells):
        where, lines = notebooks.describe(notebook, index), cell.source.splitlines()
        if len(lines) > MAX_LINES:
            yield f"{where}: {len(lines)} lines, at most {MAX_LINES} fit the page"
        for line in lines if cell.cell_type == "code" else _fenced(cell.source):
            if len(line) > MAX_WIDTH:
                yield f"{where}: {len(line)} characters, at most {MAX_WIDTH}: {line}"


def _fenced(source):
    blocks = (t for t in MARKDOWN.parse(source) if t.type in {"fence", "code_block"})
    return [line for block in blocks for line in block.content.splitlines()]


def alternatives(notebook, path, book):
    drawing, seen = Drawing(), {}
    for where, cell in cells(notebook, "code"):
        tree = code_tree(cell.source)
        texts = [alternative(cell)] if alternative(cell) else []
        if drawing.draws(tree) and not texts:
            yield f"{where}: draws, and metadata.mystnb.image.alt is missing"
        for call in calls(tree, "explorer"):
            given = [k.value for k in call.keywords if k.arg == "alt"] or call.args[1:2]
            if not given:
                yield f"{where}: the explorer has no alt"
            elif isinstance(given[0], ast.Constant):
                texts.append(str(given[0].value))
        for text in texts:
            plain = " ".join(text.lower().split())
            if len(plain) < MIN_ALTERNATIVE:
                yield f"{where}: a text alternative of {len(plain)} characters"
            if plain in seen:
                yield f"{where}: repeats the text alternative of {seen[plain]}"
            seen[plain] = where


BLOCK_MARKUP = {
    r":{3,}": "a directive",
    r"\([^\s)]+\)=\s*$": "a target",
    r"%": "a line that starts with %, a comment for the book",
    r"\+\+\+": "a block break",
    r":\s": "a definition list",
}


def book_only_markup(notebook, path, book):
    """Find Markdown that Jupyter and Colab would show as it stands, or lose."""
    for where, cell in cells(notebook, "markdown"):
        for token in MARKDOWN.parse(cell.source):
            if token.type == "fence" and token.info.startswith("{"):
                yield f"{where}: the directive {token.info}"
            if token.type != "inline":
                continue
            for line in token.content.splitlines():
                for pattern, name in BLOCK_MARKUP.items():
                    if re.match(pattern, line):
                        yield f"{where}: {name}: {line}"
            for before, after in zip(token.children, token.children[1:], strict=False):
                role = re.search(r"\{[\w:+-]+\}$", before.content)
                if role and before.type == "text" and after.type == "code_inline":
                    yield f"{where}: the role {role.group()}"
            text = without_mathematics(re.sub(r"`+[^`]*`+", " ", token.content))
            for found in re.findall(r"\{\{.*?\}\}|\[\^[^\]]+\]", text):
                yield f"{where}: a substitution or footnote: {found}"


def links(notebook, path, book):
    for where, cell in cells(notebook, "markdown"):
        for token in MARKDOWN.parse(cell.source):
            for child in token.children or []:
                target = child.attrs.get("href") or child.attrs.get("src")
                if target and (fault := _link_fault(unquote(target), path, book)):
                    yield f"{where}: the link {target}: {fault}"


def _link_fault(target, path, book):
    if re.match(r"[a-z]+:|#", target):
        return None
    file, _, mark = target.partition("#")
    place = path.parent / file
    if not place.exists():
        return "there is no such file"
    if file == "../references.md":
        return mark and mark not in book.citations and "no such entry in the references"
    if file == "../glossary.md":
        return mark and mark not in book.terms and "no such term in the glossary"
    return None


def pins(notebook, path, book):
    pinned = [(w, c) for w, c in cells(notebook, "code") if PINNED in tags(c)]
    if len(pinned) < MIN_PINS:
        yield f"{len(pinned)} pinned cells, at least {MIN_PINS} are needed"
    for where, cell in pinned:
        if not cell.outputs:
            yield f"{where}: pinned, but no output is stored; run `make notebooks`"
        for found in long_numbers(" ".join(stored_texts(cell))):
            yield f"{where}: {found} is more than {MAX_DIGITS} digits, or a version"
    for where, cell in cells(notebook, "code"):
        if cell.outputs and PINNED not in tags(cell):
            yield f"{where}: output is stored in a cell that is not pinned"


def stored_texts(cell):
    for output in cell.get("outputs", []):
        yield output.get("text") or output.get("evalue") or ""
        yield output.get("data", {}).get("text/plain", "")


NUMBER = re.compile(
    r"(?<![\d.])(?:(?:\d{1,3}(?:[,_]\d{3})+|\d+)?(?:\.\d+)+|\d+(?=e[+-]?\d))"
)


def long_numbers(text):
    """Return the decimal numbers with too many significant digits, and versions."""
    too_long = []
    for number in NUMBER.findall(text):
        digits = re.sub(r"\D", "", number).lstrip("0")
        if len(digits) > MAX_DIGITS or number.count(".") > 1:
            too_long.append(number)
    return too_long


def unfinished(notebook, path, book):
    for index, cell in enumerate(notebook.cells):
        for word in re.findall(r"\b(?:TODO|FIXME)\b", cell.source):
            yield f"{notebooks.describe(notebook, index)}: {word}"


def canonical_form(notebook, path, book):
    if not notebooks.is_canonical(Path(path)):
        yield "not in canonical form; run `make notebooks`"


CHECKS = {
    check.__name__: check
    for check in (
        canonical_form,
        set_up,
        size,
        alternatives,
        book_only_markup,
        links,
        pins,
        unfinished,
    )
}
