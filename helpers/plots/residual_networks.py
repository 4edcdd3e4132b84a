"""Figures of Chapter 7, ResNet, Xception, SENet, that show what was measured."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def descent(errors, ylabel):
    """Draw an error over the steps of training, on a logarithmic scale.

    Parameters
    ----------
    errors : dict
        Name to one number a step, from step 0 on.
    ylabel : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    for (name, values), style in zip(errors.items(), ("-", (0, (5, 2))), strict=False):
        ax.semilogy(range(len(values)), values, linestyle=style, label=name)
    ax.set_xlabel("step of gradient descent")
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False)
    return figure


@book_figure
def distributions(before, after):
    """Draw how the values of a few maps are spread, before and after a layer.

    Parameters
    ----------
    before, after : ndarray, shape (values, maps)
        At most four maps.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.7))
    colors = (ACCENT, SECOND, INK, MUTED)
    for ax, values, title in zip(
        axes, (before, after), ("before", "after"), strict=True
    ):
        low, high = np.quantile(values, [0.002, 0.998])
        edges = np.linspace(low, high, 60)
        for column, color in zip(np.transpose(values), colors, strict=False):
            look = {"histtype": "step", "color": color, "linewidth": 1.6}
            ax.hist(column, edges, density=True, **look)
        ax.set_title(title)
        ax.set_xlabel("value")
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
    axes[0].set_ylabel("share of the values")
    return figure


@book_figure
def gates_by_class(gates, titles, class_names):
    """Show the mean gate of each map for each class, for several blocks.

    Parameters
    ----------
    gates : sequence of ndarray, shape (classes, maps)
        From 0 to 1.
    titles : sequence of str
        One for each block.
    class_names : sequence of str
    """
    figure, axes = plt.subplots(len(gates), 1, figsize=(WIDTH, 2.35 * len(gates)))
    for ax, table, title in zip(axes, gates, titles, strict=True):
        look = {"aspect": "auto", "vmin": 0, "vmax": 1, "interpolation": "nearest"}
        classes, maps = table.shape
        extent = (0.5, maps + 0.5, classes - 0.5, -0.5)
        picture = ax.imshow(table, extent=extent, **look)
        ax.set_yticks(range(len(class_names)), class_names, fontsize=9)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set_title(title, loc="left")
    axes[-1].set_xlabel("map")
    figure.colorbar(picture, ax=list(axes), label="gate", aspect=40, pad=0.02)
    return figure


@book_figure
def recalibrations(pictures, names, deviations):
    """Show pictures and, beside each, what is special about the gates that it sets.

    Parameters
    ----------
    pictures : sequence of ndarray, shape (height, width)
    names : sequence of str
    deviations : ndarray, shape (pictures, maps)
        Gates minus what they are on average.
    """
    figure, axes = plt.subplots(
        len(pictures),
        2,
        figsize=(WIDTH, 1.1 * len(pictures) + 0.4),
        width_ratios=[1, 4.6],
    )
    maps = np.arange(1, deviations.shape[1] + 1)
    limit = np.abs(deviations).max()
    for row, picture, name, values in zip(
        axes, pictures, names, deviations, strict=True
    ):
        show(row[0], picture, name)
        row[0].title.set_fontsize(9.5)
        colors = np.where(values > 0, SECOND, ACCENT)
        row[1].bar(maps, values, color=colors, width=0.85)
        row[1].axhline(0, color=MUTED, lw=0.8)
        row[1].set_ylim(-1.05 * limit, 1.05 * limit)
        row[1].set_xlim(0, len(maps) + 1)
        row[1].set_xticks([])
        row[1].spines["bottom"].set_visible(False)
    axes[len(pictures) // 2, 1].set_ylabel("gate minus its mean")
    axes[-1, 1].set_xticks([1, len(maps)], ["map 1", f"map {len(maps)}"])
    return figure


@book_figure
def error_against_cost(networks):
    """Draw each network's error over its multiply-adds; areas are parameters.

    Parameters
    ----------
    networks : sequence of (str, float, float, float, bool, str)
        Name, multiply-adds in billions, top-5 error in per cent, parameters
        in millions, whether the error is that of a single crop, and on which side of
        the disc the name stands: ``"left"``, ``"right"``, ``"above"`` or ``"below"``.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 4.2))
    for name, cost, error, parameters, single, side in networks:
        color = SECOND if single else ACCENT
        area = 7 * parameters
        ax.scatter(cost, error, s=area, color=color, alpha=0.55, lw=0)
        ax.scatter(cost, error, s=9, color=INK, lw=0)
        away = np.sqrt(area / np.pi) + 3  # points from the middle of the disc
        x, y, ha, va = {
            "left": (-away, 0, "right", "center"),
            "right": (away, 0, "left", "center"),
            "above": (0, away, "center", "bottom"),
            "below": (0, -away, "center", "top"),
        }[side]
        place = {"textcoords": "offset points", "ha": ha, "va": va, "fontsize": 9.5}
        ax.annotate(name, (cost, error), (x, y), **place)
    ax.scatter([], [], s=60, color=ACCENT, alpha=0.55, lw=0, label="many crops")
    ax.scatter([], [], s=60, color=SECOND, alpha=0.55, lw=0, label="a single crop")
    ax.set_xscale("log")
    ax.set_xlim(0.35, 40)
    ax.set_xticks([0.5, 1, 2, 5, 10, 20], ["0.5", "1", "2", "5", "10", "20"])
    ax.set_yscale("log")
    ax.set_ylim(3.5, 22)
    ax.set_yticks([4, 5, 6, 8, 10, 15, 20], ["4", "5", "6", "8", "10", "15", "20"])
    ax.minorticks_off()
    ax.set_xlabel("multiply-adds for one image, in billions")
    ax.set_ylabel("top-5 error in %")
    ax.legend(frameon=False, loc="upper right")
    return figure
