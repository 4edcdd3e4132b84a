"""Walls around a student's process, as strong as the machine allows.

=============  ===========================================================
``docker``     a container: no network, no files of this machine, sums of
               memory and processes limited
``namespaces`` Linux: the same walls made by ``unshare``, a root folder of
               read-only libraries and a scratch home in memory; limits are
               for each process
``limits``     limits for each process, and nothing else: the network and
               all files that you can read are within reach
=============  ===========================================================
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORKER = (HERE / "worker.py", HERE / "wire.py")
INSIDE = "/srv/grading"
IMAGE = "seeing-with-convolutions-grading"
KINDS = ("docker", "namespaces", "limits")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SCRATCH = "size=64m,mode=755,nr_inodes=20000,nosuid,nodev"
ENVIRONMENT = {
    "HOME": "/tmp",
    "PATH": "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


class SandboxError(Exception):
    """No walls of the kind that was asked for can be put up here."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    seconds, call_seconds : float
        For all of it, and for one cell or one call of a function.
    memory_mb, processes, file_mb : int
        Address space of a process, number of processes, size of a file.
    helpers : bool
        Whether the student's code may import ``helpers``.
    """

    seconds: float = 60
    call_seconds: float = 10
    memory_mb: int = 2048
    processes: int = 32
    file_mb: int = 16
    helpers: bool = False

    def for_worker(self, path):
        """Return what the worker takes as its argument."""
        settings = asdict(self) | {"path": path}
        del settings["call_seconds"]
        return json.dumps(settings)


# Run by sh as root of its own namespaces. What is mounted here nobody else sees.
# $1 is the new root; then come folders to show, `--`, and the command.
BUILD_ROOT = """
set -eu
umask 022
root=$1; shift
mount -t tmpfs -o "$SCRATCH" scratch "$root"
mkdir -p "$root/dev" "$root/etc" "$root/proc" "$root/tmp"
chmod 1777 "$root/tmp"
while [ "$1" != -- ]; do
  if [ -L "$1" ]; then
    cp -P "$1" "$root$1"
  else
    if [ -d "$1" ]; then mkdir -p "$root$1"
    else mkdir -p "$root$(dirname "$1")"; : > "$root$1"; fi
    mount --bind "$1" "$root$1"
    case "$1" in
      /dev/*) ;;
      *) mount -o remount,bind,ro,nosuid,nodev "$root$1" ;;
    esac
  fi
  shift
done
shift
mount -t proc -o nosuid,nodev,noexec proc "$root/proc" 2>/dev/null || true
cd "$root"
exec chroot "$root" "$@"
"""


@dataclass(frozen=True)
class Sandbox:
    """A way to start a student's process.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    folder : str
        An empty folder: where the new root is mounted, or the scratch home.
    """

    kind: str
    folder: str = field(default_factory=functools.partial(tempfile.mkdtemp, "sandbox"))

    def command(self, limits, number=0):
        """Return command line and environment of a worker; `number` tells them apart.

        Parameters
        ----------
        limits : Limits
            What the submission may use.
        number : int, optional
            Below 50,000; two workers that run at once have different ones.
        """
        return getattr(self, f"_{self.kind}")(limits, number)

    def close(self):
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _limits(self, limits, number):
        path = [str(HERE), *libraries(), *([str(ROOT)] if limits.helpers else [])]
        home = tempfile.mkdtemp(dir=self.folder)
        command = [sys.executable, "-I", "-S", str(WORKER[0]), limits.for_worker(path)]
        return ["env", "-C", home, *command], ENVIRONMENT | {"HOME": home}

    def _namespaces(self, limits, number):
        shown = [*SYSTEM, *DEVICES, *map(str, WORKER), *python_folders()]
        if limits.helpers:
            shown += [str(ROOT / "helpers"), str(ROOT / "data")]
        shown = [path for path in dict.fromkeys(shown) if os.path.lexists(path)]
        root = os.geteuid() == 0
        path = [str(HERE), *libraries(), *([str(ROOT)] if limits.helpers else [])]
        who = 100_000 + number % 50_000
        return [
            *("unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork"),
            *("--kill-child", *([] if root else ["--user", "--map-root-user"]), "--"),
            *("sh", "-c", BUILD_ROOT, "sh", self.folder, *shown, "--"),
            *("setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"),
            *([f"--reuid={who}", f"--regid={who}", "--clear-groups"] if root else []),
            *("env", "-C", "/tmp"),
            *(sys.executable, "-I", "-S", str(WORKER[0]), limits.for_worker(path)),
        ], ENVIRONMENT | {"SCRATCH": SCRATCH}

    def _docker(self, limits, number):
        mounts = [f"--volume={file}:{INSIDE}/{file.name}:ro" for file in WORKER]
        packages = "/usr/local/lib/python3.11/site-packages"
        path = [INSIDE, "/usr/local/lib/python311.zip", "/usr/local/lib/python3.11"]
        path += ["/usr/local/lib/python3.11/lib-dynload", packages]
        if limits.helpers:
            mounts += [f"--volume={ROOT / each}:/book/{each}:ro" for each in SHARED]
            path.append("/book")
        return [
            *("docker", "run", "--rm", "--interactive", "--init", "--network=none"),
            *("--read-only", "--tmpfs=/tmp:size=64m,mode=1777", "--workdir=/tmp"),
            *(f"--memory={limits.memory_mb}m", f"--memory-swap={limits.memory_mb}m"),
            *(f"--pids-limit={limits.processes}", "--cpus=1", "--cap-drop=ALL"),
            *("--security-opt=no-new-privileges", "--user=65534:65534", *mounts),
            *[f"--env={name}={value}" for name, value in ENVIRONMENT.items()],
            *(IMAGE, "python", "-I", "-S", f"{INSIDE}/worker.py"),
            limits.for_worker(path),
        ], dict(os.environ)


SHARED = ("helpers", "data")


def libraries():
    """Return where this Python's own modules and the installed packages lie."""
    ours = sysconfig.get_paths()
    own = [path for path in sys.path if path.startswith(sys.base_prefix)]
    inside = [path for path in own if "site-packages" not in path]
    return list(dict.fromkeys([*inside, ours["purelib"], ours["platlib"]]))


def python_folders():
    """Return the folders without which this Python does not run."""
    program = os.path.dirname(os.path.realpath(sys.executable))
    parts = {sys.prefix, sys.base_prefix, program, *libraries()}
    parts = {path for path in parts if os.path.isdir(path)}
    parts = {path for path in parts if not f"{path}/".startswith("/usr/")}
    return sorted(
        path
        for path in parts
        if not any(path != other and path.startswith(other + "/") for other in parts)
    )


def find(kind=None):
    """Return a sandbox of this kind, or of the strongest kind that works here.

    Parameters
    ----------
    kind : str, optional
        One of `KINDS`. ``"limits"`` is never chosen unasked.

    Raises
    ------
    SandboxError
        If there is none.
    """
    if kind is not None and kind not in KINDS:
        raise SandboxError(f"ISOLATION must be one of {', '.join(KINDS)}, got {kind}")
    tried = [kind] if kind else ["docker", "namespaces"]
    problems = []
    for each in tried:
        problem = _problem(each)
        if not problem:
            return Sandbox(each)
        problems.append(f"{each}: {problem}")
    advice = "" if kind else "; on a machine that holds nothing else, ISOLATION=limits"
    raise SandboxError("; ".join(problems) + advice)


def _problem(kind):
    """Return why a kind of sandbox does not work here, or None."""
    if kind == "limits":
        return None
    if kind == "docker":
        ask = ["docker", "image", "inspect", IMAGE]
        hint = f"no daemon, or no image; docker build --tag {IMAGE} tools/grading"
        return None if _runs(ask) else hint
    trial = Sandbox(kind)
    try:
        command, environment = trial.command(Limits())
        fine = _runs(command, environment)
    finally:
        trial.close()
    return None if fine else "this kernel, or a container around us, allows none"


def _runs(command, environment=None):
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    try:
        done = subprocess.run(
            command, env=environment, timeout=30, stderr=subprocess.DEVNULL, **quiet
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
