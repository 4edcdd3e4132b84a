"""Work on large arrays block by block: in the cache, and on all processors.

NumPy gives the interpreter free while it computes, so threads are enough. Their number
never changes an answer: each block is computed alone, and by one thread.
"""

import functools
import math
import os
import sys
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np

# With its input and output, a block of this size stays in a processor's own cache.
BLOCK_BYTES = 1 << 20
MOST_WORKERS = 8
CACHE_LINE = 64
FEW_CHANNELS = 8


def for_each(work, items):
    """Call ``work(item)`` for each of the items, on several threads.

    The calling thread works too, and waits for no thread that has not begun. So calls
    from many threads at once, or after a fork, cannot block one another.
    """
    todo, helpers = deque(items), []
    if len(todo) > 1:
        helpers = [
            _executor().submit(_drain, work, todo) for _ in range(_workers() - 1)
        ]
    try:
        _drain(work, todo)
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        errors = [helper.exception() for helper in begun]
    for error in errors:
        if error:
            raise error


def _drain(work, todo):
    # Infinities and NaN are answers, as in a matrix product; and a thread would not
    # know which warnings its caller wants.
    with np.errstate(all="ignore"):
        while True:
            try:
                item = todo.popleft()
            except IndexError:
                return
            try:
                work(item)
            except BaseException:
                todo.clear()
                raise


@functools.cache
def _executor():
    return ThreadPoolExecutor(_workers(), thread_name_prefix="helpers")


if hasattr(os, "register_at_fork"):
    # A forked process inherits the executor, but not its threads.
    os.register_at_fork(after_in_child=_executor.cache_clear)


@functools.cache
def _workers():
    if sys.platform == "emscripten":  # a browser starts no threads
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MOST_WORKERS)
    return min(os.cpu_count() or 1, MOST_WORKERS)


_kept = threading.local()
_NOTHING = (np.empty(0), np.empty(0))


def workspace(use, shape, dtype):
    """Return an uninitialised array, in the same memory for each use by a thread.

    Memory fresh from the operating system costs as much as filling it. What does not
    fit into a few blocks is not kept.
    """
    kept = vars(_kept)
    array, space = kept.get(use, _NOTHING)
    if array.shape == shape and array.dtype == dtype:
        return array
    size = math.prod(shape) * dtype.itemsize
    if space.nbytes < size:
        space = np.empty(size + CACHE_LINE, np.uint8)
        # Numbers that lie across two lines of the cache make additions half as fast.
        space = space[-space.ctypes.data % CACHE_LINE :]
    array = space[:size].view(dtype).reshape(shape)
    if size <= 4 * BLOCK_BYTES:
        kept[use] = array, space
    return array


def slices(size, step):
    """Return slices of at most `step` that cover `size`.

    >>> slices(5, 3)
    [slice(0, 3, None), slice(3, 5, None)]
    """
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]


def block_steps(sizes, item_bytes):
    """Return a step for each axis, so that a block of items has about `BLOCK_BYTES`.

    A block is part of a row, or whole rows of one image, or whole images: it lies in
    one piece of memory.

    >>> block_steps((32, 56, 56), 1024), block_steps((32, 4, 4), 1024)
    ((1, 18, 56), (32, 4, 4))
    """
    fits = max(1, BLOCK_BYTES // item_bytes)
    steps = []
    for size in reversed(sizes):
        steps.append(min(size, fits))
        fits = max(1, fits // size) if steps[-1] == size else 1
    return tuple(reversed(steps))


def long_runs(*arrays):
    """Yield the arrays, channels last; if channels are few, one channel at a time.

    NumPy's innermost loop runs along the channels, and starting it has its cost: with a
    channel at a time it runs along the row.
    """
    channels = arrays[0].shape[-1]
    if channels >= FEW_CHANNELS:
        yield arrays
    else:
        for channel in range(channels):
            yield [array[..., channel] for array in arrays]
