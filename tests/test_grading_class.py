"""A class with hostile members is graded in one command, with the marks expected."""

import contextlib
import csv
import html
import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from checkout import ROOT
from hostile_class import QUESTIONS, members

from tools.exercises.build import build
from tools.exercises.sources import bank_sets
from tools.grading import __main__ as grading
from tools.grading import sandbox

NAME = "windows_and_boxes"

try:
    sandbox.find("namespaces").close()
except sandbox.SandboxError:
    pytestmark = pytest.mark.skip(reason="this machine makes no namespaces")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The bank's example, with little time and memory."""
    folder = tmp_path_factory.mktemp("assignments")
    source = bank_sets(ROOT / "exercises" / "bank_example", 7)[NAME]
    settings = {"seconds": 20, "call_seconds": 2, "memory_mb": 1024}
    source.settings.update(settings)
    build(source, folder / NAME)
    return folder


def code_cells(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def students(built):
    """Name of a file to content, points and pattern."""
    solution = code_cells(built / NAME / "autograder" / f"{NAME}.ipynb")
    stub = code_cells(built / NAME / "student" / f"{NAME}.ipynb")
    tests = built / NAME / "autograder" / "tests"
    return {name: rest for name, *rest in members(solution, stub, tests)}


@pytest.fixture(scope="module")
def handed_in(students, tmp_path_factory):
    folder = tmp_path_factory.mktemp("submissions")
    for name, (content, *_) in students.items():
        (folder / name).write_bytes(content)
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    (folder / "folder").mkdir()
    return folder


@pytest.fixture(scope="module")
def graded(built, handed_in, tmp_path_factory):
    """The table of marks; the tests as they were before and after."""
    out = tmp_path_factory.mktemp("grades")
    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    table = grading.run(handed_in, NAME, "namespaces", built=built, out=out)
    after = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    assert after == before
    return table


@pytest.fixture(scope="module")
def rows(graded):
    with graded.open(encoding="utf8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def stem(name):
    return name.removesuffix(".ipynb")


def row_of(rows, name):
    return rows.get(stem(name)) or rows["'" + stem(name)]


def test_the_class_is_large_and_all_are_graded(rows, students):
    assert len(students) >= 25
    assert len(rows) == len(students) + 2


def test_everyone_gets_the_points_that_are_due(rows, students):
    got = {name: float(row_of(rows, name)["score"]) for name in students}
    due = {name: points for name, (_, points, _) in students.items()}
    wrong = {name: (got[name], due[name]) for name in due if due[name] is not None}
    assert {name: each for name, each in wrong.items() if each[0] != each[1]} == {}


def test_points_add_up(rows):
    for row in rows.values():
        assert float(row["score"]) == sum(float(row[name]) for name in QUESTIONS)
        assert float(row["possible"]) == 12


def test_everyone_gets_a_reason_to_read(graded, students):
    silent = {}
    for name, (_, _, pattern) in students.items():
        page = graded.parent / "feedback" / f"{stem(name)}.html"
        said = html.unescape(re.sub(r"</?(p|li|ul|h\d)>", "", page.read_text("utf8")))
        told = said.partition("points</strong>")[2].partition("</html>")[0]
        told = re.sub(r"^q\d: .*\n", "", told.strip() + "\n", flags=re.M).strip()
        if not re.search(pattern, told):
            silent[name] = told
    assert silent == {}


def test_what_students_wrote_is_text_on_the_page(graded):
    page = (graded.parent / "feedback" / "writes_html.html").read_text("utf8")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_no_cell_of_the_table_is_a_formula(rows):
    cells = [cell for row in rows.values() for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


def test_what_is_no_file_is_not_followed(rows):
    for name in ("link", "folder"):
        assert rows[name]["score"] == "0"
        assert "not a plain file" in rows[name]["notes"]


def test_the_same_run_twice_gives_the_same_table(
    graded, built, handed_in, tmp_path, students
):
    """Also when some marks are there, some are damaged, and some are missing."""
    marks = tmp_path / NAME / "marks"
    marks.mkdir(parents=True)
    quick = [stem(name) for name in students][:6]
    for path in (graded.parent / "marks").iterdir():
        if path.stem not in quick:
            (marks / path.name).write_bytes(path.read_bytes())
    (marks / "right.json").write_text('{"key": ')
    again = grading.run(handed_in, NAME, "namespaces", built=built, out=tmp_path)
    assert again.read_text("utf8") == graded.read_text("utf8")


def test_a_run_that_is_killed_resumes_and_loses_nothing(
    built, students, tmp_path, graded
):
    folder = tmp_path / NAME
    folder.mkdir()
    chosen = [name for name in students if name.startswith("pat")] + ["right.ipynb"]
    for name in chosen:
        (folder / name).write_bytes(students[name][0])
    script = (
        "import sys; from pathlib import Path; from tools.grading import __main__ as g;"
        "g.run(*map(Path, sys.argv[1:2]), kind='namespaces', workers=1,"
        " built=Path(sys.argv[2]), out=Path(sys.argv[3]))"
    )
    command = [sys.executable, "-c", script, folder, built, tmp_path / "out"]
    first = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    kept = tmp_path / "out" / NAME / "marks"
    while not (kept.exists() and list(kept.glob("[!.]*.json"))):
        assert first.poll() is None
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    stamps = {path: path.stat().st_mtime_ns for path in kept.glob("[!.]*.json")}
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    for path, stamp in stamps.items():
        assert path.stat().st_mtime_ns == stamp
    lines = (tmp_path / "out" / NAME / "marks.csv").read_text("utf8").splitlines()
    whole = graded.read_text("utf8").splitlines()
    assert len(lines) == len(chosen) + 1
    assert set(lines) <= set(whole)


def test_nothing_is_left_running(graded):
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True)
    assert str(sandbox.WORKER[0]) not in listed.stdout
