"""What the book adds to jupyter-book: a cache that notices, links, mended pages.

- The execution cache's path carries a hash of everything a notebook's outputs
  depend on, because jupyter-cache alone looks at the notebook only.
- Plain Markdown links such as ``[…](../references.md#lecun1998gradient)`` and
  ``[…](../glossary.md#term-stride)`` reach BibTeX entries and glossary terms.
- An explorer's first frame shows where JavaScript is off.
- What the theme and the widgets do to each other is mended; the dark prints light.
"""

import re
import sys
from pathlib import Path

from docutils import nodes
from pybtex.database import parse_file
from sphinx.transforms.post_transforms import SphinxPostTransform

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import fingerprint  # noqa: E402

WIDGET = "application/vnd.jupyter.widget-view+json"

# Two scripts of the page do what html-manager does not expect. Font Awesome puts an
# <svg> in place of each <i>, which a Play button then looks for in vain, and its slider
# stands still. MathJax 3 has no Hub, where each label asks for its mathematics.
MEND_WIDGETS = """
if (window.FontAwesome) FontAwesome.config.observeMutations = false;
document.addEventListener("DOMContentLoaded", () => {
  if (window.MathJax && !MathJax.Hub) MathJax.Hub = { Queue() {} };
});
"""

# Paper is white, whatever the screen is.
PRINT_LIGHT = """
addEventListener("beforeprint", () => {
  const { theme } = document.documentElement.dataset;
  document.documentElement.dataset.theme = "light";
  const back = () => { document.documentElement.dataset.theme = theme; };
  addEventListener("afterprint", back, { once: true });
});
"""


def use_fingerprinted_cache(app, config):
    config.nb_execution_cache_path = str(fingerprint.execution_cache())


def name_link_targets(app, doctree):
    """Let Markdown links end at BibTeX keys and glossary terms."""
    env = app.env
    slugs = env.metadata[env.docname].setdefault("myst_slugs", {})
    for term in doctree.findall(nodes.term):
        for term_id in term["ids"]:
            slugs[term_id] = (0, term_id, term.astext())
    if env.docname == "references":
        for file in app.config.bibtex_bibfiles:
            for key in parse_file(Path(app.srcdir) / file).entries:
                slugs[key] = (0, f"cite-{key}", key)


class KeepFirstFrame(SphinxPostTransform):
    """Put an explorer's still picture into a ``noscript`` element after it."""

    default_priority = 3  # before myst-nb drops all mime types but one
    formats = ("html",)

    def run(self, **kwargs):
        """Add the still after each widget that has one."""

        def is_bundle(node):
            return isinstance(node, nodes.container) and (
                node.get("nb_element") == "mime_bundle"
            )

        for bundle in list(self.document.findall(is_bundle)):
            by_type = {child["mime_type"]: child for child in bundle.children}
            if WIDGET not in by_type or "text/html" not in by_type:
                continue
            still = "".join(raw.astext() for raw in by_type["text/html"].children)
            text = f"<noscript>{still}</noscript>"
            place = bundle.parent.index(bundle) + 1
            bundle.parent.insert(place, nodes.raw(text=text, format="html"))


def mend_body(app, pagename, templatename, context, doctree):
    """Give pictures their shape and fetch them late; mend a role."""
    if "body" in context:
        body = context["body"]
        body = re.sub(r"<img (?![^>]*\bloading=)", '<img loading="lazy" ', body)
        # As attributes, they give the shape also where CSS makes the picture narrower.
        size = r'style="width: (\d+)px; height: (\d+)px;"'
        body = re.sub(size, r'width="\1" height="\2"', body)
        # Inside role="list", only list items may stand.
        body = body.replace('role="doc-biblioentry"', 'role="listitem"')
        context["body"] = body


def launch_notebooks_only(app, pagename, templatename, context, doctree):
    """Offer no launch button where Colab could not open the page's source."""
    buttons = context.get("header_buttons", [])
    if not str(context.get("page_source_suffix", "")).endswith(".ipynb"):
        buttons[:] = [b for b in buttons if b.get("label") != "launch-buttons"]


def setup(app):
    app.connect("config-inited", use_fingerprinted_cache)
    app.connect("doctree-read", name_link_targets)
    app.connect("html-page-context", mend_body)
    app.connect("html-page-context", launch_notebooks_only, priority=502)
    app.add_js_file(None, body=MEND_WIDGETS + PRINT_LIGHT, priority=900)
    for name in ("book_contents", "book_not_found", "book_stamp"):
        app.setup_extension(name)
    app.add_post_transform(KeepFirstFrame)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
