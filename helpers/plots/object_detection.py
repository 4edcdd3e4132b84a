"""Figures of Chapter 12, Object detection, that show pictures and boxes."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._boxes import draw_boxes, show_picture
from helpers.plots._drawing import bare, in_rows
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure

SMALL = {"fontsize": 9.5, "pad": 4}
EDGE = 0.1  # of the height: a box from there up has its word below
MARGIN = 0.25  # around boxes, of the longer side of them all


@book_figure
def windows(image, boxes, crops, words):
    """Show windows on a picture, and what a classifier gets and says of each.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3)
    boxes : ndarray, shape (windows, 4)
    crops : sequence of ndarray
        At most six pictures.
    words : sequence of str
        What is said of each, one or two lines.
    """
    figure = plt.figure(figsize=(WIDTH, 2.75))
    whole, right = figure.subfigures(1, 2, width_ratios=[1, 1.15])
    ax = whole.subplots()
    show_picture(ax, image)
    numbers = [str(n + 1) for n in range(len(boxes))]
    draw_boxes(ax, boxes, numbers, linewidth=1.5)
    axes = right.subplots(2, 3)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, crop, text, number in zip(axes.flat, crops, words, numbers, strict=False):
        show_picture(ax, crop)
        ax.set_title(f"{number}: {text}", fontsize=9, pad=3)
    return figure


@book_figure
def levels(pictures, titles, size):
    """Show one picture in several sizes, with a window of one size in each.

    Parameters
    ----------
    pictures : sequence of ndarray
        The largest first.
    titles : sequence of str
    size : int
        Side of the window in pixels, drawn in the middle.
    """
    widths = [picture.shape[1] for picture in pictures]
    figure, axes = plt.subplots(
        1, len(pictures), figsize=(WIDTH, 2.25), width_ratios=widths
    )
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        show_picture(ax, picture)
        height, width = picture.shape[:2]
        low = np.array([width - size, height - size]) / 2
        draw_boxes(ax, [[*low, *(low + size)]])
        ax.set_title(title, **SMALL)
    return figure


@book_figure
def answers(image, maps, titles, label):
    """Show a picture, and maps of numbers from 0 to 1 that belong to it.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3)
    maps : sequence of ndarray, shape (rows, columns)
    titles : sequence of str
        One for the picture and one for each map.
    label : str
        What the numbers are.
    """
    figure, axes = plt.subplots(1, 1 + len(maps), figsize=(WIDTH, 1.85))
    show_picture(axes[0], image)
    for ax, values in zip(axes[1:], maps, strict=True):
        drawn = ax.imshow(values, vmin=0, vmax=1)
        bare(ax)
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, **SMALL)
    figure.colorbar(
        drawn, ax=list(axes), label=label, orientation="horizontal", aspect=40
    )
    return figure


@book_figure
def suppression(image, steps):
    """Show which boxes are kept, which wait, and which go, step by step.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3)
    steps : sequence of (str, ndarray, ndarray, ndarray)
        Title; boxes kept so far, boxes that wait, boxes dropped in this step.
    """
    figure, axes = in_rows(len(steps), 2, 2.85)
    looks = (
        (ACCENT, {"linewidth": 3}),
        (SECOND, {"linewidth": 1.2}),
        (MUTED, {"linewidth": 0.9, "linestyle": (0, (3, 2))}),
    )
    grey = 90 + 0.6 * np.asarray(image, float).mean(axis=-1)
    for ax, (title, *groups) in zip(axes, steps, strict=True):
        height, width = grey.shape
        ax.imshow(grey, cmap="gray", vmin=0, vmax=255, extent=(0, width, height, 0))
        ax.set_axis_off()
        for boxes, (color, look) in reversed(list(zip(groups, looks, strict=True))):
            draw_boxes(ax, boxes, color=color, **look)
        ax.set(xlim=(0, width), ylim=(height, 0))
        ax.set_title(title, **SMALL)
    return figure


@book_figure
def table_of_differences(values, label):
    """Show a number for each cell of a grid, written into the cells.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        Not negative.
    label : str
    """
    figure, ax = plt.subplots(figsize=(0.78 * WIDTH, 3.6))
    drawn = ax.imshow(values, vmin=0)
    limit = values.max()
    for place, value in np.ndenumerate(values):
        color = INK if value > 0.6 * limit else PAPER
        text = "0" if value < 0.005 else f"{value:.2f}".lstrip("0")
        ax.text(*place[::-1], text, ha="center", va="center", color=color, fontsize=9)
    bare(ax)
    figure.colorbar(drawn, ax=ax, label=label)
    return figure


@book_figure
def anchors(image, panels):
    """Show anchors of several maps: their centres, one set, and the positive ones.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3)
    panels : sequence of (str, ndarray, ndarray, ndarray)
        Title; centres ``[n, 2]``; the anchors of one place; those that answer for an
        object.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH, 2.9), squeeze=False)
    for ax, (title, centres, one_place, positive) in zip(
        axes.flat, panels, strict=True
    ):
        show_picture(ax, image)
        ax.plot(*centres.T, ".", color=PAPER, ms=2.6, mec=INK, mew=0.4)
        draw_boxes(ax, positive, color=ACCENT, linewidth=1.5)
        draw_boxes(ax, one_place, color=SECOND, linewidth=1.5, linestyle="--")
        height, width = image.shape[:2]
        ax.set(xlim=(0, width), ylim=(height, 0))
        ax.set_title(title, **SMALL)
    return figure


@book_figure
def detections(pictures, found, columns=2):
    """Show photographs with the boxes that a detector has found.

    Parameters
    ----------
    pictures : sequence of ndarray
    found : sequence of (ndarray, sequence of str)
        Boxes ``[n, 4]`` and a word for each.
    columns : int, optional
    """
    figure, axes = in_rows(len(pictures), columns, 2.2)
    for ax, picture, (boxes, words) in zip(axes, pictures, found, strict=True):
        show_picture(ax, picture)
        # Of boxes that reach the picture's edge: words above it would meet others.
        at_edge = [n for n, box in enumerate(boxes) if box[1] < EDGE * len(picture)]
        draw_boxes(ax, boxes, words, below=at_edge)
    return figure


@book_figure
def side_by_side(image, panels):
    """Show the part of one picture that holds boxes, with some of them at a time.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3)
    panels : sequence of (str, ndarray, sequence of str)
        Title, boxes ``[n, 4]`` and a word for each, or None.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH, 2.25), squeeze=False)
    left, top, right, bottom = _square_around(
        np.concatenate([boxes for _, boxes, _ in panels]), image.shape
    )
    for ax, (title, boxes, words) in zip(axes.flat, panels, strict=True):
        show_picture(ax, image)
        draw_boxes(ax, boxes, words, below=range(1, len(boxes), 2))
        ax.set(xlim=(left, right), ylim=(bottom, top))
        ax.set_title(title, **SMALL)
    return figure


def _square_around(boxes, shape):
    """Return corners around all boxes, with a margin, as far as the picture goes."""
    height, width = shape[:2]
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    side = min(max(high - low) * (1 + 2 * MARGIN), height, width)
    low = np.clip((low + high - side) / 2, 0, np.array([width, height]) - side)
    return *low, *(low + side)
