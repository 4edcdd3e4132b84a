"""What Chapter 9's figures share: inputs as pictures, guesses as bars, maps as heat."""

import numpy as np

from helpers.plots._drawing import show
from helpers.plots._style import ACCENT, INK

SMALL = {"fontsize": 9, "pad": 3}


def to_pixels(images):
    """Turn what a classifier takes, ``(rgb - 127) / 128``, back into 0..255."""
    return np.clip(np.rint(128 * np.asarray(images) + 127), 0, 255).astype(np.uint8)


def draw_bars(ax, names, values, color=ACCENT, limit=1.0, size=10):
    """Draw probabilities as bars, the first on top, with the names on the bars."""
    rows = np.arange(len(names))
    ax.barh(rows, values, color=color, alpha=0.35, height=0.75)
    for row, name, value in zip(rows, names, values, strict=True):
        text = f"{name}  {100 * value:.0f} %"
        ax.text(0.01 * limit, row, text, va="center", fontsize=size, color=INK)
    ax.set_xlim(0, limit)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_axis_off()


def draw_heat(ax, picture, heat, limit=None, title=None):
    """Lay a coarse map over a photograph in grey; bright is much.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    picture : ndarray, shape (height, width, 3)
        In 0..255.
    heat : ndarray, shape (rows, columns)
        Not negative.
    limit : float, optional
        What is drawn brightest; the largest value if not given.
    title : str, optional
    """
    height, width, _ = picture.shape
    grey = picture @ np.array([0.299, 0.587, 0.114])
    show(ax, 90 + 0.65 * grey, vmin=0, vmax=255)
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    limit = limit or heat.max() or 1.0
    look = {"cmap": "viridis", "vmin": 0, "vmax": limit, "alpha": 0.6}
    ax.imshow(heat, extent=extent, interpolation="bicubic", **look)
    if title:
        ax.set_title(title, **SMALL)
