"""Arrays and cases that the tests of the convolutions share."""

import itertools

import numpy as np
import pytest

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
