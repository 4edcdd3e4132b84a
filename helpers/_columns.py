"""The engine behind `helpers.conv`: convolution as matrix products, block by block.

Each window of the (padded) images is copied into one row of a matrix, its *columns*;
times the matrix of filters, that is the convolution. All windows at once would take
the filter's area times the memory of the images, so the windows come in blocks that
stay in the processor's cache. Padding, widening to float and stretching happen in the
patch of input that a block needs, never in a copy of the whole input: memory beyond
input and output is bounded, whatever their size.
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


def _workspace(use, shape, dtype, order="C"):
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
    """Where the windows lie on the images: each field has (vertical, horizontal).

    `stretch` puts zeros between neighbouring pixels, as the gradient and the transposed
    convolution need; all else is in pixels of the stretched images. `before` may be
    negative: the first window then starts inside the images.
    """

    outputs: tuple
    filter_size: tuple
    strides: tuple
    dilations: tuple
    before: tuple
    stretch: tuple = (1, 1)


def correlate(images, filters, windows, dtype, bias=None):
    """Return the cross-correlation of checked 4D images and filters."""
    if _is_few(filters, windows):
        return _correlate_few(images, filters, windows, dtype, bias)
    out_channels = filters.shape[3]
    answer = np.empty((len(images), *windows.outputs, out_channels), dtype)
    for part in _filter_parts(filters, windows, dtype):
        rows, cols, channels = part
        weights = filters[rows, cols, :, channels]
        weights = weights.reshape(-1, weights.shape[3]).astype(dtype, copy=False)
        is_first = rows.start == cols.start == 0
        for block, columns in _column_blocks(images, windows, part, dtype):
            target = answer[block].reshape(-1, out_channels)[:, channels]
            if is_first:
                np.matmul(columns, weights, out=target)
                if bias is not None:
                    target += bias[channels]
            else:
                target += columns @ weights
    return answer


def _is_few(filters, windows):
    height, width, channels, outs = filters.shape
    return (
        outs <= FEW_OUTPUTS
        and 4 * outs <= width * channels
        and height > 1
        and windows.strides == windows.dilations == (1, 1)
        and filters.size <= FEW_WEIGHTS
    )


def _correlate_few(images, filters, windows, dtype, bias):
    """Return the same for few output channels, without strides and dilations.

    With few filters the copies cost more than the products. So only the windows' single
    rows become columns, a filter's height times fewer numbers; each meets all rows of
    all filters, and the products of a window's rows are added up after.
    """
    height, width, channels, outs = filters.shape
    reach = height - 1
    weights = filters.transpose(0, 3, 1, 2).reshape(height * outs, width * channels)
    weights = weights.astype(dtype, copy=False)
    answer = np.empty((len(images), *windows.outputs, outs), dtype)
    reader = _PatchReader(images, windows, (1, width), dtype)
    steps = _tall_steps(images, windows, max(weights.shape), reach, dtype)
    for block in product(*map(_cuts, answer.shape[:3], steps)):
        batch, rows, cols = block
        views = reader.windows((batch, slice(rows.start, rows.stop + reach), cols))
        views = views.transpose(3, 4, 5, 0, 1, 2)
        count = views.size // weights.shape[1]
        space = _workspace("columns", (sum(weights.shape), count), dtype)
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


def filter_gradient(images, upstream, windows, dtype):
    """Return the gradient of ``sum(upstream * correlate(images, filters))``."""
    channels_in, channels_out = images.shape[3], upstream.shape[3]
    answer = np.zeros((*windows.filter_size, channels_in, channels_out), dtype)
    for part in _filter_parts(answer, windows, dtype, copied=True):
        rows, cols, channels = part
        target = answer[rows, cols, :, channels]
        for block, columns in _column_blocks(images, windows, part, dtype):
            flow = upstream[block].reshape(-1, channels_out)[:, channels]
            flow = flow.astype(dtype, copy=False)
            target += (columns.T @ flow).reshape(target.shape)
    return answer


def _filter_parts(filters, windows, dtype, copied=False):
    """Return slices (rows, columns, output channels) that cover the filters.

    It is nearly always one part. Filters are cut where the patch below one filter would
    be large (a huge filter or dilation), or where a large copy of them would be made.
    """
    height, width, channels, outs = filters.shape
    rows, cols, d_rows, d_cols = height, width, *windows.dilations
    pixel_bytes = channels * dtype.itemsize
    while rows * cols > 1:
        high, wide = span(rows, d_rows), span(cols, d_cols)
        if high * wide * pixel_bytes <= PATCH_BYTES:
            break
        if cols == 1 or (rows > 1 and high >= wide):
            rows = -(-rows // 2)
        else:
            cols = -(-cols // 2)
    copied |= (rows, cols) != (height, width)
    if copied or filters.dtype != dtype or not filters.flags.c_contiguous:
        outs = max(1, min(outs, WEIGHT_BYTES // (rows * cols * pixel_bytes)))
    steps = zip(filters.shape[:2] + filters.shape[3:], (rows, cols, outs), strict=True)
    return list(product(*(_cuts(size, step) for size, step in steps)))


def _cuts(size, step):
    """Return slices of at most `step` that cover `size`.

    >>> _cuts(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]


