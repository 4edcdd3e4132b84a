"""Every exercise's check: the right answer, an empty one, and named wrong ones."""

import numpy as np
import pytest
from exercise_answers import ask, assert_meets_hint

from helpers.checks import check
from helpers.checks.convolutional_layers import _unread, correlate


def reference_2_3(image, kernel, stride):
    pads = []
    for size, width in zip(image.shape, kernel.shape, strict=True):
        total = max((-(-size // stride) - 1) * stride + width - size, 0)
        pads.append((total // 2, total - total // 2))
    return correlate(np.pad(image, pads), kernel)[::stride, ::stride]


def line_filter():
    kernel = np.eye(7)[::-1]
    return kernel - 0.5 * (np.eye(7, k=1) + np.eye(7, k=-1))[::-1]


def corner_filter():
    kernel = np.zeros((7, 7))
    kernel[0, 6], kernel[0, 5] = 1, -1
    return kernel


def negative_padding(image, kernel, stride):
    pads = []
    for size, width in zip(image.shape, kernel.shape, strict=True):
        total = (-(-size // stride) - 1) * stride + width - size
        pads.append((total // 2, total - total // 2))
    return correlate(np.pad(image, pads), kernel)[::stride, ::stride]


RIGHT = {
    "2.1": {"parameters": 9472, "height": 112, "width": 112},
    "2.2": [correlate],
    "2.3": [reference_2_3],
    "2.4": [_unread],
    "2.5": [line_filter()],
}

WRONG = [
    ("2.1", {"parameters": 9408, "height": 112, "width": 112}, "bias"),
    ("2.1", {"parameters": 9411, "height": 112, "width": 112}, "64 maps"),
    ("2.1", {"parameters": 3200, "height": 112, "width": 112}, "three channels"),
    ("2.1", {"parameters": 5, "height": 112, "width": 112}, "for each of the maps"),
    ("2.1", {"parameters": 9472, "height": 109, "width": 109}, "VALID"),
    ("2.1", {"parameters": 9472, "height": 224, "width": 224}, "stride is 2"),
    ("2.1", {"parameters": 9472, "height": 1, "width": 112}, "rounded up"),
    ("2.2", [lambda x, w: correlate(x, w[::-1, ::-1])], "180 degrees"),
    ("2.2", [lambda x, w: correlate(x, w)[:-1, :-1]], "last row and column"),
    ("2.1", {"parameters": [9472], "height": 112, "width": 112}, "three numbers"),
    ("2.1", {"parameters": "many", "height": 112, "width": 112}, "three numbers"),
    ("2.2", [lambda x, w: correlate(x, w.T)], "exchanged"),
    ("2.2", [lambda x, w: correlate(x, w).T], "of your answer are exchanged"),
    ("2.2", [lambda x, w: correlate(x, w).astype(complex)], "real numbers"),
    ("2.2", [lambda x, w: correlate(x, w) + 1], "it should be"),
    ("2.2", [lambda x, w: x[99]], "raised IndexError"),
    ("2.2", [lambda x, w: "no"], "real numbers"),
    ("2.2", [np.zeros(3)], "Pass the function itself"),
    ("2.3", [lambda x, w, s: correlate(x, w)[::s, ::s]], "this is VALID"),
    ("2.3", [lambda x, w, s: reference_2_3(x, w, 1)], "forgot the stride"),
    ("2.3", [lambda x, w, s: reference_2_3(x, w, 1)[::s, ::s]], "as for stride 1"),
    (
        "2.3",
        [lambda x, w, s: reference_2_3(x[::-1, ::-1], w[::-1, ::-1], s)[::-1, ::-1]],
        "wrong side",
    ),
    ("2.3", [lambda x, w, s: reference_2_3(x, w, s)[:9, :9] * (len(x) < 12)], "5"),
    ("2.3", [lambda x, w, s: negative_padding(x, w, s)], "raised|shape|should be"),
    ("2.4", [lambda n, f, s: (n - f) % s], "gaps between"),
    ("2.4", [lambda n, f, s: 0], "your answer is 0; it should be 2"),
    ("2.4", [lambda n, f, s: [_unread(n, f, s)]], "shape"),
    ("2.4", [lambda n, f, s: {1, 2}], "real numbers"),
    ("2.4", [lambda n, f, s: n - _unread(n, f, s)], "that are read"),
    ("2.5", [np.eye(7)], "grey surface"),
    ("2.5", [np.eye(7) - 1 / 7], "Turn it over"),
    ("2.5", [-np.eye(7)[::-1]], "not positive"),
    ("2.5", [corner_filter()], "vertical line|horizontal line"),
    ("2.5", ["a string"], "type str"),
    ("2.5", [np.ones((7, 7))], "grey surface|diagonal|line"),
    ("2.5", [np.ones((3, 3))], "shape"),
]


@pytest.mark.parametrize("exercise", RIGHT)
def test_right_answer_is_correct(exercise):
    verdict = ask(exercise, RIGHT[exercise])
    assert verdict, verdict
    assert "✓" in verdict._repr_html_()


@pytest.mark.parametrize(("exercise", "answer", "hint"), WRONG)
def test_wrong_answer_meets_its_hint(exercise, answer, hint):
    assert_meets_hint(exercise, answer, hint)


def test_unanswered_is_neither_right_nor_wrong():
    verdict = check("2.1", parameters=..., height=None, width=3)
    assert verdict.state == "not answered"
    assert not verdict


def test_a_function_that_returns_nothing_is_not_answered():
    verdict = check("2.2", lambda image, kernel: None)
    assert verdict.state == "not answered"
    assert "returns nothing" in verdict.hint


def test_a_function_that_changes_its_input_is_told():
    def spoils(image, kernel):
        image *= 0
        return image

    assert "changes the array" in check("2.2", spoils).hint


def test_unknown_exercise_is_refused():
    with pytest.raises(ValueError, match=r"no exercise '2\.99'; known: 2\.1"):
        check("2.99", 1)
    with pytest.raises(ValueError, match="no exercise 'x'"):
        check("x")
