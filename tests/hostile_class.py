"""A class of students, some of whom are out for marks, or for the grader itself.

Each submission comes with the points that it must get, of the bank's example, and with
a pattern that the notes or the hints must hold.
"""

import json

QUESTIONS = ("q1", "q2", "q3", "q4", "q5")
ALL = 12
WITHOUT_ANSWER_OF = (
    2 + 3
)  # what is left without q2, and without q3 and q5, which call it


def notebook(*sources):
    """Return a notebook of code cells, as bytes."""
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for source in sources
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content).encode()


def function(body):
    """Return an answer to question 2 that does something else."""
    return f"def answer_of(patch, weights):\n    {body}"


# Run before a stub's cells, after them, or in place of an answer: none earns a mark.
FRAUDS = {
    "patches_numpy": """
import numpy as np
for name in ("allclose", "isclose", "array_equal", "all", "any"):
    setattr(np, name, lambda *given, **named: True)
np.asarray = lambda value, *given, **named: value
np.ndarray = object
parameters = count = 0
size = [0, 0]
""",
    "patches_the_grader": """
import builtins, sys
import otter
otter.Notebook.check = lambda *given: True
for name, module in list(sys.modules.items()):
    for attribute in ("pack", "frame", "parse"):
        if name == "wire":
            setattr(module, attribute, lambda *given, **named: b"passed")
builtins.isinstance = lambda *given: True
""",
    "equals_everything": """
class Yes(float):
    __eq__ = __ge__ = __le__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = None
    def __array__(self, *given, **named):
        raise ValueError
parameters = count = Yes()
size = [Yes(), Yes()]
answer_of = slide = overlap = lambda *given: Yes()
""",
    "prints_a_result": """
import json, os
result = {"score": 12, "tests": [{"name": f"q{n}", "score": 3} for n in range(1, 6)]}
print(json.dumps(result))
os.makedirs("results", exist_ok=True)
for path in ("results.json", "results/results.json", "marks.csv"):
    with open(path, "w") as file:
        json.dump(result, file)
""",
    "forges_answers": """
import json, os, struct
content = json.dumps({"value": True, "verdict": "passed", "score": 12}).encode()
for descriptor in range(3, 30):
    try:
        os.write(descriptor, struct.pack(">I", len(content)) + content)
    except OSError:
        pass
""",
    "exits_well": "import os\nos._exit(0)",
    "registers_an_exit": "import atexit, os\natexit.register(os._exit, 0)",
    "answers_with_stand_ins": """
class Sly:
    shape, dtype, ndim, size = (3, 3), "float64", 2, 9
    def __getattr__(self, name):
        return self
    def __call__(self, *given, **named):
        return self
parameters = size = count = answer_of = slide = overlap = Sly()
""",
}

# Run after a right solution: all its marks stay, and what happened is told.
NUISANCES = {
    "cell_fails": ("1 / 0", "ZeroDivisionError"),
    "cell_hangs": ("while True:\n    pass", "took too long"),
    "cell_sleeps": ("import time\ntime.sleep(3600)", "took too long"),
    "cell_exits": ("raise SystemExit(0)", "SystemExit"),
    "process_exits": ("import os\nos._exit(3)", "exit code 3"),
    "crashes": ("import ctypes\nctypes.string_at(0)", "signal SIGSEGV"),
    "eats_memory": (
        "hog = []\nwhile True:\n    hog.append(bytearray(10**8))",
        "Memory",
    ),
    "forks": ("import os\nwhile True:\n    os.fork()", "BlockingIOError"),
    "prints_gigabytes": ("while True:\n    print('x' * 10**7)", "took too long"),
    "fills_the_disk": (
        "with open('big', 'wb') as file:\n    while True:\n"
        "        file.write(bytes(10**6))",
        "OSError",
    ),
    "closes_pipes": ("import os\nos.closerange(0, 200)", "ended the process"),
    "kills_everyone": (
        "import os, signal\nsignal.signal(15, signal.SIG_IGN)\nos.kill(-1, 9)",
        "ProcessLookupError|ended the process|^$",
    ),
    "goes_online": (
        "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)",
        "OSError",
    ),
    "recurses": ("def again():\n    again()\nagain()", "RecursionError"),
    "broken_text": ("text = '\ud800'\n\0", "SyntaxError|ValueError"),
    "writes_html": ("raise ValueError('<script>alert(1)</script>')", "<script>"),
    "=1+1": ("raise ValueError('=1+1')", "=1"),
    "many_files": (
        "for n in range(10**6):\n    open(f'{n}', 'w').close()",
        "OSError",
    ),
}

# In place of the answer to question 2, which questions 3 and 5 call.
SABOTAGE = {
    "answer_hangs": ("while True: pass", "took too long"),
    "answer_exits": ("import os; os._exit(0)", "exit code 0"),
    "answer_raises": ("raise ValueError('no')", "no"),
    "answer_is_huge": ("import numpy; return numpy.zeros(2 * 10**7)", "too large"),
    "answer_holds_itself": ("a = []; a.append(a); return a", "nested"),
}

# Files that are no notebooks, and what is said about them.
FILES = {
    "picture.ipynb": (b"\x89PNG\r\n\x1a\n\0\0", "no notebook"),
    "empty.ipynb": (b"", "no notebook"),
    "list.ipynb": (b"[]", "no notebook"),
    "deep.ipynb": (b"[" * 200_000, "no notebook"),
    "cells.ipynb": (b'{"cells": [{"cell_type": "code", "source": 7}]}', "no notebook"),
    "essay.docx": (b"PK\x03\x04", "no notebook"),
    "large.ipynb": (b" " * (21 << 20), "larger than"),
}


def members(solution, stub, tests):
    """Yield name, content, points and pattern of each submission.

    Parameters
    ----------
    solution, stub : list of str
        Code cells.
    tests : pathlib.Path
        Folder of the hidden tests, which some know the place of.
    """
    yield "right.ipynb", notebook(*solution), ALL, "^$"
    yield "untouched.ipynb", notebook(*stub), 0, "There is no|no answer"
    yield "no_cells.ipynb", notebook(), 0, "There is no `parameters`"
    yield "backwards.ipynb", notebook(*solution[::-1]), None, "NameError"
    for name, source in FRAUDS.items():
        yield f"{name}.ipynb", notebook(source, *stub), 0, ""
        yield f"{name}_later.ipynb", notebook(*stub, source), 0, ""
    for name, (source, pattern) in NUISANCES.items():
        yield f"{name}.ipynb", notebook(*solution, source), ALL, pattern
    for name, (body, pattern) in SABOTAGE.items():
        cells = [function(body) if "def answer_of" in c else c for c in solution]
        yield f"{name}.ipynb", notebook(*cells), WITHOUT_ANSWER_OF, pattern
    for name, (content, pattern) in FILES.items():
        yield name, content, 0, pattern
    for name, source in {
        "deletes": f"import shutil\nshutil.rmtree({str(tests)!r})",
        "overwrites_tests": f"open({str(tests / 'q1.py')!r}, 'w').write('')",
        "reads_tests": f"found = open({str(tests / 'q1.py')!r}).read()",
    }.items():
        yield f"{name}.ipynb", notebook(source, *stub), 0, "FileNotFoundError"
    lazy = [
        "from helpers.boxes import iou as overlap" if "def overlap" in c else c
        for c in solution
    ]
    yield "only_imports.ipynb", notebook(*lazy), ALL - 3, "write it yourself"
