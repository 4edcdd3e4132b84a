"""When a batch is prepared and when it is learned from: a small model of a pipeline."""

from typing import NamedTuple

from helpers._validation import as_count, as_number


class Span(NamedTuple):
    """A stretch of time in which something is done with one batch.

    Attributes
    ----------
    lane : str
        ``"train"``, or ``"prepare 1"`` and so on for each core that prepares.
    batch : int
        Number of the batch, from 0.
    start, end : float
        In the unit of the durations that were given.
    """

    lane: str
    batch: int
    start: float
    end: float


def schedule(batches, prepare, train, parallel=1, prefetch=0):
    """Return who works on which batch, and when; used in Chapter 16.

    Parameters
    ----------
    batches : int
        Batches in the epoch.
    prepare : float
        Time in which one core prepares a batch.
    train : float
        Time of a training step, on a device that the cores do not share.
    parallel : int, optional
        Cores that share the images of a batch, as ``num_parallel_calls`` of
        `tf.data.Dataset.map`.
    prefetch : int, optional
        Finished batches that may wait for the device. Without any, the next batch is
        begun only when the device asks for it.

    Returns
    -------
    list of Span
        In the order of the batches.

    Raises
    ------
    TypeError, ValueError
        If a number is not of the kind above.

    Examples
    --------
    >>> spans = schedule(3, prepare=2, train=1)
    >>> spans[-1].end
    9.0
    >>> schedule(3, prepare=2, train=1, prefetch=1)[-1].end
    7.0
    """
    batches = as_count("schedule", "batches", batches)
    prepare = as_number("schedule", "prepare", prepare, minimum=0)
    train = as_number("schedule", "train", train, minimum=0)
    parallel = as_count("schedule", "parallel", parallel)
    prefetch = as_count("schedule", "prefetch", prefetch, minimum=0)
    spans, taken, ready, free = [], [], 0.0, 0.0
    for batch in range(batches):
        # Begun when the cores are free, and when there is room for one more: when the
        # batch so many places before has been taken, or the device waits.
        room = taken[batch - prefetch] if 0 < prefetch <= batch else 0.0
        start = max(ready, room) if prefetch else free
        ready = start + prepare / parallel
        lanes = [f"prepare {core + 1}" for core in range(parallel)]
        spans += [Span(lane, batch, start, ready) for lane in lanes]
        taken.append(max(ready, free))
        free = taken[-1] + train
        spans.append(Span("train", batch, taken[-1], free))
    return spans
