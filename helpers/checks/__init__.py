"""Checks for the exercises: they say what is wrong, not only that it is.

>>> from helpers.checks import check
>>> print(check("2.1", parameters=1, height=112, width=112))
Exercise 2.1: not yet. ...
"""

import html
from dataclasses import dataclass
from importlib import import_module

from helpers.checks._compare import Unanswered

#: Which of this package's modules has the checks of a chapter, by its number.
CHAPTERS = {
    "1": "visual_cortex",
    "2": "convolutional_layers",
    "3": "pooling_layers",
    "4": "convolution_family",
    "5": "first_cnn",
    "6": "classic_networks",
    "7": "residual_networks",
    "8": "resnet34",
    "9": "pretrained_models",
    "10": "transfer_learning",
    "11": "localization",
    "12": "object_detection",
    "13": "yolo",
    "14": "semantic_segmentation",
    "15": "instance_segmentation",
    "16": "memory_and_time",
    "17": "exercises",
}


@dataclass(frozen=True)
class Verdict:
    """What a check says: true when the answer is right.

    Attributes
    ----------
    exercise : str
        Number of the exercise, such as ``"2.1"``.
    state : str
        ``"correct"``, ``"not yet"`` or ``"not answered"``.
    hint : str
        What to look at; empty when the answer is right.
    """

    exercise: str
    state: str
    hint: str = ""

    def __bool__(self):
        """Tell whether the answer is right."""
        return self.state == "correct"

    def __repr__(self):
        """Return the verdict in a line or two."""
        return f"Exercise {self.exercise}: {self.state}. {self.hint}".rstrip()

    def _repr_html_(self):
        mark = {"correct": "✓", "not yet": "✗"}.get(self.state, "○")
        return (
            f'<p class="verdict verdict-{self.state.replace(" ", "-")}">'
            f"<strong>{mark} Exercise {self.exercise}: {self.state}.</strong> "
            f"{html.escape(self.hint)}</p>"
        )


def check(exercise, *answers, **named_answers):
    """Check an answer to one of the chapters' exercises; used from Chapter 1 on.

    Parameters
    ----------
    exercise : str
        Number of the exercise, such as ``"2.1"``.
    *answers, **named_answers
        What the exercise asks for: numbers, arrays or functions.

    Returns
    -------
    Verdict
        Shown in a notebook with its hint; true when the answer is right.

    Raises
    ------
    ValueError
        If there is no such exercise.
    TypeError
        If an answer is missing or has a name that the exercise does not know.
    """
    chapter = str(exercise).partition(".")[0]
    tasks = {}
    if chapter in CHAPTERS:
        tasks = import_module(f"helpers.checks.{CHAPTERS[chapter]}").EXERCISES
    if exercise not in tasks:
        known = ", ".join(tasks) or ", ".join(f"{key}.…" for key in CHAPTERS)
        raise ValueError(f"check: there is no exercise {exercise!r}; known: {known}")
    values = [*answers, *named_answers.values()]
    if any(value is None or value is ... for value in values):
        return Verdict(exercise, "not answered", "Replace each ... by your answer.")
    try:
        hint = tasks[exercise](*answers, **named_answers)
    except Unanswered as unanswered:
        return Verdict(exercise, "not answered", str(unanswered))
    return Verdict(exercise, "not yet" if hint else "correct", hint or "")
