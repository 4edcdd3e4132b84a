"""One walled-off process, asked one thing at a time, each within a time.

The time is the process's own, which passes only while it computes: marks should not
depend on what else the machine is doing. Whoever only waits is stopped later.
"""

import contextlib
import os
import select
import signal
import subprocess
import time
from pathlib import Path

from tools.grading import wire

PATIENCE = 6  # how many times as long a process may wait as it may compute
GLANCE = 0.1  # seconds between two looks at a process's own time
TICKS = os.sysconf("SC_CLK_TCK")


class ChildDied(Exception):
    """The process is gone, or was stopped; the text says why, to its author."""


class Child:
    """A worker behind a sandbox's walls.

    Parameters
    ----------
    sandbox : Sandbox
        The walls.
    limits : Limits
        What the process may use.
    number : int
        Tells apart children that run at once.
    """

    def __init__(self, sandbox, limits, number=0):
        command, environment = sandbox.command(limits, number)
        self.alive, self.allowed, self.total = True, 0, 0
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        for pipe in (self.process.stdin, self.process.stdout):
            os.set_blocking(pipe.fileno(), False)

    def ask(self, seconds, patience, **request):
        """Return the worker's answer, a dict.

        Parameters
        ----------
        seconds : float
            Of the process's own time.
        patience : float
            Seconds by the clock on the wall.
        **request
            For the worker.

        Raises
        ------
        ChildDied
            If no answer comes in time, or none that can be read. The process is
            stopped then.
        """
        if not self.alive:
            raise ChildDied("the process had ended before")
        deadline = time.monotonic() + patience
        self.allowed = self.spent() + seconds
        try:
            self._write(wire.frame(request), deadline)
            (size,) = wire.LENGTH.unpack(self._read(wire.LENGTH.size, deadline))
            if size > wire.LARGEST:
                raise wire.BadMessage("what came back is no message, or too large")
            return wire.parse(self._read(size, deadline))
        except TimeoutError:
            self.stop()
            raise ChildDied("took too long and was stopped") from None
        except (EOFError, BrokenPipeError):
            self.stop()
            raise ChildDied(f"ended the process ({self._ending()})") from None
        except wire.BadMessage as error:
            self.stop()
            raise ChildDied(f"{error}; the process was stopped") from None

    def spent(self):
        """Return how long the process has computed, in seconds; 0 if nobody knows."""
        inner = _children(self.process.pid)
        times = [_own_time(number) for number in inner or [self.process.pid]]
        return max(times, default=0)

    def _ending(self):
        code = self.process.returncode
        number = -code if code < 0 else code - 128
        names = {each.value: each.name for each in signal.Signals}
        if number in names and code not in (0, 1):
            return f"signal {names[number]}; too much memory or time, or a crash"
        return f"exit code {code}"

    def _wait(self, pipe, event, deadline):
        poll = select.poll()
        poll.register(pipe, event)
        while True:
            ready = poll.poll(GLANCE * 1000)
            if time.monotonic() > deadline:  # also for answers that come in drops
                raise TimeoutError
            if ready:
                return
            if self.spent() > self.allowed:
                raise TimeoutError

    def _write(self, content, deadline):
        view = memoryview(content)
        while view:
            self._wait(self.process.stdin, select.POLLOUT, deadline)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self.process.stdin.fileno(), view) :]

    def _read(self, size, deadline):
        parts = []
        while size:
            self._wait(self.process.stdout, select.POLLIN, deadline)
            part = os.read(self.process.stdout.fileno(), min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def stop(self):
        """End the process and all that it has started."""
        if not self.alive:
            return
        self.alive, self.total = False, self.spent()
        self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2)  # it may be on its way out: keep its own exit code
        # The first process of a PID namespace takes all others with it.
        for number in [*_children(self.process.pid), self.process.pid]:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


def _own_time(number):
    """Return the seconds that a process, and its children that ended, have computed."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return 0
    fields = stat.rpartition(")")[2].split()  # a name may hold spaces
    return sum(map(int, fields[11:15])) / TICKS


def _children(number):
    """Return the processes that a process of ours has started."""
    try:
        listed = Path(f"/proc/{number}/task/{number}/children").read_text()
    except OSError:
        return []
    return [int(each) for each in listed.split()]
