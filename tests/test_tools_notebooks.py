"""The canonical form of notebooks, their refreshing, and what nbval makes of both."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbformat.v4.nbjson import reads

from tools import notebooks
from tools.canonical import PINNED, NotebookError, canonical, read

ROOT = Path(__file__).resolve().parents[1]
SANITISER = ROOT / "tests" / "nbval_sanitize.cfg"
PIN = {"tags": [PINNED]}


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def messy():
    """Return a notebook as Jupyter may leave it."""
    result = new_output(
        "execute_result",
        data={"text/plain": "3", "text/html": "<b>3</b>", "image/png": "aGk="},
        execution_count=17,
        metadata={"image/png": {"width": 3}},
    )
    outputs = [stream("one \n"), stream("oops", "stderr"), stream("two\n"), result]
    kept = {"tags": [PINNED, "a"], "scrolled": True, "mystnb": {"image": {"alt": "x"}}}
    hidden = {"jupyter": {"source_hidden": True, "outputs_hidden": True}}
    cells = [
        new_markdown_cell("# Title  \n\nGrößen × 2\n\n", metadata={"tags": []}),
        new_code_cell("print(1)   \n", metadata=kept, outputs=outputs),
        new_code_cell(
            "2", metadata=hidden, outputs=[stream("2")], execution_count=4, id="keep-me"
        ),
        new_code_cell("3", metadata={"cellView": "form"}),
    ]
    kernel = {"name": "conda-env", "display_name": "Mine"}
    return new_notebook(cells=cells, metadata={"widgets": {}, "kernelspec": kernel})


def test_canonical_form():
    text = canonical(messy(), "02_layers.ipynb")
    notebook = nbformat.reads(text, as_version=4)
    title, pinned, plain, form = notebook.cells
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert text.startswith('{\n "cells": [\n  {\n   "cell_type"')
    assert "Größen ×" in text
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert title.source == "# Title\n\nGrößen × 2"
    assert title.metadata == {}
    assert pinned.source == "print(1)"
    assert pinned.metadata == {
        "mystnb": {"image": {"alt": "x"}},
        "tags": ["a", PINNED],
    }
    assert pinned.execution_count == 1
    assert [output.output_type for output in pinned.outputs] == [
        "stream",
        "execute_result",
    ]
    assert pinned.outputs[0].text == "one \ntwo\n"
    assert pinned.outputs[1].data == {"text/plain": "3"}
    assert pinned.outputs[1].execution_count == 1
    assert (plain.outputs, plain.execution_count) == ([], None)
    assert plain.metadata == {"jupyter": {"source_hidden": True}}
    assert form.metadata == {"cellView": "form"}


def test_canonical_form_is_its_own():
    once = canonical(messy(), "02_layers.ipynb")
    assert canonical(reads(once), "02_layers.ipynb") == once


def test_ids_are_kept_or_made_from_the_content():
    cells = messy().cells
    del cells[0]["id"]
    cells[1]["id"] = "not valid!"
    cells[3]["id"] = cells[2]["id"]
    notebook = nbformat.from_dict(
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    )
    first, second, kept, again = reads(canonical(notebook, "02_layers.ipynb")).cells
    assert kept.id == "keep-me"
    assert all(re.fullmatch("02-[0-9a-f]{8}", cell.id) for cell in (first, second))
    assert len({first.id, second.id, kept.id, again.id}) == 4
    inserted = new_code_cell(first.source)
    del inserted["id"]
    notebook.cells.insert(0, inserted)
    names = [cell.id for cell in reads(canonical(notebook, "02_layers.ipynb")).cells]
    assert names[2:] == [second.id, kept.id, again.id]


def test_made_ids_of_equal_cells_differ_and_stay():
    cells = [{**new_code_cell("1"), "id": ""} for _ in range(3)]
    notebook = nbformat.from_dict(
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    )
    names = [cell.id for cell in reads(canonical(notebook, "02_a.ipynb")).cells]
    assert len(set(names)) == 3
    above = nbformat.from_dict({**new_code_cell("1"), "id": ""})
    result = reads(canonical(notebook, "02_a.ipynb"))
    result.cells.insert(0, above)
    result = reads(canonical(result, "02_a.ipynb"))
    assert [cell.id for cell in result.cells][1:] == names


@pytest.mark.parametrize("text", ["", "{}", '{"nbformat": 3, "worksheets": []}', "[]"])
def test_what_is_no_notebook_is_refused(text, tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError, match=r"a\.ipynb: not a notebook"):
        read(path)


def test_commands(tmp_path, capsys):
    path = tmp_path / "01_a.ipynb"
    nbformat.write(messy(), path)
    assert notebooks.main(["check", str(path)]) == 1
    assert "make notebooks" in capsys.readouterr().err
    assert notebooks.main(["canonical", str(path)]) == 0
    assert notebooks.main(["check", str(path)]) == 0
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert notebooks.main(["check", str(path)]) == 1
    assert notebooks.main(["canonical", str(tmp_path / "missing.ipynb")]) == 1
    capsys.readouterr()
    assert notebooks.main(["environment"]) == 0
    assert "TF_CPP_MIN_LOG_LEVEL=2" in capsys.readouterr().out.splitlines()


@pytest.fixture
def book(tmp_path):
    """Return a folder with what refreshing reads and writes."""
    url = "https://github.com/new/name"
    (tmp_path / "_config.yml").write_text(f"repository:\n  url: {url}/\n")
    old = "https://github.com/old/name"
    (tmp_path / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{old}"\n')
    badge = "https://colab.research.google.com/github/old/name/blob/main/a.ipynb"
    (tmp_path / "README.md").write_text(f"[Colab]({badge}) {old} {old}/issues\n")
    (tmp_path / "CITATION.cff").write_text(f'url: "{old}"\n')
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / SANITISER.name).write_bytes(SANITISER.read_bytes())
    return tmp_path


def test_address_is_written_from_one_place(book):
    notebooks.write_address(book)
    page, project = (book / "README.md").read_text(), book / "pyproject.toml"
    assert "old" not in page
    assert page.count("/new/name") == 3
    assert 'Repository = "https://github.com/new/name"' in project.read_text()
    assert (book / "CITATION.cff").read_text() == 'url: "https://github.com/new/name"\n'
    notebooks.write_address(book)
    assert (book / "README.md").read_text() == page


def written(folder, cells, name="01_small.ipynb"):
    path = folder / name
    path.write_text(canonical(new_notebook(cells=cells), name))
    return path


def test_refresh_writes_pins_address_and_form(book):
    setup = new_code_cell(
        'source = "https://old.example"', metadata={"tags": ["set-up"]}
    )
    where = "import os\nprint(os.listdir(), os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    took = [stream("0.25 s\n")]
    raises = ("raises-exception", PINNED)
    cells = [
        setup,
        new_code_cell(where, metadata=PIN),
        new_code_cell("print('0.75 s')", metadata=PIN, outputs=took),
        new_code_cell("print(2)\n3", metadata=PIN, outputs=[stream("old\n")]),
        new_code_cell("raise ValueError('no')", metadata={"tags": list(raises)}),
        new_code_cell("print('not pinned')"),
    ]
    path = written(book, cells)
    assert notebooks.refresh(path, book) is True
    done = read(path).cells
    assert done[0].source == 'source = "https://github.com/new/name"'
    assert done[1].outputs[0].text == "[] 2\n"
    assert done[2].outputs[0].text == "0.25 s\n"  # nbval sees no difference
    assert [o.output_type for o in done[3].outputs] == ["stream", "execute_result"]
    assert (done[4].outputs[0].ename, done[4].outputs[0].evalue) == ("ValueError", "no")
    assert done[5].outputs == []
    assert notebooks.is_canonical(path)
    assert notebooks.refresh(path, book) is False


DRAWS = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
ALT = {"mystnb": {"image": {"alt": "A line that rises"}}}


@pytest.mark.parametrize(
    ("source", "metadata", "message"),
    [
        ("1 / 0", {}, r"cell 2 \(.*`1 / 0`\): ZeroDivisionError: division by zero"),
        (DRAWS, {}, "cell 2 .* no text alternative"),
        ("1 + 1", ALT, "cell 2 .* for 0 pictures"),
        ("import sys\nprint(1, file=sys.stderr)", PIN, "cell 2 .* stderr"),
        ("x = 1", PIN, "cell 2 .* prints nothing"),
        (
            "from IPython.display import HTML\nHTML('<b>a</b>')",
            PIN,
            "cell 2 .* text/html",
        ),
    ],
)
def test_failed_refresh_names_the_cell_and_leaves_the_file(
    source, metadata, message, book
):
    first = new_code_cell("print(1)", metadata=PIN)
    path = written(book, [first, new_code_cell(source, metadata=metadata)])
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=message) as failure:
        notebooks.refresh(path, book)
    assert str(path) in str(failure.value)
    assert path.read_bytes() == before


def test_nbval_compares_what_the_canonical_form_keeps(book):
    """What we rely on: a constant count passes, and an empty pin does not."""
    right = new_code_cell("x = 2\nprint('two', x)\nx", metadata=PIN)
    path = written(book, [right], "right.ipynb")
    notebooks.refresh(path, book)
    (pin,) = read(path).cells
    above = new_code_cell("y = 'a cell inserted above'")
    wrong = nbformat.from_dict({**pin, "source": "x = 3\nprint('two', x)\nx"})
    shown = new_output("execute_result", {"text/plain": "<object at 0x7f0000000000>"})
    varies = new_code_cell("object()", metadata=PIN, outputs=[shown])
    written(book, [above, pin], "inserted.ipynb")
    written(book, [wrong], "wrong.ipynb")
    written(book, [new_code_cell("print(1)", metadata=PIN)], "empty.ipynb")
    written(book, [varies], "varies.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--nbval-lax"]
    command += ["--nbval-current-env", "--nbval-sanitize-with", str(SANITISER)]
    command += ["--rootdir", "."]
    run = subprocess.run(
        [*command, "-p", "no:cacheprovider", "."],
        cwd=book,
        env=os.environ | notebooks.ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    verdicts = set(re.findall(r"^(PASSED|FAILED) (\S+)::", run.stdout, re.MULTILINE))
    assert verdicts == {
        ("PASSED", "right.ipynb"),
        ("PASSED", "inserted.ipynb"),
        ("PASSED", "varies.ipynb"),
        ("FAILED", "wrong.ipynb"),
        ("FAILED", "empty.ipynb"),
    }


def test_sanitiser_hides_what_may_vary_and_nothing_else():
    rules = notebooks.sanitiser()
    examples = {
        "<f at 0x7f3a5c1e0d30>": "<f at ADDRESS>",
        "in '/tmp/ab12/x.png'": "in 'TEMPORARY'",
        "in /private/var/folders/a/b": "in TEMPORARY",
        "took 1.25 s, 3 ms": "took DURATION, DURATION",
        "stride 2, shape (1, 5, 5): 0.5 MB, 12 samples": None,
    }
    for text, expected in examples.items():
        assert notebooks.sanitised(text, rules) == (expected or text)
    applied = " ".join(filter(None, examples.values()))
    assert all(replacement in applied for _, replacement in rules)
    assert len(rules) == 3
