"""Pages on the API of `helpers`: readable signatures, and links to chapters and back.

- Sphinx's autodoc writes the pages below ``api/`` from the docstrings.
- Where a docstring says ``Chapter 2``, these words lead to that chapter.
- At the end of a chapter's page stands what it takes of `helpers`, with links.
"""

import collections
import inspect
import re

from docutils import nodes
from sphinx.addnodes import pending_xref

from tools import api
from tools.canonical import read

CHAPTERS = re.compile(r"\bChapters?\s+\d+(?:(?:,|,? and| to)\s+\d+)*")
CHAPTER = re.compile(r"(?:Chapters?\s+)?(\d+)")
LONG = 30  # letters of a default value; its words describe a longer one
TITLE = "From helpers in this chapter"


class Words:
    """Stands in a signature for a default value whose own text nobody could read."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def write_signature(app, what, name, obj, options, signature, returns):
    """Say a default value's name or text, never its address; see through Keras."""
    if what not in ("class", "function", "method") or not signature:
        return None
    if what == "class":  # the layers' __new__ takes anything
        obj = obj.__new__ if obj.__init__ is object.__init__ else obj.__init__
    parameters = list(inspect.signature(obj).parameters.values())
    if what != "function" and not inspect.ismethod(obj):
        parameters = parameters[1:]  # self
    shown = inspect.Signature([_readable(each) for each in parameters])
    return str(shown), None


def _readable(parameter):
    parameter = parameter.replace(annotation=parameter.empty)
    default = parameter.default
    if default is parameter.empty:
        return parameter
    if hasattr(default, "__name__"):
        return parameter.replace(default=Words(default.__name__))
    # A dataclass makes a "<factory>" anew for each object.
    if repr(default) == "<factory>" or len(repr(default)) > LONG:
        return parameter.replace(default=Words("..."))
    return parameter


def leave_out(app, what, name, obj, skip, options):
    """Leave out what the class's own words describe, and what every layer has."""
    if what != "class" or skip:
        return None
    if isinstance(obj, collections._tuplegetter):  # a field of a NamedTuple
        return True
    if not inspect.isfunction(obj):
        return None
    home = inspect.getmodule(obj)
    for part in obj.__qualname__.split(".")[:-1]:
        home = getattr(home, part)
    foreign = (base for base in home.__mro__ if not base.__module__.startswith("help"))
    return True if any(name in vars(base) for base in foreign) else None


def link_chapters(app, doctree):
    """Make words such as ``Chapters 2 and 6`` in a docstring lead there."""
    env = app.env
    if not env.docname.startswith("api/"):
        return
    pages = {
        int(docname[9:11]): docname
        for docname in env.found_docs
        if re.match(r"chapters/\d\d_", docname)
    }
    for text in list(doctree.findall(nodes.Text)):
        if isinstance(text.parent, nodes.literal | nodes.FixedTextElement):
            continue
        words, parts, end = str(text), [], 0
        for phrase in CHAPTERS.finditer(words):
            for found in CHAPTER.finditer(words, *phrase.span()):
                if page := pages.get(int(found[1])):
                    parts += [
                        nodes.Text(words[end : found.start()]),
                        _link(env, "std", "doc", f"/{page}", nodes.inline, found[0]),
                    ]
                    end = found.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(words[end:])])


def list_what_is_taken(app, doctree):
    """Say at the end of a chapter what it takes of `helpers`."""
    env = app.env
    if not env.docname.startswith("chapters/"):
        return

    def link(target, text):
        return _link(env, "py", "obj", target, nodes.literal, text)

    items = nodes.bullet_list(bullet="-")
    for module, names in api.taken(read(env.doc2path(env.docname))).items():
        line = nodes.paragraph("", "", link(module, module), nodes.Text(": "))
        for name in names:
            line += [link(f"{module}.{name}", name), nodes.Text(", ")]
        line.pop()
        items += nodes.list_item("", line)
    title = nodes.title(TITLE, TITLE)
    doctree[0] += nodes.section("", title, items, ids=["from-helpers"], names=[])


def name_fold(app, pagename, templatename, context, doctree):
    """Put into words what the arrow beside these pages in the contents does."""
    write = context.get("generate_toctree_html")

    def write_with_name(*args, **options):
        contents = str(write(*args, **options))
        return contents.replace("<summary>", '<summary aria-label="Show modules">')

    if write:
        context["generate_toctree_html"] = write_with_name


def _link(env, domain, role, target, kind, text):
    """Return a link that Sphinx resolves when it has read all pages."""
    return pending_xref(
        "",
        kind(text, text),
        refdomain=domain,
        reftype=role,
        reftarget=target,
        refexplicit=True,
        refdoc=env.docname,
    )


def setup(app):
    app.connect("autodoc-process-signature", write_signature)
    app.connect("autodoc-skip-member", leave_out)
    app.connect("doctree-read", link_chapters)
    # Before Sphinx collects the page's sections.
    app.connect("doctree-read", list_what_is_taken, priority=400)
    # After the theme has put its functions there.
    app.connect("html-page-context", name_fold, priority=502)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
