"""What a student's process can and cannot reach."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from checkout import ROOT

from tools.grading import child, sandbox
from tools.grading.sandbox import Limits
from tools.grading.student import Stopped, Student

QUICK = Limits(seconds=30, call_seconds=2, memory_mb=1024)


@pytest.fixture
def run(walls):
    """Run cells in a walled-off process; give the student."""
    students = []

    def start(*sources, limits=QUICK, walls=walls):
        cells = [(f"cell {n}", source) for n, source in enumerate(sources, 1)]
        students.append(Student(cells, walls, limits))
        students[-1].begin_question()
        return students[-1]

    yield start
    for student in students:
        student.close()


class TestWalls:
    def test_only_libraries_and_a_scratch_home_are_there(self, run):
        student = run("import os\nlisted = {f: os.listdir(f) for f in ('/', '/tmp')}")
        listed = student.get("listed")
        # The project, or Python, may lie in one of these folders itself.
        shown = [*sandbox.python_folders(), *map(str, sandbox.WORKER)]
        ways = [Path(path).parts for path in shown]
        assert set(listed["/tmp"]) <= {way[2] for way in ways if way[1] == "tmp"}
        assert "home" not in listed["/"] or "home" in {way[1] for way in ways}

    @pytest.mark.parametrize(
        "path", [ROOT / "exercises", ROOT / "tests", ROOT / "helpers", "/etc/passwd"]
    )
    def test_nothing_of_the_project_or_the_machine_is_there(self, run, path):
        assert os.path.exists(path)
        assert (
            run(f"import os\nfound = os.path.exists({str(path)!r})").get("found")
            is False
        )

    def test_what_is_there_cannot_be_changed(self, run):
        student = run(
            "import numpy, os\n"
            "can = [os.access(p, os.W_OK) for p in (numpy.__file__, '/usr', '/')]"
        )
        assert student.get("can") == [False] * 3

    def test_no_network_but_nothing(self, run):
        student = run("import socket\nnames = [n for _, n in socket.if_nameindex()]")
        assert set(student.get("names")) <= {"lo", "tunl0", "sit0", "ip6tnl0", "gre0"}

    def test_no_other_process_is_seen(self, run):
        student = run(
            "import os\nseen = [n for n in os.listdir('/proc') if n.isdigit()]"
        )
        assert student.get("seen") in (["1"], [])

    def test_no_privilege_is_left(self, run):
        student = run(
            "status = open('/proc/self/status').read()\n"
            "masks = [int(line.split()[1], 16) for line in status.splitlines()\n"
            "         if line.startswith(('CapEff', 'CapPrm', 'CapBnd', 'CapInh'))]\n"
            "locked = 'NoNewPrivs:\\t1' in status"
        )
        assert student.get("masks") == [0] * 4
        assert student.get("locked") is True

    def test_helpers_are_there_only_where_a_set_says_so(self, run):
        cells = ("from helpers.conv import conv2d",)
        assert run(*cells).get("conv2d") is None
        allowed = run(*cells, limits=Limits(helpers=True))
        images, filters = np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 1))
        assert allowed.get("conv2d")(images, filters).shape == (1, 3, 3, 1)

    def test_where_a_program_is_missing_it_is_said(self, monkeypatch):
        monkeypatch.setattr(sandbox, "_runs", lambda *given: False)
        with pytest.raises(
            sandbox.SandboxError, match=r"docker: .*namespaces: .*limits"
        ):
            sandbox.find()
        with pytest.raises(sandbox.SandboxError, match="docker, namespaces, limits"):
            sandbox.find("hope")


class TestLimits:
    def test_memory(self, run):
        student = run("def hog():\n    return len(bytearray(2 * 2**30))")
        with pytest.raises(Exception) as caught:  # noqa: PT011, by the student's name
            student.get("hog")()
        assert type(caught.value).__name__ == "MemoryError"

    def test_time_of_a_call(self, run):
        student = run("def slow():\n    while True: pass", "def fine():\n    return 1")
        started = time.monotonic()
        with pytest.raises(Stopped, match="took too long"):
            student.get("slow")()
        assert time.monotonic() - started < 4 * child.PATIENCE
        with pytest.raises(Stopped):  # the rest of the question
            student.get("fine")
        student.begin_question()
        assert student.get("fine")() == 1

    def test_time_of_the_whole(self, run):
        limits = Limits(seconds=1, call_seconds=10)
        source = "import time\nend = time.process_time() + 0.4\n"
        source += "while time.process_time() < end: pass"
        with pytest.raises(Stopped, match=r"the whole took longer|too long"):
            run(*[source] * 9, limits=limits)

    def test_limits_cannot_be_raised_again(self, run):
        student = run(
            "import resource\n"
            "most = resource.RLIM_INFINITY\n"
            "resource.setrlimit(resource.RLIMIT_AS, (most, most))"
        )
        assert "ValueError" in student.notes[0] or "Permission" in student.notes[0]

    def test_an_answer_in_drops_is_no_way_around_time(self, run):
        source = (
            "import os, time\n"
            "def drip():\n"
            "    for fd in range(3, 9):\n"
            "        try: os.write(fd, b'\\0\\0\\1\\0')\n"
            "        except OSError: pass\n"
            "        else: out = fd\n"
            "    while True:\n"
            "        os.write(out, b' ') ; time.sleep(0.05)"
        )
        limits = Limits(seconds=30, call_seconds=0.3)
        with pytest.raises(Stopped, match=r"too long|no message"):
            run(source, limits=limits).get("drip")()


class TestStandIns:
    def test_functions_and_objects_can_be_called_and_asked(self, run):
        student = run(
            "class Scale:\n"
            "    def __init__(self, by): self.by = by\n"
            "    def __call__(self, x): return self.by * x\n"
            "def apply(f, x): return f(x)"
        )
        scale = student.get("Scale")(3)
        assert scale(np.arange(3)).tolist() == [0, 3, 6]
        assert scale.by == 3
        assert student.get("apply")(scale, 2) == 6

    def test_errors_come_back_by_name(self, run):
        student = run("def refuse(x):\n    raise KeyError('nothing like ' + x)")
        with pytest.raises(KeyError, match="nothing like that"):
            student.get("refuse")("that")

    def test_what_is_not_there_is_remembered(self, run):
        student = run("x = 1")
        assert student.get("y") is None
        assert student.missing == ["y"]

    def test_a_test_cannot_hand_over_its_own_functions(self, run):
        student = run("def apply(f): return f()")
        with pytest.raises(TypeError, match="cannot hand over"):
            student.get("apply")(lambda: 1)


class TestCommands:
    def test_docker_walls(self):
        command, _ = sandbox.Sandbox("docker", "unused").command(QUICK)
        for part in (
            "--network=none",
            "--read-only",
            "--cap-drop=ALL",
            "--memory=1024m",
            "--pids-limit=32",
            "--security-opt=no-new-privileges",
        ):
            assert part in command
        mounts = [part for part in command if part.startswith("--volume=")]
        assert len(mounts) == 2
        assert all(part.endswith(":ro") for part in mounts)
        settings = json.loads(command[-1])
        assert settings["helpers"] is False
        assert not any(str(ROOT) in path for path in settings["path"])

    def test_limits_alone_are_never_chosen_unasked(self, monkeypatch):
        monkeypatch.setattr(sandbox, "_runs", lambda *given: False)
        with pytest.raises(sandbox.SandboxError):
            sandbox.find()
        assert sandbox.find("limits").kind == "limits"

    def test_limits_alone_still_limit(self, run):
        walls = sandbox.find("limits")
        try:
            student = run(
                "def two():\n    return 2", "hog = bytearray(2**32)", walls=walls
            )
            assert student.get("two")() == 2
            assert "MemoryError" in student.notes[0]
        finally:
            student.close()
            walls.close()

    def test_namespaces_of_a_user_who_is_not_root(self, run, monkeypatch):
        """As far as root can try it: a namespace of users, in which it is root."""
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        command, _ = sandbox.Sandbox("namespaces", "unused").command(QUICK)
        assert "--map-root-user" in command
        try:
            walls = sandbox.find("namespaces")
        except sandbox.SandboxError:
            pytest.skip("no namespaces of users here")
        source = (
            "import os\n"
            f"seen = os.path.exists({str(ROOT / 'tests')!r})\n"
            "status = open('/proc/self/status').read()\n"
            "none = 'CapEff:\\t0000000000000000' in status\n"
            "def two(): return 2"
        )
        student = run(source, walls=walls)
        assert (student.get("seen"), student.get("none")) == (False, True)
        assert student.get("two")() == 2
        walls.close()
