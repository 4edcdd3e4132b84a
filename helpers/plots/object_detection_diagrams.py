"""Diagrams of Chapter 12, Object detection: how images become maps become answers."""

import matplotlib.pyplot as plt
from matplotlib.patches import Polygon, Rectangle

from helpers.plots._diagrams import arrow, box, sign
from helpers.plots._drawing import GREY_CELL
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

DEPTH = 0.35  # how far the back of a stack of maps is moved, to either side


@book_figure
def sliding_filter(rows):
    """Draw maps, the filter that was a dense layer, and the grid of its answers.

    Parameters
    ----------
    rows : sequence of (str, int, int)
        Name of the image, side of the maps, side of the filter.
    """
    largest = max(side for _, side, _ in rows)
    heights = [side + 3.4 for _, side, _ in rows]
    figure, axes = plt.subplots(
        len(rows),
        1,
        figsize=(WIDTH, 4.9),
        height_ratios=heights,
        squeeze=False,
    )
    for ax, (name, side, size) in zip(axes.flat, rows, strict=True):
        answers = side - size + 1
        left = largest + 4
        _cells(ax, 0, side, size)
        _cells(ax, left, answers, 1)
        middle = side / 2
        arrow(ax, (side + 0.6, middle), (left - 0.6, middle), SECOND)
        ax.text(
            (side + left) / 2,
            middle - 0.5,
            f"{size}×{size}",
            ha="center",
            va="bottom",
            color=INK,
        )
        for x, text in (
            (side / 2, f"{name}: maps {side}×{side}"),
            (left + answers / 2, f"answers {answers}×{answers}"),
        ):
            ax.text(x, side + 0.5, text, ha="center", va="top")
        ax.set_xlim(-3.5, left + largest - size + 4)
        ax.set_ylim(side + 2.6, -0.6)
        ax.set_aspect("equal")
        ax.set_axis_off()
    return figure


def _cells(ax, left, side, size):
    """Draw a square of cells, its first window filled."""
    for row in range(side):
        for column in range(side):
            inside = row < size and column < size
            ax.add_patch(
                Rectangle(
                    (left + column, row),
                    1,
                    1,
                    facecolor=SECOND if inside else GREY_CELL,
                    alpha=0.75 if inside else 1,
                    edgecolor=MUTED,
                    linewidth=0.6,
                )
            )


@book_figure
def pyramids():
    """Draw four ways to look for objects of several sizes."""
    titles = (
        "images in several sizes",
        "one map",
        "maps of several sizes",
        "feature pyramid",
    )
    figure, axes = plt.subplots(2, 2, figsize=(WIDTH, 4.9))
    drawings = (_image_pyramid, _one_map, _several_maps, _feature_pyramid)
    for ax, title, draw in zip(axes.flat, titles, drawings, strict=True):
        draw(ax)
        ax.set_title(title, fontsize=10)
        ax.set_xlim(-2.35, 5.35)
        ax.set_ylim(-0.75, 4.6)
        ax.set_axis_off()
    return figure


WIDTHS = (2.4, 1.6, 1.0)  # of three maps, from the image on
HEIGHTS = (1.2, 2.45, 3.7)  # where they are drawn


def _map(ax, x, y, width, color=ACCENT, filled=True):
    """Draw a map, or an image, as seen from above and to one side."""
    half, deep = width / 2, DEPTH * width / 2.4
    corners = [
        (x - half - deep, y - deep),
        (x + half - deep, y - deep),
        (x + half + deep, y + deep),
        (x - half + deep, y + deep),
    ]
    ax.add_patch(
        Polygon(
            corners,
            facecolor=color if filled else "white",
            alpha=0.35 if filled else 1,
            edgecolor=color,
            linewidth=1.4,
        )
    )


def _answer(ax, x, y, width):
    arrow(ax, (x + width / 2 + 0.3, y), (4.0, y))
    box(ax, 4.65, y, 1.3, 0.62, "boxes", SECOND)


def _stack(ax, x, answers):
    """Draw an image and three maps over it; those in `answers` give boxes."""
    _map(ax, x, 0, 2.9, MUTED, filled=False)
    below = 0
    for number, (width, y) in enumerate(zip(WIDTHS, HEIGHTS, strict=True)):
        arrow(ax, (x, below + 0.2), (x, y - 0.25))
        _map(ax, x, y, width)
        if number in answers:
            _answer(ax, x, y, width)
        below = y


def _image_pyramid(ax):
    for width, y in zip((2.9, 1.9, 1.2), (0, 1.75, 3.3), strict=True):
        _map(ax, 0, y, width, MUTED, filled=False)
        _map(ax, 0, y + 0.85, 0.8 * width)
        arrow(ax, (0, y + 0.15), (0, y + 0.65))
        _answer(ax, 0, y + 0.85, 0.8 * width)


def _one_map(ax):
    _stack(ax, 0, answers=(2,))


def _several_maps(ax):
    _stack(ax, 0, answers=(0, 1, 2))


def _feature_pyramid(ax):
    _stack(ax, -0.35, answers=())
    x = 2.35
    for number, (width, y) in enumerate(zip(WIDTHS, HEIGHTS, strict=True)):
        across = 0.62 * width
        arrow(ax, (-0.35 + width / 2 + 0.25, y), (x - across / 2 - 0.12, y))
        _map(ax, x, y, across)
        if number < 2:
            arrow(ax, (x, HEIGHTS[number + 1] - 0.2), (x, y + 0.24))
            sign(ax, x, y, "+", radius=0.2)
        _answer(ax, x, y, across)
