"""The engine of the 2D convolution with few output channels and a stride of one.

With few filters the copies cost more than the products. So only the windows' single
rows become columns, a filter's height times fewer numbers; each meets all rows of all
filters, and the products of a window's rows are added up after.
"""

from itertools import product

import numpy as np

from helpers._blocks import slices, workspace
from helpers._patches import COLUMN_BYTES, PatchReader

# With no more output channels than this, copying costs more than multiplying.
FEW_OUTPUTS, FEW_WEIGHTS = 4, 1 << 16


def is_few(filters, windows):
    """Tell whether the convolution is worth this way, and can go it."""
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


def correlate_few(images, filters, windows, dtype, bias):
    """Return the cross-correlation of checked images and filters, and a bias."""
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
    """Return the images, rows and columns of a block, with `reach` further rows."""
    fits = max(1, COLUMN_BYTES // (numbers * dtype.itemsize))
    height, width = windows.outputs
    cols = max(1, min(width, fits // (4 * (reach + 1))))
    rows = max(1, min(height, fits // cols - reach))
    is_whole = (rows, cols) == (height, width)
    batch = min(len(images), fits // ((rows + reach) * cols)) if is_whole else 1
    return max(1, batch), rows, cols
