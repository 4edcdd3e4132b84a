"""Hashes that say whether something must be built again."""

import hashlib
import platform
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What a notebook's outputs depend on, besides the notebook itself.
EXECUTION = ["helpers/**/*", "data/**/*", "requirements.lock"]
# What the pages depend on, besides that.
PAGES = [
    "*.md", "*.bib", "*.cff", "_config.yml", "_toc.yml", "chapters/**/*", "api/*",
    "tools/*.py", "_ext/**/*", "_extra/**/*", "_static/**/*", "_templates/**/*",
]  # fmt: skip

# Whose version every page names, because another one may give other outputs.
PACKAGES = {
    "TensorFlow": "tensorflow",
    "Keras": "keras",
    "NumPy": "numpy",
    "Matplotlib": "matplotlib",
    "Jupyter Book": "jupyter-book",
}

# What file managers, editors and Python leave behind on their own.
JUNK_FOLDERS = {"__pycache__", ".ipynb_checkpoints"}
JUNK_FILES = {".DS_Store", "Thumbs.db"}
JUNK_ENDINGS = (".pyc", ".swp", "~")


def is_junk(path):
    """Tell whether a file, named from the root, came about by itself."""
    return (
        not JUNK_FOLDERS.isdisjoint(path.parts)
        or path.name in JUNK_FILES
        or path.name.startswith("._")  # macOS, on drives that are not its own
        or path.name.endswith(JUNK_ENDINGS)
    )


def versions():
    """Return the versions of Python and of the packages that pages name."""
    installed = {name: metadata.version(each) for name, each in PACKAGES.items()}
    return {"Python": platform.python_version(), **installed}


def digest(patterns, root=ROOT):
    """Return a short hash of the versions in use, and of the files that match.

    Parameters
    ----------
    patterns : list of str
        As for `pathlib.Path.glob`; names and bytes of the files count.
    root : pathlib.Path
        Folder that the patterns begin at.
    """
    total = hashlib.sha256(repr(versions()).encode())
    files = {path for pattern in patterns for path in root.glob(pattern)}
    for path in sorted(files):
        name = path.relative_to(root)
        if path.is_file() and not is_junk(name):
            total.update(name.as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def of_execution(root=ROOT):
    """Return the hash that the execution cache's path carries."""
    return digest(EXECUTION, root)


def execution_cache(root=ROOT):
    """Return the folder of the outputs that were made in this state."""
    return root / "_build" / "executed" / of_execution(root)


def of_book(root=ROOT):
    """Return the hash of everything that the built book is made of."""
    return digest(EXECUTION + PAGES, root)
