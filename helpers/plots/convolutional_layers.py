"""Figures of Chapter 2, Convolutional layers."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import MaxNLocator

from helpers import geometry
from helpers._axes import span
from helpers.plots._drawing import (
    bare,
    draw_grid,
    draw_weights,
    draw_window,
    join,
    show,
)
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def photographs(images, titles):
    """Show photographs one below the other."""
    figure, axes = plt.subplots(len(images), 1, figsize=(WIDTH * 0.8, 6))
    for ax, image, title in zip(axes, images, titles, strict=True):
        show(ax, image, title)
    return figure


@book_figure
def receptive_fields(size, filter_size, stride=1, padding="VALID", neurons=()):
    """Show which inputs some neurons of a convolutional layer read.

    Parameters
    ----------
    size, filter_size : tuple of int
        Height and width of the input, and of the filters.
    stride : int
        Step between two windows, in cells.
    padding : str
        ``"SAME"`` or ``"VALID"``.
    neurons : sequence of tuple of int
        Up to two neurons of the layer, as (row, column).
    """
    pads = [(0, 0), (0, 0)]
    if padding == "SAME":
        pads = [
            geometry.same_padding(n, f, stride)
            for n, f in zip(size, filter_size, strict=True)
        ]
    outputs = [
        geometry.output_size(n, f, stride, padding)
        for n, f in zip(size, filter_size, strict=True)
    ]
    figure, (below, above) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.9), width_ratios=[size[1] + sum(pads[1]), outputs[1]]
    )
    draw_grid(below, shape=size, padding=pads)
    draw_grid(above, shape=outputs)
    below.set_title(f"input, {size[0]}×{size[1]}")
    above.set_title(f"layer, {outputs[0]}×{outputs[1]}")
    for (i, j), color in zip(neurons, (ACCENT, SECOND), strict=False):
        row, column = i * stride - pads[0][0], j * stride - pads[1][0]
        draw_window(below, row, column, filter_size, color)
        draw_window(above, i, j, (1, 1), color)
        right = column + filter_size[1]
        join(figure, below, (right, row), above, (j, i), color)
        bottom = row + filter_size[0]
        join(figure, below, (right, bottom), above, (j, i + 1), color)
    return figure


@book_figure
def filters_and_maps(images, filters, maps, titles):
    """Show filters in the first row and, below, each image's feature maps."""
    rows, columns = len(images) + 1, len(filters)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, 4.6), height_ratios=[0.6] + [1] * len(images)
    )
    for k, title in enumerate(titles):
        show(axes[0, k], filters[k], title)
        axes[0, k].add_patch(
            Rectangle((-0.5, -0.5), *filters[k].shape[::-1], fill=False, ec=MUTED)
        )
        for row, image_maps in enumerate(maps, start=1):
            show(axes[row, k], image_maps[..., k])
    return figure


@book_figure
def stacked_maps(size, filter_size, channels, maps):
    """Draw one window through all input channels, and the maps it feeds."""
    figure, ax = plt.subplots(figsize=(WIDTH, 3.4))

    def sheet(x, y, height, width, **options):
        # A sheet lies flat, seen from the side: depth leans to the right.
        lean = np.array([0.55, 0.45])
        corners = np.array([[0, 0], [1, 0], [1, 0], [0, 0]]) * [width, 0]
        corners = corners + np.outer([0, 0, height, height], lean) + [x, y]
        ax.add_patch(Polygon(corners, **options))
        return corners

    height, width = size
    names = ["red", "green", "blue"] if channels == 3 else map(str, range(channels))
    rise, window = 2.7, (1.8, 2.2)
    for k, name in enumerate(reversed(list(names))):
        y = k * rise
        sheet(0, y, height, width, fc="#eceff1", ec=MUTED, lw=1, zorder=2 * k)
        sheet(
            window[0] + 0.55 * window[1],
            y + 0.45 * window[1],
            filter_size[0],
            filter_size[1],
            fc=ACCENT,
            ec=ACCENT,
            alpha=0.45,
            zorder=2 * k + 1,
        )
        ax.text(-0.3, y, name, ha="right", va="center", color=INK)
    start = width + 0.55 * height + 2.4
    for k in range(maps):
        y = k * rise * 0.8
        sheet(start, y, height, width, fc="#eceff1", ec=MUTED, lw=1, zorder=2 * k)
        color = SECOND if k == maps - 1 else MUTED
        spot = start + window[0] + 0.55 * window[1], y + 0.45 * window[1]
        sheet(*spot, 1, 1, fc=color, ec=color, alpha=0.9, zorder=2 * k + 1)
    arrow = {"arrowstyle": "->", "color": ACCENT, "lw": 1.6, "shrinkB": 3}
    right_edge = window[0] + 0.55 * (window[1] + filter_size[0]) + filter_size[1]
    for k in range(channels):
        middle = k * rise + 0.45 * (window[1] + filter_size[0] / 2)
        start_point = (right_edge, middle)
        ax.annotate("", spot, start_point, arrowprops=arrow, zorder=40)
    ax.text(0, -0.7, f"input: {channels} channels", va="top")
    ax.text(start, -0.7, f"layer: {maps} feature maps", va="top")
    ax.set_xlim(-2.2, start + width + 0.55 * height + 0.2)
    ax.set_ylim(-1.6, rise * max(channels - 1, 0.8 * (maps - 1)) + 0.45 * height + 0.2)
    bare(ax)
    return figure


