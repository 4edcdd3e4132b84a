"""The forge's workflows: they call make, versions agree, and they may do little."""

import json
import os
import re
import subprocess
import tomllib

import pytest
import yaml
from checkout import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {
    path.stem: yaml.load(path.read_text("utf8"), yaml.BaseLoader)
    for path in FOLDER.glob("*.yml")
}
MAKEFILE = (ROOT / "Makefile").read_text("utf8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
SUPPORTED = re.search(r"^SUPPORTED := (.*)$", MAKEFILE, re.MULTILINE)[1].split()
JOBS = [
    pytest.param(job, id=f"{name}, {key}")
    for name, workflow in WORKFLOWS.items()
    for key, job in workflow["jobs"].items()
]
STEPS = [step for job in JOBS for step in job.values[0].get("steps", [])]
each_job = pytest.mark.parametrize("job", JOBS)


def choices(job):
    """Return a job's combinations of values, as its matrix gives them."""
    matrix = job.get("strategy", {}).get("matrix", {})
    if "include" in matrix:
        return matrix["include"]
    ((key, values),) = matrix.items() or [("python", [])]
    return [{key: value} for value in values]


def filled(text, values):
    """Return a step's text with the matrix's values put in."""
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: values[found[1]], text)


def test_there_are_the_three():
    assert set(WORKFLOWS) == {"test", "publish", "weekly"}


@each_job
def test_a_job_calls_what_exists_and_has_no_logic_of_its_own(job):
    for step in job.get("steps", []):
        for values in choices(job) or [{}]:
            command = filled(step.get("run", ""), values)
            assert "\n" not in command
            program, *rest = command.split() or [""]
            if program == "make":
                targets = [word for word in rest if "=" not in word]
                assert targets
                assert set(targets) <= TARGETS
            elif program.startswith(".ci/"):
                assert os.access(ROOT / program, os.X_OK)
            else:
                assert not program or command.startswith("gh release create ")


@each_job
def test_a_job_ends_by_itself(job):
    assert "uses" in job or 0 < int(job["timeout-minutes"]) <= 120


def test_nobody_may_write_but_who_must():
    allowed = {
        ("publish", "site"): {"pages": "write", "id-token": "write"},
        ("publish", "release"): {"contents": "write"},
        ("weekly", "packages"): {"contents": "read", "issues": "write"},
    }
    for name, workflow in WORKFLOWS.items():
        assert workflow["permissions"] == {"contents": "read"}
        for key, job in workflow["jobs"].items():
            assert job.get("permissions") == allowed.get((name, key))


def test_actions_are_the_forges_own_and_of_one_version_each():
    used = {step["uses"] for step in STEPS if "uses" in step}
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", name) for name in used)
    assert len({name.split("@")[0] for name in used}) == len(used)


def test_no_step_runs_what_somebody_else_may_have_written():
    """A branch's or a change's name would become part of a command."""
    assert not [step for step in STEPS if "${{ github" in step.get("run", "")]
    for step in STEPS:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


def pythons(name):
    """Return the versions of Python that a workflow's jobs set up, job by job."""
    found = []
    for job in WORKFLOWS[name]["jobs"].values():
        for step in job.get("steps", []):
            if "python-version" in step.get("with", {}):
                text = step["with"]["python-version"]
                found.append([filled(text, values) for values in choices(job) or [{}]])
    return found


def test_every_supported_python_is_tested():
    everything, units = pythons("test")
    assert everything == SUPPORTED[:1]
    assert units == SUPPORTED[1:]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    assert project["requires-python"] == f">={SUPPORTED[0]}"
    assert project["name"] == "seeing-with-convolutions"


def test_each_week_brings_the_oldest_and_the_newest():
    assert pythons("weekly") == [[SUPPORTED[0], SUPPORTED[-1]]]
    (job,) = WORKFLOWS["weekly"]["jobs"].values()
    assert [each["packages"] for each in choices(job)] == ["oldest", "newest"]
    for values in choices(job):
        assert (ROOT / values["requirements"]).is_file()


def test_a_caches_key_is_a_file():
    for step in STEPS:
        key = step.get("with", {}).get("cache-dependency-path", "README.md")
        assert key.startswith("$") or (ROOT / key).is_file()


