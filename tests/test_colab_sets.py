"""A student opens a set in an environment like Colab's, runs one cell, works, hands in.

The environment is that of the chapters (see `test_colab_environment`), which brings no
otter; what Colab has besides is added first. SKIP_COLAB=1 leaves this out.
"""

import json

import nbformat
from checkout import clean_environment
from test_colab_environment import (
    EXECUTE,
    LIST_PACKAGES,
    REFUSE_NETWORK,
    colab,
    machine,
    pytestmark,
    python,
    repository,
    run,
)

from tools.exercises import build
from tools.exercises.sources import public_sets
from tools.grading import sandbox
from tools.grading.marks import Assignment, grade

__all__ = ["colab", "machine", "pytestmark", "repository"]

NAME = "11_classification_and_localization"
BROUGHT = ("pandas", "requests")
ADDED = {"seeing-with-convolutions", "otter-grader", *build.MISSING.split()}
# Saves what was run, as a student does, for handing in.
RUN_AND_SAVE = EXECUTE + "nbformat.write(notebook, sys.argv[1])\n"


def test_open_run_one_cell_work_check_and_hand_in(machine, repository, tmp_path):
    folder = build.build(public_sets()[NAME], tmp_path / "built" / NAME)
    work = tmp_path / "work"
    work.mkdir()
    notebook = nbformat.read(folder / "student" / f"{NAME}.ipynb", as_version=4)
    solved = nbformat.read(folder / "autograder" / f"{NAME}.ipynb", as_version=4)
    for cell, answer in zip(notebook.cells, solved.cells, strict=True):
        if "otter_answer_cell" in cell.metadata.get("tags", []):
            cell.source = answer.source
        cell.source = cell.source.replace(build.address(), repository.as_uri())
    handed_in = work / "mine.ipynb"
    nbformat.write(notebook, handed_in)

    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "refuse_network.py").write_text(REFUSE_NETWORK)
    here = python(machine)
    variables = {"IPYTHONDIR": tmp_path / "ipython"}
    away = {"cwd": work, "env": clean_environment(tmp_path, **variables)}
    run(here, "-m", "pip", "install", "--quiet", *BROUGHT)
    before = json.loads(run(here, "-c", LIST_PACKAGES, **away))
    run(here, "-c", RUN_AND_SAVE, handed_in, **away)
    after = json.loads(run(here, "-c", LIST_PACKAGES, **away))

    assert after.keys() - before.keys() <= ADDED
    assert {name: after[name] for name in before} == before
    checks = [
        "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in nbformat.read(handed_in, as_version=4).cells
        if cell.source.startswith("grader.check(")
    ]
    assert len(checks) == 7
    assert all("passed" in said for said in checks), checks

    assignment = Assignment.read(folder / "autograder")
    walls = sandbox.find()
    marks = grade(handed_in, assignment, walls)
    walls.close()
    assert (marks.score, marks.notes) == (marks.possible, [])
