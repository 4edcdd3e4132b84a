"""Diagrams of Chapter 6, LeNet-5 to GoogLeNet: how networks are wired."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._diagrams import arrow, box
from helpers.plots._drawing import GREY_CELL
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def connection_table(reads):
    """Draw which maps of a layer read which maps of the layer below.

    Parameters
    ----------
    reads : ndarray of bool, shape (maps below, maps)
    """
    reads = np.asarray(reads, bool)
    below, maps = reads.shape
    figure, ax = plt.subplots(figsize=(WIDTH, 2.6))
    for row, column in np.ndindex(below, maps):
        ax.add_patch(
            Rectangle(
                (column, row),
                1,
                1,
                facecolor=ACCENT if reads[row, column] else GREY_CELL,
                edgecolor="white",
                linewidth=1.5,
            )
        )
    ax.set_xlim(0, maps)
    ax.set_ylim(below, 0)
    ax.set_aspect("equal")
    ax.set_xticks(np.arange(maps) + 0.5, range(maps))
    ax.set_yticks(np.arange(below) + 0.5, range(below))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel("map of C3")
    ax.set_ylabel("map of S2")
    return figure


@book_figure
def two_groups(layers, joins, output):
    """Draw a network in two groups, and the layers that read both.

    Parameters
    ----------
    layers : sequence of (str, str)
        Name of each layer, and what one half of it holds; from the input on.
    joins : sequence of bool
        Whether the layer reads both halves of the layer below.
    output : str
        The last layer, which is not divided.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.56 * (len(layers) + 1) + 0.3))
    for k, ((name, text), joined) in enumerate(zip(layers, joins, strict=True)):
        ax.text(4, -k, name, ha="center", va="center", fontsize=10)
        for x, other, color in ((1.85, 6.15, ACCENT), (6.15, 1.85, SECOND)):
            box(ax, x, -k, 2.3, 0.56, text, color)
            if k == 0:
                continue
            arrow(ax, (x, 0.7 - k), (x, 0.3 - k), color)
            if joined:
                # From the inner edge of the other half, across the middle.
                inward = 0.9 if x < other else -0.9
                arrow(ax, (other - inward, 0.7 - k), (x + inward, 0.3 - k), color)
    bottom = -len(layers)
    box(ax, 4, bottom, 3, 0.56, output, INK)
    for x, color in ((1.85, ACCENT), (6.15, SECOND)):
        arrow(ax, (x, bottom + 0.7), (4 + (x - 4) * 0.5, bottom + 0.3), color)
    ax.set_xlim(0.6, 7.4)
    ax.set_ylim(bottom - 0.45, 0.45)
    ax.set_axis_off()
    return figure


@book_figure
def inception_module(channels, widths):
    """Draw an inception module with the depth of each of its layers.

    Parameters
    ----------
    channels : int
        Maps of the input.
    widths : tuple of int
        Filters of the 1×1 branch; of the bottleneck and the filters of the 3×3 branch;
        of the same two of the 5×5 branch; of the 1×1 after the pooling.
    """
    one, reduce3, three, reduce5, five, pool = widths
    figure, ax = plt.subplots(figsize=(WIDTH, 3.7))
    xs = (1, 3, 5, 7)
    lower = [None, f"1×1\n{reduce3}", f"1×1\n{reduce5}", "max pool\n3×3"]
    upper = [f"1×1\n{one}", f"3×3\n{three}", f"5×5\n{five}", f"1×1\n{pool}"]
    box(ax, 4, 0, 3.2, 0.6, f"input, {channels} maps", MUTED)
    total = one + three + five + pool
    box(ax, 4, 4.4, 3.2, 0.6, f"concatenation, {total} maps", ACCENT, filled=True)
    for x, below, above in zip(xs, lower, upper, strict=True):
        first = 2.9 if below is None else 1.5
        arrow(ax, (4 + (x - 4) * 0.4, 0.3), (x, first - 0.4))
        if below:
            color = MUTED if "pool" in below else SECOND
            box(ax, x, 1.5, 1.6, 0.8, below, color)
            arrow(ax, (x, 1.9), (x, 2.5))
        box(ax, x, 2.9, 1.6, 0.8, above, SECOND if x == 7 else ACCENT)
        arrow(ax, (x, 3.3), (4 + (x - 4) * 0.4, 4.1))
    ax.set_xlim(0.1, 7.9)
    ax.set_ylim(-0.4, 4.8)
    ax.set_axis_off()
    return figure


@book_figure
def map_sizes(names, sizes, kinds):
    """Draw the height of the maps, layer by layer, as a staircase.

    Parameters
    ----------
    names : sequence of str
    sizes : sequence of int
        Height of each layer's output, in pixels.
    kinds : sequence of str
        Layers of one kind have one colour; at most four kinds.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.245 * len(names) + 0.7))
    palette = [ACCENT, SECOND, MUTED, INK]
    order = list(dict.fromkeys(kinds))
    for kind, color in zip(order, palette, strict=False):
        rows = [k for k, each in enumerate(kinds) if each == kind]
        values = [sizes[k] for k in rows]
        ax.barh(rows, values, color=color, height=0.72, label=kind)
    for row, size in enumerate(sizes):
        ax.text(size * 1.06, row, f"{size}", va="center", fontsize=9.5)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0, labelcolor=INK, labelsize=9.5)
    ax.invert_yaxis()
    ax.set_xscale("log", base=2)
    ax.set_xlim(0.7, 330)
    ax.set_xticks([1, 7, 14, 28, 56, 112], ["1", "7", "14", "28", "56", "112"])
    ax.minorticks_off()
    ax.set_xlabel("height of the maps in pixels")
    ax.legend(frameon=False, loc="lower right")
    return figure
