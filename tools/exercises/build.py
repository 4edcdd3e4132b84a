"""Build what students and graders get: ``python -m tools.exercises.build``.

otter-grader does the work (solutions and hidden tests out, tests into files, the zip
for Gradescope); here a notebook's first cell is added, which brings the public tests
along, so that a student needs one file.
"""

import argparse
import contextlib
import io
import json
import re
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import nbformat
import yaml

from tools.exercises.sources import PUBLIC, ROOT, SetError, bank_sets, public_sets
from tools.notebooks import address

TARGET = ROOT / "_build" / "assignments"
# What otter needs besides the packages that Colab and JupyterLab bring.
MISSING = "fica dill python-frontmatter python-on-whales ipylab jupytext wrapt"

SET_UP = """\
#@title Run this cell first
# It fetches what is not there yet, and lays out the public tests in `checks/`.
from importlib.util import find_spec
from pathlib import Path

if find_spec("helpers") is None:
    source = "{address}"
    %pip install -q --no-deps git+{{source}}
if find_spec("otter") is None:
    %pip install -q --no-deps otter-grader=={otter} {missing}

TESTS = {tests}
Path("checks").mkdir(exist_ok=True)
for name, lines in TESTS.items():
    Path("checks", f"{{name}}.py").write_text("\\n".join(lines), encoding="utf8")

import otter

grader = otter.Notebook(tests_dir="checks")"""

HAND_IN = """\
## Hand in

Choose *Kernel → Restart & Run All* (in Colab: *Runtime → Restart session and run all*)
once, and see that each check says what you expect. Save the notebook, download it as
`.ipynb`, and hand in that one file."""


def build(source, target):
    """Write one set's ``student`` and ``autograder`` folders.

    Parameters
    ----------
    source : Source
        The set.
    target : pathlib.Path
        The set's folder; what is in it goes.

    Returns
    -------
    pathlib.Path
        `target`.
    """
    from otter.assign import main as assign

    with tempfile.TemporaryDirectory() as scratch:
        stage, made = Path(scratch) / "source", Path(scratch) / "made"
        stage.mkdir()
        master = stage / f"{source.name}.ipynb"
        master.write_text(source.notebook, encoding="utf8")
        (stage / "otter.yml").write_text(_otter_settings(), encoding="utf8")
        with contextlib.redirect_stdout(io.StringIO()):
            assign(str(master), str(made), no_pdfs=True, no_run_tests=True)
        _finish(source, made)
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, target)
    return target


def _otter_settings():
    settings = yaml.safe_load((PUBLIC / "otter.yml").read_text(encoding="utf8"))
    settings["requirements"] = ["numpy", f"git+{address()}"]
    return yaml.safe_dump(settings)


def _finish(source, made):
    """Add the first and last cells, and what the grader must know."""
    student, autograder = made / "student", made / "autograder"
    tests = {
        path.stem: path.read_text(encoding="utf8").rstrip().split("\n")
        for path in sorted((student / "tests").glob("*.py"))
    }
    for folder in (student, autograder):
        path = folder / f"{source.name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        _add_cells(notebook, tests)
        nbformat.write(notebook, path)
    shutil.rmtree(student / "tests")
    order = _questions(notebook)
    if order != _asked(source) or set(order) != set(tests):
        raise SetError(f"{source.name}: not every question has tests and a check")
    (autograder / "grading.toml").write_text(_grading(source, order), encoding="utf8")


def _add_cells(notebook, tests):
    written = "{\n"
    for name, lines in tests.items():
        listed = "".join(f"        {line!r},\n" for line in lines)
        written += f"    {name!r}: [\n{listed}    ],\n"
    settings = {
        "address": address(),
        "otter": version("otter-grader"),
        "missing": MISSING,
    }
    source = SET_UP.format(tests=written + "}", **settings)
    first = nbformat.v4.new_code_cell(source, id="set-up")
    first.metadata.update(
        tags=["set-up"], cellView="form", jupyter={"source_hidden": True}
    )
    where = 1 if notebook.cells and notebook.cells[0].cell_type == "markdown" else 0
    notebook.cells.insert(where, first)
    notebook.cells.append(nbformat.v4.new_markdown_cell(HAND_IN, id="hand-in"))
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number}")


def _asked(source):
    """Return the names of the questions in the source's order."""
    cells = nbformat.reads(source.notebook, as_version=4).cells
    begun = "\n".join(cell.source for cell in cells if cell.cell_type == "raw")
    return re.findall(r"^# BEGIN QUESTION\n(?:.*\n)*?name: (\S+)", begun, re.MULTILINE)


def _questions(notebook):
    """Return the names of the questions in the notebook's order."""
    calls = [cell.source.strip() for cell in notebook.cells if cell.cell_type == "code"]
    start, end = 'grader.check("', '")'
    return [call[len(start) : -len(end)] for call in calls if call.startswith(start)]


def _grading(source, order):
    lines = [f"name = {json.dumps(source.name)}", f"questions = {json.dumps(order)}"]
    lines += ["", "[limits]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in source.settings.items()]
    return "\n".join(lines) + "\n"


def gather(bank=None, seed=None):
    """Return the public sets, or those that a bank makes of a seed."""
    if bank is None:
        return public_sets()
    if seed is None:
        raise SetError("a bank needs SEED=, a whole number that you keep to yourself")
    return bank_sets(Path(bank), seed)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make assignments", description=__doc__)
    parser.add_argument("--bank", type=Path)
    parser.add_argument("--seed", type=int)
    given = parser.parse_args(arguments)
    try:
        for name, source in gather(given.bank, given.seed).items():
            print(build(source, TARGET / name).relative_to(ROOT))
    except SetError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
