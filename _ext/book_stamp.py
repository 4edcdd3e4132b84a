"""Say under each executed page when its outputs came about, and with what.

The versions are those of this Python's packages. They are part of the execution
cache's path (`tools.fingerprint`), and notebooks run in this Python's own kernel, so
what comes out of the cache was executed with them, too. The date is the execution's.
"""

import sys
from datetime import datetime

from jupyter_client.kernelspec import KernelSpecManager
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.errors import ConfigError

from tools.fingerprint import versions


def refuse_another_python(app, config):
    """Stop where the notebooks' kernel would be some other Python's."""
    program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    # Jupyter puts its own Python in place of a plain name.
    if program not in ("python", "python3", sys.executable):
        raise ConfigError(f"notebooks would run in {program}, not in {sys.executable}")


def stamp(app, pagename, templatename, context, doctree):
    executed = NbMetadataCollector.get_exec_data(app.env, pagename)
    if executed:
        context["body"] += line(datetime.fromtimestamp(executed["mtime"]), versions())


def line(moment, found):
    """Return the line for a moment of execution and the versions of packages."""
    *others, last = (f"{name} {version}" for name, version in found.items())
    return (
        f'<p class="verified">Last verified on <time datetime="{moment:%Y-%m-%d}">'
        f"{moment.day} {moment:%B %Y}</time> with {', '.join(others)} and {last}.</p>"
    )


def setup(app):
    app.connect("config-inited", refuse_another_python)
    app.connect("html-page-context", stamp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
