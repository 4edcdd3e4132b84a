"""Print a table of time ratios; fail only when one is far beyond its budget."""

import argparse
import importlib
import pkgutil
import statistics
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
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(names)}; else all"
    )
    chosen = parser.parse_args().names or names
    unknown = sorted(set(chosen) - set(names))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(names)}")
    print(f"{'':62}{'ours':>11}{'reference':>13}{'ratio':>8}{'budget':>8}")
    ratios = []
    for name in chosen:
        for ratio in importlib.import_module(f"benchmarks.{name}").ratios():
            ratios.append(ratio)
            _print(ratio)
    mean = statistics.geometric_mean(ratio.value for ratio in ratios)
    print(f"{f'geometric mean of {len(ratios)}':86}{mean:8.2f}")
    return int(any(ratio.value > TOLERANCE * ratio.budget for ratio in ratios))


def _print(ratio):
    mark = "  over" if ratio.value > ratio.budget else ""
    ours, theirs = ratio.ours * 1e3, ratio.theirs * 1e3
    print(
        f"{ratio.name:62}{ours:8.3f} ms{theirs:10.3f} ms"
        f"{ratio.value:8.2f}{ratio.budget:8.1f}{mark}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
