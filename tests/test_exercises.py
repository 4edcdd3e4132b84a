"""Exercise sets: how they are found, drawn, built, checked, and kept from leaking."""

import ast
import json
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest
from checkout import ROOT, clean_environment

from tools.exercises import build, check, leaks
from tools.exercises.sources import PUBLIC, SetError, bank_sets, public_sets
from tools.notebooks import is_canonical

BANK = PUBLIC / "bank_example"
NAME = "windows_and_boxes"
SETS = public_sets()


@pytest.fixture(scope="module")
def source():
    return bank_sets(BANK, 7)[NAME]


@pytest.fixture(scope="module")
def built(source, tmp_path_factory):
    return build.build(source, tmp_path_factory.mktemp("assignments") / NAME)


@pytest.fixture(scope="module")
def solutions(built):
    """The lines of code that no student may see."""
    paths = [built / kind / f"{NAME}.ipynb" for kind in ("autograder", "student")]
    return leaks.solution_lines(*paths)


def text_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells)


class TestSources:
    @pytest.mark.parametrize("name", SETS)
    def test_public_sets_are_canonical_and_of_a_chapter(self, name):
        assert is_canonical(PUBLIC / f"{name}.ipynb")
        assert (ROOT / "chapters" / f"{name}.ipynb").exists()
        assert f"name: {name}\nconfig_file: otter.yml" in SETS[name].notebook.replace(
            '\\n",\n    "', "\n"
        )

    def test_a_set_changes_what_it_may_use(self, tmp_path):
        shutil.copy(PUBLIC / "11_classification_and_localization.ipynb", tmp_path)
        (tmp_path / "sets.toml").write_text(
            "[11_classification_and_localization]\nhelpers = true\n"
        )
        (found,) = public_sets(tmp_path).values()
        assert found.settings["helpers"] is True
        assert found.settings["call_seconds"] == 10

    def test_a_wrong_answer_that_says_too_little_is_refused(self, tmp_path):
        shutil.copy(PUBLIC / "11_classification_and_localization.ipynb", tmp_path)
        (tmp_path / "wrong_answers").mkdir()
        path = tmp_path / "wrong_answers" / "11_classification_and_localization.toml"
        path.write_text('[[wrong]]\nname = "x"\nquestion = "q1"\n')
        with pytest.raises(SetError, match="code, hint"):
            public_sets(tmp_path)


class TestBank:
    def test_a_seed_gives_the_same_set_each_time(self, source):
        again = bank_sets(BANK, 7)[NAME]
        cells = [json.loads(each.notebook)["cells"] for each in (source, again)]
        first, second = ([cell["source"] for cell in each] for each in cells)
        assert first == second
        assert again.wrong == source.wrong

    def test_other_seeds_give_other_tasks_numbers_and_hidden_tests(self):
        texts = {bank_sets(BANK, seed)[NAME].notebook for seed in range(12)}
        assert len(texts) == 12
        tasks = [
            {phrase for phrase in phrases if any(phrase in text for text in texts)}
            for phrases in (
                (
                    "the largest product of a value and its weight.",
                    "squared differences",
                ),
                ("top, left, bottom, right", "left, top, width, height"),
                ("the smaller box", "the larger box", "the mean of their areas"),
            )
        ]
        assert [len(each) for each in tasks] == [2, 2, 3]

    def test_what_is_no_bank_is_refused(self, tmp_path):
        with pytest.raises(SetError, match=r"draw\.py"):
            bank_sets(tmp_path, 1)

    def test_a_bank_needs_a_seed(self):
        with pytest.raises(SetError, match="SEED"):
            build.gather(BANK)

    def test_a_template_that_asks_for_what_is_not_drawn_is_refused(self, tmp_path):
        shutil.copy(BANK / "draw.py", tmp_path)
        (tmp_path / "x.py.jinja").write_text("# %%\n<< nothing_of_that_name >>\n")
        with pytest.raises(Exception, match="nothing_of_that_name"):
            bank_sets(tmp_path, 1)


