"""Marks on disk: one file a submission while the run goes on, then CSV and pages."""

import csv
import hashlib
import html
import io
import json
import os
from dataclasses import asdict
from pathlib import Path

from tools.grading.marks import Marks, Question

HERE = Path(__file__).resolve().parent

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 1rem auto;
  padding: 0 1rem; overflow-wrap: anywhere; }}
h2 {{ font-size: 1.1rem; margin: 1.5rem 0 0.25rem; }}
li, p {{ margin: 0.25rem 0; white-space: pre-line; }}
</style>
<h1>{title}</h1>
<p><strong>{score} of {possible} points</strong></p>
{body}
</html>
"""


def key(path, assignment, kind):
    """Return a hash of all that a submission's marks depend on.

    Parameters
    ----------
    path : pathlib.Path
        The submission.
    assignment : Assignment
        Its tests and limits count.
    kind : str
        Of the sandbox.
    """
    total = hashlib.sha256(f"{kind} {assignment.limits}".encode())
    tests = sorted((assignment.folder / "tests").glob("*.py"))
    for file in [*tests, *sorted(HERE.glob("*.py"))]:
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    if path.is_file() and not path.is_symlink():
        with path.open("rb") as content:
            total.update(hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()


def write(path, text):
    """Write a file whole or not at all, whenever the run is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf8")
    fresh.replace(path)


def keep(path, marks, made_of):
    """Keep the marks of one submission, and what they depend on."""
    write(path, json.dumps({"key": made_of, "marks": asdict(marks)}, indent=1) + "\n")


def kept(path, made_of):
    """Return the marks kept for the very same submission and tests, or None."""
    try:
        found = json.loads(path.read_text(encoding="utf8"))
        if found["key"] != made_of:
            return None
        questions = [Question(**each) for each in found["marks"]["questions"]]
        return Marks(questions, found["marks"]["notes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def as_csv(results):
    """Return the table of all marks, a line a student.

    Parameters
    ----------
    results : dict
        Student to `Marks`.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    first = next(iter(results.values()))
    names = [question.name for question in first.questions]
    table.writerow(["student", *names, "score", "possible", "notes"])
    for student in sorted(results):
        marks = results[student]
        points = [f"{question.score:g}" for question in marks.questions]
        notes = _cell("; ".join(marks.notes))
        total = [f"{marks.score:g}", f"{marks.possible:g}"]
        table.writerow([_cell(student), *points, *total, notes])
    return text.getvalue()


def _cell(text):
    """Return text that no spreadsheet takes for a formula, on one line."""
    text = " ".join(text.split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def as_page(student, name, marks):
    """Return a student's feedback as a page; what students wrote is escaped."""
    parts = []
    for question in marks.questions:
        parts.append(
            f"<h2>{html.escape(question.name)}: "
            f"{question.score:g} of {question.possible:g}</h2>"
        )
        parts += [f"<p>{html.escape(hint)}</p>" for hint in question.hints]
    if marks.notes:
        parts.append("<h2>While your cells ran</h2>\n<ul>")
        parts += [f"<li>{html.escape(note)}</li>" for note in marks.notes]
        parts.append("</ul>")
    title = html.escape(f"{student}: {name}")
    score, possible = f"{marks.score:g}", f"{marks.possible:g}"
    return PAGE.format(
        title=title, score=score, possible=possible, body="\n".join(parts)
    )
