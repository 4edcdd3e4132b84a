"""Start workers, watch over them, start them again."""

import contextlib
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf

from helpers._children import HOST, child_environment
from helpers._validation import as_count, as_number
from helpers.distributed import _job, _steps

EVERY = 0.05  # seconds between two looks


class WorkerError(RuntimeError):
    """A worker died, or all of them fell silent; used in Chapter 16."""


@dataclass(frozen=True)
class Report:
    """How a training by workers went.

    Attributes
    ----------
    losses : list of float
        The mean loss of each batch, from the first step on.
    starts : list of int
        The step at which the workers started, and each time that they were started
        again, the step of the checkpoint.
    failures : list of str
        What ended each start but the last.
    seconds : float
        From the first start to the end.
    step_seconds : float
        Of the fastest step that worker 0 took.
    peak_bytes : list of int
        For each worker, the memory that it took beyond what it held before its first
        step.
    """

    losses: list
    starts: list
    failures: list
    seconds: float
    step_seconds: float
    peak_bytes: list


def run_workers(
    model,
    images,
    labels,
    *,
    workers=2,
    restarts=0,
    patience=120.0,
    folder=None,
    shard=True,
    kill=(),
    **settings,
):
    """Train a model by several processes on this machine; used in Chapter 16.

    Each worker is a Python process of its own that takes its share of every batch.
    After each batch they add up their gradients over the network
    (`tf.distribute.MultiWorkerMirroredStrategy`), here through ports of this machine.

    Parameters
    ----------
    model : keras.Model
        One input ``[batch, height, width, channels]``, one output
        ``[batch, classes]``. Its weights are changed.
    images, labels : array_like
        As for `helpers.training.train`.
    workers : int, optional
        How many processes; `batch_size` must divide by it.
    restarts : int, optional
        How often all workers may be started again, from the last checkpoint, after
        one of them has died.
    patience : float, optional
        Seconds without a sign of life from any worker after which they are given up.
        TensorFlow's start and the first step are the longest silences.
    folder : str or pathlib.Path, optional
        Where checkpoint and logs are kept; a training that was interrupted goes on
        from there. A temporary folder if not given.
    shard : bool, optional
        With False, every worker takes the *same* share of a batch: a mistake to learn
        from.
    kill : sequence of (int, int), optional
        Worker and step: in the first start, this worker ends at this step (0: before
        the first) as if its machine had lost its power.
    **settings
        ``steps`` (needed), ``batch_size=64`` over all workers, ``learning_rate=0.05``,
        ``momentum=0.9``, ``seed=0``, ``checkpoint_every=10``.

    Returns
    -------
    Report

    Raises
    ------
    ValueError, TypeError
        If an argument is not of the kind above.
    WorkerError
        If a worker dies and no restart is left, or if all are silent for too long.
        The others are ended then: nothing is left running.

    Notes
    -----
    A model with batch normalization or dropout trains too, but differently from one
    process: each worker normalizes its own share, and drops neurons of its own.

    Examples
    --------
    >>> run_workers(model, images, labels, steps=20, workers=2)  # doctest: +SKIP
    """
    workers = as_count("run_workers", "workers", workers)
    restarts = as_count("run_workers", "restarts", restarts, minimum=0)
    patience = as_number("run_workers", "patience", patience, above=0)
    job, images, labels = _job.prepare(model, images, labels, settings)
    if job.batch_size % workers:
        raise ValueError(
            f"run_workers: batch_size must divide by the {workers} workers, got "
            f"{job.batch_size}"
        )
    _steps.compiled(model, job)
    begun, starts, failures = time.perf_counter(), [], []
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            fatal = [] if starts else [list(one) for one in kill]
            _job.write(folder, model, images, labels, job, shard=shard, kill=fatal)
            starts.append(len(_steps.load(folder, model, job)))
            if starts[-1] == job.steps:
                break
            failure = _run_once(folder, workers, patience)
            if failure is None:
                break
            failures.append(failure)
            if len(failures) > restarts:
                raise WorkerError(_explain(failure, restarts))
        losses = _steps.load(folder, model, job)
        notes = [_notes(log) for log in _logs(folder, workers)]
    return Report(
        losses=losses,
        starts=starts,
        failures=failures,
        seconds=time.perf_counter() - begun,
        step_seconds=min((note[0] for note in notes[0]), default=math.nan),
        peak_bytes=[int(max((note[1] for note in one), default=0)) for one in notes],
    )


