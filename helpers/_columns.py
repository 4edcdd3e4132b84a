"""The engine behind `helpers.conv`: convolution as matrix products, block by block.

Each window of the (padded) inputs is copied into one row of a matrix, its *columns*;
times the matrix of filters, that is the convolution, of signals, images and volumes
alike. All windows at once would take the filter's area times the memory of the inputs,
so they come in blocks that stay in the processor's cache. Padding and widening to float
happen in the patch of input that a block needs, never in a copy of the whole input:
memory beyond input and output is bounded, whatever their size.
"""

import math
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers._axes import span
from helpers._blocks import for_each, slices, workspace
from helpers._few_outputs import correlate_few, is_few
from helpers._patches import (
    COLUMN_BYTES,
    PatchReader,
    even_step,
    step_by,
    tap_steps,
)

STACK_BYTES = 1 << 22
PATCH_BYTES = 1 << 22
WEIGHT_BYTES = 1 << 24
# NumPy copies runs shorter than this many numbers slowly, one run at a time.
SHORT_RUN = 16
# Up to so many multiplications a matrix product stays in one thread (in OpenBLAS); with
# weights of no more than this, such products are worth the calls.
SMALL_PRODUCT, SMALL_WEIGHTS = 1 << 18, 1 << 15
# What threads are to share is cut into this many blocks, unless they would be little.
SHARES, LITTLE = 4, 1 << 18
# A matrix of fewer rows than this is not worth a product of its own.
LEAST_ROWS = 12


def correlate(inputs, filters, windows, dtype, bias=None, is_shared=True):
    """Return the cross-correlation of checked inputs and filters, in any dimension.

    Inputs are [batch, *space, channels], filters [*space, in_channels, out_channels].
    If `is_shared`, threads of ours may share the work. They and those of NumPy's matrix
    products hinder each other: a caller who needs large products should forgo ours.
    """
    if is_few(filters, windows):
        return correlate_few(inputs, filters, windows, dtype, bias)
    answer = np.empty((len(inputs), *windows.outputs, filters.shape[-1]), dtype)
    for part in _filter_parts(filters, windows, dtype):
        _correlate_part(answer, inputs, filters, windows, part, bias, is_shared)
    return answer


def _correlate_part(answer, inputs, filters, windows, part, bias, is_shared):
    *taps, channels = part
    weights = filters[(*taps, slice(None), channels)]
    weights = weights.reshape(-1, weights.shape[-1]).astype(answer.dtype, copy=False)
    is_first = all(cut.start == 0 for cut in taps)
    # With one output, a matrix times a vector, there is no work to share.
    is_shared &= weights.size <= SMALL_WEIGHTS and weights.shape[1] > 1
    columns = _Columns(inputs, windows, part, answer.dtype, is_shared)

    def work(block):
        target = answer[block].reshape(-1, answer.shape[-1])[:, channels]
        products = target if is_first else np.empty(target.shape, target.dtype)
        multiply = _multiply_in_steps if is_shared else np.matmul
        matrices = columns.of(block)
        stacked = products.reshape(*matrices.shape[:-1], products.shape[-1])
        multiply(matrices, weights, out=stacked)
        if not is_first:
            target += products
        elif bias is not None:
            target += bias[channels]

    if is_shared and len(columns.blocks) > 1:
        for_each(work, columns.blocks)
    else:
        for block in columns.blocks:
            work(block)


