"""`make refresh`: which chapters a retraining makes stale, and what is said to move."""

import subprocess

import pytest
from checkout import ROOT
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools import notebooks, trained
from tools.canonical import PINNED, NotebookError, canonical, read

RECIPES = """
[base]
[headed]
on = "base"
[head_of_head]
on = "headed"
[younger]
start = "base"
[other]
"""
CODE = {
    "01_direct": 'load_trained("base")',
    "02_later": 'files = {"its name": "headed"}\nload_record(files["its name"])',
    "03_made": 'for n in 5, 500:\n    load_record(f"few_{n}{ending}")',
    "04_none": '%config x\nprint("a base", f"{base}", f"few{n} images", other)',
}


@pytest.fixture
def book(tmp_path):
    """A checkout in small, all of it committed."""
    names = ("base", "headed", "head_of_head", "younger", "other", "few_5_flipped")
    for folder, ending in zip(trained.FOLDERS, ("npz", "json"), strict=True):
        (tmp_path / folder).mkdir(parents=True)
        for name in names:
            (tmp_path / folder / f"{name}.{ending}").write_text(name)
    (tmp_path / "helpers/training").mkdir(parents=True)
    (tmp_path / "helpers/training/scene_recipes.toml").write_text(RECIPES)
    (tmp_path / "chapters").mkdir()
    for name, code in CODE.items():
        text = canonical(new_notebook(cells=[new_code_cell(code)]), name)
        (tmp_path / f"chapters/{name}.ipynb").write_text(text)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    git(tmp_path, *author, "commit", "-qm", "all")
    return tmp_path


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def stems(paths):
    return [path.stem for path in paths]


def test_chapters_are_found_by_what_their_code_names(book):
    assert stems(trained.chapters({"base"}, book)) == ["01_direct"]
    assert stems(trained.chapters({"headed", "base"}, book)) == [
        "01_direct",
        "02_later",
    ]
    assert stems(trained.chapters({"few_5_flipped"}, book)) == ["03_made"]
    assert trained.chapters({"other"}, book) == []


def test_what_is_built_on_a_network_is_stale_with_it(book):
    assert trained.built_on({"base"}, book) == ({"headed", "head_of_head"}, {"younger"})
    assert trained.built_on({"headed"}, book) == ({"head_of_head"}, set())
    assert trained.built_on({"other"}, book) == (set(), set())


def test_without_names_those_are_taken_that_changed(book, capsys):
    assert trained.stale_chapters([], book) == []
    assert "No weights and no record differ" in capsys.readouterr().out
    (book / "data/weights/base.npz").write_text("better")
    assert stems(trained.stale_chapters([], book)) == ["01_direct", "02_later"]
    said = capsys.readouterr().out
    assert "Trained anew: base." in said
    assert "train the rest of them anew: head_of_head, headed." in said
    assert "stay as they are: younger." in said
    assert "Chapters: 01_direct, 02_later." in said


def test_a_record_that_is_new_counts_as_changed(book):
    (book / "data/trainings/few_500.json").write_text("{}")
    assert stems(trained.stale_chapters([], book)) == ["03_made"]


def test_a_name_that_nothing_has_is_refused(book):
    with pytest.raises(NotebookError, match="no weights or record of bass; "):
        trained.stale_chapters(["bass"], book)


def test_every_network_and_record_of_the_book_is_used_by_a_chapter():
    assert len(trained.known()) > 20
    for name in trained.known():
        assert trained.chapters({name}), name


def test_every_recipe_that_is_built_on_another_is_known():
    keep, begin = trained.built_on(trained.known())
    assert keep | begin <= trained.known()
    assert trained.built_on({"two_stage"})[0] == {"mask_rcnn"}


def test_refresh_runs_these_chapters_and_says_what_moved(book, capsys, monkeypatch):
    pin = {"tags": [PINNED]}
    code = 'name = "base"\nprint("seeds 3")\nprint(2 + 2)'
    outputs = [new_output("stream", text="seeds 3\n5\n")]
    cell = new_code_cell(code, metadata=pin, outputs=outputs, id="sum")
    path = book / "chapters/01_direct.ipynb"
    path.write_text(canonical(new_notebook(cells=[cell]), path.name))
    (book / "tests").mkdir()
    rules = (ROOT / "tests/nbval_sanitize.cfg").read_text()
    (book / "tests/nbval_sanitize.cfg").write_text(rules)
    monkeypatch.setattr(notebooks, "write_address", lambda: None)
    monkeypatch.setattr(trained.stale_chapters, "__defaults__", (book,))
    assert notebooks.main(["refresh", "--trained", "base", "younger"]) == 1
    said = capsys.readouterr()
    assert 'cell 1 (sum, `name = "base"`)\n  - 5\n  + 4\n' in said.out
    assert f"{path}: written" in said.out
    assert "seeds" not in said.out
    assert "load_record" in said.err  # the second chapter fails, and is named
    assert read(path).cells[0].outputs[0].text == "seeds 3\n4\n"


def test_what_moved_is_nothing_where_only_code_did():
    def notebook(source, *texts):
        outputs = [new_output("stream", text=text) for text in texts]
        return new_notebook(cells=[new_code_cell(source, outputs=outputs, id="one")])

    before = notebook("print(1)", "1\n")
    assert list(notebooks.moved(before, notebook("print( 1 )", "1\n"))) == []
    assert list(notebooks.moved(before, notebook("print(1, 2)", "1 2\n")))[1:] == [
        "  - 1",
        "  + 1 2",
    ]
    assert list(notebooks.moved(before, notebook("x = 1")))[1:] == ["  - 1"]
