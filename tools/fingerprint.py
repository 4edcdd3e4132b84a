"""Hashes that say whether something must be built again."""

import hashlib
import platform
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What a notebook's outputs depend on, besides the notebook itself.
EXECUTION = ["helpers/**/*", "data/**/*", "requirements.lock"]
# What the pages depend on, besides that.
PAGES = [
    "*.md", "*.bib", "_config.yml", "_toc.yml", "chapters/**/*", "tools/*.py",
    "_ext/**/*", "_extra/**/*", "_static/**/*", "_templates/**/*",
]  # fmt: skip


def digest(patterns, root=ROOT):
    """Return a short hash of the names and bytes of all files that match."""
    total = hashlib.sha256(platform.python_version().encode())
    files = {path for pattern in patterns for path in root.glob(pattern)}
    for path in sorted(files):
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(
            path.parts
        ):
            total.update(path.relative_to(root).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


@cache
def of_execution():
    """Return the hash that the execution cache's path carries."""
    return digest(EXECUTION)


def of_book():
    """Return the hash of everything that the built book is made of."""
    return digest(EXECUTION + PAGES)
