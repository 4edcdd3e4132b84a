"""Memory and time of a training step, under each of the five remedies.

``python -m benchmarks._memory`` takes about two minutes on two idle cores, so that it
is not among the ratios of ``python -m benchmarks``. Each setting is measured in
processes of its own. With ``--record``, what was measured is written to ``data/``: the
chapter *When memory or time runs out* shows it.
"""

import sys
from dataclasses import asdict

import numpy as np

from helpers.distributed import run_workers
from helpers.peak_memory import training_step
from helpers.remedies import CLASSES, REMEDIES, SHAPE

STEPS = 5


def main():
    rows = {}
    for name, remedy in REMEDIES.items():
        peak_bytes, seconds = _measure(remedy)
        print(f"{name:16}{peak_bytes / 1e6:8.0f} MB{seconds:8.2f} s", flush=True)
        rows[name] = asdict(remedy) | {
            "peak_bytes": peak_bytes,
            "seconds": round(seconds, 3),
        }
    if "--record" in sys.argv:
        _record(rows)


def _measure(remedy):
    """Return the memory on one device, and the time of a step."""
    model = remedy.build()
    if remedy.devices == 1:
        cost = training_step(model, remedy.batch_size, STEPS)
        return cost.peak_bytes, cost.seconds
    # As in `training_step`: what the whole batch takes beyond a single image each.
    little = _by_workers(model, remedy.devices, remedy.devices)
    report = _by_workers(model, remedy.devices, remedy.batch_size)
    peak_bytes = max(report.peak_bytes) - max(little.peak_bytes)
    return peak_bytes, report.step_seconds


def _by_workers(model, workers, batch_size):
    rng = np.random.default_rng(0)
    images = rng.random((batch_size, *SHAPE), np.float32)
    labels = np.arange(batch_size) % CLASSES
    settings = {"steps": STEPS + 1, "batch_size": batch_size}
    return run_workers(model, images, labels, workers=workers, **settings)


def _record(rows):
    from tools.train import machine, write_record

    write_record(
        "memory_remedies",
        {
            "machine": machine(
                note="the fastest of five steps; the machine may do other work, too"
            ),
            "steps": STEPS,
            "rows": rows,
        },
        shows="memory and time of a training step under each of five remedies",
        command="python -m benchmarks._memory --record",
    )


if __name__ == "__main__":
    sys.exit(main())
