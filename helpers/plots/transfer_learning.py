"""Figures of Chapter 10, Transfer learning."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._drawing import bare, show
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure

# Colour, marker and line for up to four ways to train.
LOOKS = (
    (ACCENT, "o", "-"),
    (SECOND, "s", "-"),
    (INK, "^", (0, (5, 2))),
    (MUTED, "D", (0, (1, 1.5))),
)


@book_figure
def photographs(panels, height=2.6):
    """Show photographs from the air with the boxes of what is on them.

    Parameters
    ----------
    panels : sequence of dict
        ``title``, ``image`` (ndarray [height, width, 3]), ``boxes`` (ndarray
        [boxes, 4], ``[x_min, y_min, x_max, y_max]`` in pixels), and ``cut`` (x of a
        line, or None).
    height : float
        In inches.
    """
    ratios = [panel["image"].shape[1] / panel["image"].shape[0] for panel in panels]
    figure, axes = plt.subplots(
        1, len(panels), figsize=(WIDTH, height), width_ratios=ratios, squeeze=False
    )
    for ax, panel in zip(axes[0], panels, strict=True):
        show(ax, panel["image"], panel["title"])
        for x_min, y_min, x_max, y_max in panel["boxes"]:
            size = (x_max - x_min, y_max - y_min)
            ax.add_patch(Rectangle((x_min, y_min), *size, fill=False, ec=PAPER, lw=0.7))
        if panel["cut"] is not None:
            ax.axvline(panel["cut"], color=SECOND, lw=2)
    return figure


@book_figure
def shares(groups, series, ylabel="right in %", chance=50):
    """Draw groups of bars of shares in per cent, with a line for guessing.

    Parameters
    ----------
    groups : dict
        Name of each group to its values, one for each of `series`.
    series : sequence of str
        At most four.
    ylabel : str
    chance : float or None
        What guessing reaches.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    width = 0.8 / len(series)
    places = np.arange(len(groups))
    for index, name in enumerate(series):
        values = [group[index] for group in groups.values()]
        shift = (index - (len(series) - 1) / 2) * width
        bars = ax.bar(places + shift, values, width * 0.92, color=LOOKS[index][0])
        bars.set_label(name)
        ax.bar_label(bars, fmt="%.0f", fontsize=9, padding=1)
    if chance is not None:
        ax.axhline(chance, color=MUTED, lw=1, linestyle=(0, (3, 3)))
    ax.set_xticks(places, list(groups))
    ax.set_ylim(0, 112)
    ax.set_yticks([0, 25, 50, 75, 100])
    ax.set_ylabel(ylabel)
    if len(series) > 1:
        ax.legend(
            frameon=False,
            ncols=len(series),
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            columnspacing=1.2,
            handlelength=1.2,
        )
    return figure


@book_figure
def scattered(panels, names):
    """Draw two coordinates of each image, a panel a set, a colour a class.

    Parameters
    ----------
    panels : dict
        Title to ``(points, labels)``: ndarray [images, 2] and [images].
    names : sequence of str
        Of the two classes.
    """
    figure, axes = plt.subplots(
        1, len(panels), figsize=(WIDTH, 2.8), sharex=True, sharey=True
    )
    for ax, (title, (points, labels)) in zip(axes, panels.items(), strict=True):
        for label, name in enumerate(names):
            color, marker, _ = LOOKS[1 - label]
            chosen = points[np.asarray(labels) == label]
            ax.plot(*chosen.T, marker, color=color, ms=3, alpha=0.7, label=name)
        ax.set_title(title)
        ax.set(xticks=[], yticks=[])
        ax.set_xlabel("first direction")
    axes[0].set_ylabel("second direction")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, frameon=False, ncols=2, loc="outside lower center", fontsize=10
    )
    return figure


