"""Fair timing of two contestants in one run.

Importing this module fixes both libraries at two threads, so it must come before NumPy
and TensorFlow.
"""

import os

THREADS = 2
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(THREADS)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import statistics  # noqa: E402
import time  # noqa: E402
from dataclasses import dataclass  # noqa: E402

# Seconds of a turn, and of the calls before it that are not timed.
TURN, SETTLING = 0.01, 0.003
LEAST_TIMES = 10


def tensorflow():
    """Return TensorFlow, its thread pools set."""
    import tensorflow as tf

    if tf.config.threading.get_intra_op_parallelism_threads() != THREADS:
        tf.config.threading.set_intra_op_parallelism_threads(THREADS)
        tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    return tf


@dataclass(frozen=True)
class Ratio:
    """Median times of one call, in seconds, and the ratio that they should not pass."""

    name: str
    ours: float
    theirs: float
    budget: float

    @property
    def value(self):
        """How many times as long as TensorFlow we take."""
        return self.ours / self.theirs


def compare(name, ours, theirs, budget, seconds=2.0):
    """Time two functions of no arguments, turn by turn, for about `seconds`.

    They take turns of a few milliseconds, and each goes first every other round, so
    that whatever else the machine does meets both alike. A turn begins with calls that
    are not timed: the threads that the other library leaves spinning have gone to sleep
    by then, as in a program that uses one of the two.
    """
    contestants = {"ours": ours, "theirs": theirs}
    times = {key: [] for key in contestants}
    end = time.perf_counter() + seconds
    order = list(contestants)
    while time.perf_counter() < end or len(times["ours"]) < LEAST_TIMES:
        for key in order:
            _repeat(contestants[key], SETTLING)
            times[key] += _repeat(contestants[key], TURN)
        order.reverse()
    medians = {key: statistics.median(values) for key, values in times.items()}
    return Ratio(name, medians["ours"], medians["theirs"], budget)


def _repeat(function, seconds):
    """Call a function for about `seconds`, at least once; return each call's time."""
    times = []
    while sum(times) < seconds:
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return times
