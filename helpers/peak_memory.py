"""How much memory a training step really takes, measured in a process of its own."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from helpers._children import child_environment
from helpers._validation import as_count


@dataclass(frozen=True)
class StepCost:
    """What a training step took.

    Attributes
    ----------
    peak_bytes : int
        The most memory during the steps, beyond what the process held after a step
        with a single image.
    seconds : float
        Of the fastest step: what else the machine does only slows one down.
    loss : float
        Of the last step.
    """

    peak_bytes: int
    seconds: float
    loss: float


def training_step(model, batch_size, steps=3, threads=None):
    """Measure memory and time of a training step; used in Chapter 16.

    Parameters
    ----------
    model : keras.Model
        One input of known size, one output ``[batch, classes]``. It is saved, and
        loaded by a fresh process: the memory that this one holds plays no part.
    batch_size : int
        Images in a step; they are random.
    steps : int, optional
        Steps to take; the peak is that of all of them.
    threads : int, optional
        For one operation; TensorFlow's own choice if not given.

    Returns
    -------
    StepCost

    Raises
    ------
    TypeError, ValueError
        If a number is not a positive int.
    RuntimeError
        If the process fails, for instance because there is no such memory.

    Notes
    -----
    The difference holds the outputs of the layers, their gradients and what the
    operations need for themselves. Weights, their gradients and the libraries are
    there before it begins. Linux counts the memory; on macOS the system's largest
    figure is taken.

    Examples
    --------
    >>> from helpers.small_networks import compact
    >>> training_step(compact(), batch_size=64).peak_bytes > 5_000_000
    True
    """
    batch_size = as_count("training_step", "batch_size", batch_size)
    steps = as_count("training_step", "steps", steps)
    if threads is not None:
        threads = as_count("training_step", "threads", threads)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        command = [sys.executable, "-m", "helpers._training_step"]
        child = subprocess.run(
            [*command, path, str(batch_size), str(steps)],
            env=child_environment(threads),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    if child.returncode:
        last = child.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise RuntimeError(
            f"training_step: the process ended with {child.returncode}: {last[0]}"
        )
    found = json.loads(child.stdout.splitlines()[-1])
    return StepCost(found["peak_bytes"], min(found["seconds"]), found["loss"])
