"""The frames of Chapter 14's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._boxes import show_picture
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure
from helpers.plots.semantic_segmentation import SMALL, show_classes
from helpers.plots.semantic_segmentation_nuclei import name_mistakes, show_mistakes

PALE, THINNED = 0.5, 2


@book_figure
def painted(values, brush, factor, wanted=None):
    """Draw a transposed convolution in one dimension: brushes, and their sum.

    Parameters
    ----------
    values : ndarray, shape (n,)
        The input.
    brush : ndarray, shape (taps,)
        The filter.
    factor : int
        Output pixels from one input pixel to the next.
    wanted : ndarray, optional
        What to compare the sum with, `n` times `factor` values.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    size, taps = len(values) * factor, len(brush)
    start = -((taps - factor) // 2)
    places = np.arange(start, start + (len(values) - 1) * factor + taps) + 0.5
    total = np.zeros(len(places))
    for number, value in enumerate(values):
        own = slice(number * factor, number * factor + taps)
        total[own] += value * brush
        # In parts of an input pixel, so that every factor fills the same width.
        ax.fill_between(
            places[own] / factor, value * brush, color=MUTED, alpha=0.25, step="mid"
        )
    inside = (places > 0) & (places < size)
    x = places[inside] / factor
    ax.step(x, total[inside], where="mid", color=ACCENT, label="sum of the brushes")
    if wanted is not None:
        look = {"color": SECOND, "linestyle": (0, (4, 3)), "lw": 1.6}
        ax.plot(x, wanted, label="interpolated", **look)
    ax.plot(np.arange(len(values)) + 0.5, values, "o", color=INK, ms=7, label="input")
    ax.set(xlim=(0, len(values)), ylim=(0, 1.5 * values.max()))
    ax.set_xlabel("place, in input pixels")
    ax.legend(frameon=False, ncols=3, fontsize=9, loc="upper center")
    return figure


@book_figure
def through_stride(picture, truth, answer, title):
    """Show a scene, the true classes, and an answer.

    Parameters
    ----------
    picture : ndarray, shape (size, size, 3)
    truth, answer : ndarray of int, shape (size, size)
    title : str
        Of the answer.
    """
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 2.1))
    # Half the pixels, pale: frames of a few kilobytes.
    pale = np.asarray(picture)[::THINNED, ::THINNED] * PALE + 255 * (1 - PALE)
    show_picture(axes[0], pale.astype(np.uint8))
    show_classes(axes[1], truth)
    show_classes(axes[2], answer)
    for ax, text in zip(axes, ("image", "true classes", title), strict=True):
        ax.set_title(text, **SMALL)
    return figure


@book_figure
def thresholded(truth, chance, threshold, words):
    """Show which pixels are at least so likely, beside the truth, and what it is worth.

    Parameters
    ----------
    truth : ndarray of bool, shape (height, width)
    chance : ndarray, shape (height, width)
        How likely each pixel belongs to an object.
    threshold : float
    words : sequence of str
        Lines that are written beside it.
    """
    figure, (ax, side) = plt.subplots(1, 2, figsize=(WIDTH, 3.0), width_ratios=[1.5, 1])
    show_mistakes(ax, truth, chance >= threshold)
    name_mistakes(ax)
    side.set_axis_off()
    look = {"fontsize": 11, "linespacing": 1.5, "color": INK, "va": "center"}
    side.text(0, 0.5, "\n".join(words), **look)
    return figure


@book_figure
def constant_guess(guesses, values, share, name):
    """Draw a loss over what is said of every pixel alike, and mark its lowest point.

    Parameters
    ----------
    guesses, values : ndarray, shape (n,)
        The probability that is said of every pixel, and the loss.
    share : float
        Of the pixels that belong to the object.
    name : str
        Of the loss.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    ax.plot(guesses, values, color=ACCENT)
    lowest = values.argmin()
    ax.plot(guesses[lowest], values[lowest], "o", color=SECOND, mec=INK, ms=9)
    ax.axvline(share, color=MUTED, lw=1.2, linestyle=(0, (4, 3)))
    ax.set(xlim=(0, 1), xlabel="probability said of every pixel", ylabel=f"{name} loss")
    text = f"dashed: the share, {100 * share:g} %; lowest at {guesses[lowest]:.2f}"
    ax.set_title(text, loc="left", fontsize=10)
    return figure
