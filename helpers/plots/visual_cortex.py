"""Figures of Chapter 1, The visual cortex."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._drawing import (
    draw_grid,
    draw_weights,
    draw_window,
    join,
    show,
)
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def photograph_and_numbers(photograph, corner, size):
    """Show a photograph, and the numbers that a small piece of it consists of.

    Parameters
    ----------
    photograph : ndarray, shape (height, width)
        Whole numbers from 0 to 255.
    corner, size : tuple of int
        Row and column of the piece's first pixel; its height and width.
    """
    (row, column), (height, width) = corner, size
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.2))
    show(left, photograph, "what you see", vmin=0, vmax=255)
    frame = {"fill": False, "edgecolor": "white", "linewidth": 2}
    left.add_patch(Rectangle((column, row), width, height, **frame))
    piece = photograph[row : row + height, column : column + width]
    show(right, piece, "what a computer gets", vmin=0, vmax=255)
    for i, j in np.ndindex(piece.shape):
        color = "white" if piece[i, j] < 128 else INK
        right.text(
            j, i, piece[i, j], color=color, ha="center", va="center", fontsize=8.5
        )
    corners = [((row, column + width), 0), ((row + height, column + width), height)]
    for (y, x), end in corners:
        join(figure, left, (x, y), right, (-0.5, end - 0.5), MUTED)
    return figure


@book_figure
def wave_under_a_bell(wave, bell, weights):
    """Show the two factors of a Gabor filter, and their product, with a cut each."""
    figure, axes = plt.subplots(2, 3, figsize=(WIDTH, 3.1), height_ratios=[1.5, 1])
    titles = ["a wave", "times a bell", "gives the weights"]
    middle = len(weights) // 2
    pixels = np.arange(len(weights)) - middle
    for column, (picture, title) in enumerate(
        zip((wave, bell, weights), titles, strict=True)
    ):
        draw_weights(axes[0, column], picture, title, limit=1)
        cut = axes[1, column]
        cut.axhline(0, color=MUTED, linewidth=0.8)
        cut.plot(pixels, picture[middle], color=ACCENT)
        if column == 2:
            cut.plot(pixels, bell[middle], color=SECOND, linewidth=1, linestyle="--")
        cut.set(ylim=(-1.1, 1.1), yticks=[-1, 0, 1] if column == 0 else [])
        cut.set_xlabel("pixels")
    return figure


@book_figure
def stimuli_and_answers(stimuli, answers):
    """Show pictures that one neuron looks at, and its answer to each.

    Parameters
    ----------
    stimuli : dict of ndarray
        Name to picture, values from 0 to 1.
    answers : sequence of float
        In the same order.
    """
    figure, axes = plt.subplots(
        2, len(stimuli), figsize=(WIDTH, 2.9), height_ratios=[1, 1.1], sharey="row"
    )
    top = max(answers) * 1.25
    for column, (name, picture) in enumerate(stimuli.items()):
        show(axes[0, column], picture, name, vmin=0, vmax=1)
        axes[0, column].title.set_fontsize(9.5)
        bar = axes[1, column]
        bar.bar([0], [answers[column]], color=ACCENT, width=0.7)
        bar.text(0, answers[column] + top * 0.03, f"{answers[column]:.1f}", ha="center")
        bar.set(ylim=(0, top), xlim=(-0.7, 0.7), xticks=[])
        if column:
            bar.spines["left"].set_visible(False)
            bar.tick_params(axis="y", length=0)
    axes[1, 0].set_ylabel("answer")
    return figure


@book_figure
def tuning_curve(orientations, answers, examples):
    """Draw a neuron's answer against the orientation of a grating.

    Parameters
    ----------
    orientations, answers : sequence of float
        In degrees, and relative to the largest answer.
    examples : dict of ndarray
        Orientation to grating: drawn below the curve.
    """
    figure, axes = plt.subplot_mosaic(
        [["curve"] * len(examples), list(examples)],
        figsize=(WIDTH, 3.6),
        height_ratios=[2.6, 1],
    )
    draw_tuning(axes["curve"], orientations, answers)
    for orientation, picture in examples.items():
        show(axes[orientation], picture, f"{orientation}°", vmin=0, vmax=1)
    return figure


def draw_tuning(ax, orientations, answers):
    """Draw the curve and the line at half of its height."""
    ax.axhline(0.5, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    ax.plot(orientations, answers, "o-", color=ACCENT, markersize=3.5)
    ax.set(ylim=(-0.03, 1.1), xticks=range(0, 181, 45), yticks=[0, 0.5, 1])
    ax.set_xlabel("orientation of the stripes (degrees)")
    ax.set_ylabel("answer, relative")


@book_figure
def bank(photograph, kernels, maps, titles):
    """Show a photograph, four filters, and below them what each finds in it."""
    rows = [["photo", "photo", 0, 1], ["photo", "photo", 2, 3]]
    rows += [["map0", "map0", "map1", "map1"], ["map2", "map2", "map3", "map3"]]
    figure, axes = plt.subplot_mosaic(
        rows, figsize=(WIDTH, 5.9), height_ratios=[0.5, 0.5, 1, 1]
    )
    show(axes["photo"], photograph, vmin=0, vmax=1)
    top = np.percentile(maps, 99)
    for k, title in enumerate(titles):
        draw_weights(axes[k], kernels[k], title)
        show(axes[f"map{k}"], maps[k], title, vmin=0, vmax=top)
    return figure


@book_figure
def pooled_phases(kernels, phases):
    """Draw four simple cells of one orientation that feed one complex cell."""
    figure, axes = plt.subplots(
        len(kernels), 2, figsize=(WIDTH, 3.6), width_ratios=[1, 3.2]
    )
    grid = axes[0, 1].get_gridspec()
    for ax in axes[:, 1]:
        ax.remove()
    wires = figure.add_subplot(grid[:, 1])
    heights = 1 - (np.arange(len(kernels)) + 0.5) / len(kernels)
    wires.set(xlim=(0, 1), ylim=(0, 1))
    wires.set_axis_off()
    circle = {"ha": "center", "va": "center", "color": "white", "fontsize": 10}
    for ax, kernel, phase, y in zip(axes[:, 0], kernels, phases, heights, strict=True):
        draw_weights(ax, kernel)
        ax.text(
            -0.12, 0.5, f"{phase}°", transform=ax.transAxes, ha="right", va="center"
        )
        arrow = {"arrowstyle": "->", "color": MUTED, "lw": 1.4, "shrinkB": 22}
        wires.annotate("", (0.14, y), (0, y), arrowprops=arrow | {"shrinkB": 0})
        wires.text(0.25, y, "negative\nto 0", ha="center", va="center", fontsize=10)
        wires.text(0.46, y, "square", ha="center", va="center", fontsize=10)
        wires.annotate("", (0.82, 0.5), (0.56, y), arrowprops=arrow)
    wires.plot([0.82], [0.5], "o", color=ACCENT, markersize=46)
    wires.text(0.82, 0.5, "add,\nroot", **circle)
    wires.text(0.82, 0.24, "complex cell", ha="center", va="center")
    wires.text(0.25, 1.02, "simple cells", ha="center", va="bottom")
    return figure


@book_figure
def tolerance(shifts, curves, stimuli):
    """Draw how answers change as a line moves; show the line at some places.

    Parameters
    ----------
    shifts : sequence of int
        In pixels.
    curves : dict of sequence
        Name of the cell to its answers, relative to the largest.
    stimuli : dict of ndarray
        Shift to picture.
    """
    figure, axes = plt.subplot_mosaic(
        [list(stimuli), ["curves"] * len(stimuli)],
        figsize=(WIDTH, 3.8),
        height_ratios=[1, 2.6],
    )
    for shift, picture in stimuli.items():
        show(axes[shift], picture, f"{shift} px".replace("-", "−"), vmin=0, vmax=1)
    ax = axes["curves"]
    ax.axhline(0.5, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    looks = [(SECOND, "s-"), (ACCENT, "o-")]
    for (name, answers), (color, marks) in zip(curves.items(), looks, strict=True):
        ax.plot(shifts, answers, marks, color=color, markersize=4, label=name)
    ax.set(ylim=(-0.03, 1.1), yticks=[0, 0.5, 1], xticks=shifts[::5])
    ax.set_xlabel("the line's place (pixels from the centre)")
    ax.set_ylabel("answer, relative")
    ax.legend(frameon=False, loc="upper right")
    return figure


@book_figure
def two_layers(size, filter_size, neurons):
    """Show what neurons of a second layer read in the first, and so in the input.

    Parameters
    ----------
    size, filter_size : int
        Side of the input and of both layers' fields, in cells.
    neurons : sequence of tuple of int
        Up to two neurons of the second layer, as (row, column).
    """
    step = filter_size - 1
    sides = [size, size - step, size - 2 * step]
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 2.6), width_ratios=sides)
    titles = ["input", "layer 1", "layer 2"]
    for ax, side, title in zip(axes, sides, titles, strict=True):
        draw_grid(ax, shape=(side, side))
        ax.set_title(title)
    for (i, j), color in zip(neurons, (ACCENT, SECOND), strict=False):
        for depth, ax in enumerate(axes):
            reach = 1 + step * (2 - depth)
            draw_window(ax, i, j, (reach, reach), color)
            if depth:
                below = reach + step
                for start, end in (((j + below, i), (j, i)), (None, None)):
                    start = start or (j + below, i + below)
                    end = end or (j, i + reach)
                    join(figure, axes[depth - 1], start, ax, end, color)
    return figure


@book_figure
def growing_fields(photograph, sizes, names, centre):
    """Draw the receptive fields of ever higher layers over a photograph."""
    figure, ax = plt.subplots(figsize=(WIDTH, 3.6))
    show(ax, photograph, vmin=0, vmax=1)
    row, column = centre
    for k, (size, name) in enumerate(zip(sizes, names, strict=True)):
        corner = np.array([column - size / 2, row - size / 2])
        for color, width in ((INK, 3.4), ("white", 1.6)):
            ax.add_patch(Rectangle(corner, size, size, fill=False, ec=color, lw=width))
        right = k % 2  # labels to the left and right in turn, so that none overlap
        ax.annotate(
            f"{name}: {size} px",
            (corner[0] + size * right, corner[1]),
            (4 if right else -4, -1),
            textcoords="offset points",
            ha="left" if right else "right",
            va="top",
            color="white",
            bbox={"facecolor": INK, "edgecolor": "none", "pad": 1.5, "alpha": 0.75},
        )
    return figure
