"""Windows on signals, images and volumes: views where possible, of a patch where not.

Padding and widening to float happen in the patch of input below a block of windows,
never in a copy of the whole input: what a block needs is bounded, whatever its size.
"""

import math
from typing import NamedTuple

from numpy.lib.stride_tricks import as_strided

from helpers._axes import span
from helpers._blocks import workspace

# Of a block of windows, copied into columns for a matrix product.
COLUMN_BYTES = 1 << 21


class Windows(NamedTuple):
    """Where the windows lie on the inputs: each field has a number an axis of space.

    All is in pixels. `before` are the zeros before the inputs; where it is negative,
    the first window starts inside them.
    """

    outputs: tuple
    filter_size: tuple
    strides: tuple
    dilations: tuple
    before: tuple


class PatchReader:
    """Views of the windows of a block, on the inputs or on a padded copy of a patch."""

    def __init__(self, inputs, windows, taps, dtype):
        self.inputs, self.place, self.taps, self.dtype = inputs, windows, taps, dtype

    def windows(self, block, first_tap):
        """Return a view [inputs, *windows, *taps, channels] for the slices of a block.

        Windows and taps have as many axes as there are of space.
        """
        place, taps = self.place, self.taps
        batch, *spaces = block
        counts = [cut.stop - cut.start for cut in spaces]
        starts = [
            cut.start * place.strides[axis]
            + first_tap[axis] * place.dilations[axis]
            - place.before[axis]
            for axis, cut in enumerate(spaces)
        ]
        lengths = [
            span(counts[axis], place.strides[axis])
            + span(taps[axis], place.dilations[axis])
            - 1
            for axis in range(len(counts))
        ]
        patch = self._patch(batch, starts, lengths)
        first, *steps, last = patch.strides
        strides = map(step_by, steps, place.strides, counts)
        dilations = map(step_by, steps, place.dilations, taps)
        return as_strided(
            patch,
            (len(patch), *counts, *taps, patch.shape[-1]),
            (first, *strides, *dilations, last),
        )

    def _patch(self, batch, starts, lengths):
        """Return the pixels from `starts` on, with zeros where there are none."""
        sizes = self.inputs.shape[1:-1]
        overlaps = list(map(_overlap, starts, lengths, sizes))
        taken = self.inputs[(batch, *(pixels for _, pixels in overlaps))]
        if self.inputs.dtype == self.dtype and taken.shape[1:-1] == tuple(lengths):
            return taken
        shape = (len(taken), *lengths, taken.shape[-1])
        patch = workspace("patch", shape, self.dtype)
        for axis, (places, _) in enumerate(overlaps, start=1):
            front = (slice(None),) * axis
            patch[(*front, slice(places.start))] = 0
            patch[(*front, slice(places.stop, None))] = 0
        patch[(slice(None), *(places for places, _ in overlaps))] = taken
        return patch


def step_by(step, factor, count):
    """Return the step between `count` items that lie `factor` steps apart.

    One that is never taken may be absurdly large: it must not overflow.
    """
    return step * factor if count > 1 else step


def _overlap(start, length, size):
    """Match `length` places of a padded axis, from `start` on, to its `size` pixels.

    Returns (slice of the places, slice of the pixels).

    >>> _overlap(-1, 4, 5), _overlap(6, 4, 5)
    ((slice(1, 4, None), slice(0, 3, None)), (slice(0, 0, None), slice(5, 5, None)))
    """
    first = min(max(0, start), size)
    last = max(first, min(size, start + length))
    offset = first - start if last > first else 0
    return slice(offset, offset + last - first), slice(first, last)


def tap_steps(size, dilations, most):
    """Return how many taps along each axis stretch over no more than `most` pixels.

    >>> tap_steps([3, 3], (1, 1), 100), tap_steps([3, 3], (9, 1), 40)
    ([3, 3], [2, 3])
    """
    taps = list(size)
    while max(taps) > 1:
        spans = list(map(span, taps, dilations))
        if math.prod(spans) <= most:
            break
        longest = max(range(len(taps)), key=lambda axis: (taps[axis] > 1) * spans[axis])
        taps[longest] = -(-taps[longest] // 2)
    return taps


def even_step(size, *limits):
    """Return a step within the limits that cuts `size` into equal parts.

    >>> even_step(28, 16), even_step(28, 100, 50), even_step(28, 0)
    (14, 28, 1)
    """
    parts = -(-size // max(1, min(limits)))
    return -(-size // parts)
