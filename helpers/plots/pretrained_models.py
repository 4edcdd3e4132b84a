"""Figures of Chapter 9, Pretrained models."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import in_rows, show
from helpers.plots._guesses import SMALL, draw_bars, draw_heat, to_pixels
from helpers.plots._style import ACCENT, MUTED, SECOND, WIDTH, book_figure


@book_figure
def guesses(picture, found):
    """Show a photograph and a classifier's best guesses beside it.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    found : list of helpers.pretrained.Guess
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.3), width_ratios=[1, 1.35]
    )
    show(left, picture)
    names = [guess.label for guess in found]
    values = [guess.probability for guess in found]
    draw_bars(right, names, values, limit=max(0.5, *values))
    return figure


@book_figure
def two_views(photographs, crops, stretched, names):
    """Show photographs, and the two squares that a classifier may get of each.

    Parameters
    ----------
    photographs : sequence of ndarray, shape (height, width, 3)
    crops, stretched : ndarray, shape (photographs, size, size, 3)
        As a classifier takes them.
    names : sequence of str
    """
    rows = (("photograph", photographs), ("cropped", crops), ("stretched", stretched))
    figure, axes = plt.subplots(3, len(names), figsize=(WIDTH, 2.9))
    for line, (title, pictures) in zip(axes, rows, strict=True):
        for ax, picture in zip(line, pictures, strict=True):
            is_input = picture.dtype != np.uint8
            show(ax, to_pixels(picture) if is_input else picture)
        line[0].text(
            -0.12,
            0.5,
            title,
            transform=line[0].transAxes,
            rotation=90,
            ha="right",
            va="center",
            fontsize=9.5,
        )
    for ax, name in zip(axes[0], names, strict=True):
        ax.set_title(name, **SMALL)
    return figure


@book_figure
def guess_table(names, columns):
    """Show the best guesses for several photographs, prepared in several ways.

    Parameters
    ----------
    names : sequence of str
        The photographs.
    columns : dict
        Way to one list of `helpers.pretrained.Guess` for each photograph.
    """
    size = (WIDTH, 1.2 * len(names))
    figure, axes = plt.subplots(len(names), len(columns), figsize=size, squeeze=False)
    for column, (way, table) in zip(axes.T, columns.items(), strict=True):
        column[0].set_title(way, fontsize=10)
        for ax, found in zip(column, table, strict=True):
            labels = [guess.label for guess in found]
            draw_bars(ax, labels, [guess.probability for guess in found], size=9.5)
    for ax, name in zip(axes[:, 0], names, strict=True):
        place = {"transform": ax.transAxes, "ha": "right", "va": "center"}
        ax.text(-0.03, 0.5, name, rotation=90, fontsize=9.5, **place)
    return figure


