"""Train the book's small networks by their recipes.

``python -m tools.train NAME [--seed N]`` trains one network, with each seed of its
recipe unless one is given. Checkpoints go to ``_build/train``: a training that was
interrupted goes on by the same command. ``--ship`` then writes the record, and the
weights of the first seed, to ``data/`` and registers them.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
WORK = ROOT / "_build" / "train"
THREADS = 2


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("name", nargs="?", help="a recipe; all are listed without one")
    parser.add_argument("--seed", type=int, help="this seed instead of the recipe's")
    parser.add_argument("--ship", action="store_true", help="write data/ anew")
    parser.add_argument("--work", type=Path, default=WORK, help="for checkpoints")
    chosen = parser.parse_args(arguments)
    use_two_threads()
    from helpers.training import recipe, recipes, scene_recipes

    if chosen.name is None:
        for entry in (recipes() | scene_recipes()).values():
            print(f"{entry.name:24} {_builder(entry)}")
        return
    if chosen.ship and chosen.seed is not None:
        parser.error("--ship needs every seed of the recipe")
    try:
        found = recipe(chosen.name)
    except ValueError as error:
        parser.error(str(error))
    seeds = found.seeds if chosen.seed is None else [chosen.seed]
    trained = [_run(found, seed, chosen.work) for seed in seeds]
    if chosen.ship:
        ship(found, trained)


def use_two_threads():
    """Fix the number of threads: sums are rounded otherwise with another."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)


def _run(recipe, seed, work):
    from helpers.training import run

    model, figures = run(recipe.name, seed, work / f"{recipe.name}-{seed}")
    shown = {key: value for key, value in figures.items() if key != "history"}
    print(f"{recipe.name}: {shown}", flush=True)
    return model, figures


def ship(recipe, trained):
    """Write record and weights to ``data/``, its register and its table."""
    from helpers.training._weights import network_of

    models, runs = zip(*trained, strict=True)
    record = {
        "recipe": asdict(recipe),
        "parameters": network_of(models[0]).count_params(),
        "machine": machine(
            note="seconds were taken while the machine did other work too"
        ),
        "runs": list(runs),
    }
    if recipe.keep:
        record["float16"] = _ship_weights(recipe, models[0])
    seeds = ", ".join(str(run["seed"]) for run in runs)
    write_record(
        recipe.name,
        record,
        shows=f"how `{_builder(recipe)}` was trained, seeds {seeds}",
        command=_command(recipe),
    )


def write_record(name, record, shows, command):
    """Write a record to ``data/trainings/``, with its entries."""
    path = DATA / "trainings" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    register(path, "training record", shows, command)


def _builder(recipe):
    """Return the function of `helpers` that builds what a recipe trains."""
    return getattr(recipe, "network", None) or recipe.learner


def _command(recipe):
    return f"python -m tools.train {recipe.name} --ship"


def _ship_weights(recipe, trained):
    """Write the weights; return the file's facts and what they reach as they ship."""
    from helpers.training import load_weights_float16, save_weights_float16
    from helpers.training._weights import network_of

    path = DATA / "weights" / f"{recipe.name}.npz"
    path.parent.mkdir(exist_ok=True)
    save_weights_float16(network_of(trained), path)
    shows = f"trained weights of `{_builder(recipe)}`, 16-bit floats"
    register(path, "weights", shows, _command(recipe))
    reloaded = recipe.blank()
    load_weights_float16(network_of(reloaded), path)
    return {
        "file": f"weights/{path.name}",
        "bytes": path.stat().st_size,
        "sha256": _sha256(path),
        "seed": recipe.seeds[0],
    } | recipe.test(reloaded)


def machine(note):
    """Return on what a training ran, for its record."""
    import keras
    import tensorflow as tf

    return {
        "processor": _processor(),
        "threads": THREADS,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "note": note,
    }


def _processor():
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    return re.search(r"model name\s*: (.+)", text)[1]


def register(path, kind, shows, command):
    """Enter a file that the book made into the register and the table of ``data/``.

    `command` makes it anew.
    """
    name = path.relative_to(DATA).as_posix()
    facts = {"kind": kind, "bytes": path.stat().st_size, "sha256": _sha256(path)}
    file = ROOT / "helpers/data/registry.json"
    registry = json.loads(file.read_text(encoding="utf-8")) | {name: facts}
    file.write_text(
        json.dumps(dict(sorted(registry.items())), indent=2) + "\n", encoding="utf-8"
    )
    row = (
        f"| `{name}` | {shows} | `{command}` "
        f"| this book | MIT, as the book's code | `{facts['sha256']}` |"
    )
    _enter_row(name, row)


def _enter_row(name, row):
    """Replace a file's row in ``data/README.md``, or add it in its place."""
    readme = DATA / "README.md"
    lines = readme.read_text(encoding="utf-8").split("\n")
    places = [i for i, line in enumerate(lines) if line.startswith("| `")]
    rows = {lines[i].split("`")[1]: lines[i] for i in places} | {name: row}
    lines[places[0] : places[-1] + 1] = [rows[key] for key in sorted(rows)]
    readme.write_text("\n".join(lines), encoding="utf-8")


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