def _column_blocks(images, windows, part, dtype):
    """Yield (slices of the output, columns), block by block of windows.

    The columns are [windows, numbers in a window]; the next block overwrites them.
    """
    rows, cols, outs = part
    taps = (rows.stop - rows.start, cols.stop - cols.start)
    channels = images.shape[3]
    numbers = taps[0] * taps[1] * channels
    widest = max(numbers, outs.stop - outs.start)
    steps = _block_steps(images, windows, taps, widest, dtype)
    # Column-major columns make the runs long where a window's rows are short.
    order = "F" if taps[1] * channels < SHORT_RUN else "C"
    buffer = _workspace("columns", (math.prod(steps), numbers), dtype, order)
    reader = _PatchReader(images, windows, taps, dtype)
    sizes = (len(images), *windows.outputs)
    for block in product(*map(_cuts, sizes, steps)):
        views = reader.windows(block, (rows.start, cols.start))
        count = views.shape[0] * views.shape[1] * views.shape[2]
        columns = buffer[:count]
        columns.reshape(views.shape)[...] = views
        yield block, columns


def _block_steps(images, windows, taps, numbers, dtype):
    """Return how many images, rows and columns of windows make a block.

    A block is part of one row, some rows of one image, or some images: so its outputs
    lie next to each other in memory, and the matrix product can write them in place.
    """
    (height, width), (s_rows, s_cols) = windows.outputs, windows.strides
    fits = max(1, COLUMN_BYTES // (numbers * dtype.itemsize))
    pixels = PATCH_BYTES // (images.shape[3] * dtype.itemsize)
    high, wide = map(span, taps, windows.dilations)
    cols = max(1, min(width, fits, (pixels // high - wide) // s_cols + 1))
    if cols < width:
        return 1, 1, cols
    wide += (cols - 1) * s_cols
    rows = max(1, min(height, fits // cols, (pixels // wide - high) // s_rows + 1))
    if rows < height:
        return 1, rows, cols
    high += (rows - 1) * s_rows
    batch = min(len(images), fits // (rows * cols), pixels // (high * wide))
    return max(1, batch), rows, cols


class _PatchReader:
    """Views of the windows of a block, on the images or on a padded copy of a patch."""

    def __init__(self, images, windows, taps, dtype):
        self.images, self.place, self.taps, self.dtype = images, windows, taps, dtype
        self.is_plain = images.dtype == dtype and windows.stretch == (1, 1)

    def windows(self, block, first_tap=(0, 0)):
        """Return [images, rows, columns, filter height, filter width, channels]."""
        place, taps = self.place, self.taps
        counts = [cut.stop - cut.start for cut in block]
        starts, lengths = [], []
        for axis in (0, 1):
            start = block[axis + 1].start * place.strides[axis]
            start += first_tap[axis] * place.dilations[axis] - place.before[axis]
            reach = (counts[axis + 1] - 1) * place.strides[axis]
            starts.append(start)
            lengths.append(reach + span(taps[axis], place.dilations[axis]))
        patch = self._patch(block[0], starts, lengths)
        image, row, col, channel = patch.strides
        # A step that is never taken may be absurdly large: it must not overflow.
        s_rows, s_cols = map(_step, place.strides, counts[1:])
        d_rows, d_cols = map(_step, place.dilations, taps)
        return as_strided(
            patch,
            (*counts, *taps, patch.shape[3]),
            (image, row * s_rows, col * s_cols, row * d_rows, col * d_cols, channel),
        )

    def _patch(self, batch, starts, lengths):
        height, width = self.images.shape[1:3]
        (top, left), (high, wide) = starts, lengths
        if self.is_plain and 0 <= top <= height - high and 0 <= left <= width - wide:
            return self.images[batch, top : top + high, left : left + wide]
        to_rows, from_rows = _overlap(top, high, height, self.place.stretch[0])
        to_cols, from_cols = _overlap(left, wide, width, self.place.stretch[1])
        shape = (batch.stop - batch.start, high, wide, self.images.shape[3])
        patch = _workspace("patch", shape, self.dtype)
        patch.fill(0)
        patch[:, to_rows, to_cols] = self.images[batch, from_rows, from_cols]
        return patch


def _step(step, count):
    return step if count > 1 else 1


def _overlap(start, length, size, stretch):
    """Match a stretch of padded axis to the pixels that fall into it.

    The axis holds `size` pixels, `stretch` apart; the window covers `length` places
    from `start`, which may lie outside. Returns (slice of the window, slice of pixels).

    >>> _overlap(-1, 4, 5, 1)
    (slice(1, 4, 1), slice(0, 3, None))
    """
    first = min(max(0, -(-start // stretch)), size)
    last = max(first, min(size, -(-(start + length) // stretch)))
    offset = first * stretch - start
    if first == last:
        return slice(0, 0), slice(0, 0)
    end = offset + (last - first - 1) * stretch + 1
    return slice(offset, end, stretch), slice(first, last)
