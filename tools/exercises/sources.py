"""Find the sets: the public ones, and those of a bank drawn from a seed."""

import importlib.util
import tomllib
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT / "exercises"


class SetError(Exception):
    """A set, or a bank, that is not as it must be."""


@dataclass(frozen=True)
class Source:
    """A set as its author wrote it.

    Attributes
    ----------
    name : str
        Of the set.
    notebook : str
        The source notebook, in otter-assign's format, as JSON.
    settings : dict
        What a submission may use, for `tools.grading.sandbox.Limits`.
    wrong : list of dict
        Named wrong answers: name, question, code, hint.
    graded : bool
        Whether it comes from a bank, so that its solutions must not get out.
    """

    name: str
    notebook: str
    settings: dict
    wrong: list
    graded: bool = False


def public_sets(folder=PUBLIC):
    """Return the sets whose notebooks lie in a folder, by name."""
    return {
        path.stem: Source(
            path.stem,
            path.read_text(encoding="utf8"),
            _settings(folder, path.stem),
            _wrong_answers(_text(folder / "wrong_answers" / f"{path.stem}.toml")),
        )
        for path in sorted(folder.glob("*.ipynb"))
    }


def bank_sets(folder, seed):
    """Return the sets that a bank makes of a seed, by name.

    A bank is a folder with a module ``draw.py``, whose ``draw(name, rng)`` returns
    what a template needs, and for each set a template ``NAME.py.jinja`` of the
    notebook in jupytext's percent format, and ``NAME.toml.jinja`` of its wrong answers.

    Parameters
    ----------
    folder : pathlib.Path
        The bank.
    seed : int
        Another seed gives other tasks and other numbers.

    Returns
    -------
    dict
        Name of the set to `Source`.
    """
    import jinja2
    import jupytext

    templates = sorted(folder.glob("*.py.jinja"))
    if not templates or not (folder / "draw.py").exists():
        raise SetError(f"{folder} is no bank: draw.py and NAME.py.jinja are needed")
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        variable_start_string="<<",  # braces are Python's
        variable_end_string=">>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    draw = _module(folder / "draw.py").draw
    sets = {}
    for path in templates:
        name = path.name.removesuffix(".py.jinja")
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        drawn = {"name": name, **draw(name, rng)}
        wrong = _text(folder / f"{name}.toml.jinja")
        text = environment.from_string(_text(path)).render(drawn)
        sets[name] = Source(
            name,
            jupytext.writes(jupytext.reads(text, fmt="py:percent"), fmt="ipynb"),
            _settings(folder, name),
            _wrong_answers(environment.from_string(wrong).render(drawn)),
            graded=True,
        )
    return sets


def _module(path):
    spec = importlib.util.spec_from_file_location(f"bank_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _text(path):
    return path.read_text(encoding="utf8") if path.exists() else ""


def _settings(folder, name):
    tables = [tomllib.loads(_text(each / "sets.toml")) for each in (PUBLIC, folder)]
    merged = {}
    for part in ("default", name):
        for table in tables:
            merged |= table.get(part, {})
    return merged


def _wrong_answers(text):
    answers = tomllib.loads(text).get("wrong", [])
    for answer in answers:
        if missing := {"name", "question", "code", "hint"} - answer.keys():
            raise SetError(
                f"a wrong answer lacks {', '.join(sorted(missing))}: {answer}"
            )
    return answers
