"""Figures of Chapter 1, The visual cortex: its later sections, on networks."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import draw_weights, show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def timeline(events):
    """Draw events under each other, spaced by the years between them.

    Parameters
    ----------
    events : list of tuple
        Year, text, and ``"brain"`` or ``"machine"``.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 6.2))
    years = np.array([year for year, _, _ in events], float)
    gap = (years[-1] - years[0]) / 22  # what a line of text needs
    heights = years.copy()
    for k in range(1, len(heights)):
        heights[k] = max(heights[k], heights[k - 1] + gap)
    ax.plot([0, 0], [years[0], years[-1]], color=MUTED, linewidth=2, zorder=0)
    colors = {"brain": SECOND, "machine": ACCENT}
    for (year, text, kind), y in zip(events, heights, strict=True):
        marker = {"brain": "s", "machine": "o"}[kind]
        ax.plot([0], [year], marker, color=colors[kind], markersize=7)
        ax.plot([0.02, 0.055], [year, y], color=MUTED, linewidth=0.7)
        ax.text(0.065, y, f"{year}", va="center", weight="bold", fontsize=10)
        ax.text(0.165, y, text, va="center", fontsize=10)
    for kind, marker, label in (("brain", "s", "brains"), ("machine", "o", "machines")):
        ax.plot([], [], marker, color=colors[kind], label=label)
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.02, -0.03))
    ax.set(xlim=(-0.03, 1), ylim=(max(heights) + 5, years[0] - 2))
    ax.set_axis_off()
    return figure


@book_figure
def weights_by_size(sides, curves, mark):
    """Draw the weights of a first layer against the side of a square picture.

    Parameters
    ----------
    sides : sequence of int
        In pixels.
    curves : dict of sequence
        Name of the layer to its weights, one number a side.
    mark : int
        The side at which the numbers are written out.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.3))
    for (name, weights), color in zip(curves.items(), (SECOND, ACCENT), strict=True):
        ax.loglog(sides, weights, "o-", color=color, markersize=4, label=name)
        value = weights[list(sides).index(mark)]
        ax.annotate(
            f"{value:,}",
            (mark, value),
            (-6, 5),
            textcoords="offset points",
            ha="right",
            color=INK,
        )
    top = max(weights[list(sides).index(mark)] for weights in curves.values())
    ax.plot([mark, mark], [1, top], color=MUTED, linewidth=0.8, linestyle="--")
    ax.set_xticks(sides, [f"{side:,}" for side in sides])
    ax.minorticks_off()
    ax.set_ylim(100, 1e11)
    ax.set_xlabel("side of the picture (pixels)")
    ax.set_ylabel("weights")
    ax.legend(frameon=False, loc="upper left")
    return figure


@book_figure
def sheet(pictures, columns=8):
    """Show many small filters, each stretched to its own range."""
    rows = -(-len(pictures) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, WIDTH / columns * rows * 1.02)
    )
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    for ax, picture in zip(axes.flat, pictures, strict=True):
        draw_weights(ax, picture)
    return figure


@book_figure
def people_and_machines(results):
    """Draw what people and networks reached on the same task.

    Parameters
    ----------
    results : list of tuple
        Task, per cent right of people, per cent right of networks.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 1.1 + 0.72 * len(results)))
    for row, (task, people, machines) in enumerate(results):
        ax.plot([people, machines], [row, row], color=MUTED, linewidth=1, zorder=1)
        for value, color, marker in (
            (people, SECOND, "s"),
            (machines, ACCENT, "o"),
        ):
            ax.plot([value], [row], marker, color=color, markersize=8, zorder=2)
            outside = -1 if value == min(people, machines) else 1
            ax.annotate(
                f"{value:g}",
                (value, row),
                (outside * 7, 0),
                textcoords="offset points",
                ha="left" if outside > 0 else "right",
                va="center",
                fontsize=10,
            )
        ax.text(0, row - 0.3, task, va="bottom", fontsize=10)
    for label, color, marker in (("people", SECOND, "s"), ("networks", ACCENT, "o")):
        ax.plot([], [], marker, color=color, markersize=8, label=label)
    ax.legend(frameon=False, loc="lower left", ncols=2, bbox_to_anchor=(0, -0.02))
    ax.set(xlim=(0, 109), ylim=(len(results) - 0.1, -0.75), yticks=[])
    ax.set_xticks(range(0, 101, 20))
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("per cent")
    return figure


@book_figure
def side_by_side(pictures, limits, height=2.2):
    """Show pictures in a row, each with its title and its range of values.

    Parameters
    ----------
    pictures : dict of ndarray
        Title to picture.
    limits : sequence of tuple of float
        What is black and what is white, a pair a picture.
    height : float
        Of the figure, in inches.
    """
    figure, axes = plt.subplots(1, len(pictures), figsize=(WIDTH, height))
    for ax, (title, picture), (low, high) in zip(
        axes, pictures.items(), limits, strict=True
    ):
        show(ax, picture, title, vmin=low, vmax=high)
        ax.title.set_fontsize(10)
    return figure