@book_figure
def same_and_valid(size, filter_size, stride):
    """Draw all windows over one row of inputs, without padding and with."""
    figure, axes = plt.subplots(2, 1, figsize=(WIDTH, 3.3), height_ratios=[4.4, 5.2])
    for ax, padding in zip(axes, ("VALID", "SAME"), strict=True):
        draw_row(ax, size, filter_size, stride, padding)
    return figure


def draw_row(ax, size, filter_size, stride, padding, dilation=1):
    """Draw one row of inputs and every window that the layer lays on it."""
    pads = (0, 0)
    if padding == "SAME":
        pads = geometry.same_padding(size, filter_size, stride, dilation)
    outputs = geometry.output_size(size, filter_size, stride, padding, dilation)
    extent = span(filter_size, dilation)
    draw_grid(ax, shape=(1, size), padding=((0, 0), pads))
    read = np.zeros(size + sum(pads), bool)
    for j in range(outputs):
        taps = j * stride + dilation * np.arange(filter_size)
        read[taps] = True
        y = 1.45 + 0.8 * j
        color = (ACCENT, SECOND)[j % 2]
        start = j * stride - pads[0]
        ax.plot([start + 0.5, start + extent - 0.5], [y, y], color=color, lw=1.5)
        ax.plot(taps - pads[0] + 0.5, np.full(filter_size, y), "s", color=color, ms=6)
        ax.text(
            start + extent + 0.1, y, f"output {j}", va="center", fontsize=10, color=INK
        )
    for column in np.flatnonzero(~read[pads[0] : pads[0] + size]):
        ax.plot([column + 0.2, column + 0.8], [0.8, 0.2], color=INK, lw=1.2)
        ax.plot([column + 0.2, column + 0.8], [0.2, 0.8], color=INK, lw=1.2)
    ax.set_xlim(-pads[0] - 0.2, size + max(pads[1], 3.4) + 0.2)
    ax.set_ylim(1.2 + 0.8 * outputs, -0.3)
    unread = int((~read[pads[0] : pads[0] + size]).sum())
    ax.set_title(
        f"{padding}: {outputs} output{'s' * (outputs != 1)}, "
        f"{pads[0]} + {pads[1]} columns of zeros, {unread} unread",
        loc="left",
    )


@book_figure
def flipped_or_not(image, kernel, correlation, convolution):
    """Compare sliding a filter as it is with sliding it turned by 180 degrees."""
    figure, axes = plt.subplots(1, 4, figsize=(WIDTH, 1.9))
    panels = [image, kernel, correlation, convolution]
    titles = ["image", "filter", "correlation", "convolution"]
    for ax, panel, title in zip(axes, panels, titles, strict=True):
        show(ax, panel, title, cmap="cividis")
        ax.title.set_fontsize(10.5)
    return figure


@book_figure
def map_sheet(maps, columns=8):
    """Show rectified feature maps of one image, each scaled for itself."""
    rows = -(-maps.shape[-1] // columns)
    height = WIDTH / columns * rows * maps.shape[0] / maps.shape[1]
    figure, axes = plt.subplots(rows, columns, figsize=(WIDTH, height))
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    for k, ax in enumerate(axes.flat):
        top = max(np.percentile(maps[..., k], 99), 1e-6)
        show(ax, maps[..., k], vmin=0, vmax=top)
    return figure


@book_figure
def filters_while_learning(steps, filters, losses, target):
    """Show a filter at some steps of its training beside the one to find."""
    figure, axes = plt.subplot_mosaic(
        [list(range(len(steps) + 1)), ["loss"] * (len(steps) + 1)],
        figsize=(WIDTH, 3.8),
        height_ratios=[1, 1.7],
    )
    limit = np.abs(target).max()
    titles = [f"step {step:,}" for step in steps] + ["target"]
    for k, picture in enumerate([*filters, target]):
        draw_weights(axes[k], picture, titles[k], limit)
        axes[k].title.set_fontsize(10)
    axes["loss"].semilogy(losses, color=ACCENT)
    axes["loss"].set_xlabel("step")
    axes["loss"].set_ylabel("mean squared error")
    return figure


@book_figure
def side_by_side(pictures, titles, **options):
    """Show pictures in a row, each with its title."""
    figure, axes = plt.subplots(1, len(pictures), figsize=(WIDTH, 2.2))
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        show(ax, picture, title, **options)
    return figure


@book_figure
def reads_per_pixel(counts, titles, label="windows that read the pixel"):
    """Show how many windows read each pixel; mark those that none reads."""
    figure, axes = plt.subplots(1, len(counts), figsize=(WIDTH, 2.9))
    most = max(count.max() for count in counts)
    for ax, count, title in zip(axes, counts, titles, strict=True):
        picture = ax.imshow(count, vmin=0, vmax=most)
        for row, column in np.argwhere(count == 0):
            ax.text(column, row, "×", color="white", ha="center", va="center")
        bare(ax, title)
    figure.colorbar(
        picture, ax=axes, shrink=0.8, ticks=MaxNLocator(integer=True), label=label
    )
    return figure
