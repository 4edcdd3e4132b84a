"""The frames of Chapter 11's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._boxes import draw_boxes, show_picture
from helpers.plots._style import ACCENT, MUTED, SECOND, WIDTH, book_figure
from helpers.plots.localization import around_picture
from helpers.plots.localization_diagrams import outline, paper


@book_figure
def two_boxes(one, other, measures, size):
    """Draw two boxes, what they share, and their measures as words beside them.

    Parameters
    ----------
    one, other : array_like, shape (4,)
        ``[x_min, y_min, x_max, y_max]``.
    measures : sequence of str
        A line each.
    size : (float, float)
        Height and width of the paper.
    """
    figure, (ax, side) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.7), width_ratios=[1.55, 1]
    )
    paper(ax, size)
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    if (low < high).all():
        outline(ax, [*low, *high], fill=True, fc="#bfdadc", ec="none")
    outline(ax, one, ec=SECOND, lw=2.5)
    outline(ax, other, ec=ACCENT, lw=2.5, linestyle=(0, (3, 1.5)))
    side.set_axis_off()
    for row, words in enumerate(measures):
        side.text(0, 0.88 - 0.2 * row, words, transform=side.transAxes, fontsize=11)
    return figure


@book_figure
def read_as(picture, true, found, title):
    """Show a picture with a box, and with what a reader of its numbers takes it for.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    true : array_like, shape (4,)
    found : array_like, shape (4,), or None
        None where the numbers make no box.
    title : str
    """
    figure, ax = plt.subplots(figsize=(3.6, 2.9))
    around_picture(ax, picture, 0.18)
    draw_boxes(ax, [true], color=SECOND)
    if found is not None:
        dashes = {"linestyle": (0, (3, 1.5)), "clip_on": True}
        draw_boxes(ax, [found], color=ACCENT, **dashes)
    ax.set_title(title, loc="left", fontsize=10, linespacing=1.3)
    return figure


@book_figure
def located(picture, true, found, names, probabilities, title):
    """Show an answer on its picture, and the probabilities of the classes.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    true : array_like, shape (boxes, 4)
        None, one or several.
    found : array_like, shape (4,)
    names : sequence of str
    probabilities : array_like, shape (classes,)
    title : str
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.6), width_ratios=[1.05, 1]
    )
    show_picture(left, picture)
    draw_boxes(left, true, color=SECOND)
    draw_boxes(left, [found], color=ACCENT, linestyle=(0, (3, 1.5)))
    left.set_title(title, loc="left", fontsize=10)
    places = np.arange(len(names))
    best = np.argmax(probabilities)
    colors = [ACCENT if place == best else MUTED for place in places]
    right.barh(places, probabilities, color=colors, height=0.7)
    right.set_yticks(places, names, fontsize=9)
    right.invert_yaxis()
    right.set_xlim(0, 1)
    right.set_xticks([0, 0.5, 1])
    right.set_xlabel("probability")
    return figure
