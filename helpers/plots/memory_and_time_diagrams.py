"""Diagrams of Chapter 16: how numbers are stored, how workers talk to each other."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from helpers.plots._diagrams import arrow, box
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def number_formats(formats):
    """Draw the bits of each format: one for the sign, exponent, fraction.

    Parameters
    ----------
    formats : dict
        Name to ``(exponent bits, fraction bits)``.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.75 * len(formats) + 0.45))
    for row, (name, (exponent, fraction)) in enumerate(formats.items()):
        kinds = [(1, MUTED), (exponent, SECOND), (fraction, ACCENT)]
        place = 0
        for count, color in kinds:
            for _ in range(count):
                corner = (place + 0.06, row + 0.3)
                ax.add_patch(Rectangle(corner, 0.88, 0.62, fc=color, lw=0))
                place += 1
        text = f"{name}: {exponent} bits exponent, {fraction} bits fraction"
        ax.text(0.06, row + 0.2, text, va="bottom", fontsize=10, color=INK)
    ax.set_xlim(0, 33)
    ax.set_ylim(len(formats), -0.25)
    ax.set_axis_off()
    return figure


@book_figure
def worker_step(workers, share):
    """Draw one step of data-parallel training, from the batch to the new weights.

    Parameters
    ----------
    workers : int
    share : int
        Images that each worker takes.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.9))
    middle = (workers - 1) / 2 * 2.6
    box(ax, middle, 6.2, 3.4, 0.7, f"batch of {workers * share}", MUTED)
    for worker in range(workers):
        x = 2.6 * worker
        arrow(ax, (middle, 5.85), (x, 5.3))
        box(ax, x, 4.95, 2.3, 0.7, f"{share} images", ACCENT)
        arrow(ax, (x, 4.6), (x, 4.05))
        box(ax, x, 3.6, 2.3, 0.9, "model: loss,\ngradient", ACCENT)
        arrow(ax, (x, 3.15), (x, 2.6))
        arrow(ax, (x, 1.9), (x, 1.35))
        box(ax, x, 1.0, 2.3, 0.7, "new weights", ACCENT)
        ax.text(x, 0.3, f"worker {worker}", ha="center", fontsize=10, color=INK)
    wide = 2.6 * (workers - 1) + 2.3
    box(ax, middle, 2.25, wide, 0.7, "all-reduce: sum of gradients", SECOND)
    ax.set_xlim(-1.4, 2.6 * (workers - 1) + 1.4)
    ax.set_ylim(0, 6.7)
    ax.set_axis_off()
    return figure