class TestBuild:
    def test_a_student_gets_one_file(self, built):
        files = [path.name for path in (built / "student").rglob("*") if path.is_file()]
        assert files == [f"{NAME}.ipynb"]

    def test_solutions_and_hidden_tests_are_out(self, built):
        text = text_of(built / "student" / f"{NAME}.ipynb")
        for word in ("SOLUTION", "HIDDEN", "hidden=True", "test_other"):
            assert word not in text
        assert "def answer_of(patch, weights):" in text

    def test_the_grader_has_the_hidden_tests(self, built):
        tests = sorted((built / "autograder" / "tests").glob("*.py"))
        assert [path.stem for path in tests] == ["q1", "q2", "q3", "q4", "q5"]
        assert all("hidden=True" in path.read_text() for path in tests)

    def test_the_first_code_cell_sets_up(self, built):
        cells = nbformat.read(built / "student" / f"{NAME}.ipynb", 4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert first.source.startswith("#@title")
        assert "set-up" in first.metadata.tags
        assert f'source = "{build.address()}"' in first.source
        start = first.source.index("TESTS = ") + len("TESTS = ")
        tests = ast.literal_eval(first.source[start : first.source.index("\nPath(")])
        assert list(tests) == ["q1", "q2", "q3", "q4", "q5"]

    def test_a_question_without_tests_is_refused(self, source, tmp_path):
        notebook = nbformat.reads(source.notebook, 4)
        begin = [c.source.startswith("# BEGIN TESTS") for c in notebook.cells].index(
            True
        )
        del notebook.cells[begin + 1 : begin + 4]
        changed = type(source)(
            NAME, nbformat.writes(notebook), source.settings, source.wrong
        )
        with pytest.raises(SetError, match="not every question"):
            build.build(changed, tmp_path / NAME)


class TestCheck:
    """The checker finds what is wrong: each test breaks a set in one way."""

    @pytest.fixture
    def problems(self, source, walls, tmp_path):
        def find(change=lambda cells: None, wrong=()):
            notebook = nbformat.reads(source.notebook, 4)
            change(notebook.cells)
            text = nbformat.writes(notebook)
            changed = type(source)(NAME, text, source.settings, list(wrong), True)
            return check.problems_of(changed, walls, tmp_path / NAME, None)

        return find

    def replace(self, old, new):
        def change(cells):
            found = [cell for cell in cells if old in cell.source]
            assert found, old
            for cell in found:
                cell.source = cell.source.replace(old, new)

        return change

    def test_the_example_has_none(self, source, walls, tmp_path):
        assert check.problems_of(source, walls, tmp_path / NAME, None) == []

    def test_a_solution_that_is_wrong(self, problems):
        found = problems(self.replace("count = int(", "count = 1 + int("))
        assert any("reference solution loses marks in q5" in each for each in found)

    def test_tests_that_a_stub_passes(self, problems):
        found = problems(self.replace("assert int(count) == found", "assert True"))
        assert any("the stub earns 2 in q5" in each for each in found)

    def test_a_wrong_answer_that_passes_or_gets_no_hint(self, source, problems):
        wrong = source.wrong[0] | {"hint": "nothing like that"}
        right = {"name": "right", "question": "q5", "hint": "", "code": "pass"}
        right["code"] = "count = int((slide(picture, marks) >= 0).sum()) * 0 - 1"
        found = problems(
            self.replace("assert int(count) == found", "pass"), [wrong, right]
        )
        assert any("does not meet its hint" in each for each in found)
        assert any("'right' loses no marks" in each for each in found)

    def test_form(self, problems):
        def change(cells):
            self.replace("· Recall", "· Implement")(cells)
            self.replace("points: 0", "points: 1")(cells)

        found = " ".join(problems(change))
        for part in ("no question of the level Recall", "public ones", "fewer than 2"):
            assert part in found

    def test_a_wrong_answer_to_no_question(self, problems):
        wrong = {"name": "lost", "question": "q9", "hint": "", "code": "pass"}
        with pytest.raises(SetError, match="no question q9"):
            problems(wrong=[wrong])


class TestLeaks:
    def test_there_is_something_to_look_for(self, solutions):
        assert len(solutions) >= 10
        assert all(len(line) >= leaks.SHORTEST for line in solutions)

    def test_students_do_not_get_it(self, built, solutions):
        assert leaks.find_leaks(solutions, built / "student") == []

    def test_the_grader_does(self, built, solutions):
        found = leaks.find_leaks(solutions, built / "autograder")
        assert {line for _, line in found} == solutions

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("page.html", "<b>areas</b> = [<i>e</i>.area() &lt; 3\n for e in edges]"),
            ("_sources/page.md", "text\n\n    areas = [e.area() < 3 for e in edges]"),
            ("searchindex.js", 'Search("areas=[e.area() < 3 for e in edges]")'),
            (
                "draft.ipynb",
                {"cells": [{"source": ["areas = [e.area() < 3 ", "for e in edges]"]}]},
            ),
        ],
    )
    def test_it_is_found_wherever_it_stands(self, tmp_path, name, content):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text)
        line = "areas = [e.area() < 3 for e in edges]"
        assert leaks.find_leaks({line}, tmp_path) == [(path, line)]
        assert leaks.find_leaks({line + " + [0]"}, tmp_path) == []

    @pytest.mark.browser
    @pytest.mark.parametrize("seed", range(4))
    def test_the_built_book_does_not_hold_it(self, site, seed, tmp_path):
        drawn = bank_sets(BANK, seed)[NAME]
        folder = build.build(drawn, tmp_path / NAME)
        paths = [folder / kind / f"{NAME}.ipynb" for kind in ("autograder", "student")]
        assert leaks.find_leaks(leaks.solution_lines(*paths), site) == []


