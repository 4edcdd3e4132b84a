"""The hints that the exercise sets' public tests give."""

import numpy as np
import pytest

from helpers import conv
from helpers.checks.sets import NOT_YOURS, calls_helpers, function_hint, value_hint

CASES = [(2.0,), (3.0,)]
MISTAKES = {"You doubled; square it.": lambda n: 2 * n + 0 * n}


def square(n):
    return n * n


class TestFunctionHint:
    def test_a_right_function_gets_none(self):
        assert function_hint(square, lambda n: n**2, MISTAKES, CASES) is None

    def test_a_usual_mistake_gets_its_hint(self):
        found = function_hint(lambda n: n + n, square, MISTAKES, CASES)
        assert found == "You doubled; square it."

    def test_a_mistake_right_by_chance_in_one_case_is_not_taken_for_it(self):
        found = function_hint(lambda n: n + 2, square, MISTAKES, CASES)
        assert found.startswith("For 3.0")

    @pytest.mark.parametrize("nothing", [None, ...])
    def test_no_function(self, nothing):
        assert "not there" in function_hint(nothing, square, {}, CASES)

    @pytest.mark.parametrize("nothing", [None, ...])
    def test_a_stub(self, nothing):
        assert "returns nothing" in function_hint(lambda n: nothing, square, {}, CASES)

    def test_an_error_is_told(self):
        found = function_hint(lambda n: [][0], square, {}, CASES)
        assert "IndexError" in found

    def test_a_function_that_only_calls_helpers(self):
        assert function_hint(conv.conv2d, square, {}, CASES) == NOT_YOURS


class TestValueHint:
    @pytest.mark.parametrize("right", [7, 7.0, np.float32(7), np.array(7), 7.00001])
    def test_right(self, right):
        assert value_hint(right, {}, expected=7) is None

    def test_arrays(self):
        assert value_hint([1, 2], {"Turned.": [2, 1]}, expected=(1, 2)) is None
        assert value_hint([2, 1], {"Turned.": [2, 1]}, expected=(1, 2)) == "Turned."
        assert "shape (3,)" in value_hint([1, 2, 3], {}, expected=[1, 2])
        assert "not right yet" in value_hint([1, 3], {}, expected=[1, 2])

    def test_without_the_answer_only_mistakes_are_known(self):
        assert value_hint(5, {"No bias.": 4}) is None
        assert value_hint(4, {"No bias.": 4}) == "No bias."
        assert "no numbers" in value_hint([np.nan], {})

    @pytest.mark.parametrize("nothing", [None, ...])
    def test_no_answer(self, nothing):
        assert "no answer" in value_hint(nothing, {}, expected=7)

    def test_no_number(self):
        assert "str" in value_hint("seven", {}, expected=7)


class TestCallsHelpers:
    def test_what_comes_from_helpers(self):
        def wrapped(x, w):
            return conv.conv2d(x, w)

        def hidden(x, w):
            def inner():
                return conv.conv2d(x, w)

            return inner()

        def imported(x, w):
            from helpers.conv import conv2d

            return conv2d(x, w)

        for function in (conv.conv2d, wrapped, hidden, imported):
            assert calls_helpers(function), function

    def test_what_does_not(self):
        assert not calls_helpers(square)
        assert not calls_helpers(np.convolve)
        assert not calls_helpers(lambda x: np.pad(x, 1))
        assert not calls_helpers(object())