@book_figure
def accuracy_by_images(results, xlabel, ylabel, chance=50):
    """Draw accuracy against the number of images, a line a method.

    Parameters
    ----------
    results : dict
        Name of each method to a dict: number of images to accuracies in per cent, one
        a seed. Lines are means; bars reach from the lowest seed to the highest.
    xlabel, ylabel : str
    chance : float
        What guessing reaches.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.6))
    for place, (name, by_count) in enumerate(results.items()):
        color, marker, line = LOOKS[place]
        # Moved apart a little, so that bars do not hide each other.
        counts = np.array(list(by_count)) * 1.04 ** (place - 1.5)
        values = np.array(list(by_count.values()))
        means = values.mean(axis=1)
        reach = [means - values.min(axis=1), values.max(axis=1) - means]
        reach = np.maximum(reach, 0)  # a mean of equal numbers may be rounded
        look = {"color": color, "marker": marker, "linestyle": line, "ms": 5}
        ax.errorbar(counts, means, reach, label=name, capsize=2, lw=1.6, **look)
    counts = list(next(iter(results.values())))
    ax.axhline(chance, color=MUTED, lw=1, linestyle=(0, (3, 3)))
    ax.set_xscale("log")
    ax.set_xticks(counts, [str(count) for count in counts])
    ax.minorticks_off()
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


@book_figure
def timeline(plans, seconds):
    """Draw when batches are read and when they are learned from, a panel a plan.

    Parameters
    ----------
    plans : dict
        Title to a list of ``(kind, start, end)``: kind 0 is reading, 1 is learning.
    seconds : float
        Where the axes end.
    """
    figure, axes = plt.subplots(
        len(plans), 1, figsize=(WIDTH, 1.15 * len(plans) + 0.5), sharex=True
    )
    for ax, (title, pieces) in zip(axes, plans.items(), strict=True):
        for number, (kind, start, end) in enumerate(pieces):
            color = (SECOND, ACCENT)[kind]
            shade = 1.0 if number // 2 % 2 == 0 else 0.6
            ax.barh(1 - kind, end - start, left=start, color=color, alpha=shade)
        ax.set_yticks([0, 1], ["learn", "read"])
        ax.set_title(title, loc="left", fontsize=10)
        ax.set_xlim(0, seconds)
    axes[-1].set_xlabel("seconds")
    return figure


@book_figure
def stack_of_blocks(names, weights, learns):
    """Draw a network's blocks as bars of their weights, frozen or learning.

    Parameters
    ----------
    names : sequence of str
        From the input on.
    weights : sequence of int
        How many each holds.
    learns : sequence of bool
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 4.4))
    places = np.arange(len(names))  # the input at the bottom
    colors = [ACCENT if each else "#c9d0d6" for each in learns]
    ax.barh(places, weights, color=colors)
    ax.set_yticks(places, names, fontsize=8.5)
    ax.set_xscale("log")
    ax.set_xlim(5e2, 2e6)
    ax.set_xlabel("weights")
    total = sum(w for w, each in zip(weights, learns, strict=True) if each)
    ax.set_title(f"learning: {total:,} weights", loc="left", fontsize=10)
    return figure


@book_figure
def answers(images, percent, labels, title, columns=6):
    """Show test images with the chance a network gives them; mark wrong answers.

    Parameters
    ----------
    images : ndarray, shape (images, height, width, 3)
    percent : sequence of int
        Chance of class 1, in per cent.
    labels : sequence of int
        0 or 1.
    title : str
    columns : int
    """
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(WIDTH, 1.12 * rows + 0.35))
    figure.suptitle(title, fontsize=10, x=0.02, ha="left")
    for ax, image, chance, label in zip(
        axes.flat, images, percent, labels, strict=True
    ):
        bare(ax)
        wrong = (chance > 50) != bool(label)
        ax.imshow(image)
        look = {"color": SECOND, "weight": "bold"} if wrong else {"color": INK}
        ax.set_title(f"{chance} %" + (" ✗" if wrong else ""), fontsize=9, pad=2, **look)
    return figure
