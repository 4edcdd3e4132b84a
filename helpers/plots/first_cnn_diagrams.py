"""Figures of Chapter 5, A first CNN, that explain: drawn, not measured."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon, Rectangle

from helpers.plots._drawing import GREY_CELL, bare
from helpers.plots._style import (
    ACCENT,
    MUTED,
    PAPER,
    SECOND,
    WIDTH,
    book_figure,
)


@book_figure
def typical_cnn(stages):
    """Draw a network as boxes: as high as its maps, as deep as they are many.

    Parameters
    ----------
    stages : sequence of (str, tuple of int)
        Name and output shape of each: ``(height, width, maps)``, or ``(units,)`` for
        a dense layer.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    x = 0.0
    for name, shape in stages:
        side = shape[0] if len(shape) == 3 else 3 * np.log2(shape[0])
        depth = max(2.2 * np.log2(shape[-1]), 1.5) if len(shape) == 3 else 1.5
        lean = 0.18 * side
        color = ACCENT if len(shape) == 3 else SECOND
        low = -side / 2
        front = Rectangle((x, low), depth, side, facecolor=color, alpha=0.75)
        top = [(x, -low), (x + lean, lean - low), (x + depth + lean, lean - low)]
        right = [(x + depth, low), (x + depth + lean, low + lean)]
        right += [(x + depth + lean, lean - low), (x + depth, -low)]
        for patch, alpha in (
            (Polygon([*top, (x + depth, -low)]), 0.4),
            (Polygon(right), 0.55),
        ):
            patch.set(facecolor=color, alpha=alpha, edgecolor="white", lw=0.8)
            ax.add_patch(patch)
        ax.add_patch(front)
        ax.text(
            x + depth / 2,
            -17,
            name,
            ha="right",
            va="top",
            rotation=45,
            rotation_mode="anchor",
            fontsize=9.5,
        )
        label = f"{shape[0]}²×{shape[-1]}" if len(shape) == 3 else f"{shape[0]}"
        ax.text(x + depth / 2 + lean, -low + lean + 1, label, ha="center", fontsize=9)
        x += max(depth + max(lean, 3) + 3.2, 13.5 if len(shape) == 3 else 0)
    ax.set_xlim(-4, x)
    ax.set_ylim(-33, 24)
    bare(ax)
    return figure


@book_figure
def normalized_together(ways, images=3, positions=4, channels=6):
    """Show which values share one mean and one variance, a panel a way.

    Parameters
    ----------
    ways : dict
        Name to an array of whole numbers ``[images, positions, channels]``: values
        with the same number are normalized together. Those that share the first
        image's first number are marked.
    images, positions, channels : int
        Positions stand for the pixels of a map.
    """
    figure, axes = plt.subplots(1, len(ways), figsize=(WIDTH, 2.5))
    for ax, (name, group) in zip(axes, ways.items(), strict=True):
        for n, position, c in np.ndindex(images, positions, channels):
            marked = group[n, position, c] == group[0, 0, 0]
            corner = (c + 0.25 * position, -n * 1.9 - 0.3 * position)
            ax.add_patch(
                Rectangle(
                    corner,
                    0.95,
                    0.95,
                    facecolor=ACCENT if marked else GREY_CELL,
                    edgecolor=PAPER if marked else MUTED,
                    linewidth=0.5,
                    zorder=position,
                )
            )
        ax.text(channels / 2, 1.5, "channels →", ha="center", fontsize=9, color=MUTED)
        ax.set_xlim(-0.9, channels + 1)
        ax.set_ylim(-1.9 * images + 0.6, 2.6)
        bare(ax, name)
        ax.title.set_fontsize(10)
    axes[0].text(
        -0.5,
        -1.9 * (images - 1) / 2,
        "← images",
        rotation=90,
        ha="center",
        va="center",
        fontsize=9,
        color=MUTED,
    )
    return figure
