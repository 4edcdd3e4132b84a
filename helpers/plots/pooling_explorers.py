"""The frames of Chapter 3's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import draw_grid, draw_window, show
from helpers.plots._style import SECOND, WIDTH, book_figure
from helpers.plots.pooling_layers import draw_verdict


@book_figure
def pooling_step(values, position, kind):
    """Draw one step of a pooling of 2×2, stride 2, with its arithmetic.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Small whole numbers; height and width are even.
    position : int
        Number of the step, row by row; outputs of earlier steps are filled in.
    kind : {"max", "average"}
        What is kept of a window.
    """
    height, width = values.shape
    shape = (height // 2, width // 2)
    windows = values.reshape(shape[0], 2, shape[1], 2).swapaxes(1, 2).reshape(-1, 4)
    outputs = windows.max(1) if kind == "max" else windows.mean(1)
    filled = [n if k <= position else None for k, n in enumerate(outputs)]
    figure, axes = plt.subplot_mosaic(
        [["input", "output"], ["sum", "sum"]],
        figsize=(WIDTH, 3.4),
        width_ratios=[width + 0.2, shape[1] + 0.2],
        height_ratios=[5, 1],
    )
    row, column = divmod(position, shape[1])
    draw_grid(axes["input"], values)
    draw_window(axes["input"], 2 * row, 2 * column, (2, 2))
    draw_grid(
        axes["output"],
        np.array(filled, object).reshape(shape),
        write=lambda n: "" if n is None else f"{n:g}",
    )
    draw_window(axes["output"], row, column, (1, 1), SECOND)
    for name in ("input", "output"):
        axes[name].set_title(name)
    listed = ", ".join(map(str, windows[position]))
    axes["sum"].set_axis_off()
    axes["sum"].text(
        0.5,
        0.5,
        f"{kind} of {listed}  is  {outputs[position]:g}",
        ha="center",
        va="center",
        fontsize=13,
        transform=axes["sum"].transAxes,
    )
    return figure


@book_figure
def shift_watch(image, pooled, difference, change):
    """Show a shifted image, its pooled map, and where that map is not as before.

    Parameters
    ----------
    image : ndarray, shape (height, width)
    pooled, difference : ndarray, shape (rows, columns)
        The pooled map, and what it has more or less than the map to compare with.
    change : float
        Size of the difference, in units of the pooled map's spread.
    """
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 2.25))
    top = image.max()
    options = {"vmin": 0, "vmax": top, "interpolation": "nearest"}
    show(axes[0], image, "shifted", **options)
    show(axes[1], pooled, "pooled", **options)
    options |= {"cmap": "PuOr_r", "vmin": -top / 2, "vmax": top / 2}
    show(axes[2], difference, f"change {change:.2f}", **options)
    return figure


@book_figure
def verdict(picture, scores, class_names):
    """Show a picture and the scores that a classifier gives it."""
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 3.3), width_ratios=[1, 1.3]
    )
    draw_verdict(left, right, picture, scores, class_names)
    return figure
