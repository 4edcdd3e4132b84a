"""The frames of Chapter 2's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers import geometry
from helpers._axes import span
from helpers.plots._drawing import draw_grid, draw_window, lay_over, show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure
from helpers.plots.convolutional_layers import draw_row


@book_figure
def window_step(image, kernel, position):
    """Draw one step of a window: its numbers, the filter's, and their products.

    Parameters
    ----------
    image : ndarray, shape (height, width)
        Small whole numbers.
    kernel : ndarray, shape (filter_height, filter_width)
        Small whole numbers.
    position : int
        Number of the step, row by row; outputs of earlier steps are filled in.
    """
    height, width = kernel.shape
    shape = (image.shape[0] - height + 1, image.shape[1] - width + 1)
    row, column = divmod(position, shape[1])
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    outputs = (windows * kernel).sum((2, 3)).ravel()
    filled = [n if k <= position else None for k, n in enumerate(outputs)]
    figure, axes = plt.subplot_mosaic(
        [["input", "filter", "output"], ["sum", "sum", "sum"]],
        figsize=(WIDTH, 3.5),
        width_ratios=[image.shape[1] + 0.2, width + 0.2, shape[1] + 0.2],
        height_ratios=[1.6, 1],
    )
    draw_grid(axes["input"], image, write=_signed)
    draw_window(axes["input"], row, column, kernel.shape)
    draw_grid(axes["filter"], kernel, write=_signed)
    draw_grid(
        axes["output"],
        np.array(filled, object).reshape(shape),
        write=lambda n: "" if n is None else _signed(n),
    )
    draw_window(axes["output"], row, column, (1, 1), SECOND)
    for name in ("input", "filter", "output"):
        axes[name].set_title(name)
    lines = [
        "  +  ".join(f"{x}·{_factor(w)}" for x, w in zip(xs, ws, strict=True))
        for xs, ws in zip(windows[row, column], kernel, strict=True)
    ]
    lines = "\n+  ".join(lines)
    axes["sum"].set_axis_off()
    axes["sum"].text(
        0.5,
        0.5,
        f"    {lines}  =  {_signed(outputs[position])}",
        ha="center",
        va="center",
        linespacing=1.7,
        transform=axes["sum"].transAxes,
    )
    return figure


def _signed(number):
    return f"{number}".replace("-", "−")


def _factor(number):
    return f"(−{-number})" if number < 0 else f"{number}"


@book_figure
def size_arithmetic(size, filter_size, stride, padding, dilation):
    """Draw the windows over one row of inputs and write out the sizes."""
    extent = span(filter_size, dilation)
    figure, ax = plt.subplots(figsize=(WIDTH, 4.6))
    draw_row(ax, size, filter_size, stride, padding, dilation)
    outputs = geometry.output_size(size, filter_size, stride, padding, dilation)
    if padding == "VALID":
        rule = rf"$\lfloor({size} - {extent}) / {stride}\rfloor + 1 = {outputs}$"
    else:
        rule = rf"$\lceil {size} / {stride} \rceil = {outputs}$"
    ax.text(
        0, 0, rule, transform=ax.transAxes, fontsize=13, color=INK, ha="left", va="top"
    )
    # The same scale in every frame: 13 outputs need the room that one leaves empty.
    ax.set_xlim(-5.4, size + 8.6)
    ax.set_ylim(2.4 + 0.8 * size, -0.9)
    ax.set_aspect("auto")
    return figure


@book_figure
def filter_bench(photograph, kernel, feature_map):
    """Show a photograph, a filter laid over its corner, and the feature map."""
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.1))
    show(axes[0], photograph, "photograph", vmin=0, vmax=1)
    lay_over(axes[0], kernel)
    low, high = np.percentile(feature_map, [0.5, 99.5])
    show(axes[1], feature_map, "feature map", cmap="gray", vmin=low, vmax=high)
    return figure


def _write_bytes(count):
    unit = min(int(np.log10(count) // 3), 4)
    return f"{count / 1000**unit:.3g} {('B', 'kB', 'MB', 'GB', 'TB')[unit]}"


@book_figure
def memory_bars(cost, batch_size, dense_parameters):
    """Draw what a convolutional layer takes in memory, on a logarithmic scale."""
    rows = {
        "weights and biases": cost.parameters * 4,
        "output, one image": cost.activation_bytes,
        f"output, {batch_size} images": cost.activation_bytes * batch_size,
        "weights, if dense": dense_parameters * 4,
    }
    figure, ax = plt.subplots(figsize=(WIDTH, 3.1))
    # Words are a little wider at twice the resolution than the layout reckons.
    figure.get_layout_engine().set(w_pad=0.14)
    colors = [ACCENT, SECOND, SECOND, MUTED]
    ax.barh(list(rows), list(rows.values()), color=colors, height=0.6)
    for y, value in enumerate(rows.values()):
        ax.text(value * 1.4, y, _write_bytes(value), va="center")
    ax.invert_yaxis()
    ax.set_xscale("log")
    ax.set_xlim(1e2, 1e15)
    ax.set_xticks([1e3, 1e6, 1e9, 1e12], ["kB", "MB", "GB", "TB"])
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines["left"].set_visible(False)
    figure.suptitle(
        f"{cost.parameters:,} parameters\n"
        f"{cost.multiplications:,} multiplications an image",
        fontsize=11,
    )
    return figure


@book_figure
def landing(photograph, kernel, feature_map):
    """Show photograph, filter and feature map in one row, for the first page."""
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.25))
    show(axes[0], photograph, vmin=0, vmax=1, interpolation="bicubic")
    lay_over(axes[0], kernel)
    show(axes[1], feature_map, vmin=0, vmax=1, interpolation="bicubic")
    return figure
