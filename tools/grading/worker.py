"""The walled-off child: runs a student's cells and hands over values.

It is started as ``python -I -S worker.py SETTINGS`` and speaks over what were its
standard input and output. Nothing that it says is a verdict, so nothing in it needs to
be kept from the student's code, which may change all of it.
"""

import json
import linecache
import os
import resource
import sys
import types
from importlib.machinery import ModuleSpec

ASIDE = {
    "helpers": "`helpers` is not there when this set is graded: write it yourself",
}


class Silent:
    """Stands in for otter's grader and for IPython: takes any call, does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *given, **named: None


class Absent:
    """Says in words why a module cannot be imported."""

    def find_spec(self, name, path=None, target=None):
        """Claim the modules that are kept away."""
        return ModuleSpec(name, self) if name in ASIDE else None

    def create_module(self, spec):
        """Say why there is no such module."""
        raise ModuleNotFoundError(ASIDE[spec.name], name=spec.name)

    def exec_module(self, module):
        """Never comes to pass."""


def limit(memory_mb, processes, seconds, file_mb, **others):
    """Set limits that this process and its children cannot raise again."""
    for name, value in {
        "RLIMIT_AS": memory_mb << 20,
        "RLIMIT_NPROC": processes,
        "RLIMIT_CPU": int(seconds) + 1,
        "RLIMIT_FSIZE": file_mb << 20,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
    }.items():
        resource.setrlimit(getattr(resource, name), (value, value))
    try:  # if memory runs short all the same, this process is the one to go
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
    except OSError:
        pass


def take_pipes():
    """Return the pipes to the grader; what a student prints goes nowhere."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return incoming, outgoing


def set_the_stage(helpers):
    """Return the namespace in which the cells run."""
    otter = types.ModuleType("otter")
    otter.__spec__ = ModuleSpec("otter", None)
    otter.Notebook = lambda *given, **named: Silent()
    sys.modules["otter"] = otter
    if not helpers:
        sys.meta_path.insert(0, Absent())
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    main.__dict__["get_ipython"] = Silent
    main.__dict__["display"] = lambda *given, **named: None
    return main.__dict__


class Worker:
    """Answers the grader's requests with the student's values."""

    def __init__(self, wire, namespace):
        self.wire = wire
        self.namespace = namespace
        self.objects = []

    def keep(self, value):
        """Keep an object here; return what stands for it."""
        self.objects.append(value)
        about = {"id": len(self.objects) - 1, "callable": callable(value)}
        return about | {"type": type(value).__name__[:60]}

    def find(self, about):
        """Return the object that this stands for."""
        return self.objects[about["id"]]

    def cell(self, source, label):
        """Run a cell."""
        linecache.cache[label] = (len(source), None, source.splitlines(True), label)
        exec(compile(source, label, "exec"), self.namespace)

    def get(self, name):
        """Return what a cell has defined."""
        return self.namespace[name]

    def attribute(self, about, name):
        """Return an object's attribute."""
        return getattr(self.find(about), name)

    def call(self, about, given, named):
        """Call an object."""
        given = [self.wire.unpack(each, self.find) for each in given]
        named = {
            name: self.wire.unpack(each, self.find) for name, each in named.items()
        }
        return self.find(about)(*given, **named)

    def answer(self, request):
        """Return the answer to a request, as bytes."""
        try:
            result = getattr(self, request.pop("do"))(**request)
            return self.wire.frame({"value": self.wire.pack(result, self.keep)})
        except BaseException as error:  # an exit is the student's error, too
            return self.wire.frame({"error": [type(error).__name__, str(error)[:500]]})


def main():
    settings = json.loads(sys.argv[1])
    incoming, outgoing = take_pipes()
    sys.path[:] = settings.pop("path")
    helpers = settings.pop("helpers")
    limit(**settings)
    import wire

    worker, ours = Worker(wire, set_the_stage(helpers)), os.getpid()
    while header := incoming.read(wire.LENGTH.size):
        content = incoming.read(*wire.LENGTH.unpack(header))
        answer = worker.answer(wire.parse(content))
        if os.getpid() != ours:  # a fork of the student's; one of us answers
            os._exit(0)
        outgoing.write(answer)
        outgoing.flush()


if __name__ == "__main__":
    main()
