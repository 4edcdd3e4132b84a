"""The engine run backwards: each pixel paints a filter onto a larger answer.

With stride s, the pixels of the answer fall into s *phases* along each axis: those at a
distance of s from each other meet the same taps of the filter, one in s. So the answer
of a phase is a plain convolution with a small filter, without the products with zeros
that images stretched with zeros would cost. Phases whose windows lie at the same places
share one matrix product, each with output channels of its own.
"""

import math
from itertools import product
from typing import NamedTuple

import numpy as np

from helpers._axes import span
from helpers._blocks import slices
from helpers._columns import correlate
from helpers._patches import Windows

PHASE_BYTES = 1 << 22
FEW_WEIGHTS = 1 << 13


class Painted(NamedTuple):
    """One axis of the answer: its length, and how much is cut off before it."""

    length: int
    cut: int


class _Phases(NamedTuple):
    """Phases of one axis whose windows lie at the same places.

    `taps` is [taps, phases]: which taps each of them meets, in the order of the pixels.
    `places` are the phases themselves: the first pixel of each, before the cut. `lag`
    is how far before its own pixel a window starts, in pixels of the images.
    """

    taps: np.ndarray
    places: tuple
    dilation: int
    lag: int


def paint(images, filters, strides, dilations, axes, dtype):
    """Return the transpose of a convolution, applied to checked images.

    Parameters
    ----------
    images : ndarray, [batch, height, width, in_channels]
    filters : ndarray, [height, width, out_channels, in_channels]
    strides, dilations : (int, int)
    axes : sequence of two `Painted`
    dtype : numpy.dtype
    """
    size, lengths = filters.shape[:2], tuple(axis.length for axis in axes)
    if tuple(strides) == (1, 1):  # one phase, which is the whole answer
        spans = map(span, size, dilations)
        lags = tuple(s - 1 - axis.cut for s, axis in zip(spans, axes, strict=True))
        windows = Windows(lengths, size, strides, dilations, lags)
        turned = filters[::-1, ::-1].swapaxes(2, 3)
        return correlate(images, turned, windows, dtype, is_shared=False)
    steps = [s // math.gcd(s, d) for s, d in zip(strides, dilations, strict=True)]
    slots = math.prod(-(-f // s) * min(f, s) for f, s in zip(size, steps, strict=True))
    # Phases with a tap less than others join them with a tap of zero: one product for
    # four, quicker while they are small. But zero times infinity would not be zero.
    is_filled = slots < 2 * math.prod(size) and filters.size < FEW_WEIGHTS
    with np.errstate(all="ignore"):
        is_filled = is_filled and np.isfinite(images.sum())
    if is_filled:
        filters = np.pad(filters, ((0, 1), (0, 1), (0, 0), (0, 0)))
    answer = np.zeros((len(images), *lengths, filters.shape[2]), dtype)
    groups = (
        _groups(*axis, is_filled) for axis in zip(size, strides, dilations, strict=True)
    )
    for rows, cols in product(*groups):
        _paint_phases(answer, images, filters, strides, axes, (rows, cols))
    return answer


def _groups(filter_size, stride, dilation, is_filled):
    """Return the phases of an axis that a tap falls into, as few `_Phases`.

    If `is_filled`, taps that a phase lacks are numbered `filter_size`.
    """
    common = math.gcd(stride, dilation)
    step, spread = stride // common, dilation // common
    most = -(-filter_size // step)
    groups = {}
    for first in range(min(step, filter_size)):
        taps = [*range(first, filter_size, step)]
        if is_filled:
            taps += [filter_size] * (most - len(taps))
        lag, place = divmod(first * dilation, stride)
        groups.setdefault((len(taps), lag), []).append((taps[::-1], place))
    return [
        _Phases(
            np.array([taps for taps, _ in members]).T,
            tuple(place for _, place in members),
            spread,
            lag + (count - 1) * spread,
        )
        for (count, lag), members in groups.items()
    ]


def _paint_phases(answer, images, filters, strides, axes, groups):
    """Fill in the pixels of the answer that belong to a group of phases each way."""
    rows, cols = groups
    # [row taps, column taps, in, row phases, column phases, out]
    weights = filters[rows.taps[:, :, np.newaxis, np.newaxis], cols.taps]
    weights = weights.transpose(0, 2, 5, 1, 3, 4).astype(answer.dtype, copy=False)
    shape = weights.shape
    weights = np.ascontiguousarray(weights).reshape(*shape[:3], -1)
    high, wide = map(_steps, groups, strides, axes)
    if not (high and wide):
        return
    row_bytes = len(wide) * weights.shape[3] * answer.itemsize
    tall = max(1, PHASE_BYTES // row_bytes)
    deep = max(1, tall // len(high))
    for batch, block in product(slices(len(images), deep), slices(len(high), tall)):
        steps = high[block], wide
        windows = Windows(
            outputs=tuple(map(len, steps)),
            filter_size=shape[:2],
            strides=(1, 1),
            dilations=(rows.dilation, cols.dilation),
            before=(rows.lag - steps[0].start, cols.lag - steps[1].start),
        )
        pieces = correlate(
            images[batch], weights, windows, answer.dtype, is_shared=False
        )
        pieces = pieces.reshape(*pieces.shape[:3], *shape[3:])
        for row, col in np.ndindex(shape[3:5]):
            places = rows.places[row], cols.places[col]
            to, taken = zip(*map(_landing, places, steps, strides, axes), strict=True)
            answer[(batch, *to)] = pieces[(slice(None), *taken, row, col)]


def _steps(group, stride, axis):
    """Return the steps of the stride at which a phase of the group meets the answer."""
    first = min(-((place - axis.cut) // stride) for place in group.places)
    last = max((axis.cut + axis.length - 1 - place) // stride for place in group.places)
    return range(first, max(first, last + 1))


def _landing(place, steps, stride, axis):
    """Match the steps of a phase to pixels of the answer.

    Returns (slice of the answer, slice of the steps).
    """
    place -= axis.cut
    first = max(steps.start, -(place // stride))
    last = min(steps.stop, (axis.length - 1 - place) // stride + 1)
    if first >= last:
        return slice(0, 0), slice(0, 0)
    to = slice(first * stride + place, (last - 1) * stride + place + 1, stride)
    return to, slice(first - steps.start, last - steps.start)
