"""The frames of Chapter 9's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import show
from helpers.plots._guesses import SMALL, draw_bars, draw_heat, to_pixels
from helpers.plots._style import ACCENT, INK, SECOND, WIDTH, book_figure


@book_figure
def covered(picture, names, before, after, first):
    """Show a photograph with a square on it, and what is left of the guesses.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
        As the classifier takes it.
    names : sequence of str
        The best guesses without the square.
    before, after : sequence of float
        Their probabilities without and with it.
    first : str
        The first guess with the square.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.35), width_ratios=[1, 1.3]
    )
    show(left, to_pixels(picture))
    limit = max(0.5, 1.1 * max(before), 1.1 * max(after))
    draw_bars(right, names, after, limit=limit)
    for row, value in enumerate(before):
        right.plot([value] * 2, [row - 0.4, row + 0.4], color=SECOND, lw=2.5)
    right.set_title(f"first guess: {first}", loc="left", fontsize=10)
    return figure


@book_figure
def class_map(picture, heat, title):
    """Show a photograph, and a class's map at one layer over it.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
        As the classifier takes it.
    heat : ndarray, shape (rows, columns)
        Not negative.
    title : str
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.6), width_ratios=[0.5, 1]
    )
    pixels = to_pixels(picture)
    show(left, pixels)
    left.set_title("what the network gets", **SMALL)
    draw_heat(right, pixels, heat, title=title)
    return figure


@book_figure
def prepared(picture, values, names, probabilities):
    """Show an input, how its values are spread, and the guesses that it leads to.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
        What the network takes for ``(rgb - 127) / 128``.
    values : (float, float)
        Range of the input's values.
    names : sequence of str
        The best guesses.
    probabilities : sequence of float
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.35), width_ratios=[1, 1.3]
    )
    show(left, to_pixels(picture))
    draw_bars(right, names, probabilities, color=ACCENT, limit=1.0)
    low, high = values
    right.set_title(f"values {low:.2f} to {high:.2f}", loc="left", fontsize=10)
    right.title.set_color(INK)
    return figure


def spread(inputs):
    """Return the smallest and the largest value of an input."""
    return float(np.min(inputs)), float(np.max(inputs))
