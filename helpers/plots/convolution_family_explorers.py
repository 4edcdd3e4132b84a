"""The frames of Chapter 4's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.geometry import receptive_field
from helpers.plots._drawing import draw_grid, draw_window, same_scale
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


def inputs_read(filter_size, rates):
    """Return for each layer the units that lead to one neuron, lowest layer first.

    Units are numbered from the leftmost that the neuron's receptive field holds.
    """
    units, layers = {0}, [{0}]
    for rate in reversed(rates):
        units = {unit + tap * rate for unit in units for tap in range(filter_size)}
        layers.append(units)
    return layers[::-1]


@book_figure
def dilation_tree(filter_size, rates, room=None):
    """Draw all that one neuron reads through a stack of dilated layers.

    Parameters
    ----------
    filter_size : int
        Taps of each filter.
    rates : sequence of int
        Dilation of each layer, lowest layer first.
    room : int, optional
        Draw at a scale on which so many inputs fit; as many as the receptive field
        has if not given.
    """
    layers = inputs_read(filter_size, rates)
    size = receptive_field([(filter_size, 1, rate) for rate in rates]).size
    # The output stands over the field's right end: a causal stack, or VALID's last.
    top = size - 1
    shown = [{top - unit for unit in units} for units in layers]
    figure, ax = plt.subplots(figsize=(WIDTH, 0.75 * len(layers) + 1.15))
    for height, rate in enumerate(rates):
        for unit in shown[height + 1]:
            for tap in range(filter_size):
                ends = [unit - tap * rate, unit]
                ax.plot(ends, [height, height + 1], color=ACCENT, lw=1.2, zorder=1)
    for height, units in enumerate(shown):
        # The inputs that nobody reads get a cross instead, below.
        rest = sorted(set(range(size)) - units) if height else []
        ax.plot(rest, [height] * len(rest), "o", mfc="white", mec=MUTED, ms=5)
        color = SECOND if height == len(rates) else ACCENT
        ax.plot(sorted(units), [height] * len(units), "o", color=color, ms=6.5)
        name = f"rate {rates[height - 1]}" if height else "input"
        ax.text(top + 0.8, height, name, va="center", color=INK)
    unread = sorted(set(range(size)) - shown[0])
    ax.plot(unread, [0] * len(unread), "x", color=INK, ms=6, zorder=3)
    room = room or size
    ax.set_xlim(top - room + 0.2, top + 0.8 + 0.16 * room)
    ax.set_ylim(-0.5, len(rates) + 0.4)
    ax.set_axis_off()
    ax.set_title(
        f"{len(rates)} layer{'s' * (len(rates) > 1)}, {filter_size} taps each: "
        f"reads {size - len(unread)} of {size} inputs",
        loc="left",
    )
    return figure


@book_figure
def painting_step(image, brush, stride, position, shape):
    """Draw one step of a transposed convolution: a pixel paints the brush.

    Parameters
    ----------
    image : ndarray, shape (height, width)
        Small whole numbers.
    brush : ndarray, shape (filter_height, filter_width)
        Small whole numbers.
    stride : int
        Distance between the places where neighbouring pixels paint.
    position : int
        Number of the pixel that paints last, row by row.
    shape : (int, int)
        Rows and columns to leave room for: the largest answer of all frames.
    """
    size = [(n - 1) * stride + f for n, f in zip(image.shape, brush.shape, strict=True)]
    answer, painted = np.zeros(size, int), np.zeros(size, bool)
    for n in range(position + 1):
        row, column = (stride * k for k in divmod(n, image.shape[1]))
        place = np.s_[row : row + brush.shape[0], column : column + brush.shape[1]]
        answer[place] += image.flat[n] * brush
        painted[place] = True
    row, column = divmod(position, image.shape[1])
    figure, axes = plt.subplot_mosaic(
        [["image", "brush"], ["answer", "answer"]],
        figsize=(WIDTH, 4.9),
        height_ratios=[max(len(image), len(brush)), shape[0]],
    )
    draw_grid(axes["image"], image)
    draw_window(axes["image"], row, column, (1, 1), SECOND)
    draw_grid(axes["brush"], brush)
    same_scale(axes["image"], axes["brush"])
    cells = np.where(painted, answer.astype(object), "")
    draw_grid(axes["answer"], cells)
    draw_window(axes["answer"], row * stride, column * stride, brush.shape)
    axes["answer"].set_xlim(-0.1, shape[1] + 0.1)
    axes["answer"].set_ylim(shape[0] + 0.1, -0.1)
    axes["image"].set_title("image")
    axes["brush"].set_title("filter")
    axes["answer"].set_title(
        f"answer: {image[row, column]} times the filter is added", loc="left"
    )
    return figure
