"""Grade a folder of notebooks: ``python -m tools.grading SUBMISSIONS``."""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tools.grading import report, sandbox
from tools.grading.marks import Assignment, grade

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = ROOT / "_build" / "assignments"
GRADES = ROOT / "_build" / "grades"


class UsageError(Exception):
    """What was asked for cannot be done; the text says what can."""


def find_assignment(submissions, name=None, built=ASSIGNMENTS):
    """Return the assignment by its name, or by that of the submissions' folder."""
    known = sorted(path.parent.parent.name for path in built.glob("*/*/grading.toml"))
    name = name or submissions.resolve().name
    if name not in known:
        listed = ", ".join(known) or "none; run make assignments first"
        raise UsageError(f"there is no built assignment {name!r}; built: {listed}")
    return Assignment.read(built / name / "autograder")


def find_submissions(folder):
    """Return the files that were handed in, by student: the file's name is taken."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder of submissions")
    files = [path for path in sorted(folder.iterdir()) if path.name[0] != "."]
    found = {}
    for path in files:
        student = path.stem if path.suffix == ".ipynb" else path.name
        if student in found:
            raise UsageError(f"two submissions are of {student}")
        found[student] = path
    if not found:
        raise UsageError(f"{folder} is empty")
    return found


def grade_all(submissions, assignment, walls, target, workers):
    """Yield student and marks as they are ready; what was graded before comes at once.

    Parameters
    ----------
    submissions : dict
        Student to file.
    assignment : Assignment
        What they answer.
    walls : Sandbox
        Where they run.
    target : pathlib.Path
        Folder in which marks are kept.
    workers : int
        Submissions graded at once.
    """
    waiting = {}
    for number, (student, path) in enumerate(sorted(submissions.items())):
        made_of = report.key(path, assignment, walls.kind)
        file = target / "marks" / f"{student}.json"
        marks = report.kept(file, made_of)
        if marks is not None:
            yield student, marks
        else:
            waiting[student] = (path, file, made_of, number)

    def work(path, file, made_of, number):
        marks = grade(path, assignment, walls, number)
        report.keep(file, marks, made_of)
        return marks

    with ThreadPoolExecutor(workers) as pool:
        jobs = {pool.submit(work, *each): name for name, each in waiting.items()}
        try:
            for job in as_completed(jobs):
                yield jobs[job], job.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def run(folder, name=None, kind=None, workers=None, built=ASSIGNMENTS, out=GRADES):
    """Grade all submissions; write CSV and pages; return the CSV's path."""
    assignment = find_assignment(folder, name, built)
    submissions = find_submissions(folder)
    walls = sandbox.find(kind)
    target = out / assignment.name
    print(f"{len(submissions)} submissions, isolation: {walls.kind}", flush=True)
    results = {}
    try:
        workers = workers or len(os.sched_getaffinity(0))
        for student, marks in grade_all(
            submissions, assignment, walls, target, workers
        ):
            results[student] = marks
            page = report.as_page(student, assignment.name, marks)
            report.write(target / "feedback" / f"{student}.html", page)
            show_progress(len(results), len(submissions))
    finally:
        walls.close()
    table = target / "marks.csv"
    report.write(table, report.as_csv(results))
    return table


def show_progress(done, total, width=30):
    filled = width * done // total
    bar = "█" * filled + "·" * (width - filled)
    end = "\n" if done == total or not sys.stdout.isatty() else ""
    start = "\r" if sys.stdout.isatty() else ""
    if end or start:
        print(f"{start}{bar} {done}/{total}", end=end, flush=True)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make grade", description=__doc__)
    parser.add_argument("submissions", type=Path)
    parser.add_argument("--assignment", help="default: the folder's name")
    parser.add_argument("--isolation", choices=sandbox.KINDS)
    parser.add_argument("--workers", type=int, help="default: one a core")
    given = parser.parse_args(arguments)
    try:
        table = run(given.submissions, given.assignment, given.isolation, given.workers)
    except (UsageError, sandbox.SandboxError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"Marks: {table}\nFeedback: {table.parent / 'feedback'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
