"""Figures of Chapter 4, The convolution family."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._drawing import bare, draw_grid, draw_window, same_scale, show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def trend_and_season(dates, values, trend):
    """Draw a series with its trend, and below what the trend leaves over.

    Parameters
    ----------
    dates : ndarray of datetime64, shape (weeks,)
    values, trend : ndarray, shape (weeks,)
        In parts per million.
    """
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(WIDTH, 4.2), sharex=True, height_ratios=[1.5, 1]
    )
    above.plot(dates, values, color=MUTED, lw=0.8, label="weekly means")
    above.plot(dates, trend, color=ACCENT, label="mean of 52 weeks")
    above.set_ylabel("CO₂, ppm")
    above.legend(frameon=False, loc="upper left")
    below.plot(dates, values - trend, color=SECOND, lw=0.8)
    below.axhline(0, color=MUTED, lw=0.8)
    below.set(ylabel="the rest, ppm", xlabel="year")
    figure.align_ylabels()
    return figure


@book_figure
def forecasts(dates, truth, predictions):
    """Draw forecasts of a series, one panel each, over what came.

    Parameters
    ----------
    dates : ndarray of datetime64, shape (weeks,)
    truth : ndarray, shape (weeks,)
        In parts per million.
    predictions : dict of str to ndarray, shape (weeks,)
        Forecasts for the same weeks, by title.
    """
    figure, axes = plt.subplots(
        len(predictions), 1, figsize=(WIDTH, 4.2), sharex=True, sharey=True
    )
    for ax, (title, prediction) in zip(axes, predictions.items(), strict=True):
        ax.plot(dates, truth, color=MUTED, lw=1.2, label="measured")
        ax.plot(dates, prediction, color=ACCENT, lw=1.6, label="forecast")
        ax.set_title(title, loc="left")
        ax.set_ylabel("CO₂, ppm")
    axes[0].legend(frameon=False, loc="lower right", ncols=2)
    axes[-1].set_xlabel("year")
    return figure


@book_figure
def filter_rows(rows, titles):
    """Draw filters one pixel high below each other, as cells with numbers."""
    figure, axes = plt.subplots(len(rows), 1, figsize=(WIDTH, 2.9))
    longest = max(len(row) for row in rows)
    for ax, row, title in zip(axes, rows, titles, strict=True):
        draw_grid(ax, [row], write=lambda number: f"{number:g}")
        for column in np.flatnonzero(row):
            cell = {"fc": ACCENT, "alpha": 0.28, "zorder": 2}
            ax.add_patch(Rectangle((column, 0), 1, 1, **cell))
        ax.set_xlim(-0.1, longest + 0.1)
        ax.set_title(title, loc="left")
    return figure


@book_figure
def volume_views(volume, slices, row):
    """Show some slices of a volume, and a vertical cut through all of them.

    Parameters
    ----------
    volume : ndarray, shape (depth, height, width)
    slices : sequence of int
        Three slices to show.
    row : int
        Row of the cut; marked in each slice.
    """
    names = [f"slice {z}" for z in slices]
    figure, axes = plt.subplot_mosaic(
        [names, ["cut"] * len(names)], figsize=(WIDTH, 4.4), height_ratios=[1, 1.25]
    )
    low, high = np.percentile(volume, [1, 99.7])
    look = {"vmin": low, "vmax": high, "interpolation": "nearest"}
    for name, z in zip(names, slices, strict=True):
        show(axes[name], volume[z], name, **look)
        axes[name].axhline(row, color=SECOND, lw=1.2, ls="--")
    show(axes["cut"], volume[:, row], f"cut along row {row}", **look)
    for name, z in zip(names, slices, strict=True):
        axes["cut"].axhline(z, color=ACCENT, lw=1.2, ls="--")
        axes["cut"].text(volume.shape[2], z, f" {name}", va="center", color=INK)
    return figure


@book_figure
def nuclei_found(volume, masks, row, peaks, reach=3):
    """Mark peaks near a vertical cut through a volume, a panel for each method.

    Parameters
    ----------
    volume, masks : ndarray, shape (depth, height, width)
    row : int
        Row of the cut.
    peaks : dict of str to ndarray, shape (peaks, 3)
        Positions (slice, row, column), by title.
    reach : int
        Peaks at most so many rows away from the cut are drawn.
    """
    figure, axes = plt.subplots(len(peaks), 1, figsize=(WIDTH, 6.2))
    low, high = np.percentile(volume, [1, 99.7])
    look = {"vmin": low, "vmax": high, "interpolation": "nearest"}
    for ax, (title, positions) in zip(axes, peaks.items(), strict=True):
        show(ax, volume[:, row], title, **look)
        for label in np.unique(masks[:, row])[1:]:
            outline = masks[:, row] == label
            ax.contour(outline, [0.5], colors=[SECOND], linewidths=1)
        near = positions[np.abs(positions[:, 1] - row) <= reach]
        ax.plot(near[:, 2], near[:, 0], "o", mfc="white", mec=ACCENT, ms=5, mew=1.6)
    return figure


@book_figure
def maps_by_channel(image, maps, channels, filters):
    """Show each channel of an image in a row, with the maps made from it.

    Parameters
    ----------
    image : ndarray, shape (height, width, channels)
    maps : ndarray, shape (height, width, channels * multiplier)
        In the order of a depthwise convolution.
    channels, filters : sequence of str
        Names of the channels, and of the filters that each of them has.
    """
    figure, axes = plt.subplots(
        len(channels), 1 + len(filters), figsize=(WIDTH, 4.9), squeeze=False
    )
    limit = np.percentile(np.abs(maps), 98)
    for c, name in enumerate(channels):
        show(axes[c, 0], image[..., c], name, vmin=0, vmax=1)
        for m, kind in enumerate(filters):
            k = c * len(filters) + m
            title = f"map {k}: {kind}"
            show(axes[c, 1 + m], maps[..., k], title, vmin=-limit, vmax=limit)
    return figure


@book_figure
def connections(tables, titles):
    """Draw which input channels each output map reads, as tables of cells.

    Parameters
    ----------
    tables : sequence of ndarray of bool, shape (in_channels, maps)
    titles : sequence of str
    """
    ratios = [table.shape[1] + 0.2 for table in tables]
    ratios[0] += 1.8  # the first has a label at its side
    figure, axes = plt.subplots(
        1, len(tables), figsize=(WIDTH, 2.3), width_ratios=ratios
    )
    for ax, table, title in zip(axes, tables, titles, strict=True):
        draw_grid(ax, shape=table.shape)
        for row, column in np.argwhere(table):
            ax.add_patch(Rectangle((column, row), 1, 1, fc=ACCENT, ec="white"))
        ax.set_title(title)
        ax.text(table.shape[1] / 2, len(table) + 0.3, "map", ha="center", va="top")
        ax.set_ylim(len(table) + 1.6, -0.1)
    axes[0].text(
        -0.4, len(tables[0]) / 2, "channel", rotation=90, ha="right", va="center"
    )
    axes[0].set_xlim(-1.9, tables[0].shape[1] + 0.1)
    return figure


@book_figure
def cost_bars(costs):
    """Compare layers by parameters and by multiplications, on logarithmic scales.

    Parameters
    ----------
    costs : dict of str to (int, int)
        Parameters and multiplications, by the layer's name.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.4), sharey=True)
    titles = ["parameters", "multiplications"]
    for ax, title, values, color in zip(
        axes, titles, zip(*costs.values(), strict=True), (ACCENT, SECOND), strict=True
    ):
        ax.barh(list(costs), values, color=color, height=0.6)
        for y, value in enumerate(values):
            ax.text(value * 1.25, y, _short(value), va="center")
        ax.set_xscale("log")
        ax.set_xlim(min(values) / 8, max(values) * 40)
        ax.set_title(title)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        ax.set_xticks([])
        ax.minorticks_off()
        ax.spines[["left", "bottom"]].set_visible(False)
    axes[0].invert_yaxis()
    return figure


