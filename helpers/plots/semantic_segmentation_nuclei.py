"""Figures of Chapter 14's nuclei: the parts of a micrograph, and answers to it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from helpers.plots._drawing import bare, show
from helpers.plots._style import ACCENT, INK, PAPER, SECOND, WIDTH, book_figure
from helpers.plots.semantic_segmentation import CLASS_COLORS, NOTHING, SMALL

MISTAKES = ListedColormap([NOTHING, ACCENT, SECOND, INK])
# Edges are a pixel wide: the darker of the two is theirs.
KINDS = ListedColormap([NOTHING, CLASS_COLORS[1], CLASS_COLORS[0]])
WORDS = ("right", "too much", "missed")
BRIGHT = 0.995  # share of pixels that are darker than white; nuclei are mostly faint


def show_mistakes(ax, truth, found):
    """Show two masks as one picture: what is right, too much, and missed."""
    kinds = np.select([truth & found, found, truth], [1, 2, 3])
    height, width = kinds.shape
    extent = (0, width, height, 0)
    ax.imshow(kinds, cmap=MISTAKES, vmin=-0.5, vmax=3.5, extent=extent)
    bare(ax)


def name_mistakes(ax):
    """Write under an axes which colour is right, too much, and missed."""
    _name_colors(ax, zip(MISTAKES.colors[1:], WORDS, strict=True))
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0)}
    ax.legend(frameon=False, ncols=3, handletextpad=0.1, columnspacing=0.6, **place)


def _name_colors(ax, named):
    for color, word in named:
        ax.plot([], [], "s", color=color, label=word, ms=7)


@book_figure
def nuclei(picture, truth, found, span):
    """Show a micrograph, its parts for learning and testing, and an answer.

    Parameters
    ----------
    picture : ndarray, shape (height, width)
    truth, found : ndarray of bool, shape (rows, columns)
        Of the test part.
    span : (int, int, int)
        Last column of the training part, first and last of the test part.
    """
    height, width = picture.shape
    widths = [width, truth.shape[1] * height / truth.shape[0]]
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 0.96 * WIDTH * height / sum(widths)), width_ratios=widths
    )
    few = picture[::2, ::2]  # enough at this size, and a quarter of the bytes
    look = {"cmap": "gray", "vmin": 0, "vmax": np.quantile(few, BRIGHT)}
    left.imshow(few, extent=(0, width, height, 0), interpolation="bilinear", **look)
    learned, first, last = span
    for start, end, color, name in (
        (0, learned, SECOND, "for learning"),
        (first, last, ACCENT, "for the test"),
    ):
        look = {"fill": False, "edgecolor": color, "linewidth": 3}
        left.add_patch(Rectangle((start + 3, 3), end - start - 6, height - 6, **look))
        place = {"ha": "center", "va": "top", "fontsize": 9, "color": INK}
        paper = {"boxstyle": "square,pad=0.2", "fc": PAPER, "ec": "none"}
        left.text((start + end) / 2, 14, name, bbox=paper, **place)
    bare(left)
    show_mistakes(right, truth, found)
    _name_colors(left, zip(MISTAKES.colors[1:], WORDS, strict=True))
    figure.legend(frameon=False, ncols=3, handletextpad=0.1, loc="outside lower right")
    return figure


@book_figure
def answers(picture, truth, found, baseline):
    """Show nuclei and their edges, true and found, and what each answer has wrong.

    Parameters
    ----------
    picture : ndarray, shape (height, width)
    truth, found : ndarray of int, shape (height, width)
        0 outside of nuclei, 1 inside, 2 on their edge; `found` is the U-Net's.
    baseline : ndarray of bool, shape (height, width)
        The nuclei by a threshold.
    """
    size = (WIDTH, 2 * (WIDTH / 3 + 0.3))
    figure, (upper, lower) = plt.subplots(2, 3, figsize=size)
    show(upper[0], picture, cmap="gray", vmin=0, vmax=np.quantile(picture, BRIGHT))
    for ax, classes in zip(upper[1:], (truth, found), strict=True):
        show(ax, classes, cmap=KINDS, vmin=0, vmax=2, interpolation="nearest")
    show_mistakes(lower[1], truth > 0, baseline)
    show_mistakes(lower[2], truth > 0, found > 0)
    titles = "image", "true classes", "U-Net", "threshold", "U-Net, nuclei"
    axes = (*upper, *lower[1:])
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, **SMALL)
    lower[0].set_axis_off()
    _name_colors(lower[0], zip(KINDS.colors[1:], ("nucleus", "its edge"), strict=True))
    _name_colors(lower[0], zip(MISTAKES.colors[1:], WORDS, strict=True))
    lower[0].legend(frameon=False, loc="center", handletextpad=0.3)
    return figure