@book_figure
def colour_filters(kernels, columns=8):
    """Show filters over RGB as small colour pictures; mid-grey is a weight of zero.

    Parameters
    ----------
    kernels : ndarray, shape (height, width, 3, filters)
        Each filter is drawn on its own scale.
    columns : int
    """
    height, width, _, count = kernels.shape
    rows = -(-count // columns)
    sheet = np.ones((rows * (height + 1) - 1, columns * (width + 1) - 1, 3))
    for index in range(count):
        row, column = divmod(index, columns)
        weights = kernels[..., index]
        top, left = row * (height + 1), column * (width + 1)
        largest = np.abs(weights).max()
        cell = 0.5 + 0.5 * weights / (largest if largest > 1e-3 else 1)
        sheet[top : top + height, left : left + width] = cell
    size = (WIDTH, WIDTH * sheet.shape[0] / sheet.shape[1])
    figure, ax = plt.subplots(figsize=size)
    show(ax, sheet, interpolation="nearest")
    return figure


@book_figure
def maps_by_layer(maps, titles):
    """Show some feature maps of several layers, a row each.

    Parameters
    ----------
    maps : sequence of ndarray, shape (height, width, maps)
        Of one number of maps; each map is drawn on its own scale.
    titles : sequence of str
        One for each layer.
    """
    columns = maps[0].shape[-1]
    figure, axes = plt.subplots(
        len(maps), columns + 1, figsize=(WIDTH, 0.98 * len(maps) + 0.1), squeeze=False
    )
    for row, values, title in zip(axes, maps, titles, strict=True):
        row[0].set_axis_off()
        row[0].text(
            1.0,
            0.5,
            title,
            transform=row[0].transAxes,
            ha="right",
            va="center",
            fontsize=9,
            linespacing=1.2,
        )
        for index, ax in enumerate(row[1:]):
            show(ax, values[..., index], cmap="cividis", interpolation="nearest")
    return figure


@book_figure
def heat_maps(pictures, maps, titles, columns=3, shared=False):
    """Show photographs with a map over each.

    Parameters
    ----------
    pictures : sequence of ndarray, shape (height, width, 3)
        In 0..255.
    maps : sequence of ndarray, shape (rows, columns)
        What is negative is drawn as zero.
    titles : sequence of str
    columns : int
    shared : bool
        Draw all on one scale.
    """
    maps = [np.maximum(heat, 0) for heat in maps]
    limit = max(heat.max() for heat in maps) if shared else None
    figure, axes = in_rows(len(maps), columns, WIDTH / columns + 0.12)
    for ax, picture, heat, title in zip(axes, pictures, maps, titles, strict=True):
        draw_heat(ax, picture, heat, limit, title)
    return figure


@book_figure
def weighted_sum(maps, weights, total):
    """Show how Grad-CAM adds maps up: some maps, their weights, and the sum of all.

    Parameters
    ----------
    maps : ndarray, shape (height, width, shown)
    weights : ndarray, shape (shown,)
    total : ndarray, shape (height, width)
        The sum over all maps, after ReLU.
    """
    count = len(weights)
    ratios = [1] * count + [0.35, 1]
    figure, axes = plt.subplots(
        1, count + 2, figsize=(WIDTH, 1.45), width_ratios=ratios
    )
    limit = maps.max()
    for index, (ax, weight) in enumerate(zip(axes, weights, strict=False)):
        show(ax, maps[..., index], cmap="cividis", vmin=0, vmax=limit)
        ax.set_title(f"{1000 * weight:+.1f}", **SMALL)
    axes[count].set_axis_off()
    axes[count].text(0.5, 0.5, "…\n→", ha="center", va="center", fontsize=12)
    show(axes[-1], total, cmap="viridis")
    axes[-1].set_title("sum, ReLU", **SMALL)
    return figure


@book_figure
def correlations(steps, values, ylabel):
    """Draw how alike maps stay while more and more layers start anew.

    Parameters
    ----------
    steps : sequence of str
        The lowest layer that starts anew, from the top down.
    values : dict
        Name to an array ``[photographs, steps]``; the mean is a line, each photograph
        a dot.
    ylabel : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.2))
    looks = [(ACCENT, "o", "-"), (SECOND, "^", "--")]
    places = np.arange(len(steps))
    ax.axhline(0, color=MUTED, lw=0.8)
    for (name, table), (color, marker, style) in zip(
        values.items(), looks, strict=False
    ):
        for row in table:
            ax.plot(places, row, marker, color=color, ms=3.5, alpha=0.45, lw=0)
        ax.plot(places, np.mean(table, axis=0), style, color=color, label=name)
    ax.set_xticks(places, steps, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_ylim(-1.05, 1.05)
    ax.set_xlabel("new weights from the top down to")
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, loc="upper right")
    return figure


@book_figure
def adversarial(pictures, titles, step, grey_levels):
    """Show a picture, what is added to it, and the sum.

    Parameters
    ----------
    pictures : (ndarray, ndarray), shape (height, width, 3)
        Before and after, in 0..255.
    titles : (str, str)
    step : ndarray, shape (height, width, 3)
        What is added, in grey levels.
    grey_levels : int
        The largest step.
    """
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 2.2))
    before, after = pictures
    show(axes[0], before)
    show(axes[1], 0.5 + 0.5 * step / grey_levels)
    show(axes[2], after)
    middle = f"step of {grey_levels},\nmuch enlarged"
    for ax, title in zip(axes, (titles[0], middle, titles[1]), strict=True):
        ax.set_title(title, linespacing=1.1, **SMALL)
    return figure


@book_figure
def probability_by_step(grey_levels, probabilities, ylabel="probability in %"):
    """Draw how a class's probability falls as a picture is changed by more.

    Parameters
    ----------
    grey_levels : sequence of float
    probabilities : dict
        Name to one number from 0 to 1 for each step.
    ylabel : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.8))
    markers = zip(probabilities.items(), ("o-", "s--", "^-."), strict=False)
    for (name, values), marker in markers:
        ax.plot(grey_levels, 100 * np.asarray(values), marker, ms=5, label=name)
    ax.set_xlabel("largest change of a pixel, in grey levels of 255")
    ax.set_ylabel(ylabel)
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False)
    return figure
