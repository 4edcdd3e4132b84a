"""Diagrams of Chapter 11: boxes on paper, and a network with two outputs."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._diagrams import arrow
from helpers.plots._diagrams import box as rounded
from helpers.plots._drawing import bare
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def pairs(boxes, others, below, size):
    """Draw pairs of boxes side by side, with a few words under each.

    Parameters
    ----------
    boxes, others : sequence of array_like, shape (4,)
        The first of each pair is drawn full, the other one dashed.
    below : sequence of str
    size : (float, float)
        Height and width of the paper.
    """
    figure, axes = plt.subplots(1, len(boxes), figsize=(WIDTH, 2.55))
    for ax, box, other, words in zip(axes, boxes, others, below, strict=True):
        paper(ax, size)
        outline(ax, box, ec=SECOND, lw=2.5)
        outline(ax, other, ec=ACCENT, lw=2.5, linestyle=(0, (3, 1.5)))
        ax.set_title(words, fontsize=10, linespacing=1.3)
    return figure


def paper(ax, size):
    """Draw an empty sheet, and show nothing outside of it."""
    height, width = size
    ax.add_patch(Rectangle((0, 0), width, height, fc="#f4f6f7", ec=MUTED, lw=0.8))
    ax.set_xlim(-1, width + 1)
    ax.set_ylim(height + 1, -1)
    bare(ax)


def outline(ax, box, fill=False, **look):
    """Draw a box as its outline, or filled."""
    x_min, y_min, x_max, y_max = box
    sides = (x_max - x_min, y_max - y_min)
    ax.add_patch(Rectangle((x_min, y_min), *sides, fill=fill, **look))


@book_figure
def intersection_and_union(box, other, size, titles):
    """Shade what two boxes share, and what either of them covers.

    Parameters
    ----------
    box, other : array_like, shape (4,)
        They overlap.
    size : (float, float)
        Height and width of the paper.
    titles : (str, str)
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.5))
    shared = [*np.maximum(box[:2], other[:2]), *np.minimum(box[2:], other[2:])]
    for ax, title, areas in zip(axes, titles, ([shared], [box, other]), strict=True):
        paper(ax, size)
        for area in areas:
            outline(ax, area, fill=True, fc="#bfdadc", ec="none")
        outline(ax, box, ec=SECOND, lw=2.5)
        outline(ax, other, ec=ACCENT, lw=2.5, linestyle=(0, (3, 1.5)))
        ax.set_title(title, fontsize=10)
    return figure


@book_figure
def two_heads(trunk, heads):
    """Draw layers in a column, and two columns that stand on the last of them.

    Parameters
    ----------
    trunk : sequence of str
        Texts of the layers from the images on.
    heads : (sequence of str, sequence of str)
        Texts of each head's layers.
    """
    step, tall, high = 1.0, 0.62, 0.95
    top = (len(trunk) - 1) * step
    most = max(map(len, heads))
    figure, ax = plt.subplots(figsize=(WIDTH, 0.55 * len(trunk) + 0.8 * most))
    ax.text(0, 0, trunk[0], ha="center", va="center", fontsize=10, color=INK)
    for place, text in enumerate(trunk[1:], start=1):
        arrow(ax, (0, (place - 1) * step + tall / 2), (0, place * step - tall / 2))
        rounded(ax, 0, place * step, 4.4, tall, text, MUTED)
    for x, texts, color in zip((-1.6, 1.6), heads, (ACCENT, SECOND), strict=True):
        start = (0.4 * x, top + tall / 2)
        for place, text in enumerate(texts):
            y = top + 1.3 + 1.4 * step * place
            arrow(ax, start, (x, y - high / 2))
            rounded(ax, x, y, 2.9, high, text, color)
            start = (x, y + high / 2)
    ax.set_xlim(-3.3, 3.3)
    ax.set_ylim(-0.4, top + 1.4 * most + 0.6)
    ax.set_axis_off()
    return figure
