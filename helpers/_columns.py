"""The engine behind `helpers.conv`: convolution as matrix products, block by block.

Each window of the (padded) inputs is copied into one row of a matrix, its *columns*;
times the matrix of filters, that is the convolution, of signals, images and volumes
alike. All windows at once would take the filter's area times the memory of the inputs,
so they come in blocks that stay in the processor's cache. Padding and widening to float
happen in the patch of input that a block needs, never in a copy of the whole input:
memory beyond input and output is bounded, whatever their size.
"""

import math
import threading
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers._axes import span

COLUMN_BYTES = 1 << 21
WORKSPACE_BYTES = 2 * COLUMN_BYTES
PATCH_BYTES = 1 << 23
WEIGHT_BYTES = 1 << 24
# NumPy copies runs shorter than this many numbers slowly, one run at a time.
SHORT_RUN = 16
# With no more output channels than this, copying costs more than multiplying.
FEW_OUTPUTS, FEW_WEIGHTS = 4, 1 << 16


_kept = threading.local()


def workspace(use, shape, dtype, order="C"):
    """Return an uninitialised array, in the same memory for each use if it is small.

    Memory fresh from the operating system costs as much as copying into it.
    """
    size = math.prod(shape) * dtype.itemsize
    if size > WORKSPACE_BYTES:
        return np.empty(shape, dtype, order)
    if not hasattr(_kept, use):
        setattr(_kept, use, np.empty(WORKSPACE_BYTES, np.uint8))
    return getattr(_kept, use)[:size].view(dtype).reshape(shape, order=order)


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


def correlate(inputs, filters, windows, dtype, bias=None):
    """Return the cross-correlation of checked inputs and filters, in any dimension.

    Inputs are [batch, *space, channels], filters [*space, in_channels, out_channels].
    """
    if _is_few(filters, windows):
        return _correlate_few(inputs, filters, windows, dtype, bias)
    out_channels = filters.shape[-1]
    answer = np.empty((len(inputs), *windows.outputs, out_channels), dtype)
    for part in _filter_parts(filters, windows, dtype):
        *taps, channels = part
        weights = filters[(*taps, slice(None), channels)]
        weights = weights.reshape(-1, weights.shape[-1]).astype(dtype, copy=False)
        is_first = all(cut.start == 0 for cut in taps)
        for block, columns in _column_blocks(inputs, windows, part, dtype):
            target = answer[block].reshape(-1, out_channels)[:, channels]
            if is_first:
                np.matmul(columns, weights, out=target)
                if bias is not None:
                    target += bias[channels]
            else:
                target += columns @ weights
    return answer


def _is_few(filters, windows):
    if len(windows.outputs) != 2:
        return False
    height, width, channels, outs = filters.shape
    return (
        outs <= FEW_OUTPUTS
        and 4 * outs <= width * channels
        and height > 1
        and windows.strides == windows.dilations == (1, 1)
        and filters.size <= FEW_WEIGHTS
    )


def _correlate_few(images, filters, windows, dtype, bias):
    """Return the same for images and few outputs, without strides and dilations.

    With few filters the copies cost more than the products. So only the windows' single
    rows become columns, a filter's height times fewer numbers; each meets all rows of
    all filters, and the products of a window's rows are added up after.
    """
    height, width, channels, outs = filters.shape
    reach = height - 1
    weights = filters.transpose(0, 3, 1, 2).reshape(height * outs, width * channels)
    weights = weights.astype(dtype, copy=False)
    answer = np.empty((len(images), *windows.outputs, outs), dtype)
    reader = PatchReader(images, windows, (1, width), dtype)
    steps = _tall_steps(images, windows, max(weights.shape), reach, dtype)
    for block in product(*map(cuts, answer.shape[:3], steps)):
        batch, rows, cols = block
        tall = slice(rows.start, rows.stop + reach)
        views = reader.windows((batch, tall, cols), (0, 0))
        views = views.transpose(3, 4, 5, 0, 1, 2)
        count = views.size // weights.shape[1]
        space = workspace("columns", (sum(weights.shape), count), dtype)
        columns = space[len(weights) :]
        columns.reshape(views.shape)[...] = views
        products = np.matmul(weights, columns, out=space[: len(weights)])
        products = products.reshape(height, outs, *views.shape[3:])
        count = rows.stop - rows.start
        total = products[0, :, :, :count]
        for u in range(1, height):
            total += products[u, :, :, u : u + count]
        answer[block] = total.transpose(1, 2, 3, 0)
        if bias is not None:
            answer[block] += bias
    return answer


