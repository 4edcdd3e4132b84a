"""Ways into the book besides its pages: Binder, an image for class servers."""

import fnmatch
import json
import re
import shlex
import subprocess
import sys

import pytest
import yaml
from checkout import ROOT
from packaging.version import Version

MAKEFILE = (ROOT / "Makefile").read_text("utf8")
SUPPORTED = re.search(r"^SUPPORTED := (.*)$", MAKEFILE, re.MULTILINE)[1].split()


# Binder


def test_binder_takes_the_first_supported_python():
    runtime = (ROOT / ".binder/runtime.txt").read_text("utf8").strip()
    assert runtime == f"python-{SUPPORTED[0]}"


def test_binder_installs_the_lock_and_the_package():
    """A list's path begins at the list, an editable one's where pip is called."""
    file = ROOT / ".binder/requirements.txt"
    lines = [line for line in file.read_text("utf8").splitlines() if line[0] != "#"]
    option, path = lines[0].split()
    assert option == "-r"
    assert (file.parent / path).resolve() == ROOT / "requirements.lock"
    assert lines[1:] == ["-e ."]
    assert (ROOT / "pyproject.toml").is_file()


def test_binder_has_what_a_chapter_in_jupyterlab_needs():
    lock = (ROOT / "requirements.lock").read_text("utf8")
    for name in ("jupyterlab", "ipywidgets", "tensorflow", "matplotlib"):
        assert re.search(rf"^{name}==", lock, re.MULTILINE)
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    buttons = config["launch_buttons"]
    assert buttons["binderhub_url"] == "https://mybinder.org"
    assert buttons["notebook_interface"] == "jupyterlab"


# The image


def instructions():
    """Return the image's instructions, in order, as (name, rest)."""
    text = (ROOT / "Dockerfile").read_text("utf8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", "")
    return [tuple(line.split(" ", 1)) for line in whole.splitlines() if line]


def rest_of(name):
    return [rest for each, rest in instructions() if each == name]


def copied():
    """Return what the image takes from the checkout."""
    found = []
    for rest in rest_of("COPY"):
        sources = [word for word in rest.split()[:-1] if not word.startswith("--")]
        found += sources
    return found


def test_the_image_has_the_first_supported_python():
    (base,) = rest_of("FROM")
    assert base.startswith(f"python:{SUPPORTED[0]}-slim")


def test_the_image_is_of_locked_packages():
    installs = [shlex.split(rest) for rest in rest_of("RUN") if "install" in rest]
    packages, ours = installs
    assert packages[packages.index("--requirement") + 1] == "requirements.lock"
    assert packages[packages.index("--constraint") + 1] == "requirements.lock"
    assert packages[-1] == "jupyterhub==${JUPYTERHUB}"
    (default,) = rest_of("ARG")
    assert Version(default.removeprefix("JUPYTERHUB=")).major >= 5
    assert {"--no-deps", "--no-build-isolation"} < set(ours)


def test_nobody_is_root_in_the_image():
    names = [name for name, _ in instructions()]
    (user,) = rest_of("USER")
    (made,) = (rest for rest in rest_of("RUN") if rest.startswith("useradd"))
    assert user == made.split()[made.split().index("--uid") + 1] != "0"
    assert names.index("USER") < names.index("CMD")
    assert "RUN" not in names[names.index("USER") :]


def test_the_image_gets_what_it_takes_and_little_else():
    listed = (ROOT / ".dockerignore").read_text("utf8").splitlines()
    rules = [line for line in listed if line and line[0] != "#"]
    assert rules[0] == "*"
    let_in = {rule[1:] for rule in rules if rule[0] == "!"}
    assert let_in == set(copied())
    assert all((ROOT / name).exists() for name in let_in)
    left_out = [rule for rule in rules[1:] if rule[0] != "!"]
    for junk in ("__pycache__", ".ipynb_checkpoints"):
        assert any(fnmatch.fnmatch(f"x/{junk}", rule) for rule in left_out)


def test_the_image_holds_no_exercise_sets_with_their_solutions():
    assert "exercises" not in copied()


def test_the_package_can_be_built_from_what_the_image_takes():
    """Setuptools reads more than the code: what pyproject.toml names must be there."""
    project = (ROOT / "pyproject.toml").read_text("utf8")
    for key in ("readme = ", "license-files = "):
        (line,) = [each for each in project.splitlines() if each.startswith(key)]
        (name,) = re.findall(r'"([^"]+)"', line)
        assert name in copied()


def test_the_data_is_where_the_image_says_it_is():
    (settings,) = rest_of("ENV")
    folder = dict(word.split("=") for word in settings.split())["HELPERS_DATA"]
    assert folder == f"{rest_of('WORKDIR')[0]}/data"
    assert "data data" in rest_of("COPY")


def health_check(**environment):
    """Run the image's check of itself, with this Python."""
    (check,) = rest_of("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[0] == "python"
    return subprocess.run(
        [sys.executable, *command[1:]], env=environment, capture_output=True, timeout=60
    ).returncode


@pytest.mark.parametrize("prefix", ["/", "/user/ann/"])
def test_the_image_knows_whether_it_is_well(prefix, tmp_path):
    """Alone, the server answers at the root; in a hub, below the student's name."""
    from data_server import serve

    api = tmp_path / prefix.strip("/") / "api"
    api.parent.mkdir(parents=True, exist_ok=True)
    api.write_text("{}")
    with serve(tmp_path) as server:
        assert health_check(JUPYTERHUB_SERVICE_URL=f"{server.url}{prefix}") == 0
        assert health_check(JUPYTERHUB_SERVICE_URL=f"{server.url}/user/bob/") != 0
    assert health_check(JUPYTERHUB_SERVICE_URL=f"{server.url}{prefix}") != 0


def test_the_server_listens_where_the_check_asks():
    (command,) = rest_of("CMD")
    assert "--port=8888" in json.loads(command)
    assert rest_of("EXPOSE") == ["8888"]
    assert "http://127.0.0.1:8888/" in rest_of("HEALTHCHECK")[0]
