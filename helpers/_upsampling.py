"""The engine behind `helpers.upsampling`: columns are stretched first, then rows.

Along an axis of n pixels there are n - 1 gaps between neighbouring centres, and each
gap has as many output pixels as the factor says; half a factor more lies beyond either
end. Rows are stretched last, because they are long runs, written once.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from helpers._blocks import block_steps, for_each, long_runs, slices, workspace


class Stretch(NamedTuple):
    """Some gaps along one axis: the pixels around them, the outputs in and beside them.

    `before` and `after` of the outputs lie beyond the first and the last pixel.
    """

    pixels: slice
    outputs: slice
    before: int
    after: int
    factor: int

    @classmethod
    def cover(cls, size, factor, step):
        """Return stretches of at most `step` gaps that cover an axis."""
        stretches = []
        for gaps in slices(max(size - 1, 1), step):
            pixels = slice(gaps.start, min(gaps.stop + 1, size))
            before = factor // 2 if gaps.start == 0 else 0
            after = factor - factor // 2 if pixels.stop == size else 0
            start = gaps.start * factor + factor // 2 - before
            inside = (pixels.stop - pixels.start - 1) * factor
            outputs = slice(start, start + before + inside + after)
            stretches.append(cls(pixels, outputs, before, after, factor))
        return stretches


def interpolate(images, factors, dtype):
    """Return checked 4D images, stretched bilinearly."""
    batch, height, width, channels = images.shape
    answer = np.empty((batch, height * factors[0], width * factors[1], channels), dtype)
    sizes = (batch, max(height - 1, 1), max(width - 1, 1))
    # The outputs pass through the cache only once: they count half.
    item_bytes = factors[0] * factors[1] * channels * dtype.itemsize // 2
    steps = block_steps(sizes, item_bytes)
    down_weights, across_weights = (_weights(factor, dtype) for factor in factors)

    def work(block):
        some, down, across = block
        source = images[some, down.pixels, across.pixels]
        target = answer[some, down.outputs, across.outputs]
        shape = (*source.shape[:2], target.shape[2], channels)
        wide = workspace("wide", shape, dtype)
        _interpolate(source, across, across_weights, 2, wide)
        _interpolate(wide, down, down_weights, 1, target)

    rows, columns = map(Stretch.cover, (height, width), factors, steps[1:])
    for_each(work, product(slices(batch, steps[0]), rows, columns))
    return answer


def _weights(factor, dtype):
    """Return the weights of a gap's right pixel in its outputs, but for a weight of 0.

    The q-th output lies q / factor into the gap, half a step more if the factor is
    even. So backwards, these are the weights of the left pixel.
    """
    odd = factor % 2
    return [dtype.type((q + (1 - odd) / 2) / factor) for q in range(odd, factor)]


def _interpolate(source, stretch, weights, axis, target):
    """Write `source` to `target`, stretched along one axis."""
    every, before = (slice(None),) * axis, stretch.before
    inside = target.shape[axis] - stretch.after
    if before:
        target[(*every, slice(before))] = source[(*every, slice(1))]
    if stretch.after:
        target[(*every, slice(inside, None))] = source[(*every, slice(-1, None))]
    places = [
        target[(*every, slice(before + phase, inside, stretch.factor))]
        for phase in range(stretch.factor)
    ]
    if len(weights) < len(places):
        # An odd factor puts an output on the pixel itself.
        for place, pixel in long_runs(places.pop(0), source[(*every, slice(-1))]):
            place[...] = pixel
    # Each product serves twice: to the left of a gap and to its right.
    products = workspace(
        f"products {axis}", (len(weights), *source.shape), target.dtype
    )
    for weight, space in zip(weights, products, strict=True):
        np.multiply(source, weight, out=space, dtype=target.dtype)
    lefts, rights = (
        products[(slice(None), *every, part)] for part in (slice(-1), slice(1, None))
    )
    for arrays in zip(places, lefts[::-1], rights, strict=True):
        for place, one, other in long_runs(*arrays):
            np.add(one, other, out=place)


def repeat(images, factors, dtype):
    """Return checked 4D images, each pixel repeated."""
    batch, height, width, channels = images.shape
    down, across = factors
    answer = np.empty((batch, height * down, width * across, channels), dtype)
    pixels = answer.reshape(batch, height, down, width, across, channels)
    steps = block_steps(images.shape[:3], down * across * channels * dtype.itemsize)

    def work(block):
        some, rows, columns = block
        target = pixels[some, rows, :, columns]
        target[:, :, 0] = images[block][:, :, :, np.newaxis]
        target[:, :, 1:] = target[:, :, :1]

    for_each(work, product(*map(slices, images.shape[:3], steps)))
    return answer
