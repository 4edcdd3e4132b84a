"""The engine behind the depthwise convolution: whole rows at a time.

A matrix product has nothing to add up where channels do not mix. Here a row of the
answer, all its pixels and channels in one run, is the sum over the taps of a run of the
images times the tap's weights, repeated along the run. One `einsum` does that for a
block of rows; the weights and a row of the sums stay in the processor's first cache.
"""

import math
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers._axes import span
from helpers._blocks import for_each, slices, workspace
from helpers._columns import LITTLE, SHARES
from helpers._patches import PatchReader, even_step, step_by, tap_steps

# Numbers in a run, and at most in a block of the answer or of the images under it.
RUN, BLOCK = 1 << 12, 1 << 19


def depthwise(images, filters, windows, dtype, bias=None):
    """Return the depthwise convolution of checked images and filters."""
    *size, channels, multiplier = filters.shape
    maps = channels * multiplier
    sizes = (len(images), *windows.outputs)
    taps = tap_steps(size, windows.dilations, BLOCK // maps)
    parts = list(product(*map(slices, size, taps)))
    steps = _block_steps(sizes, windows, taps, maps)
    # [rows of taps, columns of taps, one run]
    weights = filters.reshape(*size, maps).astype(dtype, copy=False)
    weights = np.tile(weights, max(1, min(steps[2], RUN // maps)))
    answer = np.empty((*sizes[:2], sizes[2] * maps), dtype)

    def work(block):
        *images_and_rows, cols = block
        target = answer[(*images_and_rows, slice(cols.start * maps, cols.stop * maps))]
        for part in parts:
            pixels = _pixels(images, windows, block, part, multiplier, dtype)
            for run in slices(target.shape[2], weights.shape[2]):
                taps = weights[(*part, slice(run.stop - run.start))]
                operands = pixels[..., run], taps
                if part is parts[0]:
                    np.einsum("nruvk,uvk->nrk", *operands, out=target[..., run])
                else:
                    target[..., run] += np.einsum("nruvk,uvk->nrk", *operands)
        if bias is not None:
            target.reshape(*target.shape[:2], -1, maps)[...] += bias

    for_each(work, product(*map(slices, sizes, steps)))
    return answer.reshape(*sizes, maps)


def _block_steps(sizes, windows, taps, maps):
    """Return how many images, rows and columns of windows make a block."""
    batch, height, width = sizes
    high, wide = map(span, taps, windows.dilations)
    s_rows, s_cols = windows.strides
    numbers = math.prod(sizes) * maps
    share = -(-numbers // SHARES)
    fits = (min(BLOCK, share) if share >= LITTLE // 4 else BLOCK) // maps
    pixels = BLOCK // maps
    # With strides the copy has each window's own row of taps.
    copied = taps[1] if s_cols > 1 else 1
    reach = (pixels // high - wide) // s_cols + 1
    cols = even_step(width, fits, reach, pixels // (high * copied))
    wide = max(wide + (cols - 1) * s_cols, cols * copied)
    rows = even_step(height, -(-fits // cols), (pixels // wide - high) // s_rows + 1)
    high += (rows - 1) * s_rows
    if (rows, cols) != (height, width):
        return 1, rows, cols
    return even_step(batch, fits // (rows * cols), pixels // (high * wide)), rows, cols


def _pixels(images, windows, block, part, multiplier, dtype):
    """Return [images, rows, rows of taps, columns of taps, run] for a block.

    The run holds what a tap meets along a row of windows, each number `multiplier`
    times. It is a view: of the images themselves, where they have the numbers in this
    order, otherwise of a copy, in which overlapping windows share what they can.
    """
    batch, *spaces = block
    (s_rows, s_cols), (d_rows, d_cols) = windows.strides, windows.dilations
    counts, taps = ([cut.stop - cut.start for cut in cuts] for cuts in (spaces, part))
    shares = s_rows < span(taps[0], d_rows), s_cols == 1
    axes = zip(shares, spaces, part, windows.strides, windows.dilations, strict=True)
    rows, cols = (_Reading.of(*axis) for axis in axes)
    place = windows._replace(
        strides=(rows.stride, cols.stride), dilations=(rows.dilation, cols.dilation)
    )
    pixels = PatchReader(images, place, (rows.taps, cols.taps), dtype).windows(
        (batch, rows.windows, cols.windows), (rows.first_tap, cols.first_tap)
    )
    # [images, rows, rows of taps, columns of taps, columns, channels]
    pixels = pixels.transpose(0, 1, 3, 4, 2, 5)
    maps = pixels.shape[5] * multiplier
    if multiplier > 1 or pixels.strides[4:] != (maps * dtype.itemsize, dtype.itemsize):
        copy = workspace("columns", (*pixels.shape, multiplier), dtype)
        copy[...] = pixels[..., np.newaxis]
        pixels = copy.reshape(*pixels.shape[:5], maps)
    image, row, row_tap, col_tap, col, number = pixels.strides
    if shares[0]:
        row_tap = step_by(row, d_rows, taps[0])
        row = step_by(row, s_rows, counts[0])
    if shares[1]:
        col_tap = step_by(col, d_cols, taps[1])
    return as_strided(
        pixels,
        (len(pixels), counts[0], *taps, counts[1] * maps),
        (image, row, row_tap, col_tap, number),
    )


class _Reading(NamedTuple):
    """What the engine is asked for along one axis: its windows, taps and first tap."""

    windows: slice
    taps: int
    first_tap: int
    stride: int
    dilation: int

    @classmethod
    def of(cls, is_shared, windows, taps, stride, dilation):
        """Ask for all the pixels of a block once, or for each window's own."""
        count = taps.stop - taps.start
        if not is_shared:
            return cls(windows, count, taps.start, stride, dilation)
        first = windows.start * stride + taps.start * dilation
        length = span(windows.stop - windows.start, stride) + span(count, dilation) - 1
        return cls(slice(first, first + length), 1, 0, 1, 1)
