"""The table of the benchmarks, over measurements that are made up here."""

import subprocess
import sys

import pytest
from checkout import ROOT

# In a process of its own: the benchmarks set the number of threads.
PROGRAM = """
import sys, types
from benchmarks import __main__ as table, _ratio

def module(name):
    rows = {"conv2d": [(1, 4), (8, 1)], "pooling": [(9, 9)]}[name.split(".")[1]]
    ratios = [_ratio.Ratio(f"{name} {n}", *row, 2.0) for n, row in enumerate(rows)]
    return types.SimpleNamespace(ratios=lambda: ratios)

table.importlib = types.SimpleNamespace(import_module=module)
sys.exit(table.main())
"""


def run(*names):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def test_ratios_budget_and_geometric_mean():
    table = run("conv2d")
    assert table.returncode == 0, table.stderr
    lines = table.stdout.splitlines()
    assert lines[1].split()[-2:] == ["0.25", "2.0"]
    assert lines[2].split()[-3:] == ["8.00", "2.0", "over"]
    assert lines[3].split() == ["geometric", "mean", "of", "2", "1.41"]


def test_names_choose_and_are_checked():
    table = run("pooling")
    assert table.stdout.splitlines()[-1].split()[-1] == "1.00"
    unknown = run("conv2d", "speed")
    assert unknown.returncode == 2
    assert "no benchmark speed; there are" in unknown.stderr


@pytest.mark.parametrize("value", [10.1, 50])
def test_a_lost_optimisation_fails_the_run(value):
    program = PROGRAM.replace("(8, 1)", f"({value}, 1)")
    table = subprocess.run(
        [sys.executable, "-c", program, "conv2d"], cwd=ROOT, capture_output=True
    )
    assert table.returncode == 1
