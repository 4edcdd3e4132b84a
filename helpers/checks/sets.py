"""Hints in the exercise sets: what the public tests say to a wrong answer.

Each function returns a hint in words, or None where there is nothing to say. A test
ends with ``assert hint is None, hint``.
"""

import types
from pathlib import Path

import numpy as np

from helpers.checks._compare import Unanswered, as_numbers, compare

PACKAGE = str(Path(__file__).resolve().parents[1])
NOT_YOURS = "This one only calls `helpers`. Write it yourself, in NumPy."


def function_hint(function, right, mistakes, cases):
    """Compare a student's function with the right one and with the usual wrong ones.

    Parameters
    ----------
    function : callable
        The student's.
    right : callable
        Takes the same arguments and returns a number or an array.
    mistakes : dict
        Hint to a function that makes this mistake.
    cases : list of tuple
        Arguments to try.

    Returns
    -------
    str or None
        A hint; None if the function agrees with the right one in all cases.

    Examples
    --------
    >>> cases = [(3,), (5,)]
    >>> mistakes = {"You doubled; square it.": lambda n: 2 * n}
    >>> function_hint(lambda n: n + n, lambda n: n * n, mistakes, cases)
    'You doubled; square it.'
    >>> function_hint(lambda n: n ** 2, lambda n: n * n, mistakes, cases)
    """
    if function is None or function is ...:
        return "The function is not there yet."
    if calls_helpers(function):
        return NOT_YOURS
    try:
        return compare(function, right, mistakes, cases)
    except Unanswered as unanswered:
        return str(unanswered)


def value_hint(answer, mistakes, expected=None, tolerance=1e-4):
    """Look at a number or an array that a student computed.

    Parameters
    ----------
    answer : array_like
        The student's.
    mistakes : dict
        Hint to the value that this mistake leads to.
    expected : array_like, optional
        The right value. A graded set leaves it out: its public tests know the usual
        mistakes and the shape of an answer only.
    tolerance : float, optional
        Relative, and absolute for values below 1.

    Returns
    -------
    str or None
        A hint; None if the answer is right, or if nothing is wrong with it at sight.

    Examples
    --------
    >>> value_hint(9, {"The bias is missing.": 9}, expected=10)
    'The bias is missing.'
    >>> value_hint(10, {"The bias is missing.": 9}, expected=10)
    """
    if answer is None or answer is ...:
        return "There is no answer yet: replace the ..."
    answer, hint = as_numbers(answer)
    if hint:
        return hint
    if expected is not None and _close(answer, expected, tolerance):
        return None
    for hint, wrong in mistakes.items():
        if _close(answer, wrong, tolerance):
            return hint
    if expected is None:
        return (
            None
            if np.isfinite(answer).all()
            else "It holds values that are no numbers."
        )
    shape = np.shape(expected)
    if answer.shape != shape:
        return f"Your answer has shape {answer.shape}; it should have {shape}."
    return "It is not right yet. Compute it step by step, in code."


def _close(answer, expected, tolerance):
    expected = np.asarray(expected, float)
    if answer.shape != expected.shape:
        return False
    return np.allclose(answer, expected, rtol=tolerance, atol=tolerance)


def calls_helpers(function):
    """Tell whether a function comes from ``helpers``, or names something that does.

    Parameters
    ----------
    function : callable
        Written in the notebook. Nothing is known of one that is not in this process.

    Examples
    --------
    >>> from helpers.conv import conv2d
    >>> calls_helpers(conv2d), calls_helpers(lambda x, w: conv2d(x, w))
    (True, True)
    >>> calls_helpers(lambda x, w: x * w)
    False
    """
    if _is_ours(function):
        return True
    code = getattr(function, "__code__", None)
    if not isinstance(code, types.CodeType):
        return False
    names, codes = set(), [code]
    while codes:  # functions within the function have a code of their own
        each = codes.pop()
        names.update(each.co_names)
        codes += [part for part in each.co_consts if isinstance(part, types.CodeType)]
    if any(name.partition(".")[0] == "helpers" for name in names):
        return True
    scope = function.__globals__
    return any(_is_ours(scope.get(name)) for name in names)


def _is_ours(value):
    if isinstance(value, types.FunctionType):
        return value.__code__.co_filename.startswith(PACKAGE)
    name = value.__name__ if isinstance(value, types.ModuleType) else None
    name = name or getattr(value, "__module__", None)
    return isinstance(name, str) and name.partition(".")[0] == "helpers"
