"""Masks drawn on pictures, for the chapter on instance segmentation."""

import numpy as np
from matplotlib.colors import to_rgb

from helpers.plots._boxes import show_picture
from helpers.plots._style import ACCENT, PAPER, SECOND

# Told apart by people who see no red or green, and neighbours in grey, too.
COLORS = (SECOND, ACCENT, "#f0e442", "#7b3294", "#7fc4e8", "#b22222")


def tinted(picture, masks, colors, strength=0.65):
    """Return a picture with the pixels of each mask in its colour.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
    masks : ndarray of bool, shape (masks, height, width)
        A later one lies on top.
    colors : sequence of str
        One for each mask.
    strength : float, optional
        0 leaves the picture, 1 leaves nothing of it.
    """
    picture = np.asarray(picture, float) / 255
    for mask, color in zip(masks, colors, strict=True):
        paint = np.array(to_rgb(color))
        picture[mask] = (1 - strength) * picture[mask] + strength * paint
    return np.round(255 * picture).astype(np.uint8)


def cycled(count, colors=COLORS):
    """Return so many colours, from the start again where they end."""
    return [colors[number % len(colors)] for number in range(count)]


def draw_masks(ax, picture, masks, colors=None, strength=0.65):
    """Show a picture with tinted masks, each in its outline."""
    colors = cycled(len(masks)) if colors is None else colors
    show_pixels(ax, tinted(picture, masks, colors, strength))
    for mask in masks:
        outline(ax, mask, color=PAPER, linewidths=0.9)


def show_pixels(ax, picture):
    """Show a small picture with sharp pixels: masks end where pixels do."""
    show_picture(ax, picture)
    ax.images[-1].set_interpolation("nearest")  # a smooth one also weighs twice as much


def outline(ax, mask, **line):
    """Draw the line around a mask; coordinates are the edges of pixels."""
    if mask.any():
        rows, columns = mask.shape
        x = np.arange(-1, columns + 1) + 0.5
        y = np.arange(-1, rows + 1) + 0.5
        line = {"colors": line.pop("color", PAPER)} | line
        ax.contour(x, y, np.pad(mask, 1).astype(float), [0.5], **line)
    ax.set(xlim=(0, mask.shape[1]), ylim=(mask.shape[0], 0))
