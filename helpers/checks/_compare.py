"""Compare a student's function with the right one, and with the usual wrong ones."""

import numpy as np


class Unanswered(Exception):
    """The function returns nothing, as the one that the exercise came with."""


def run(function, *arguments):
    """Return the function's answer as an array, or a hint in words.

    Returns
    -------
    answer : ndarray or None
    hint : str or None
        One of the two is None.

    Raises
    ------
    Unanswered
        If the function returns nothing.
    """
    if not callable(function):
        return None, f"Pass the function itself, not {type(function).__name__}."
    copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    try:
        answer = function(*copies)
    except Exception as error:  # whatever the student's code raised is the hint
        shapes = ", ".join(_describe(argument) for argument in arguments)
        return None, (
            f"Your function raised {type(error).__name__}: {error} "
            f"(it was called with {shapes})."
        )
    for given, copy in zip(arguments, copies, strict=True):
        if isinstance(given, np.ndarray) and not np.array_equal(given, copy):
            return None, "Your function changes the array that it is given."
    if answer is None or answer is ...:
        raise Unanswered("Your function returns nothing yet; end it with return.")
    return as_numbers(answer)


def as_numbers(answer):
    """Return an answer as an array of floats, or a hint in words, as `run` does."""
    try:
        if np.iscomplexobj(answer):
            raise TypeError
        return np.asarray(answer, dtype=float), None
    except (TypeError, ValueError):
        name = type(answer).__name__
        return None, f"Your answer is of type {name}; it should hold real numbers."


def _describe(argument):
    if isinstance(argument, np.ndarray):
        return f"an array of shape {argument.shape}"
    return repr(argument)


def compare(function, right, mistakes, cases):
    """Return a hint, or None where the function agrees with the right one.

    Parameters
    ----------
    function : callable
        The student's.
    right : callable
        Takes the same arguments and returns an array.
    mistakes : dict
        Hint to a function that makes this mistake.
    cases : list of tuple
        Arguments to try.
    """
    for case in cases:
        answer, hint = run(function, *case)
        if hint:
            return hint
        expected = np.asarray(right(*case), float)
        if _same(answer, expected):
            continue
        answers = [run(function, *each)[0] for each in cases]
        for hint, mistaken in mistakes.items():
            if _are_made_by(mistaken, answers, cases):
                return hint
        called = ", ".join(_describe(argument) for argument in case)
        if answer.shape != expected.shape:
            return (
                f"For {called} your answer has shape {answer.shape}; "
                f"it should have {expected.shape}."
            )
        if expected.ndim == 0:
            return f"For {called} your answer is {answer:g}; it should be {expected:g}."
        where = np.unravel_index(np.abs(answer - expected).argmax(), expected.shape)
        where = tuple(int(n) for n in where)
        return (
            f"For {called} the value at {where} is {answer[where]:.6g}; "
            f"it should be {expected[where]:.6g}."
        )
    return None


def _are_made_by(mistaken, answers, cases):
    """Tell whether the answers show this mistake in every case, not by chance."""
    return all(
        answer is not None and _same(answer, mistaken(*case))
        for answer, case in zip(answers, cases, strict=True)
    )


def _same(answer, expected):
    expected = np.asarray(expected, float)
    return answer.shape == expected.shape and np.allclose(answer, expected, atol=1e-5)
