"""Quizzes: their files, their HTML, and what is said of a faulty file."""

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.display import HTML

from helpers.widgets import quiz
from helpers.widgets._quiz import Quiz, parse

NAMES = sorted(
    file.name.removesuffix(".toml")
    for file in (files("helpers") / "quizzes").iterdir()
    if file.name.endswith(".toml")
)
GOOD = """
[[question]]
text = "Is `1 < 2`?"
[[question.answer]]
text = "<b>Yes</b> & always"
right = true
why = "`1` comes first."
[[question.answer]]
text = "No"
why = "You read it backwards."
"""


class Elements(HTMLParser):
    """Collect start tags with their attributes, and check that all are closed."""

    VOID = frozenset(["input"])

    def __init__(self, html):
        super().__init__()
        self.found, self.open = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("name", NAMES)
def test_every_quiz_is_sound(name):
    questions = quiz(name).questions
    assert 3 <= len(questions) <= 6
    for question in questions:
        assert 3 <= len(question["answer"]) <= 5
        for answer in question["answer"]:
            assert "!" not in answer["why"]
            assert len(re.findall(r"[.?](?: |$)", answer["why"])) <= 2


@pytest.mark.parametrize("name", NAMES)
def test_the_right_answer_has_no_usual_place(name):
    places = [
        next(k for k, a in enumerate(q["answer"]) if a.get("right"))
        for q in quiz(name).questions
    ]
    assert len(set(places)) > 1


def test_markup():
    html = Quiz("small", parse("small", GOOD))._repr_html_()
    elements = Elements(html)
    assert len(elements.all("fieldset")) == len(elements.all("legend")) == 1
    radios, labels = elements.all("input"), elements.all("label")
    assert [radio["type"] for radio in radios] == ["radio", "radio"]
    assert [radio["id"] for radio in radios] == [label["for"] for label in labels]
    assert "<legend>1. Is <code>1 &lt; 2</code>?</legend>" in html
    assert "&lt;b&gt;Yes&lt;/b&gt; &amp; always" in html
    assert "✓ Right.</strong> <code>1</code> comes first." in html
    assert "✗ Not quite.</strong> You read it backwards." in html
    assert "<script" not in html
    assert "onclick" not in html


def test_names_are_unique_to_question_and_rendering():
    two = Quiz("two", parse("two", GOOD + GOOD))
    names, ids = [], []
    for _ in range(2):
        radios = Elements(two._repr_html_()).all("input")
        names.append({radio["name"] for radio in radios})
        ids += [radio["id"] for radio in radios]
    assert len(names[0]) == len(names[1]) == 2
    assert not names[0] & names[1]
    assert len(set(ids)) == len(ids) == 8


def test_notebook_output():
    shown = quiz("convolutional_layers")
    assert isinstance(shown, HTML)
    data, _ = DisplayFormatter().format(shown, include={"text/plain", "text/html"})
    lines = data["text/plain"].splitlines()
    assert lines[0].startswith("1. A filter of width 6")
    assert lines[1] == "   - 2 and 3"
    assert sum(line[0].isdigit() for line in lines) == 6
    assert "Right." not in data["text/plain"]


def test_an_unknown_quiz_lists_the_known():
    with pytest.raises(ValueError, match=r"no 'zebra'; there are: .*convolutional"):
        quiz("zebra")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("right = true\n", "", "question 1 has 0 right answers"),
        ('why = "You', 'right = true\nwhy = "You', "question 1 has 2 right answers"),
        ('why = "`1` comes first."', "", "question 1, answer 1 has no why"),
        ('"You read it backwards."', '" "', "question 1, answer 2 has no why"),
        ('"Is `1 < 2`?"', '"Is `1 < 2?"', "question 1: a backtick in text"),
        ('text = "Is `1 < 2`?"', "", "question 1 has no text"),
        (
            'text = "No"',
            'text = "<B>yes</b>  & always"',
            "the answer .* more than once",
        ),
        ("right = true", "correct = true", "answer 1 has the unknown key 'correct'"),
        ("right = true", "right = 1", "answer 1: right is 1, not true or false"),
        ("[[question]]", "[[questions]]", "hold \\[\\[question\\]\\] tables alone"),
        ("[[question]]", "[[question", "not valid TOML"),
        (GOOD[GOOD.rindex("[[") :], "", "at least two"),
        (GOOD, "", "hold \\[\\[question\\]\\] tables alone"),
    ],
)
def test_a_faulty_file_is_named(old, new, message):
    assert old in GOOD
    with pytest.raises(ValueError, match=f"quiz small.*{message}"):
        parse("small", GOOD.replace(old, new, 1))


# What the answers of convolutional_layers.toml say is computed here once more.


def test_the_numbers_of_the_convolutional_layers_quiz():
    size, filter_size, stride = 13, 6, 5
    valid, same = (size - filter_size) // stride + 1, -(-size // stride)
    padding = (same - 1) * stride + filter_size - size
    right = [
        next(a["text"] for a in q["answer"] if a.get("right"))
        for q in quiz("convolutional_layers").questions
    ]
    assert right[0] == f"{valid} and {same}"
    assert right[1] == f"{3 * 3 * 64 * 32 + 32:,}"
    assert right[3] == f"Column {stride - padding // 2}"
    assert f"{200 * 150 * 100 * 4 * 100 / 1e9} GB" in right[5]
