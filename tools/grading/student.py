"""A student's answers, as stand-ins for what lies behind the walls.

Tests call the stand-ins as they would call the student's own functions.
"""

import time

from tools.grading import wire
from tools.grading.child import Child, ChildDied

RESTARTS = 4


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
        self.deadline = time.monotonic() + limits.seconds
        self.child, self.starts = None, 0
        self.skipped, self.notes, self.missing = set(), [], []

    def run(self):
        """Start afresh and run all cells; skip those that ended a process before."""
        while self.starts <= RESTARTS:
            self.close()
            self.starts += 1
            self.child = Child(self.sandbox, self.limits, self.number)
            if all(self._run_cell(*cell) for cell in self.cells):
                return
        raise Stopped("too many cells or calls had to be stopped")

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
        left = self.deadline - time.monotonic()
        if left <= 0:
            self.close()
            raise Stopped(f"the whole took longer than {self.limits.seconds:.3g} s")
        return self.child.ask(min(left, self.limits.call_seconds), **request)

    def get(self, name, default=None):
        """Return a value of the student's, or a stand-in, or the default."""
        if self.child is None or not self.child.alive:
            self.run()
        try:
            return self.request(do="get", name=name)
        except KeyError:
            self.missing.append(name)
            return default

    def request(self, **request):
        """Return a value; raise what the student's code raised, by the same name."""
        asked = self.child
        try:
            answer = self._ask(**request)
            if error := _error(answer):
                raise _exception(*error)
            return wire.unpack(answer.get("value"), self._find)
        except ChildDied as died:
            raise Stopped(f"your code {died}") from None
        except wire.BadMessage as bad:
            asked.stop()
            raise Stopped(f"{bad}; the process was stopped") from None

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