def _tall_steps(images, windows, numbers, reach, dtype):
    """Return the steps of `_block_steps` for blocks with `reach` further rows each."""
    fits = max(1, COLUMN_BYTES // (numbers * dtype.itemsize))
    height, width = windows.outputs
    cols = max(1, min(width, fits // (4 * (reach + 1))))
    rows = max(1, min(height, fits // cols - reach))
    is_whole = (rows, cols) == (height, width)
    batch = min(len(images), fits // ((rows + reach) * cols)) if is_whole else 1
    return max(1, batch), rows, cols


def filter_gradient(inputs, upstream, windows, dtype):
    """Return the gradient of ``sum(upstream * correlate(inputs, filters))``."""
    channels_in, channels_out = inputs.shape[-1], upstream.shape[-1]
    answer = np.zeros((*windows.filter_size, channels_in, channels_out), dtype)
    for part in _filter_parts(answer, windows, dtype, copied=True):
        *taps, channels = part
        target = answer[(*taps, slice(None), channels)]
        for block, columns in _column_blocks(inputs, windows, part, dtype):
            flow = upstream[block].reshape(-1, channels_out)[:, channels]
            flow = flow.astype(dtype, copy=False)
            target += (columns.T @ flow).reshape(target.shape)
    return answer


def _filter_parts(filters, windows, dtype, copied=False):
    """Return slices (an axis of space each, output channels) that cover the filters.

    It is nearly always one part. Filters are cut where the patch below one filter would
    be large (a huge filter or dilation), or where a large copy of them would be made.
    """
    *size, channels, outs = filters.shape
    pixel_bytes = channels * dtype.itemsize
    taps = tap_steps(size, windows.dilations, PATCH_BYTES // pixel_bytes)
    copied |= taps != size
    if copied or filters.dtype != dtype or not filters.flags.c_contiguous:
        outs = max(1, min(outs, WEIGHT_BYTES // (math.prod(taps) * pixel_bytes)))
    steps = zip((*size, filters.shape[-1]), (*taps, outs), strict=True)
    return list(product(*(cuts(length, step) for length, step in steps)))


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


def cuts(size, step):
    """Return slices of at most `step` that cover `size`.

    >>> cuts(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]


def _column_blocks(inputs, windows, part, dtype):
    """Yield (slices of the output, columns), block by block of windows.

    The columns are [windows, numbers in a window]; the next block overwrites them.
    """
    *parts, outs = part
    taps = tuple(cut.stop - cut.start for cut in parts)
    first_tap = tuple(cut.start for cut in parts)
    channels = inputs.shape[-1]
    numbers = math.prod(taps) * channels
    widest = max(numbers, outs.stop - outs.start)
    steps = _block_steps(inputs, windows, taps, widest, dtype)
    # Column-major columns make the runs long where a window's rows are short.
    order = "F" if taps[-1] * channels < SHORT_RUN else "C"
    buffer = workspace("columns", (math.prod(steps), numbers), dtype, order)
    reader = PatchReader(inputs, windows, taps, dtype)
    sizes = (len(inputs), *windows.outputs)
    for block in product(*map(cuts, sizes, steps)):
        views = reader.windows(block, first_tap)
        columns = buffer[: math.prod(views.shape[: len(block)])]
        columns.reshape(views.shape)[...] = views
        yield block, columns


def _block_steps(inputs, windows, taps, numbers, dtype):
    """Return how many inputs, and how many windows along each axis, make a block.

    A block is part of one row, some rows of one image, or some images: so its outputs
    lie next to each other in memory, and the matrix product can write them in place.
    """
    fits = max(1, COLUMN_BYTES // (numbers * dtype.itemsize))
    pixels = PATCH_BYTES // (inputs.shape[-1] * dtype.itemsize)
    lengths = list(map(span, taps, windows.dilations))
    steps = [1] * len(lengths)
    for axis in reversed(range(len(steps))):
        stride, outputs = windows.strides[axis], windows.outputs[axis]
        others = math.prod(lengths[:axis] + lengths[axis + 1 :])
        reach = (pixels // others - lengths[axis]) // stride + 1
        steps[axis] = max(1, min(outputs, fits, reach))
        if steps[axis] < outputs:
            return 1, *steps
        fits //= outputs
        lengths[axis] += (outputs - 1) * stride
    batch = min(len(inputs), fits, pixels // math.prod(lengths))
    return max(1, batch), *steps


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
        # A step that is never taken may be absurdly large: it must not overflow.
        strides = map(_step, steps, place.strides, counts)
        dilations = map(_step, steps, place.dilations, taps)
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


def _step(step, factor, count):
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
