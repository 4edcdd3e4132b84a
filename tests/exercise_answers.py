"""What the tests of all chapters' exercise checks ask."""

import re

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