RUN_OTTER = """
import sys
from otter.run import main
results = main(sys.argv[1], autograder=sys.argv[2], output_dir=None, no_logo=True)
print("score", results.total, results.possible)
"""
EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
for cell in notebook.cells:
    if cell.source.startswith("grader.check"):
        said = [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
        print(cell.source, "passed" in "".join(said), "".join(said).replace("\\n", " "))
"""


class TestElsewhere:
    """The same files where our grader is not: in Jupyter, and in otter's own runs."""

    def run(self, script, *arguments, home):
        command = [sys.executable, "-c", script, *map(str, arguments)]
        path = f"{shutil.os.path.dirname(sys.executable)}:{shutil.os.environ['PATH']}"
        environment = clean_environment(home, PATH=path)
        result = subprocess.run(
            command, cwd=home, env=environment, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr[-3000:]
        return result.stdout

    def test_the_zip_for_gradescope_grades_as_we_do(self, built, tmp_path):
        (archive,) = (built / "autograder").glob("*.zip")
        names = zipfile.ZipFile(archive).namelist()
        assert {"run_autograder", "setup.sh", "tests/q1.py"} <= set(names)
        for kind, score in (("autograder", "12"), ("student", "0")):
            notebook = built / kind / f"{NAME}.ipynb"
            said = self.run(RUN_OTTER, notebook, archive, home=tmp_path)
            total, possible = said.rpartition("score ")[2].split()
            assert (float(total), float(possible)) == (float(score), 12.0)

    def test_in_jupyter_the_checks_say_what_they_should(self, built, tmp_path):
        for kind, passed in (("autograder", "True"), ("student", "False")):
            folder = tmp_path / kind
            folder.mkdir()
            shutil.copy(built / kind / f"{NAME}.ipynb", folder)
            said = self.run(EXECUTE, folder / f"{NAME}.ipynb", home=folder)
            lines = [
                line for line in said.splitlines() if line.startswith("grader.check")
            ]
            assert len(lines) == 5
            assert all(f'") {passed} ' in line for line in lines), said
