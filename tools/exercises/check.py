"""Check the sets: ``python -m tools.exercises.check``.

Of each set, what a grader would get is built and graded: the reference solution must
score full marks in every question, the stub none, and each named wrong answer must
lose marks in its question and meet its hint. No line of a graded set's solution may
stand in what students get, or in the built book.
"""

import argparse
import copy
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from tools.exercises.build import build, gather
from tools.exercises.leaks import find_leaks, solution_lines
from tools.exercises.sources import ROOT, SetError
from tools.grading import sandbox
from tools.grading.marks import Assignment, grade_cells
from tools.grading.submission import as_python

LEVELS = ("Recall", "Implement", "Investigate")
FEWEST, FEWEST_WRONG = 5, 2
ANSWER = "otter_assign_solution_cell"  # the tag that otter gives to a solution


def problems_of(source, walls, target, book=None):
    """Return what is wrong with a set, each in a sentence.

    Parameters
    ----------
    source : Source
        The set.
    walls : Sandbox
        Where its code runs.
    target : pathlib.Path
        An empty folder.
    book : pathlib.Path, optional
        The built book, in which no graded solution may stand.
    """
    build(source, target)
    assignment = Assignment.read(target / "autograder")
    solution = nbformat.read(target / "autograder" / f"{source.name}.ipynb", 4)
    stub = nbformat.read(target / "student" / f"{source.name}.ipynb", 4)
    runs = [solution, stub, *(_with_answer(solution, **each) for each in source.wrong)]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        jobs = [
            pool.submit(grade_cells, _cells(notebook), assignment, walls, number)
            for number, notebook in enumerate(runs)
        ]
        reference, empty, *others = [job.result() for job in jobs]
    problems = [*_about_form(source, stub, assignment)]
    problems += _about_reference(reference)
    problems += _about_stub(empty)
    for wrong, marks in zip(source.wrong, others, strict=True):
        problems += _about_wrong(wrong, marks)
    if source.graded:
        problems += _about_leaks(source, target, book)
    return problems


def _cells(notebook):
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return [(f"cell {n}", as_python(each)) for n, each in enumerate(sources, 1)]


def _with_answer(solution, name, question, code, hint):
    """Return the solution's notebook with another answer to one question."""
    changed = copy.deepcopy(solution)
    ends = [
        place
        for place, cell in enumerate(changed.cells)
        if cell.source.strip() == f'grader.check("{question}")'
    ]
    if len(ends) != 1:
        raise SetError(f"{name}: there is no question {question}")
    answers = [
        place
        for place, cell in enumerate(changed.cells[: ends[0]])
        if ANSWER in cell.metadata.get("tags", [])
    ]
    changed.cells[answers[-1]].source = code
    return changed


def _about_form(source, stub, assignment):
    titles = re.findall(r"^## Question \d+ · (\w+)$", _prose(stub), re.MULTILINE)
    if len(titles) < FEWEST or len(titles) != len(assignment.order):
        yield f"{len(titles)} titles (## Question 1 · {LEVELS[0]}) for its questions"
    if missing := [level for level in LEVELS if level not in titles]:
        yield f"no question of the level {', '.join(missing)}"
    if len(source.wrong) < FEWEST_WRONG:
        yield f"fewer than {FEWEST_WRONG} named wrong answers"
    for file in assignment.test_files():
        if not file.possible:
            yield f"{file.name}: no points"
        for case in file.test_cases:
            if case.hidden == (case.points == 0):
                yield f"{file.name}: hidden tests grade; public ones say points: 0"


def _prose(notebook):
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return "\n".join(texts)


def _about_reference(marks):
    for question in marks.questions:
        if question.score != question.possible or question.hints:
            said = " ".join(question.hints)
            yield f"the reference solution loses marks in {question.name}: {said}"
    yield from (f"the reference solution: {note}" for note in marks.notes)


def _about_stub(marks):
    for question in marks.questions:
        if question.score:
            yield f"the stub earns {question.score:g} in {question.name}"


def _about_wrong(wrong, marks):
    (question,) = [each for each in marks.questions if each.name == wrong["question"]]
    label = f"the wrong answer {wrong['name']!r}"
    if question.score >= question.possible:
        yield f"{label} loses no marks in {question.name}"
    said = " ".join([*question.hints, *marks.notes])
    if not re.search(wrong["hint"], said):
        yield f"{label} does not meet its hint, but: {said}"


def _about_leaks(source, target, book):
    name = f"{source.name}.ipynb"
    lines = solution_lines(target / "autograder" / name, target / "student" / name)
    for folder in (target / "student", book):
        if folder is not None and folder.exists():
            for path, line in find_leaks(lines, folder):
                yield f"a line of the solution stands in {path}: {line}"


def check(sources, walls, book=None):
    """Print what is found set by set; return the number of sets with a problem."""
    failed = 0
    for name, source in sources.items():
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            problems = problems_of(source, walls, Path(scratch) / name, book)
        seconds = time.monotonic() - started
        runs = len(source.wrong) + 2
        print(f"{name}: {runs} runs in {seconds:.0f} s", flush=True)
        for problem in problems:
            print(f"  {problem}", flush=True)
        failed += bool(problems)
    return failed


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make check-exercises")
    parser.add_argument("--bank", type=Path)
    parser.add_argument("--seed", type=int)
    parser.add_argument("names", nargs="*", help="default: all sets")
    given = parser.parse_args(arguments)
    walls = None
    try:
        walls = sandbox.find("namespaces" if not given.bank else None)
        sources = gather(given.bank, given.seed)
        chosen = {name: sources[name] for name in given.names or sources}
        return 1 if check(chosen, walls, ROOT / "_build" / "html") else 0
    except (SetError, sandbox.SandboxError) as problem:
        print(problem, file=sys.stderr)
        return 2
    finally:
        if walls is not None:
            walls.close()


if __name__ == "__main__":
    sys.exit(main())