def _multiply_in_steps(columns, weights, out):
    """Write the products of matrices to `out`, a few rows at a time.

    NumPy's library of matrix products cuts a large one up for threads of its own. It
    leaves a small one in the thread that asks, which has just copied the columns.
    """
    *stack, rows, _ = columns.shape
    step = even_step(rows, SMALL_PRODUCT // weights.size)
    count, rest = divmod(rows, step)
    whole = rows - rest
    steps = [
        x[..., :whole, :].reshape(*stack, count, step, x.shape[-1])
        for x in (columns, out)
    ]
    np.matmul(steps[0], weights, out=steps[1])
    if rest:
        np.matmul(columns[..., whole:, :], weights, out=out[..., whole:, :])


def filter_gradient(inputs, upstream, windows, dtype):
    """Return the gradient of ``sum(upstream * correlate(inputs, filters))``."""
    channels_in, channels_out = inputs.shape[-1], upstream.shape[-1]
    answer = np.zeros((*windows.filter_size, channels_in, channels_out), dtype)
    for part in _filter_parts(answer, windows, dtype, copied=True):
        *taps, channels = part
        target = answer[(*taps, slice(None), channels)]
        columns = _Columns(inputs, windows, part, dtype)
        for block in columns.blocks:
            flow = upstream[block].reshape(-1, channels_out)[:, channels]
            flow = flow.astype(dtype, copy=False)
            target += (columns.of(block).T @ flow).reshape(target.shape)
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
    return list(product(*(slices(length, step) for length, step in steps)))


class _Columns:
    """The columns of a part of the filters, block by block of windows.

    `blocks` are slices of the output; `of` gives the columns of one, which the next in
    the same thread overwrites: a matrix [windows, numbers in a window] or, where
    threads share the work, maybe a stack of some that overlap, in the windows' order.
    """

    def __init__(self, inputs, windows, part, dtype, is_shared=False):
        *spaces, outs = part
        taps = tuple(cut.stop - cut.start for cut in spaces)
        numbers = math.prod(taps) * inputs.shape[-1]
        # Column-major columns make the runs long where a window's rows are short.
        self._is_column_major = taps[-1] * inputs.shape[-1] < SHORT_RUN
        self._stacks = (
            is_shared
            and not self._is_column_major
            and _can_stack(windows, taps, numbers * dtype.itemsize)
        )
        sizes = (len(inputs), *windows.outputs)
        count = math.prod(sizes)
        is_little = count * numbers < SHARES * LITTLE
        most = COLUMN_BYTES
        if self._stacks:
            # A row of windows adds the pixels that it moves on by, and the first some
            # more: say twice as many.
            numbers = min(numbers, 2 * windows.strides[0] * numbers // taps[0])
            most = STACK_BYTES
        item_bytes = max(numbers, outs.stop - outs.start) * dtype.itemsize
        fits = max(1, most // item_bytes)
        if is_shared and not is_little:
            fits = min(fits, -(-count // SHARES))
        steps = _block_steps(inputs, windows, taps, fits, dtype)
        self.blocks = list(product(*map(slices, sizes, steps)))
        self._reader = PatchReader(inputs, windows, taps, dtype)
        self._first_tap = tuple(cut.start for cut in spaces)
        self._windows, self._taps = windows, taps
        if self._stacks:
            each_row = windows._replace(strides=(1, *windows.strides[1:]))
            self._all_rows = PatchReader(inputs, each_row, (1, *taps[1:]), dtype)

    def of(self, block):
        if self._stacks:
            return self._stack(block)
        views = self._reader.windows(block, self._first_tap)
        count = math.prod(views.shape[: len(block)])
        shape = (count, views.size // count)
        if views.flags.c_contiguous:  # as windows of one pixel are
            return views.reshape(shape)
        if self._is_column_major:
            columns = workspace("columns", shape[::-1], views.dtype).T
        else:
            columns = workspace("columns", shape, views.dtype)
        columns.reshape(views.shape)[...] = views
        return columns

    def _stack(self, block):
        """Return a matrix for each row of windows: [inputs, rows, windows, numbers].

        (Or for each slice of a volume.) Windows above one another share most of their
        pixels. Here those that lie below one column of windows are copied once, in one
        run; each window of the column is a piece of it.
        """
        batch, rows, *others = block
        count, stride, taps = (
            rows.stop - rows.start,
            self._windows.strides[0],
            self._taps,
        )
        reach = span(count, stride) + taps[0] - 1
        start = rows.start * stride + self._first_tap[0]
        views = self._all_rows.windows(
            (batch, slice(start, start + reach), *others), (0, *self._first_tap[1:])
        )
        # [inputs, windows in a row ..., all rows, 1, other taps ..., channels]
        axes = list(range(views.ndim))
        axes.insert(len(block) - 1, axes.pop(1))
        views = views.transpose(axes)
        columns = workspace("columns", views.shape, views.dtype)
        columns[...] = views
        run = math.prod(views.shape[len(block) :])
        item = views.itemsize
        windows = math.prod(views.shape[1 : len(block) - 1])
        return as_strided(
            columns,
            (len(views), count, windows, taps[0] * run),
            (
                windows * reach * run * item,
                step_by(run * item, stride, count),
                reach * run * item,
                item,
            ),
        )


def _can_stack(windows, taps, window_bytes):
    """Tell whether rows of windows overlap, and stacks of them pay."""
    stride, in_a_row = windows.strides[0], math.prod(windows.outputs[1:])
    two_rows = in_a_row * window_bytes * (taps[0] + stride) // taps[0]
    return (
        stride < taps[0]
        and windows.dilations[0] == 1
        and in_a_row >= LEAST_ROWS
        and two_rows <= STACK_BYTES
    )


def _block_steps(inputs, windows, taps, fits, dtype):
    """Return how many inputs, and how many windows along each axis, make a block.

    A block is part of one row, some rows of one image, or some images: so its outputs
    lie next to each other in memory, and the matrix product can write them in place.
    """
    pixels = PATCH_BYTES // (inputs.shape[-1] * dtype.itemsize)
    lengths = list(map(span, taps, windows.dilations))
    steps = [1] * len(lengths)
    for axis in reversed(range(len(steps))):
        stride, outputs = windows.strides[axis], windows.outputs[axis]
        others = math.prod(lengths[:axis] + lengths[axis + 1 :])
        steps[axis] = even_step(
            outputs, fits, (pixels // others - lengths[axis]) // stride + 1
        )
        if steps[axis] < outputs:
            return 1, *steps
        fits //= outputs
        lengths[axis] += (outputs - 1) * stride
    return even_step(len(inputs), fits, pixels // math.prod(lengths)), *steps
