"""Marks for one submission: otter's test files against a student's stand-ins."""

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from otter.test_files import ExceptionTestFile

from tools.grading.sandbox import Limits
from tools.grading.student import Stopped, Student
from tools.grading.submission import BadSubmission, read_cells

LONGEST = 600
ELSEWHERE = "The public tests have nothing against it; a hidden one has."


class HintedTestFile(ExceptionTestFile):
    """A test file whose messages are the hints alone, not the lines of the test."""

    def _generate_error_message(self, excp, context=0):
        text = str(excp)[:LONGEST]
        told = isinstance(excp, (AssertionError, Stopped)) and text
        return text if told else f"{type(excp).__name__}: {text}"


@dataclass(frozen=True)
class Question:
    """What a submission earned in one question.

    Attributes
    ----------
    name : str
        As in the notebook.
    score, possible : float
        Points.
    hints : list of str
        What the tests said, for the student's eyes.
    """

    name: str
    score: float
    possible: float
    hints: list = field(default_factory=list)


@dataclass(frozen=True)
class Marks:
    """What a submission earned.

    Attributes
    ----------
    questions : list of Question
        In the notebook's order.
    notes : list of str
        What went wrong while its cells ran, or with the file as a whole.
    """

    questions: list
    notes: list = field(default_factory=list)

    @property
    def score(self):
        """Sum of the points."""
        return sum(question.score for question in self.questions)

    @property
    def possible(self):
        """Sum of what could be earned."""
        return sum(question.possible for question in self.questions)


@dataclass(frozen=True)
class Assignment:
    """A built set as the grader needs it.

    Attributes
    ----------
    name : str
        Of the set.
    folder : pathlib.Path
        What `make assignments` wrote for the grader.
    limits : Limits
        What a submission may use.
    order : list of str
        Names of the questions.
    """

    name: str
    folder: Path
    limits: Limits
    order: list

    @classmethod
    def read(cls, folder):
        """Read an ``autograder`` folder.

        Parameters
        ----------
        folder : pathlib.Path
            With ``grading.toml`` and ``tests/``.
        """
        settings = tomllib.loads((folder / "grading.toml").read_text(encoding="utf8"))
        limits = Limits(**settings["limits"])
        return cls(settings["name"], folder, limits, settings["questions"])

    def test_files(self):
        """Return otter's test files, read anew: they keep results."""
        return [
            HintedTestFile.from_file(str(self.folder / "tests" / f"{name}.py"))
            for name in self.order
        ]


def grade(path, assignment, sandbox, number=0):
    """Return the marks of a submission.

    Parameters
    ----------
    path : pathlib.Path
        The notebook as it was handed in.
    assignment : Assignment
        Which set it answers.
    sandbox : Sandbox
        Where its code runs.
    number : int, optional
        Tells apart submissions that are graded at once.

    Returns
    -------
    Marks
        Also for a file that is no notebook: none of the points, and the reason.
    """
    files = assignment.test_files()
    try:
        cells = read_cells(path)
    except BadSubmission as problem:
        nothing = [_question(each, False) for each in files]
        return Marks(nothing, [str(problem)])
    return grade_cells(cells, assignment, sandbox, number)


def grade_cells(cells, assignment, sandbox, number=0):
    """Return the marks of a submission's cells, pairs of a label and Python."""
    student = Student(cells, sandbox, assignment.limits, number)
    try:
        questions = [_graded(each, student) for each in assignment.test_files()]
    finally:
        student.close()
    return Marks(questions, student.notes)


def _graded(file, student):
    try:
        student.begin_question()
        file.run(student)
    except Stopped as stopped:
        return _question(file, False, [f"Not tested: {stopped}."])
    if student.missing:
        names = " and ".join(f"`{name}`" for name in dict.fromkeys(student.missing))
        return _question(file, False, [f"There is no {names}: its cell failed."])
    return _question(file, True)


def _question(file, ran, hints=()):
    hints = list(hints)
    for result in file.test_case_results if ran else []:
        if result.passed:
            continue
        told = result.message.partition("\n")[2].strip()
        hidden = result.test_case.hidden and not told.startswith("your code ")
        hint = result.test_case.failure_message or (ELSEWHERE if hidden else told)
        if hint not in hints:
            hints.append(hint)
    if len(hints) > 1 and ELSEWHERE in hints:
        hints.remove(ELSEWHERE)
    score = file.score if ran else 0
    if not math.isfinite(score):
        raise ValueError(f"{file.name}: the tests give {score} points")
    return Question(file.name, round(score, 3), round(file.possible, 3), hints)
