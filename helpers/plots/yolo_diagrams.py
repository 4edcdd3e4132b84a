"""Diagrams of Chapter 13, YOLO: what a cell puts out, and what becomes of it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._boxes import draw_boxes
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure

GREY = "#cfd8dc"


@book_figure
def layouts(rows):
    """Draw the numbers of one cell as a strip, for several versions.

    Parameters
    ----------
    rows : sequence of (str, YoloLayout)
        Name and layout.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.78 * len(rows) + 0.5))
    longest = max(layout.numbers for _, layout in rows)
    for place, (name, layout) in enumerate(rows):
        y = -1.45 * place
        x = 0
        for _ in range(layout.boxes):
            x = _part(ax, x, y, 4, ACCENT)
            x = _part(ax, x, y, 1, SECOND)
            if not layout.shared_classes:
                x = _part(ax, x, y, layout.classes, GREY)
        if layout.shared_classes:
            x = _part(ax, x, y, layout.classes, GREY)
        ax.text(0, y + 0.82, f"{name}: {layout.numbers} numbers", fontsize=10)
    for color, name in ((ACCENT, "box"), (SECOND, "objectness"), (GREY, "classes")):
        ax.bar(0, 0, color=color, label=name)
    ax.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    ax.set_xlim(-1, longest + 1)
    ax.set_ylim(-1.45 * len(rows) + 1.25, 1.25)
    ax.set_axis_off()
    return figure


def _part(ax, x, y, width, color):
    """Draw a part of the strip; return where it ends."""
    look = {"facecolor": color, "edgecolor": PAPER, "linewidth": 0.8}
    ax.add_patch(Rectangle((x, y), width, 0.62, **look))
    return x + width


def empty_grid(ax, size, stride):
    """Draw the cells of a grid without a picture, in pixels."""
    for edge in np.arange(0, size + 1, stride):
        ax.plot([edge, edge], [0, size], color=GREY, lw=0.8, zorder=0)
        ax.plot([0, size], [edge, edge], color=GREY, lw=0.8, zorder=0)
    ax.set(xlim=(-1, size + 1), ylim=(size + 1, -1), aspect="equal")
    ax.set_axis_off()


@book_figure
def proposals(boxes, cell, size, stride):
    """Draw the boxes that one cell proposes, on the grid.

    Parameters
    ----------
    boxes : ndarray, shape (boxes, 4)
        In pixels.
    cell : (int, int)
        Row and column.
    size, stride : int
        Side of the image and of a cell.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.6))
    empty_grid(ax, size, stride)
    draw_cell(ax, cell, stride)
    lines = ["-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)), "-"]
    for number, (box, line) in enumerate(zip(boxes, lines, strict=False)):
        color = (ACCENT, INK)[number % 2]
        draw_boxes(ax, [box], color=color, linestyle=line, path_effects=None)
    middle = (boxes[0, :2] + boxes[0, 2:]) / 2
    ax.plot(*middle, "o", color=SECOND, mec=INK, ms=7)
    return figure


def draw_cell(ax, cell, stride):
    """Tint one cell, given as (row, column)."""
    corner = (cell[1] * stride, cell[0] * stride)
    look = {"facecolor": SECOND, "alpha": 0.35, "edgecolor": SECOND}
    ax.add_patch(Rectangle(corner, stride, stride, **look))


@book_figure
def two_functions(anchor, stride):
    """Draw where a centre lies, and how wide a box is, over the raw number.

    Parameters
    ----------
    anchor : float
        Its width in pixels.
    stride : int
        Of a cell, in pixels.
    """
    raw = np.linspace(-6, 6, 200)
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.8))
    left.axhspan(0, stride, color=SECOND, alpha=0.15, lw=0)
    left.plot(raw, stride / (1 + np.exp(-raw)))
    left.set_yticks([0, stride / 2, stride])
    left.set_xlabel("raw number for the place")
    left.set_ylabel("centre in its cell, pixels")
    raw = np.linspace(-1.5, 1.5, 200)
    right.plot(raw, anchor * np.exp(raw))
    right.plot(0, anchor, "o", color=SECOND, mec=INK, ms=8)
    right.annotate("the anchor", (0, anchor), (-8, 6), textcoords="offset points")
    right.texts[-1].set_ha("right")
    right.set_ylim(0, None)
    right.set_xlabel("raw number for the size")
    right.set_ylabel("width of the box, pixels")
    return figure


@book_figure
def version_grids(panels):
    """Draw the grids of several versions side by side, in one size.

    Parameters
    ----------
    panels : sequence of (str, sequence of int)
        Title, and cells along a side for each of its grids.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH, 3.0))
    for ax, (title, grids) in zip(axes, panels, strict=True):
        for number, cells in enumerate(grids):
            _shifted_grid(ax, cells, 0.16 * number, len(grids) - number)
        names = "\n".join(f"{cells}×{cells}" for cells in grids)
        ax.text(0.5, -0.08, title, ha="center", va="bottom", fontsize=10)
        below = 1.06 + 0.16 * (len(grids) - 1)
        ax.text(0.0, below, names, va="top", fontsize=9, linespacing=1.3)
        ax.set(xlim=(-0.04, 1.4), ylim=(1.85, -0.22), aspect="equal")
        ax.set_axis_off()
    return figure


def _shifted_grid(ax, cells, shift, order):
    look = {"facecolor": PAPER, "edgecolor": ACCENT, "linewidth": 1.4}
    ax.add_patch(Rectangle((shift, shift), 1, 1, zorder=order, **look))
    for edge in np.arange(1, cells) / cells + shift:
        line = {"color": MUTED, "lw": 0.45, "zorder": order + 0.5}
        ax.plot([edge, edge], [shift, shift + 1], **line)
        ax.plot([shift, shift + 1], [edge, edge], **line)
