"""Arrays and cases that the tests of convolutions, poolings and upsamplings share."""

import itertools
import tracemalloc

import numpy as np
import pytest

from helpers import (
    _blocks,
    _columns,
    _depthwise,
    _few_outputs,
    _local_response,
    _phases,
)
from helpers.geometry import same_padding

TIGHT = {"rtol": 1e-11, "atol": 1e-11}


def normal(*shape, dtype=np.float64, seed=0):
    random = np.random.default_rng([seed, *shape])
    return random.standard_normal(shape).astype(dtype)


def tensorflow_padding(padding):
    return padding if isinstance(padding, str) else [[0, 0], *padding, [0, 0]]


def fits(size, filter_size, padding, dilations):
    added = (0, 0, 0) if isinstance(padding, str) else map(sum, padding)
    spans = ((f - 1) * d + 1 for f, d in zip(filter_size, dilations, strict=True))
    return padding == "SAME" or all(
        s + a >= span for s, a, span in zip(size, added, spans, strict=False)
    )


def named(case):
    """Return the case as a parameter of a test with a readable name."""
    return pytest.param(*case, id="-".join(map(str, case)).replace(" ", ""))


def cases(*axes):
    """Return the combinations of size, filter size, padding, dilations, … that fit."""
    return [named(case) for case in itertools.product(*axes) if fits(*case[:4])]


def reference(inputs, filters, strides, padding, dilations):
    """Return the convolution in any dimension, tap by tap over a padded copy."""
    size, taps = inputs.shape[1:-1], filters.shape[:-2]
    if padding == "SAME":
        padding = list(map(same_padding, size, taps, strides, dilations))
    elif padding == "VALID":
        padding = [(0, 0)] * len(size)
    padded = np.pad(inputs, [(0, 0), *padding, (0, 0)])
    answer = 0
    for tap in np.ndindex(taps):
        cuts = []
        for axis, (stride, dilation) in enumerate(zip(strides, dilations, strict=True)):
            start = tap[axis] * dilation
            stop = padded.shape[axis + 1] - (taps[axis] - 1 - tap[axis]) * dilation
            cuts.append(slice(start, stop, stride))
        answer = answer + padded[(slice(None), *cuts)] @ filters[tap]
    return answer


def cut_small(monkeypatch):
    """Cut what is worked on window by window into small blocks, for two threads."""
    monkeypatch.setattr(_blocks, "BLOCK_BYTES", 400)
    monkeypatch.setattr(_blocks, "_workers", lambda: 2)


@pytest.fixture
def small_blocks(monkeypatch):
    """Make the engines cut everything, as they do with huge arrays."""
    monkeypatch.setattr(_columns, "COLUMN_BYTES", 600)
    monkeypatch.setattr(_few_outputs, "COLUMN_BYTES", 600)
    monkeypatch.setattr(_columns, "PATCH_BYTES", 500)
    monkeypatch.setattr(_columns, "WEIGHT_BYTES", 300)
    monkeypatch.setattr(_columns, "LITTLE", 20)
    monkeypatch.setattr(_depthwise, "RUN", 20)
    monkeypatch.setattr(_depthwise, "BLOCK", 300)
    monkeypatch.setattr(_depthwise, "LITTLE", 100)
    monkeypatch.setattr(_phases, "PHASE_BYTES", 600)
    monkeypatch.setattr(_local_response, "BLOCK_BYTES", 500)


def memory_beyond(call):
    """Return how many bytes a call needs at most, its answer not counted."""
    tracemalloc.start()
    try:
        answer = call()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - answer.nbytes


# Types of two arguments and of the answer.
TYPES = [
    (np.float32, np.float32, np.float32),
    (np.float64, np.float64, np.float64),
    (np.float32, np.float64, np.float64),
    (np.float64, np.float32, np.float64),
    (np.uint8, np.float32, np.float32),
    (np.uint8, np.int64, np.float32),
    (np.int16, np.float64, np.float64),
    (bool, bool, np.float32),
    (">f4", "<f8", np.float64),
]
