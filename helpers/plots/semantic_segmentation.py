"""Figures of Chapter 14, Semantic segmentation: pictures, maps, measurements."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from helpers.plots._boxes import show_picture
from helpers.plots._drawing import bare, draw_weights, in_rows, show
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure

NOTHING = "#eceff1"  # the class of what is no object
# Paul Tol's muted colours: told apart with colour-blind eyes, too.
CLASS_COLORS = ["#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#ddcc77"]
CLASS_COLORS += ["#cc6677", "#882255", "#aa4499", "#661100"]
CLASSES = ListedColormap([NOTHING, *CLASS_COLORS])
SMALL = {"fontsize": 10, "pad": 4}
LOOKS = [(ACCENT, "o", "-"), (SECOND, "s", (0, (5, 2))), (INK, "^", (0, (1, 1.5)))]
LOOKS.append((MUTED, "D", (0, (6, 1.5, 1, 1.5))))


def show_classes(ax, classes, names=None):
    """Show a segmentation map, each in its colour, with its name if names are given."""
    height, width = classes.shape
    extent = (0, width, height, 0)
    look = {"cmap": CLASSES, "vmin": -0.5, "vmax": CLASSES.N - 0.5}
    ax.imshow(classes, extent=extent, interpolation="nearest", **look)
    bare(ax)
    for number in np.unique(classes[classes > 0]) if names is not None else ():
        row, column = _deepest(classes == number)
        place = {"ha": "center", "va": "center", "fontsize": 9, "color": INK}
        paper = {"boxstyle": "square,pad=0.15", "fc": PAPER, "ec": "none"}
        ax.text(column + 0.5, row + 0.5, names[number], bbox=paper, **place)


def _deepest(mask):
    """Return a pixel of a mask that is as far from its outline as any."""
    left, inner = mask, np.pad(mask, 1)
    while inner.any():
        left = inner[1:-1, 1:-1]
        up, down = inner[:-2, 1:-1], inner[2:, 1:-1]
        kept = left & up & down & inner[1:-1, :-2] & inner[1:-1, 2:]
        inner = np.pad(kept, 1)
    rows, columns = np.nonzero(left)
    middle = np.hypot(rows - rows.mean(), columns - columns.mean()).argmin()
    return rows[middle], columns[middle]


def show_panel(ax, panel, names=None):
    """Show a picture ``[h, w, 3]``, or a segmentation map ``[h, w]``."""
    if panel.ndim == 3:
        show_picture(ax, panel)
    else:
        show_classes(ax, panel, names)


@book_figure
def segmented(picture, classes, names):
    """Show a scene and the class of each of its pixels.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    classes : ndarray of int, shape (height, width)
    names : sequence of str
        Of all classes.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.75))
    show_picture(left, picture)
    show_classes(right, classes, names)
    left.set_title("image", **SMALL)
    right.set_title("a class for each pixel", **SMALL)
    return figure


@book_figure
def panels(shown, columns=3):
    """Show pictures and segmentation maps beside each other.

    Parameters
    ----------
    shown : dict
        Title to a picture ``[height, width, 3]`` or a segmentation map.
    columns : int, optional
    """
    figure, axes = in_rows(len(shown), columns, WIDTH / columns + 0.3)
    for ax, (title, panel) in zip(axes, shown.items(), strict=True):
        show_panel(ax, panel)
        ax.set_title(title, **SMALL)
    return figure