def _short(number):
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= size:
            return f"{number / size:.3g}{unit}"
    return str(number)


@book_figure
def stretched(image, kernel, stride, window):
    """Show an image, the same stretched with zeros, and what a filter makes of it.

    Parameters
    ----------
    image : ndarray, shape (height, width)
        Small whole numbers.
    kernel : ndarray, shape (filter_size, filter_size)
        Small whole numbers; the brush, not yet turned.
    stride : int
        Stride of the transposed convolution.
    window : (int, int)
        Row and column of the output whose window is marked.
    """
    size, border = len(kernel), len(kernel) - 1
    wide = np.zeros([(n - 1) * stride + 1 for n in image.shape], int)
    wide[::stride, ::stride] = image
    turned = kernel[::-1, ::-1]
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(wide, border), (size, size)
    )
    answer = (windows * turned).sum((2, 3))
    figure, axes = plt.subplot_mosaic(
        [["image", "turned"], ["wide", "answer"]],
        figsize=(WIDTH, 5),
        height_ratios=[kernel.shape[0], answer.shape[0] + 2],
    )
    draw_grid(axes["image"], image)
    draw_grid(axes["turned"], turned)
    same_scale(axes["image"], axes["turned"])
    draw_grid(axes["wide"], wide, padding=((border, border), (border, border)))
    for row, column in np.ndindex(image.shape):
        corner = (column * stride, row * stride)
        axes["wide"].add_patch(Rectangle(corner, 1, 1, fc=MUTED, alpha=0.3, zorder=2))
    row, column = window
    draw_window(axes["wide"], row - border, column - border, kernel.shape)
    draw_grid(axes["answer"], answer)
    draw_window(axes["answer"], row, column, (1, 1), SECOND)
    titles = ["image", "filter, turned", "stretched, with a border", "answer"]
    for name, title in zip(("image", "turned", "wide", "answer"), titles, strict=True):
        axes[name].set_title(title)
    return figure


@book_figure
def pictures(panels, titles, columns=2, height=4.2, **options):
    """Show pictures in rows, each with its title."""
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(WIDTH, height), squeeze=False)
    for ax in axes.flat[len(panels) :]:
        bare(ax)
    for ax, panel, title in zip(axes.flat, panels, titles, strict=False):
        show(ax, panel, title, **options)
    return figure
