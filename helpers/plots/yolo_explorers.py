"""The frames of Chapter 13's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._boxes import draw_boxes, show_picture
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure
from helpers.plots.yolo import draw_cells, draw_sizes
from helpers.plots.yolo_diagrams import draw_cell, empty_grid


@book_figure
def decoded(box, anchor, cell, size, stride):
    """Draw one box on the grid, beside the anchor that it was made from.

    Parameters
    ----------
    box : ndarray, shape (4,)
        In pixels.
    anchor : (float, float)
        Width and height in pixels.
    cell : (int, int)
        Row and column.
    size, stride : int
        Side of the image and of a cell.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.3))
    empty_grid(ax, size, stride)
    draw_cell(ax, cell, stride)
    middle = (np.array(cell[::-1]) + 0.5) * stride
    half = np.asarray(anchor) / 2
    before = [*(middle - half), *(middle + half)]
    dashed = {"linestyle": (0, (4, 3)), "linewidth": 1.4, "path_effects": None}
    draw_boxes(ax, [before], color=MUTED, **dashed)
    draw_boxes(ax, [box], color=ACCENT, path_effects=None)
    centre = (box[:2] + box[2:]) / 2
    ax.plot(*centre, "o", color=SECOND, mec=INK, ms=7)
    width, height = box[2:] - box[:2]
    text = f"centre ({centre[0]:.1f}, {centre[1]:.1f})\nsize {width:.0f} × {height:.0f}"
    ax.text(size + 4, 0, text, va="top", fontsize=10, linespacing=1.4)
    ax.set_xlim(-1, size + 62)
    return figure


@book_figure
def clusters(shapes, owners, anchors, overlap):
    """Draw one step of k-means: boxes, the anchor of each, and how well they fit.

    Parameters
    ----------
    shapes : ndarray, shape (boxes, 2)
    owners : ndarray, shape (boxes,)
    anchors : ndarray, shape (anchors, 2)
    overlap : float
        Mean IoU of the boxes with their best anchor.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.5))
    draw_sizes(ax, shapes, owners, anchors)
    ax.set_title(f"mean IoU with the best: {overlap:.3f}", loc="left", fontsize=10)
    return figure


@book_figure
def cell_numbers(picture, cell, stride, numbers, box, names):
    """Show a cell of a scene, one anchor's numbers there, and the box they mean.

    Parameters
    ----------
    picture : ndarray, shape (size, size, 3)
    cell : (int, int)
        Row and column.
    stride : int
    numbers : ndarray, shape (5 + classes,)
        Raw: two for the place, two for the size, objectness, classes.
    box : ndarray, shape (4,)
    names : sequence of str
        Of the classes.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 3.0), width_ratios=[0.85, 1]
    )
    grey = np.asarray(picture) @ np.array([0.299, 0.587, 0.114])
    show_picture(left, np.stack([130 + 0.45 * grey] * 3, axis=-1).astype(np.uint8))
    draw_cells(left, len(picture), stride, [cell])
    draw_boxes(left, [box])
    left.set(xlim=(0, picture.shape[1]), ylim=(picture.shape[0], 0))
    rows = ["place x", "place y", "width", "height", "objectness", *names]
    chance = 1 / (1 + np.exp(-numbers[4]))
    colors = [ACCENT] * 4 + [SECOND] + [MUTED] * len(names)
    limit = 12.0
    for row, (name, value, color) in enumerate(zip(rows, numbers, colors, strict=True)):
        length = np.clip(value, -limit, limit)
        right.add_patch(Rectangle((0, row - 0.4), length, 0.8, fc=color, alpha=0.6))
        right.text(-limit - 1, row, name, ha="right", va="center", fontsize=9)
    right.axvline(0, color=INK, lw=0.8)
    right.set(xlim=(-limit, limit), ylim=(len(rows) - 0.5, -0.6))
    right.set_yticks([])
    right.spines["left"].set_visible(False)
    right.tick_params(labelsize=9)
    right.set_title(f"objectness {100 * chance:.0f} %", fontsize=10)
    return figure
