"""Pieces that several figures draw: grids of cells, windows, photographs."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import ConnectionPatch, Rectangle

from helpers.plots._style import ACCENT, INK, MUTED, WIDTH

GREY_CELL = "#eceff1"
ZERO_CELL = "#ffffff"


def bare(ax, title=None):
    """Take the frame and the ticks off; keep pixels square."""
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set(xticks=[], yticks=[])  # hidden ticks would still take time to lay out
    if title:
        ax.set_title(title)
    return ax


def in_rows(count, columns, height):
    """Return a figure and its axes: so many, in rows of this height in inches."""
    rows = -(-count // columns)
    size = (WIDTH, rows * height)
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax in axes.flat[count:]:
        ax.set_axis_off()
    return figure, axes.flat[:count]


def show(ax, picture, title=None, **options):
    """Show a picture without a frame; values 0..255 or 0..1 or, with cmap, any."""
    if np.ndim(picture) == 2:
        options.setdefault("cmap", "gray")
    ax.imshow(picture, **options)
    return bare(ax, title)


def draw_grid(ax, values=None, shape=None, padding=((0, 0), (0, 0)), write=str):
    """Draw an array as cells with numbers, or a shape as empty cells.

    Cell (row, column) spans x from column to column + 1 and y from row to row + 1,
    downwards. Padding is drawn around it as dashed cells that hold zeros.
    """
    rows, columns = shape if values is None else np.shape(values)
    (top, bottom), (left, right) = padding
    for row in range(-top, rows + bottom):
        for column in range(-left, columns + right):
            inside = 0 <= row < rows and 0 <= column < columns
            ax.add_patch(
                Rectangle(
                    (column, row),
                    1,
                    1,
                    facecolor=GREY_CELL if inside else ZERO_CELL,
                    edgecolor=MUTED,
                    linewidth=0.8 if inside else 0.6,
                    linestyle="-" if inside else (0, (2, 2)),
                )
            )
            if inside and values is None:
                continue
            ax.text(
                column + 0.5,
                row + 0.5,
                write(values[row][column]) if inside else "0",
                ha="center",
                va="center",
                color=INK if inside else MUTED,
                fontsize=10,
            )
    ax.set_xlim(-left - 0.1, columns + right + 0.1)
    ax.set_ylim(rows + bottom + 0.1, -top - 0.1)
    return bare(ax)


def same_scale(*axes):
    """Draw grids in axes of one size with cells of one size."""
    right = max(ax.get_xlim()[1] for ax in axes)
    bottom = max(ax.get_ylim()[0] for ax in axes)
    for ax in axes:
        ax.set_xlim(right=right)
        ax.set_ylim(bottom=bottom)


def draw_window(ax, row, column, size, color=ACCENT):
    """Outline a window of ``size`` (height, width) and tint the cells it reads."""
    height, width = size
    outline = {"fill": False, "linewidth": 2.5, "zorder": 3}
    ax.add_patch(Rectangle((column, row), width, height, ec=color, **outline))
    for u in range(height):
        for v in range(width):
            corner = (column + v, row + u)
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=color, alpha=0.28, zorder=2))


def join(figure, start_ax, start, end_ax, end, color=ACCENT):
    """Draw a thin line from a point of one axes to a point of another."""
    places = {"axesA": start_ax, "axesB": end_ax}
    look = {"color": color, "linewidth": 1, "alpha": 0.8}
    line = ConnectionPatch(start, end, "data", "data", **places, **look)
    figure.add_artist(line)


def draw_weights(ax, weights, title=None, limit=None):
    """Show a filter: positive weights orange, negative ones violet, none white."""
    limit = limit or np.abs(weights).max()
    return show(ax, weights, title, cmap="PuOr_r", vmin=-limit, vmax=limit)


def lay_over(ax, weights):
    """Draw a filter into the lower left corner of a photograph."""
    inset = ax.inset_axes([0.03, 0.03, 0.26, 0.39])
    limit = np.abs(weights).max()
    inset.imshow(weights, cmap="PuOr_r", vmin=-limit, vmax=limit)
    inset.set(xticks=[], yticks=[])
    for spine in inset.spines.values():
        spine.set(visible=True, color="white", linewidth=2)
