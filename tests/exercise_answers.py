"""What the tests of all chapters' exercise checks ask."""

import re

import pytest

from helpers.checks import check


def ask(exercise, answer):
    """Return the verdict on answers in order, or by name."""
    if isinstance(answer, dict):
        return check(exercise, **answer)
    return check(exercise, *answer)


def assert_correct(exercise, answer):
    verdict = ask(exercise, answer)
    assert verdict, verdict


def assert_meets_hint(exercise, answer, hint):
    verdict = ask(exercise, answer)
    assert not verdict
    assert verdict.state == "not yet"
    assert re.search(hint, verdict.hint), verdict.hint


def assert_not_answered(exercise):
    """A function that returns nothing is neither right nor wrong."""
    assert check(exercise, lambda *given: None).state == "not answered"


def exercise_tests(exercises, right, wrong, functions):
    """Return the tests of a chapter's checks.

    Parameters
    ----------
    exercises : dict
        The chapter's checks, by exercise.
    right : dict
        Exercise to a right answer.
    wrong : list of (exercise, answer, hint)
        The hint is a regular expression.
    functions : list of str
        Exercises that ask for a function.
    """

    class TestExercises:
        def test_every_exercise_is_tried(self):
            assert set(right) == set(exercises) == {name for name, *_ in wrong}

        @pytest.mark.parametrize("exercise", right)
        def test_right_answer_is_correct(self, exercise):
            assert_correct(exercise, right[exercise])

        @pytest.mark.parametrize(("exercise", "answer", "hint"), wrong)
        def test_wrong_answer_meets_its_hint(self, exercise, answer, hint):
            assert_meets_hint(exercise, answer, hint)

        @pytest.mark.parametrize("exercise", functions)
        def test_a_function_that_returns_nothing_is_not_answered(self, exercise):
            assert_not_answered(exercise)

    return TestExercises