@book_figure
def curves(x, lines, x_label, y_label, log=False, limits=None):
    """Draw lines over one quantity, told apart by colour, marker and dashes.

    Parameters
    ----------
    x : sequence of float
    lines : dict
        Name to one value for each x.
    x_label, y_label : str
    log : bool, optional
        Whether the horizontal axis doubles from tick to tick.
    limits : (float, float), optional
        Of the vertical axis.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.1))
    for (name, values), (color, marker, line) in zip(
        lines.items(), LOOKS, strict=False
    ):
        few = marker if len(x) < 20 else None
        look = {"color": color, "marker": few, "linestyle": line, "ms": 6}
        ax.plot(x, values, label=name, **look)
    if log:
        ax.set_xscale("log", base=2)
        ax.set_xticks(x, [f"{value:g}" for value in x])
        ax.minorticks_off()
    if limits is not None:
        ax.set_ylim(*limits)
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.legend(frameon=False)
    return figure


@book_figure
def numbers(grids):
    """Show small arrays as shaded cells with their numbers.

    Parameters
    ----------
    grids : dict
        Title to an array ``[rows, columns]``; they share one scale of shades.
    """
    low = min(float(values.min()) for values in grids.values())
    high = max(float(values.max()) for values in grids.values())
    widths = [values.shape[1] for values in grids.values()]
    figure, axes = plt.subplots(
        1, len(grids), figsize=(WIDTH, 2.1), width_ratios=widths, squeeze=False
    )
    for ax, (title, values) in zip(axes.flat, grids.items(), strict=True):
        ax.imshow(values, vmin=low, vmax=high, interpolation="nearest")
        for (row, column), value in np.ndenumerate(values):
            dark = (value - low) / max(high - low, 1e-9) < 0.6
            place = {"ha": "center", "va": "center", "fontsize": 8.5}
            text = f"{value:.3g}"
            ax.text(column, row, text, color=PAPER if dark else INK, **place)
        bare(ax)
        ax.set_title(title, **SMALL)
    return figure


@book_figure
def by_class(names, values):
    """Draw each class's IoU for several networks, a row a class.

    Parameters
    ----------
    names : sequence of str
    values : dict
        Name of a network to one value a class, 0 to 1.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.34 * len(names) + 0.9))
    order = np.argsort(list(values.values())[-1])
    rows = np.arange(len(names))
    every = np.array(list(values.values()))[:, order]
    ax.hlines(rows, every.min(axis=0), every.max(axis=0), color=MUTED, lw=1)
    for (name, _), own, (color, marker, _) in zip(
        values.items(), every, LOOKS, strict=False
    ):
        look = {"color": color, "marker": marker, "linestyle": "", "ms": 7}
        ax.plot(own, rows, label=name, **look)
    ax.set_yticks(rows, [names[number] for number in order])
    ax.set(xlim=(0, 1), ylim=(-0.6, len(names) - 0.4))
    ax.set_xlabel("IoU")
    place = {"loc": "lower center", "bbox_to_anchor": (0.45, 1.0)}
    ax.legend(frameon=False, ncols=len(values), columnspacing=1.2, **place)
    return figure


@book_figure
def learned_filters(filters):
    """Show filters side by side on one scale, with their weights written in.

    Where there are more than 16, only a minus marks those below zero.

    Parameters
    ----------
    filters : dict
        Title to an array ``[height, width]``.
    """
    limit = max(np.abs(each).max() for each in filters.values())
    figure, axes = plt.subplots(1, len(filters), figsize=(WIDTH, 2.2), squeeze=False)
    for ax, (title, weights) in zip(axes.flat, filters.items(), strict=True):
        draw_weights(ax, weights, limit=limit)
        ax.set_title(title, **SMALL)
        for (row, column), value in np.ndenumerate(weights):
            strong = abs(value) > 0.7 * limit
            place = {"ha": "center", "va": "center", "fontsize": 8.5}
            if weights.size <= 16:
                text = f"{value:.2f}".replace("-", "−")
            else:
                text = "−" if value < -0.02 * limit else ""
            ax.text(column, row, text, color=PAPER if strong else INK, **place)
    return figure


@book_figure
def details(pictures):
    """Show pieces of grey pictures, enlarged without smoothing.

    Parameters
    ----------
    pictures : dict
        Title to an array ``[height, width]`` in 0..1.
    """
    figure, axes = in_rows(len(pictures), 2, WIDTH / 2 + 0.25)
    for ax, (title, picture) in zip(axes, pictures.items(), strict=True):
        show(ax, np.clip(picture, 0, 1), vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(title, **SMALL)
    return figure


@book_figure
def person(picture, chance):
    """Show a photograph, how likely each pixel is a person, and the person cut out.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
    chance : ndarray, shape (height, width)
        From 0 to 1.
    """
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 2.1))
    show_picture(axes[0], picture)
    show(axes[1], chance, cmap="cividis", vmin=0, vmax=1)
    cut = np.where(chance[..., np.newaxis] >= 0.5, picture, 255)
    show_picture(axes[2], cut)
    for ax, title in zip(
        axes, ("photograph", "probability", "0.5 or more"), strict=True
    ):
        ax.set_title(title, **SMALL)
    return figure
