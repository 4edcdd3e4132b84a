"""Diagrams of Chapter 15: how a region is read, and what is built on it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._diagrams import arrow, bend, box
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure

GREY = "#cfd8dc"
TINTS = ("#f8d9a8", "#f0b95c")


@book_figure
def network():
    """Draw a Mask R-CNN: the detector in two stages, and the third head."""
    figure, ax = plt.subplots(figsize=(WIDTH, 4.9))
    wide = 3.1
    box(ax, 2, 9, wide, 0.9, "image\n128×128×3", MUTED)
    box(ax, 2, 7.4, wide, 0.9, "backbone", ACCENT)
    box(ax, 2, 5.8, wide, 0.9, "map, stride 8\n16×16×64", MUTED)
    box(ax, 6.6, 5.8, wide, 0.9, "region proposals", ACCENT)
    box(ax, 2, 3.7, wide, 0.9, "RoIAlign\n7×7×64", ACCENT)
    box(ax, 6.6, 3.7, wide, 0.9, "RoIAlign\n14×14×64", SECOND)
    box(ax, 2, 2.0, wide, 0.9, "class and box", ACCENT)
    box(ax, 6.6, 2.0, wide, 0.9, "3 convolutions,\n×2", SECOND)
    box(ax, 6.6, 0.4, wide, 0.9, "a mask a class\n28×28×10", SECOND)
    for top, bottom in ((9, 7.4), (7.4, 5.8), (5.8, 3.7), (3.7, 2.0)):
        arrow(ax, (2, top - 0.45), (2, bottom + 0.47))
    for top, bottom in ((3.7, 2.0), (2.0, 0.4)):
        arrow(ax, (6.6, top - 0.45), (6.6, bottom + 0.47))
    arrow(ax, (3.55, 5.8), (5.03, 5.8))
    bend(ax, [(6.2, 5.35), (6.2, 4.85), (2.4, 4.85), (2.4, 4.17)])
    bend(ax, [(1.6, 5.35), (1.6, 4.75), (7.0, 4.75), (7.0, 4.17)], SECOND)
    bend(ax, [(3.55, 2.2), (4.3, 2.2), (4.3, 3.7), (5.03, 3.7)], SECOND)
    ax.text(4.42, 2.95, "boxes", fontsize=9, color=INK)
    ax.text(3.6, 0.4, "class chooses", fontsize=9, ha="center", va="center")
    bend(ax, [(2, 1.55), (2, 0.4), (2.55, 0.4)], SECOND)
    arrow(ax, (4.65, 0.4), (5.03, 0.4), SECOND)
    ax.set(xlim=(0.2, 8.4), ylim=(-0.2, 9.6))
    ax.set_axis_off()
    return figure


@book_figure
def readings(region, cells, shape):
    """Draw how RoIPool and RoIAlign read a region, on the pixels of a map.

    Parameters
    ----------
    region : (float, float, float, float)
        ``[x_min, y_min, x_max, y_max]`` in pixels of the map.
    cells : int
        Cells across the answer.
    shape : (int, int)
        Rows and columns of the map.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.9))
    for ax, title in zip(axes, ("RoIPool", "RoIAlign"), strict=True):
        rows, columns = shape
        for row, column in np.ndindex(rows, columns):
            look = {"facecolor": PAPER, "edgecolor": GREY, "linewidth": 0.8}
            ax.add_patch(Rectangle((column, row), 1, 1, **look))
        ax.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), aspect="equal")
        ax.set_axis_off()
        ax.set_title(title)
    _pooled(axes[0], np.array(region), cells)
    _aligned(axes[1], np.array(region), cells)
    return figure


def _pooled(ax, region, cells):
    """Tint the pixels that each cell of RoIPool reads."""
    low = np.round(region[:2]).astype(int)
    high = np.maximum(np.round(region[2:]).astype(int), low + 1)
    steps = low + np.arange(cells + 1)[:, np.newaxis] * (high - low) / cells
    starts, ends = np.floor(steps[:-1]).astype(int), np.ceil(steps[1:]).astype(int)
    for row, column in np.ndindex(cells, cells):
        corner = starts[column, 0], starts[row, 1]
        width, height = ends[column, 0] - corner[0], ends[row, 1] - corner[1]
        tint = TINTS[(row + column) % 2]
        look = {"facecolor": tint, "edgecolor": SECOND, "linewidth": 1.6}
        ax.add_patch(Rectangle(corner, width, height, alpha=0.75, **look))
    dashed = {"linestyle": (0, (4, 3)), "linewidth": 1.6}
    _frame(ax, region, INK, **dashed)


def _aligned(ax, region, cells):
    """Draw the cells of RoIAlign and their points, two down and two across."""
    _frame(ax, region, ACCENT, linewidth=2)
    steps = np.arange(1, cells) / cells
    size = region[2:] - region[:2]
    for step in steps:
        x, y = region[:2] + step * size
        ax.plot([x, x], region[[1, 3]], color=ACCENT, lw=1)
        ax.plot(region[[0, 2]], [y, y], color=ACCENT, lw=1)
    parts = (np.arange(2 * cells) + 0.5) / (2 * cells)
    x, y = np.meshgrid(*(region[:2] + parts[:, np.newaxis] * size).T)
    ax.plot(x.ravel(), y.ravel(), "o", color=SECOND, mec=INK, mew=0.6, ms=4.5)


def _frame(ax, region, color, **line):
    width, height = region[2:] - region[:2]
    look = {"fill": False, "edgecolor": color} | line
    ax.add_patch(Rectangle(region[:2], width, height, **look))
