"""The frames of Chapter 8's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import show
from helpers.plots._style import ACCENT, INK, SECOND, WIDTH, book_figure


@book_figure
def unit_at_work(picture, skip, branch, output):
    """Show what comes along a unit's skip, what its branch adds, and the sum.

    Parameters
    ----------
    picture : ndarray, shape (height, width)
        The image that the network reads.
    skip, branch, output : ndarray, shape (rows, columns, maps)
        The same few maps of each; the output is behind the ReLU.
    """
    rows, columns, maps = skip.shape
    figure, axes = plt.subplots(3, maps + 1, figsize=(WIDTH, 4.0))
    for ax in axes[:, 0]:
        ax.set_axis_off()
    show(axes[1, 0], picture, "image")
    axes[1, 0].title.set_fontsize(9.5)
    highest = max(float(skip.max()), float(output.max()), 1e-6)
    limit = max(float(np.abs(branch).max()), 1e-6)
    grey = {"vmin": 0, "vmax": highest, "interpolation": "nearest"}
    signed = {"vmin": -limit, "vmax": limit, "interpolation": "nearest"}
    for k in range(maps):
        show(axes[0, k + 1], skip[..., k], **grey)
        show(axes[1, k + 1], branch[..., k], cmap="PuOr_r", **signed)
        show(axes[2, k + 1], output[..., k], **grey)
    names = [f"skip, maps of {rows}×{columns}", "+ branch", "= output"]
    for ax, name in zip(axes[:, 1], names, strict=True):
        ax.set_title(name, fontsize=9.5, loc="left")
    return figure


@book_figure
def class_bars(values, intact, class_names, xlabel):
    """Draw a number for each class, and a mark where the whole network has it.

    Parameters
    ----------
    values, intact : ndarray, shape (classes,)
        In per cent.
    class_names : sequence of str
    xlabel : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.4))
    classes = np.arange(len(class_names))
    ax.barh(classes, values, color=ACCENT, height=0.66)
    look = {"color": SECOND, "s": 260, "lw": 2.4, "zorder": 3}
    ax.scatter(intact, classes, marker="|", label="nothing removed", **look)
    ax.set_yticks(classes, class_names)
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.invert_yaxis()
    ax.set_xlim(0, 103)
    ax.set_xlabel(xlabel)
    ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), borderpad=0)
    return figure