def _logs(folder, workers):
    return [folder / f"worker-{index}.log" for index in range(workers)]


def _notes(log):
    """Return seconds and memory of each step that a worker has noted."""
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    steps = [line.split() for line in lines if line.startswith("step ")]
    return [(float(step[2]), int(step[3])) for step in steps]


def train_alone(model, images, labels, **settings):
    """Train a model as `run_workers` does, in this process; return each step's loss.

    Used in Chapter 16.

    Examples
    --------
    >>> from helpers.data import digits
    >>> from helpers.small_networks import dense_baseline
    >>> data = digits()
    >>> losses = train_alone(
    ...     dense_baseline((8, 8, 1)), data.train_images / 16, data.train_labels,
    ...     steps=30, learning_rate=0.02,
    ... )
    >>> losses[-1] < losses[0]
    True
    """
    job, images, labels = _job.prepare(model, images, labels, settings)
    _steps.compiled(model, job)
    strategy = tf.distribute.get_strategy()
    everything = slice(None)
    return _steps.train_steps(strategy, model, images, labels, job, everything)


def _explain(failure, restarts):
    if restarts:
        return f"run_workers: {failure}, and all {restarts} restarts are used up"
    return f"run_workers: {failure}; restarts=1 would go on from the last checkpoint"


def _run_once(folder, workers, patience):
    """Run all workers to their end; return what went wrong, or None."""
    addresses = [f"{HOST}:{port}" for port in free_ports(workers)]
    logs = _logs(folder, workers)
    with contextlib.ExitStack() as stack:
        processes = []
        for index, log in enumerate(logs):
            process = _start(folder, addresses, index, log, stack)
            stack.callback(_end, process)
            processes.append(process)
        return _watch(processes, logs, patience)


def free_ports(count):
    """Return ports of this machine on which nobody listens at the moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def _start(folder, addresses, index, log, stack):
    task = {"type": "worker", "index": index}
    config = {"cluster": {"worker": addresses}, "task": task}
    environment = child_environment(max(1, (os.cpu_count() or 1) // len(addresses)))
    environment["TF_CONFIG"] = json.dumps(config)
    return subprocess.Popen(
        [sys.executable, "-m", "helpers.distributed._worker", folder],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=stack.enter_context(log.open("wb")),
        stderr=subprocess.STDOUT,
    )


def _watch(processes, logs, patience):
    """Wait until all workers are done; return what went wrong, or None."""
    heard, before = time.monotonic(), None
    while True:
        codes = [process.poll() for process in processes]
        # One that was killed is the cause; one that ended with an error may be a
        # victim, whose partner is gone.
        died = [index for index, code in enumerate(codes) if code and code < 0]
        died += [index for index, code in enumerate(codes) if code and code > 0]
        if died:
            return _obituary(died[0], codes[died[0]], logs[died[0]])
        if all(code == 0 for code in codes):
            return None
        sizes = [log.stat().st_size for log in logs]
        if sizes != before:
            heard, before = time.monotonic(), sizes
        elif time.monotonic() - heard > patience:
            return f"no worker has given a sign of life for {patience:g} seconds"
        time.sleep(EVERY)


def _obituary(index, code, log):
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    steps = [line.split()[1] for line in lines if line.startswith("step ")]
    when = f"after step {steps[-1]}" if steps else "before the first step"
    if code < 0:
        name = signal.Signals(-code).name
        return f"worker {index} was killed ({name}) {when}"
    words = [line for line in lines if line.strip() and not line.startswith("step ")]
    last = words[-1].strip() if words else "it said nothing"
    return f"worker {index} ended with an error {when}: {last}"


def _end(process):
    process.kill()
    process.wait()
    process.stdin.close()
