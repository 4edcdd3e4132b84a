"""Questions that explain each answer, in HTML and CSS alone."""

import html
import re
import secrets
import tomllib
from importlib.resources import files

from IPython.display import HTML

# An explanation shows when the radio button before it is chosen: no script, so it
# works in the built book, in JupyterLab and in Colab, and by keyboard like any form.
STYLE = """<style>
.quiz{max-width:44rem;color:var(--pst-color-text-base,inherit)}
.quiz fieldset{border:0;margin:0 0 1.75rem;padding:0;min-width:0}
.quiz legend{float:none;width:auto;max-width:100%;margin:0 0 .5rem;padding:0;
font-size:1em;font-weight:600;line-height:1.5;color:inherit}
.quiz-answer{display:grid;grid-template-columns:auto minmax(0,1fr);
column-gap:.6rem;padding:.2rem 0;line-height:1.5}
.quiz-answer input{width:1rem;height:1rem;margin:.25em 0 0;
accent-color:var(--pst-color-primary,auto)}
.quiz-answer input:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.quiz-answer label{margin:0;cursor:pointer;color:inherit}
.quiz-why{grid-column:2}
.quiz-why p{display:none;margin:.2rem 0 .4rem;padding-left:.75rem;
border-left:3px solid currentColor}
.quiz-answer input:checked~.quiz-why p{display:block}
.quiz code{overflow-wrap:anywhere}
</style>"""
RIGHT = "<strong>✓ Right.</strong>"
WRONG = "<strong>✗ Not quite.</strong>"


class Quiz(HTML):
    """A quiz that shows itself in a notebook; `quiz` makes it."""

    def __init__(self, name: str, questions: list[dict]):
        self.name = name
        self.questions = questions
        super().__init__(self._html())

    def _html(self) -> str:
        # Two copies on one page must not share their radio buttons.
        key = f"quiz-{self.name}-{secrets.token_hex(4)}"
        blocks = [
            _question_html(number, question, f"{key}-{number}")
            for number, question in enumerate(self.questions, 1)
        ]
        return f'<div class="quiz">{STYLE}{"".join(blocks)}</div>'

    def _repr_html_(self) -> str:
        return self._html()

    def __repr__(self) -> str:
        lines = []
        for number, question in enumerate(self.questions, 1):
            lines.append(f"{number}. {question['text']}")
            lines += [f"   - {answer['text']}" for answer in question["answer"]]
        return "\n".join(lines)


def quiz(name: str) -> Quiz:
    """Show one of the book's quizzes; used from Chapter 1 on.

    Parameters
    ----------
    name : str
        The chapter's, such as ``"convolutional_layers"``.

    Returns
    -------
    Quiz
        An `IPython.display.HTML`.

    Raises
    ------
    ValueError
        If there is no such quiz, or its file is not sound.

    Examples
    --------
    >>> print(repr(quiz("convolutional_layers")).splitlines()[1])
       - 2 and 3
    """
    folder = files("helpers") / "quizzes"
    known = sorted(file.name for file in folder.iterdir())
    if f"{name}.toml" not in known:
        names = ", ".join(file[:-5] for file in known if file.endswith(".toml"))
        raise ValueError(f"quiz: there is no {name!r}; there are: {names}")
    return Quiz(name, parse(name, (folder / f"{name}.toml").read_text("utf-8")))


def parse(name: str, text: str) -> list[dict]:
    """Return the questions in a quiz file, or say what is wrong with it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"quiz {name}: not valid TOML: {error}") from error
    questions = content.pop("question", None)
    if content or not isinstance(questions, list) or not questions:
        raise ValueError(f"quiz {name}: it must hold [[question]] tables alone")
    for number, question in enumerate(questions, 1):
        _check(f"quiz {name}: question {number}", question)
    return questions


def _check(where: str, question: dict) -> None:
    _check_keys(where, question, {"text", "answer"}, {"text"})
    answers = question.get("answer")
    if not isinstance(answers, list) or len(answers) < 2:
        raise ValueError(f"{where} needs at least two [[question.answer]] tables")
    for number, answer in enumerate(answers, 1):
        place = f"{where}, answer {number}"
        _check_keys(place, answer, {"text", "why", "right"}, {"text", "why"})
        if not isinstance(answer.get("right", False), bool):
            raise ValueError(
                f"{place}: right is {answer['right']!r}, not true or false"
            )
    right = sum(answer.get("right", False) for answer in answers)
    if right != 1:
        raise ValueError(f"{where} has {right} right answers, it needs exactly one")
    texts = [" ".join(answer["text"].split()).casefold() for answer in answers]
    if len(set(texts)) < len(texts):
        twice = next(text for text in texts if texts.count(text) > 1)
        raise ValueError(f"{where} has the answer {twice!r} more than once")


def _check_keys(where: str, table: dict, known: set, texts: set) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(f"{where} has the unknown key {unknown[0]!r}")
    for key in sorted(texts):
        text = table.get(key)
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{where} has no {key}")
        if text.count("`") % 2:
            raise ValueError(f"{where}: a backtick in {key} has no partner")


def _question_html(number: int, question: dict, key: str) -> str:
    answers = []
    for place, answer in enumerate(question["answer"], 1):
        verdict = RIGHT if answer.get("right", False) else WRONG
        # The region is there from the start, so that a screen reader speaks the
        # paragraph that appears in it.
        answers.append(
            f'<div class="quiz-answer"><input type="radio" id="{key}-{place}" '
            f'name="{key}"><label for="{key}-{place}">{_inline(answer["text"])}'
            f'</label><div class="quiz-why" aria-live="polite"><p>{verdict} '
            f"{_inline(answer['why'])}</p></div></div>"
        )
    legend = f"<legend>{number}. {_inline(question['text'])}</legend>"
    return f"<fieldset>{legend}{''.join(answers)}</fieldset>"


def _inline(text: str) -> str:
    return re.sub(r"`(.+?)`", r"<code>\1</code>", html.escape(text))
