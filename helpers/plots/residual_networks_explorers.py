"""The frames of Chapter 7's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._style import ACCENT, MUTED, SECOND, WIDTH, book_figure

RANGE = (1e-13, 1e9)  # room for what 64 layers do to a signal of size 1


@book_figure
def traces(signal, gradient, deepest):
    """Draw the size of signal and gradient after each unit of a network.

    Parameters
    ----------
    signal, gradient : sequence of float
        One number for the input and one for each unit; the signal in units of the
        input's, the gradient in units of that at the output.
    deepest : int
        Units of the deepest network, for which the axes have room.
    """
    figure, axes = plt.subplots(2, 1, figsize=(WIDTH, 3.9), sharex=True)
    names = ("signal, forwards →", "← gradient, backwards")
    for ax, values, name, color in zip(
        axes, (signal, gradient), names, (ACCENT, SECOND), strict=True
    ):
        layers = 2 * np.arange(len(values))
        ax.axhline(1, color=MUTED, lw=0.8, linestyle=(0, (3, 3)))
        ax.semilogy(layers, values, "o-", color=color, ms=3.5, lw=1.6)
        ax.set_xlim(-1, 2 * deepest + 1)
        ax.set_ylim(*RANGE)
        ax.set_yticks([1e-12, 1e-8, 1e-4, 1, 1e4, 1e8])
        ax.minorticks_off()
        ax.set_title(name, loc="left", fontsize=10)
    axes[1].set_xlabel("layers from the input")
    return figure


@book_figure
def gates(values, average, name):
    """Draw a class's gates, map by map, and the average over all classes.

    Parameters
    ----------
    values, average : ndarray, shape (maps,)
        From 0 to 1.
    name : str
        Of the class.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.8))
    maps = np.arange(1, len(values) + 1)
    ax.bar(maps, values, color=ACCENT, width=0.75, label=name)
    look = {"color": SECOND, "where": "mid", "lw": 1.6, "label": "all classes"}
    ax.step(maps, average, **look)
    ax.set_ylim(0, 1.0)
    ax.set_xlim(0.3, len(values) + 0.7)
    ax.set_xlabel("map")
    ax.set_ylabel("gate")
    ax.legend(
        frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1, 1), borderpad=0
    )
    return figure
