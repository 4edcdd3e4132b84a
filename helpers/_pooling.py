"""The engine behind `helpers.pooling`: a window is reduced row-wise, then column-wise.

The largest value of a window is the largest of its columns' largest values, and its sum
is the sum of their sums. So a window of h by w costs h + w operations, not h · w; the
first h run along whole rows of the images, which NumPy does at the speed of memory.
"""

from itertools import groupby, product
from typing import NamedTuple

import numpy as np

from helpers._blocks import block_steps, for_each, long_runs, slices, workspace

# Runs of this many numbers make up for what NumPy spends on starting a run.
LONG_RUN = 64


class PoolAxis(NamedTuple):
    """The windows along one axis of the images, in pixels."""

    size: int
    pool_size: int
    stride: int
    before: int
    outputs: int

    def trimmed(self):
        """Return the same without the places of a window that see padding only.

        After that, no number is much larger than the images are.
        """
        reach = (self.outputs - 1) * self.stride
        first = max(0, self.before - reach)
        last = min(self.pool_size, self.before + self.size)
        stride = self.stride if self.outputs > 1 else 1
        return PoolAxis(
            self.size, last - first, stride, self.before - first, self.outputs
        )

    def part(self, windows):
        """Return the pixels under a slice of the windows, and the axis they make."""
        start = windows.start * self.stride - self.before
        stop = (windows.stop - 1) * self.stride - self.before + self.pool_size
        pixels = slice(max(start, 0), min(stop, self.size))
        axis = PoolAxis(
            pixels.stop - pixels.start,
            self.pool_size,
            self.stride,
            pixels.start - start,
            windows.stop - windows.start,
        )
        return pixels, axis

    def span(self):
        """Return how many places the windows stretch over, padding included."""
        return (self.outputs - 1) * self.stride + self.pool_size

    def taps(self):
        """Return (windows, pixels), two slices, for each place in a window.

        Window by window, the pixel is the one at that place; windows whose pixel would
        be padding are left out.
        """
        taps = []
        for place in range(self.pool_size):
            offset = place - self.before
            first = max(0, -(offset // self.stride))
            last = min(self.outputs - 1, (self.size - 1 - offset) // self.stride)
            if first <= last:
                start, end = first * self.stride + offset, last * self.stride + offset
                pixels = slice(start, end + 1, self.stride)
                taps.append((slice(first, last + 1), pixels))
        return taps

    def pixels_seen(self):
        """Return (windows, pixels) for each run of windows that hold as many pixels."""
        if self.before == 0 and self.span() <= self.size:
            return [(slice(0, self.outputs), self.pool_size)]
        runs, end = [], 0
        for seen, run in groupby(map(self._pixels_seen_by, range(self.outputs))):
            start, end = end, end + len(list(run))
            runs.append((slice(start, end), seen))
        return runs

    def _pixels_seen_by(self, window):
        start = window * self.stride - self.before
        return min(start + self.pool_size, self.size) - max(start, 0)


class Band(NamedTuple):
    """Some windows along one axis: what a block takes of that axis.

    `first` has up to two places that lie on the image in every window: together they
    give all windows a first value. `rest` has the other places.
    """

    windows: slice
    pixels: slice
    axis: PoolAxis
    first: list
    rest: list
    seen: list

    @classmethod
    def of(cls, axis, windows):
        """Return the band of a slice of the windows of an axis."""
        pixels, part = axis.part(windows)
        everyone, taps = slice(0, part.outputs), part.taps()
        first = [tap for tap in taps if tap[0] == everyone][:2]
        rest = [tap for tap in taps if tap not in first]
        first = [pixels_there for _, pixels_there in first]
        return cls(windows, pixels, part, first, rest, part.pixels_seen())


def reduce_windows(combine, images, rows, columns, dtype):
    """Return the maximum of each window (`numpy.maximum`) or the mean (`numpy.add`).

    Images are checked and 4D; `rows` and `columns` are trimmed.
    """
    channels = images.shape[3]
    sizes = (len(images), rows.outputs, columns.outputs)
    steps = block_steps(sizes, columns.stride * channels * dtype.itemsize)
    answer = np.empty((*sizes, channels), dtype)

    def work(block):
        batch, down, across = block
        source = images[batch, down.pixels, across.pixels]
        target = answer[batch, down.windows, across.windows]
        padded = _reduce_rows(combine, source, down, across.axis, dtype)
        if combine is np.add:
            sums = workspace("sums", target.shape, dtype)
            sums = _reduce_columns(combine, padded, across.axis, sums)
            _divide(sums, down.seen, across.seen, target)
        else:
            reduced = _reduce_columns(combine, padded, across.axis, target)
            if reduced is not target:
                for there, here in long_runs(target, reduced):
                    there[...] = here

    batches, *windows = (slices(*pair) for pair in zip(sizes, steps, strict=True))
    down, across = (
        [Band.of(axis, some) for some in each]
        for axis, each in zip((rows, columns), windows, strict=True)
    )
    for_each(work, product(batches, down, across))
    return answer


def _reduce_rows(combine, source, rows, columns, dtype):
    """Return the windows reduced to one row each, padded to the left and right."""
    shape = (len(source), rows.axis.outputs, columns.span(), source.shape[3])
    padded = workspace("rows", shape, dtype)
    nothing = -np.inf if combine is np.maximum else 0
    target = padded
    if columns.span() > columns.size:
        before, end = columns.before, columns.before + columns.size
        padded[:, :, :before] = padded[:, :, end:] = nothing
        target = padded[:, :, before:end]
    if len(rows.first) == 2:
        one, other = rows.first
        combine(source[:, one], source[:, other], out=target, dtype=dtype)
    else:
        target[...] = source[:, rows.first[0]] if rows.first else nothing
    for windows, pixels in rows.rest:
        part = target[:, windows]
        combine(part, source[:, pixels], out=part)
    return padded


def _reduce_columns(combine, padded, columns, target):
    """Return the windows of padded rows reduced to a pixel each, maybe in `target`."""
    pool_size, stride, channels = columns.pool_size, columns.stride, padded.shape[3]
    last = columns.span() - pool_size + 1
    run = channels if stride > 1 else columns.outputs * channels
    if pool_size == 1 or stride * run <= LONG_RUN:
        # Short runs are slow. So reduce the windows that begin at any pixel, in one run
        # over all rows, and keep those that are wanted.
        return _reduce_line(combine, padded, pool_size)[:, :, :last:stride]
    one, *others = (
        padded[:, :, place : place + last : stride] for place in range(pool_size)
    )
    for other in others:
        combine(one, other, out=target)
        one = target
    return target


def _reduce_line(combine, padded, pool_size):
    """Return the windows that begin at any pixel; those past the end hold anything."""
    if pool_size == 1:
        return padded
    answer = workspace("line", padded.shape, padded.dtype)
    line, channels = padded.reshape(-1), padded.shape[3]
    length = line.size - (pool_size - 1) * channels
    one, target = line[:length], answer.reshape(-1)[:length]
    for place in range(1, pool_size):
        start = place * channels
        combine(one, line[start : start + length], out=target)
        one = target
    return answer


def _divide(sums, rows_seen, columns_seen, target):
    """Write sums, divided by the number of pixels in each window, to `target`.

    Where the number is a power of two, its inverse is exact, and multiplying is faster.
    """
    number = target.dtype.type
    for rows, height in rows_seen:
        for columns, width in columns_seen:
            seen, part = height * width, (slice(None), rows, columns)
            is_power_of_two = seen & (seen - 1) == 0
            for there, here in long_runs(target[part], sums[part]):
                if is_power_of_two:
                    np.multiply(here, number(1 / seen), out=there)
                else:
                    np.divide(here, number(seen), out=there)


def reduce_images(combine, images, dtype):
    """Return the maximum or mean of each feature map, [batch, channels]."""
    batch, height, width, channels = images.shape
    steps = block_steps((batch, height), width * channels * images.itemsize)
    bands = -(-height // steps[1])
    parts = np.empty((batch, bands, channels), dtype)

    def work(block):
        images_in, rows = block
        # First the rows: they are the long runs.
        columns = combine.reduce(images[block], axis=1, dtype=dtype)
        combine.reduce(columns, axis=1, out=parts[images_in, rows.start // steps[1]])

    for_each(work, product(*map(slices, (batch, height), steps)))
    answer = combine.reduce(parts, axis=1)
    if combine is np.add:
        answer /= dtype.type(height * width)
    return answer


def reduce_groups(images, pool_size, dtype):
    """Return the maximum of each group of neighbouring channels."""
    groups = images.shape[-1] // pool_size
    sizes = images.shape[:-1]
    answer = np.empty((*sizes, groups), dtype)
    steps = block_steps(sizes, images.shape[-1] * dtype.itemsize)

    def work(block):
        source, target = images[block], answer[block]
        target[...] = source[..., ::pool_size]
        for place in range(1, pool_size):
            np.maximum(target, source[..., place::pool_size], out=target)

    for_each(work, product(*map(slices, sizes, steps)))
    return answer
