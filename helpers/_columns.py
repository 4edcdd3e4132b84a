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

from helpers._axes import span
from helpers._blocks import for_each, slices, workspace
from helpers._patches import PatchReader, even_step, tap_steps

COLUMN_BYTES = 1 << 21
PATCH_BYTES = 1 << 22
WEIGHT_BYTES = 1 << 24
# NumPy copies runs shorter than this many numbers slowly, one run at a time.
SHORT_RUN = 16
# With no more output channels than this, copying costs more than multiplying.
FEW_OUTPUTS, FEW_WEIGHTS = 4, 1 << 16
# Up to so many multiplications a matrix product stays in one thread (in OpenBLAS); with
# weights of no more than this, such products are worth the calls.
SMALL_PRODUCT, SMALL_WEIGHTS = 1 << 18, 1 << 15
# What threads are to share is cut into this many blocks, unless they would be little.
SHARES, LITTLE = 4, 1 << 18


def correlate(inputs, filters, windows, dtype, bias=None, is_shared=True):
    """Return the cross-correlation of checked inputs and filters, in any dimension.

    Inputs are [batch, *space, channels], filters [*space, in_channels, out_channels].
    If `is_shared`, threads of ours may share the work. They and those of NumPy's matrix
    products hinder each other: a caller who needs large products should forgo ours.
    """
    if _is_few(filters, windows):
        return _correlate_few(inputs, filters, windows, dtype, bias)
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
        multiply(columns.of(block), weights, out=products)
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
    """Write the product of two matrices to `out`, a few rows at a time.

    NumPy's library of matrix products cuts a large one up for threads of its own. It
    leaves a small one in the thread that asks, which has just copied the columns.
    """
    step = SMALL_PRODUCT // weights.size
    count, rest = divmod(len(columns), step)
    whole = len(columns) - rest
    if count:
        stacked = [x[:whole].reshape(count, step, x.shape[1]) for x in (columns, out)]
        np.matmul(stacked[0], weights, out=stacked[1])
    if rest:
        np.matmul(columns[whole:], weights, out=out[whole:])


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
    for block in product(*map(slices, answer.shape[:3], steps)):
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

    `blocks` are slices of the output; `of` gives the columns of one, [windows, numbers
    in a window], which the next in the same thread overwrites.
    """

    def __init__(self, inputs, windows, part, dtype, is_shared=False):
        *spaces, outs = part
        taps = tuple(cut.stop - cut.start for cut in spaces)
        numbers = math.prod(taps) * inputs.shape[-1]
        sizes = (len(inputs), *windows.outputs)
        most = COLUMN_BYTES // dtype.itemsize
        share = -(-math.prod(sizes) * numbers // SHARES)
        if is_shared and share >= LITTLE:
            most = min(most, share)
        fits = max(1, most // max(numbers, outs.stop - outs.start))
        steps = _block_steps(inputs, windows, taps, fits, dtype)
        self.blocks = list(product(*map(slices, sizes, steps)))
        self._reader = PatchReader(inputs, windows, taps, dtype)
        self._first_tap = tuple(cut.start for cut in spaces)
        # Column-major columns make the runs long where a window's rows are short.
        self._is_column_major = taps[-1] * inputs.shape[-1] < SHORT_RUN

    def of(self, block):
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
