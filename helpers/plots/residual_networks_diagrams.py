"""Diagrams of Chapter 7, ResNet, Xception, SENet: how their units are wired."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from helpers.plots._diagrams import arrow, bend, box, sign
from helpers.plots._drawing import GREY_CELL
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

STEP = 0.95  # from one box of a column to the next
TALL = 0.56  # height of a box


@book_figure
def units(panels):
    """Draw units side by side, each as a column of layers with its shortcut.

    Parameters
    ----------
    panels : sequence of dict
        ``title``; ``input`` and ``output``, texts; ``layers``, texts from the input
        on; ``shortcut``, the layer on the shortcut, ``""`` for none of its own, or
        None for a unit without a shortcut; ``last``, text of the layer after the sum.
    """
    most = max(len(panel["layers"]) for panel in panels)
    height = 0.62 * (most + 3) + 0.5
    figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH, height))
    for ax, panel in zip(axes, panels, strict=True):
        _unit(ax, panel, most)
        ax.set_title(panel["title"], fontsize=10)
        ax.set_xlim(-1.5, 3.2)
        ax.set_ylim(-0.6, (most + 3) * STEP - 0.1)
        ax.set_axis_off()
    return figure


def _unit(ax, panel, most):
    layers, shortcut = panel["layers"], panel["shortcut"]
    ax.text(0, 0, panel["input"], ha="center", va="center", fontsize=10)
    top = (most + 1) * STEP  # where the two ways meet
    below = 0
    for place, text in enumerate(layers, start=1):
        y = place * top / (len(layers) + 1)
        arrow(ax, (0, below + TALL / 2), (0, y - TALL / 2))
        box(ax, 0, y, 2.5, TALL, text, ACCENT)
        below = y
    if shortcut is None:
        arrow(ax, (0, below + TALL / 2), (0, top + STEP - TALL / 2))
    else:
        arrow(ax, (0, below + TALL / 2), (0, top - 0.22))
        arrow(ax, (0, top + 0.22), (0, top + STEP - TALL / 2))
        sign(ax, 0, top, "+")
        middle = top / 2
        points = [(0.25, 0.3), (2.3, 0.3), (2.3, top), (0.24, top)]
        ax.plot([0, 0.25], [0.3, 0.3], color=SECOND, lw=1.2)
        bend(ax, points, SECOND)
        if shortcut:
            box(ax, 2.3, middle, 1.55, 0.95, shortcut, SECOND)
    box(ax, 0, top + STEP, 2.5, TALL, panel["last"], MUTED)


@book_figure
def segments(counts):
    """Draw convolutions that see all maps, segments of them, or one map each.

    Parameters
    ----------
    counts : sequence of (int, str)
        Into how many segments eight maps are divided, and a title.
    """
    maps = 8
    figure, axes = plt.subplots(1, len(counts), figsize=(WIDTH, 2.9))
    for ax, (count, title) in zip(axes, counts, strict=True):
        box(ax, maps / 2, 0, maps, 0.8, "1×1", SECOND)
        for k in range(maps):
            arrow(ax, (k + 0.5, 0.4), (k + 0.5, 0.95))
            corner = (k + 0.08, 0.95)
            ax.add_patch(Rectangle(corner, 0.84, 0.6, fc=GREY_CELL, ec=MUTED, lw=0.8))
        wide = maps / count
        for k in range(count):
            x = (k + 0.5) * wide
            for start in range(int(k * wide), int((k + 1) * wide)):
                arrow(ax, (start + 0.5, 1.55), (start + 0.5, 2.15))
            label = "3×3" if wide > 1 else ""
            box(ax, x, 2.6, wide - 0.14, 0.9, label, ACCENT, filled=wide == 1)
            arrow(ax, (x, 3.05), (x, 3.6))
        ax.set_title(title, fontsize=10)
        ax.set_xlim(-0.15, maps + 0.15)
        ax.set_ylim(-0.5, 3.7)
        ax.set_axis_off()
    return figure


@book_figure
def recalibrated_units(channels, ratio):
    """Draw squeeze and excitation on an inception module and in a residual unit.

    Parameters
    ----------
    channels : int
        Maps of both.
    ratio : int
        How many times fewer neurons the first dense layer has.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 4.6))
    names = ["inception\nmodule", "residual\nbranch"]
    titles = ["SE-Inception", "SE-ResNet"]
    for ax, name, title in zip(axes, names, titles, strict=True):
        ax.text(0, 0, "input", ha="center", va="center", fontsize=10)
        arrow(ax, (0, 0.28), (0, 0.75))
        box(ax, 0, 1.2, 1.6, 0.9, name, ACCENT)
        arrow(ax, (0, 1.65), (0, 5.58))
        ax.plot([0, 2.1], [1.95, 1.95], color=SECOND, lw=1.2)
        _block(ax, 2.1, 1.95, channels, ratio)
        sign(ax, 0, 5.8, "×")
        bend(ax, [(2.1, 5.0), (2.1, 5.8), (0.24, 5.8)], SECOND)
        top = 5.8
        if title == "SE-ResNet":
            top = 6.7
            arrow(ax, (0, 6.02), (0, top - 0.22))
            sign(ax, 0, top, "+")
            bend(ax, [(0, 0.42), (-1.15, 0.42), (-1.15, top), (-0.24, top)], INK)
        arrow(ax, (0, top + 0.22), (0, 7.4))
        ax.set_title(title, fontsize=10)
        ax.set_xlim(-1.4, 3.35)
        ax.set_ylim(-0.3, 7.45)
        ax.set_axis_off()
    return figure


def _block(ax, x, y, channels, ratio):
    """Draw the squeeze and the excitation, upwards from a point."""
    layers = [
        ("global average\npooling", f"{channels}"),
        ("dense, ReLU", f"{channels // ratio}"),
        ("dense, sigmoid", f"{channels}"),
    ]
    arrow(ax, (x, y), (x, y + 0.3), SECOND)
    for place, (text, neurons) in enumerate(layers):
        middle = y + 0.65 + 1.03 * place
        box(ax, x, middle, 2.35, 0.72, f"{text}", SECOND)
        if place < 2:
            arrow(ax, (x, middle + 0.36), (x, middle + 0.67), SECOND)
        ax.text(x + 0.1, middle + 0.5, neurons, fontsize=9, va="center")
