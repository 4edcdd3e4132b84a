"""A student's answers, as stand-ins for what lies behind the walls.

Tests call the stand-ins as they would call the student's own functions.
"""

import time

from tools.grading import wire
from tools.grading.child import PATIENCE, Child, ChildDied
from tools.grading.sandbox import SandboxError

TO_START = 60, 600  # seconds; none of the student's code runs before
RESTARTS = 20  # the time for the whole runs out before, as a rule


class Stopped(Exception):
    """The student's code was stopped, or ended its process, while a test ran."""


class StandIn:
    """An object of the student's, which only its attributes can be asked for."""

    def __init__(self, student, about):
        self._student, self._about = student, about

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._student.request(do="attribute", about=self._about, name=name)

    def __repr__(self):
        return f"<{self._about['type']} of the student's>"


class CallableStandIn(StandIn):
    """A function of the student's, or another object that can be called."""

    def __call__(self, *given, **named):
        """Call it over there; return its value, or raise what it raised."""
        given = [self._student.pack(each) for each in given]
        named = {name: self._student.pack(each) for name, each in named.items()}
        about = self._about
        return self._student.request(do="call", about=about, given=given, named=named)


class Student:
    """Runs a submission's cells and hands out what they define.

    Looks like the namespace that otter gives to tests: `get` is all that they use.

    Parameters
    ----------
    cells : list of (str, str)
        Label and source of each code cell.
    sandbox : Sandbox
        The walls.
    limits : Limits
        What the submission may use.
    number : int
        Tells apart children that run at once.
    """

    def __init__(self, cells, sandbox, limits, number=0):
        self.cells, self.sandbox = cells, sandbox
        self.limits, self.number = limits, number
        self.deadline = time.monotonic() + PATIENCE * limits.seconds
        self.spent = 0
        self.child, self.starts = None, 0
        self.skipped, self.notes, self.missing = set(), [], []
        self.fallen = None

    def begin_question(self):
        """Make sure of a process in which all cells have run; forget what was before.

        Raises
        ------
        Stopped
            If there can be none.
        """
        self.missing.clear()
        self.fallen = None
        if self.child is None:
            self.run()

    def run(self):
        """Start afresh and run all cells; skip those that ended a process before."""
        while self.starts <= RESTARTS:
            self.close()
            self.starts += 1
            self.child = Child(self.sandbox, self.limits, self.number)
            self._await_start()
            if all(self._run_cell(*cell) for cell in self.cells):
                return
        raise Stopped("too many cells or calls had to be stopped")

    def _await_start(self):
        """Wait for the worker: a late start on a busy machine is no student's fault."""
        try:
            self.child.ask(*TO_START, do="get", name="__name__")
        except ChildDied as died:
            raise SandboxError(f"a worker did not start: it {died}") from None

    def _run_cell(self, label, source):
        """Run a cell; return False if the process did not survive it."""
        if label in self.skipped:
            return True
        try:
            answer = self._ask(do="cell", label=label, source=source)
        except ChildDied as died:
            self.skipped.add(label)
            self._note(f"{label} {died}")
            return False
        if error := _error(answer):
            self._note(f"{label}: {error[0]}: {error[1]}")
        return True

    def _note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def _ask(self, **request):
        left = self.limits.seconds - self.spent - self.child.spent()
        patience = self.deadline - time.monotonic()
        if min(left, patience) <= 0:
            self.close()
            self.fallen = f"the whole took longer than {self.limits.seconds:.3g} s"
            raise Stopped(self.fallen)
        seconds = min(left, self.limits.call_seconds)
        patience = min(patience, PATIENCE * self.limits.call_seconds)
        return self.child.ask(seconds, patience, **request)

    def get(self, name, default=None):
        """Return a value of the student's, or a stand-in, or the default."""
        try:
            return self.request(do="get", name=name)
        except KeyError:
            self.missing.append(name)
            return default

    def request(self, **request):
        """Return a value; raise what the student's code raised, by the same name."""
        if self.fallen:  # the question's other tests would only take as long again
            raise Stopped(self.fallen)
        try:
            answer = self._ask(**request)
            if error := _error(answer):
                raise _exception(*error)
            return wire.unpack(answer.get("value"), self._find)
        except ChildDied as died:
            self.close()
            self.fallen = f"your code {died}"
        except wire.BadMessage as bad:
            self.close()
            self.fallen = f"your code was stopped: {bad}"
        raise Stopped(self.fallen)

    def _find(self, about):
        valid = isinstance(about, dict) and type(about.get("id")) is int
        if not valid or type(about.get("type")) is not str:
            raise wire.BadMessage("a value is in no known form")
        kept = {"id": about["id"], "type": about["type"][:60]}
        kind = CallableStandIn if about.get("callable") is True else StandIn
        return kind(self, kept)

    def pack(self, value):
        """Return an argument as a message; the student's own objects go home."""
        return wire.pack(value, _send)

    def close(self):
        """End the process."""
        if self.child is not None:
            self.child.stop()
            self.spent += self.child.total
            self.child = None


def _send(value):
    if isinstance(value, StandIn):
        return value._about
    raise TypeError(f"a test cannot hand over a {type(value).__name__}")


def _error(answer):
    """Return name and text of the error in an answer, if any."""
    error = answer.get("error")
    if error is None:
        return None
    if type(error) is not list or [type(each) for each in error] != [str, str]:
        return ["Error", ""]
    return [error[0][:60], error[1][:500]]


def _exception(name, text):
    """Return an exception that is told like the student's."""
    known = {"KeyError": KeyError, "TypeError": TypeError, "ValueError": ValueError}
    base = known.get(name, Exception)
    name = name if name.isidentifier() else "Error"
    return type(name, (base,), {})(text)
