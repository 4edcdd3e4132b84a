"""Print a table of time ratios; fail only when one is far beyond its budget."""

import importlib
import pkgutil
import sys

import benchmarks

# A loaded machine can double a ratio, a lost optimisation costs tenfold.
TOLERANCE = 5


def main():
    names = [
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if not module.name.startswith("_")
    ]
    print(f"{'':60}{'ours':>11}{'TensorFlow':>13}{'ratio':>8}{'budget':>8}")
    worst = 0.0
    for name in names:
        for ratio in importlib.import_module(f"benchmarks.{name}").ratios():
            worst = max(worst, ratio.value / ratio.budget)
            mark = "  over" if ratio.value > ratio.budget else ""
            ours, theirs = ratio.ours * 1e3, ratio.theirs * 1e3
            print(
                f"{ratio.name:60}{ours:8.3f} ms{theirs:10.3f} ms"
                f"{ratio.value:8.2f}{ratio.budget:8.1f}{mark}",
                flush=True,
            )
    return int(worst > TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
