"""The frames of Chapter 5's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import show
from helpers.plots._style import WIDTH, book_figure


@book_figure
def augmented(originals, changed):
    """Show pictures in the first column, and changed copies of them beside it.

    Parameters
    ----------
    originals : ndarray, shape (rows, height, width)
        Values in 0..1.
    changed : ndarray, shape (rows, copies, height, width)
    """
    table = np.concatenate([originals[:, None], changed], axis=1)
    height, width = table.shape[2:]
    gap = 2
    rows = []
    for row in table:
        cells = [np.pad(cell, gap, constant_values=np.nan) for cell in row]
        # A wider gap sets the originals apart.
        cells.insert(1, np.full((height + 2 * gap, 4 * gap), np.nan))
        rows.append(np.concatenate(cells, axis=1))
    sheet = np.concatenate(rows)
    size = (WIDTH, 0.35 + WIDTH * sheet.shape[0] / sheet.shape[1])
    figure, ax = plt.subplots(figsize=size)
    show(ax, sheet, cmap="gray_r", vmin=0, vmax=1)
    middle = gap + width / 2
    ax.text(middle, -2, "original", ha="center", va="bottom", fontsize=10)
    rest = width + 6 * gap + (sheet.shape[1] - width - 6 * gap) / 2
    ax.text(rest, -2, "drawn at random", ha="center", va="bottom", fontsize=10)
    return figure


@book_figure
def feature_maps(picture, maps, title, columns=6, rows=3):
    """Show a picture and the maps that a layer makes of it, each on its own scale.

    Parameters
    ----------
    picture : ndarray, shape (height, width)
        Values in 0..1.
    maps : ndarray, shape (height, width, maps)
        The first ``columns * rows`` are shown.
    title : str
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.6), width_ratios=[1, 2.6]
    )
    show(left, picture, "image", cmap="gray_r", vmin=0, vmax=1)
    height, width, count = maps.shape
    gap = max(1, height // 8)
    sheet = np.full((rows * (height + gap), columns * (width + gap)), np.nan)
    for number in range(min(count, rows * columns)):
        row, column = divmod(number, columns)
        top, side = row * (height + gap), column * (width + gap)
        largest = maps[..., number].max()
        scaled = maps[..., number] / largest if largest > 0 else maps[..., number]
        sheet[top : top + height, side : side + width] = scaled
    show(right, sheet, title, cmap="cividis", vmin=0, vmax=1, interpolation="nearest")
    return figure