def test_what_is_published_is_what_was_tested():
    jobs = WORKFLOWS["publish"]["jobs"]
    called = jobs["test"]["uses"].removeprefix("./")
    assert (ROOT / called).is_file()
    assert "workflow_call" in WORKFLOWS["test"]["on"]
    for name in ("site", "release"):
        assert jobs[name]["needs"] == "test"
        assert not any("make" in step.get("run", "") for step in jobs[name]["steps"])
    tested = WORKFLOWS["test"]["jobs"]["everything"]["steps"]
    kept = {step["with"]["path"] for step in tested if "path" in step.get("with", {})}
    assert kept == {"dist", "_build/html"}
    commands = [step.get("run", "") for step in tested if "run" in step]
    assert commands[0] == ".ci/run"


# What a scheduled run reports

FAKE = """#!/bin/sh
printf '%s|' "$@" >> "$CALLS"
echo >> "$CALLS"
[ "$2" = list ] && cat "$OPEN" || true
"""


@pytest.fixture
def report(tmp_path):
    """Call .ci/report beside a forge that has some issues open; return what it did."""
    fake = tmp_path / "gh"
    fake.write_text(FAKE)
    fake.chmod(0o755)

    def run(outcome, open_issues=()):
        calls, listed = tmp_path / "calls", tmp_path / "open"
        calls.write_text("")
        listed.write_text(json.dumps(list(open_issues)))
        subprocess.run(
            [ROOT / ".ci/report", 'It\'s "red"', outcome, "https://example.org/1"],
            check=True,
            env=os.environ
            | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
            | {"CALLS": str(calls), "OPEN": str(listed)},
        )
        first, *others = calls.read_text().splitlines()
        assert first.startswith("issue|list|--state|open|")
        return others

    return run


OURS = {"number": 7, "title": 'It\'s "red"'}
OTHER = {"number": 3, "title": 'It\'s "red" too'}


def test_a_first_failure_opens_an_issue(report):
    assert report("failure", [OTHER]) == [
        'issue|create|--title|It\'s "red"|--body|See https://example.org/1|'
    ]


def test_a_further_failure_is_added_to_it(report):
    (call,) = report("failure", [OTHER, OURS])
    assert call.startswith("issue|comment|7|--body|They still fail: https:")


def test_success_closes_it_and_says_nothing_otherwise(report):
    (call,) = report("success", [OURS])
    assert call.startswith("issue|close|7|--comment|They pass again: https:")
    assert report("success", [OTHER]) == []
    assert report("success") == []


# The packages of the weekly runs


def requirements(path):
    lines = path.read_text("utf8").splitlines()
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {canonicalize_name(each.name): each for each in found}


RANGES = requirements(ROOT / "requirements.txt")


def bound(requirement, operator):
    found = [s.version for s in requirement.specifier if s.operator == operator]
    return Version(found[0]) if found else None


@pytest.mark.parametrize("name", RANGES)
def test_both_ends_of_a_range_are_locked(name):
    lowest = requirements(ROOT / "requirements-oldest.lock")[name]
    assert bound(lowest, "==") == bound(RANGES[name], ">=")
    (newest,) = {
        line.partition("==")[2].split()[0]
        for line in (ROOT / "requirements.lock").read_text("utf8").splitlines()
        if line.startswith(f"{name}==") and "python_full_version >=" not in line
    }
    assert RANGES[name].specifier.contains(newest)


def test_helpers_alone_asks_for_no_older_packages_than_are_tested():
    text = (ROOT / "pyproject.toml").read_text("utf8")
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["notebook"], *extras["keras"]]
    for requirement in map(Requirement, wanted):
        if requirement.name == "ipywidgets":  # that Colab's will do is tested elsewhere
            continue
        ours = RANGES[canonicalize_name(requirement.name)]
        assert requirement.specifier == ours.specifier


def test_the_newest_have_no_upper_bound(tmp_path):
    newest = tmp_path / "newest.txt"
    command = ["make", "-s", f"NEWEST={newest}", str(newest)]
    subprocess.run(command, cwd=ROOT, check=True)
    lifted = requirements(newest)
    assert set(lifted) == set(RANGES)
    for name, requirement in lifted.items():
        assert bound(requirement, ">=") == bound(RANGES[name], ">=")
    kept = {name for name, each in lifted.items() if bound(each, "<")}
    assert "jupyter-book" in kept  # its second version is another program
    assert kept.isdisjoint({"numpy", "tensorflow", "keras", "matplotlib", "pytest"})
