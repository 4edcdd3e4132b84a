"""Measure transfer learning on few images, for the chapter *Transfer learning*.

``python -m tools.transfer_study`` trains each method with each number of images a
class and each seed, and writes the record to ``data/``. What is finished is kept in
``_build/transfer``: a run that was interrupted goes on by the same command. ``--part
0`` and ``--part 1`` share the work between two processes; the record is written
afterwards, without. ``--try METHOD=RATE …`` tries rates on the validation images
instead, for one number of images and one seed.
"""

import argparse
import json
import sys

from tools import transfer_methods as methods
from tools.train import WORK, machine, use_two_threads, write_record

FOLDER = WORK.parent / "transfer"
RECORD = "tree_crowns_transfer"
COUNTS = (2, 10, 40, 150)
SEEDS = (0, 1, 2)
FEW = 40  # images a class where a rate is tried, and where one is broken
BROKEN = {
    f"rate × {factor}": {"rate": factor * methods.RATES["fine-tuned"]}
    for factor in (10, 300)
}


def tasks(study):
    """Yield a key and a function for each training of the record."""
    for seed in SEEDS:
        for count in COUNTS:
            for method in methods.RATES:
                yield (
                    ("methods", method, str(count), str(seed)),
                    lambda m=method, c=count, s=seed: study.run(m, c, s),
                )
        for name, change in BROKEN.items():
            yield (
                ("broken", name, str(seed)),
                lambda c=change, s=seed: changed(study, s, **c),
            )


def changed(study, seed, rate):
    figures = study.run("fine-tuned", FEW, seed, rate)
    figures.pop("crown_percent")
    return figures


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--try", dest="tried", nargs="+", metavar="METHOD=RATE")
    parser.add_argument("--part", type=int, choices=(0, 1), help="every other training")
    chosen = parser.parse_args(arguments)
    use_two_threads()
    study = methods.Study()
    if chosen.tried:
        for each in chosen.tried:
            method, rate = each.split("=")
            found = study.run(method, FEW, 0, float(rate), splits=("validation",))
            print(each, found, flush=True)
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"part_{chosen.part or 0}.json"
    for number, (key, task) in enumerate(tasks(study)):
        name = "/".join(key)
        if name in done() or chosen.part not in (None, number % 2):
            continue
        figures = task()
        own = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps(own | {name: figures}))
        shown = {k: v for k, v in figures.items() if k != "crown_percent"}
        print(name, shown, flush=True)
    if chosen.part is None:
        write()


def done():
    """Return the figures of all trainings that were finished, by name."""
    found = {}
    for file in sorted(FOLDER.glob("part_*.json")):
        found |= json.loads(file.read_text())
    return found


def write():
    write_record(
        RECORD,
        record(done()),
        shows="transfer learning on tree crowns, by images per class, seeds 0, 1, 2",
        command="python -m tools.transfer_study",
    )


def in_order(entry):
    """Sort by name, and by number where a part of the name is one."""
    return [int(part) if part.isdigit() else part for part in entry[0].split("/")]


def record(done):
    """Return the record: settings, machine, and the figures as a tree of names."""
    tree = {
        "settings": {
            "size": methods.SIZE,
            "small_size": methods.SMALL_SIZE,
            "shown": methods.SHOWN,
            "batch_size": methods.BATCH,
            "rates": methods.RATES,
            "times": methods.TIMES,
            "few": FEW,
            "broken": BROKEN,
        },
        "machine": machine("seconds were taken while the machine did other work too"),
    }
    for name, figures in sorted(done.items(), key=in_order):
        *path, last = name.split("/")
        branch = tree
        for key in path:
            branch = branch.setdefault(key, {})
        branch[last] = figures
    return tree


if __name__ == "__main__":
    sys.exit(main())
