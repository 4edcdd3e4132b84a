"""What a retraining makes stale: the networks that stand on one, and the chapters."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

from tools.canonical import NotebookError, read
from tools.cells import code_tree
from tools.fingerprint import ROOT

FOLDERS = ("data/weights", "data/trainings")


def known(root=ROOT):
    """Return the names of all weights and records that ship."""
    return {path.stem for folder in FOLDERS for path in (root / folder).iterdir()}


def changed(root=ROOT):
    """Return the names whose weights or record are not those of the last commit."""
    command = ["git", "status", "--porcelain", "--untracked-files=all", "--", *FOLDERS]
    status = subprocess.run(command, cwd=root, check=True, capture_output=True)
    return {Path(line[3:]).stem for line in status.stdout.decode().splitlines()}


def built_on(names, root=ROOT):
    """Return the recipes that keep a trained network inside, and that begin with one.

    Parameters
    ----------
    names : set of str
        Networks that were trained anew.

    Returns
    -------
    keep : set of str
        Recipes whose network holds one of them: it answers otherwise now.
    begin : set of str
        Recipes whose training began with one of them: it is still what it was, but
        trained anew it would be another.
    """
    path = root / "helpers/training/scene_recipes.toml"
    recipes = tomllib.loads(path.read_text(encoding="utf8"))

    def recipes_with(key, bases):
        return {name for name, entry in recipes.items() if entry.get(key) in bases}

    keep, bases = set(), set(names)
    while found := recipes_with("on", bases) - bases:
        keep |= found
        bases |= found
    return keep, recipes_with("start", bases) - bases


def chapters(names, root=ROOT):
    """Return the chapters whose code names one of some networks, in order."""
    paths = sorted((root / "chapters").glob("*.ipynb"))
    return [path for path in paths if not names.isdisjoint(mentioned(path, names))]


def mentioned(path, names):
    """Return those names that a notebook's code has as a string, or could make.

    A chapter may hand names on in many ways, so every string counts: that a chapter is
    run in vain costs less than a pin that is not looked at.
    """
    patterns = set()
    for cell in read(path).cells:
        if cell.cell_type == "code":
            patterns |= {_pattern(node) for node in ast.walk(code_tree(cell.source))}
    whole = re.compile("|".join(filter(None, patterns)) or r"(?!)")
    return {name for name in names if whole.fullmatch(name)}


def _pattern(node):
    """Return a regular expression for a string, or for an f-string's results."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    # One that begins with a value could be anything.
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return "".join(_pattern(value) or ".*" for value in node.values)
    return None


def stale_chapters(names, root=ROOT):
    """Say what some retrained networks touch; return the chapters to run.

    Parameters
    ----------
    names : collection of str
        Networks that were trained anew; without any, those that differ from the last
        commit.
    """
    names = set(names) or changed(root)
    if unknown := sorted(names - known(root)):
        every = ", ".join(sorted(known(root)))
        raise NotebookError(f"no weights or record of {unknown[0]}; there are {every}")
    if not names:
        print("No weights and no record differ from the last commit.")
        return []
    keep, begin = built_on(names, root)
    print(f"Trained anew: {_listed(names)}.")
    if keep:
        print(f"Built on that, so train the rest of them anew: {_listed(keep)}.")
    if begin:
        print(f"Once began with that, and stay as they are: {_listed(begin)}.")
    found = chapters(names | keep, root)
    print(f"Chapters: {_listed(path.stem for path in found)}.")
    return found


def _listed(names):
    return ", ".join(sorted(names)) or "none"
