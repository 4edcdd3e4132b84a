"""Figures of Chapter 13, YOLO, that show pictures and what was measured."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots._boxes import draw_boxes, show_picture
from helpers.plots._drawing import bare, in_rows
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure

THIN = {"linewidth": 1.2}
MARKERS = "os^Dvpd"  # one for each anchor


def draw_cells(ax, size, stride, tinted=(), color=SECOND):
    """Draw a grid of cells over a picture; tint some, given as (row, column)."""
    edges = np.arange(0, size + 1, stride)
    for edge in edges:
        ax.plot([edge, edge], [0, edges[-1]], color=PAPER, lw=0.6, alpha=0.8)
        ax.plot([0, edges[-1]], [edge, edge], color=PAPER, lw=0.6, alpha=0.8)
    for row, column in tinted:
        corner = (column * stride, row * stride)
        look = {"facecolor": color, "alpha": 0.5, "edgecolor": INK}
        ax.add_patch(Rectangle(corner, stride, stride, **look))


@book_figure
def grid(picture, boxes, stride, words):
    """Show a scene cut into cells: which of them hold the centre of an object.

    Parameters
    ----------
    picture : ndarray, shape (size, size, 3)
    boxes : ndarray, shape (objects, 4)
        In pixels.
    stride : int
        Pixels from a cell to the next.
    words : sequence of str
        One for each object.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 4.4))
    show_picture(ax, picture)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    cells = np.floor(centres[:, ::-1] / stride).astype(int)
    draw_cells(ax, len(picture), stride, cells)
    draw_boxes(ax, boxes, words)
    ax.plot(*centres.T, "o", color=INK, mec=PAPER, ms=6)
    return figure


@book_figure
def sizes(shapes, owners, anchors):
    """Draw the widths and heights of boxes, and the anchor that each belongs to.

    Parameters
    ----------
    shapes : ndarray, shape (boxes, 2)
    owners : ndarray, shape (boxes,)
        Number of each box's anchor.
    anchors : ndarray, shape (anchors, 2)
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 4.2))
    draw_sizes(ax, shapes, owners, anchors)
    return figure


def draw_sizes(ax, shapes, owners, anchors, most=80):
    """Draw boxes as points of width and height, and anchors as outlines in scale."""
    colors = plt.get_cmap("viridis")(np.linspace(0, 0.92, len(anchors)))
    for number in range(len(anchors)):
        chosen = shapes[owners == number]
        look = {"color": colors[number], "ms": 4, "alpha": 0.45, "mew": 0}
        ax.plot(*chosen.T, MARKERS[number % len(MARKERS)], **look)
    for number, (width, height) in enumerate(anchors):
        marker = MARKERS[number % len(MARKERS)]
        look = {"color": colors[number], "mec": PAPER, "mew": 1.5, "ms": 13}
        ax.plot(width, height, marker, **look)
        ax.plot(width, height, marker, mfc="none", mec=INK, ms=14.5)
    ax.set(xlim=(0, most), ylim=(0, most), aspect="equal")
    ax.set_xlabel("width in pixels")
    ax.set_ylabel("height in pixels")


@book_figure
def overlaps_by_count(panels):
    """Draw the mean IoU with the best anchor over the number of anchors.

    Parameters
    ----------
    panels : dict
        Title of a panel to a dict: name of a distance to ``{count: mean IoU}``.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH, 2.9), sharey=True)
    looks = [(ACCENT, "o", "-"), (SECOND, "s", (0, (5, 2)))]
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        for (name, values), (color, marker, line) in zip(
            curves.items(), looks, strict=False
        ):
            look = {"color": color, "marker": marker, "linestyle": line, "ms": 5}
            ax.plot(list(values), list(values.values()), label=name, **look)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel("anchors")
        ax.set_xticks(list(values))
    axes[0].set_ylabel("mean IoU with the best")
    axes[-1].legend(frameon=False, loc="lower right")
    return figure


@book_figure
def targets(picture, boxes, objectness, stride):
    """Show a scene, and for each anchor what objectness each cell should give.

    Parameters
    ----------
    picture : ndarray, shape (size, size, 3)
    boxes : ndarray, shape (objects, 4)
    objectness : ndarray, shape (rows, columns, anchors)
        1, 0, or -1 for those that are left out of the loss.
    stride : int
    """
    figure, (scene, *axes) = in_rows(1 + objectness.shape[-1], 3, 1.95)
    show_picture(scene, picture)
    draw_cells(scene, len(picture), stride)
    draw_boxes(scene, boxes, **THIN)
    scene.set_title("scene", fontsize=10)
    for number, ax in enumerate(axes):
        _answers(ax, objectness[..., number])
        ax.set_title(f"anchor {number}", fontsize=10)
    return figure


def _answers(ax, values):
    """Draw cells: filled for 1, hatched for -1, empty for 0."""
    for (row, column), value in np.ndenumerate(values):
        look = {
            1: {"facecolor": SECOND},
            0: {"facecolor": PAPER},
            -1: {"facecolor": PAPER, "hatch": "////", "edgecolor": MUTED},
        }[int(value)]
        look = {"edgecolor": MUTED, "linewidth": 0.5} | look
        ax.add_patch(Rectangle((column, row), 1, 1, **look))
        if value == 1:
            place = {"ha": "center", "va": "center", "fontsize": 9}
            ax.text(column + 0.5, row + 0.5, "1", **place)
    ax.set_xlim(-0.05, values.shape[1] + 0.05)
    ax.set_ylim(values.shape[0] + 0.05, -0.05)
    bare(ax)


@book_figure
def loss_parts(curves):
    """Draw the parts of a loss over the epochs of a training, on a logarithmic scale.

    Parameters
    ----------
    curves : dict
        Name to one value an epoch.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    looks = zip((ACCENT, SECOND, INK), ("-", (0, (5, 2)), (0, (1, 1.5))), strict=True)
    for (name, values), (color, line) in zip(curves.items(), looks, strict=False):
        epochs = range(1, len(values) + 1)
        ax.semilogy(epochs, values, color=color, linestyle=line, label=name)
    ax.set_xlabel("epoch")
    ax.set_ylabel("mean an object")
    ax.legend(frameon=False)
    return figure


@book_figure
def steps(panels):
    """Show one scene several times, each with other boxes.

    Parameters
    ----------
    panels : sequence of dict
        ``title``, ``picture`` (ndarray [size, size, 3]), ``boxes`` and, if they are
        written, ``words``.
    """
    figure, axes = in_rows(len(panels), 2, 2.45)
    for ax, panel in zip(axes, panels, strict=True):
        show_picture(ax, panel["picture"])
        many = len(panel["boxes"]) > 40
        look = {"linewidth": 0.5, "path_effects": None} if many else {"linewidth": 1.6}
        draw_boxes(ax, panel["boxes"], panel.get("words"), **look)
        size = panel["picture"].shape[1], panel["picture"].shape[0]
        ax.set(xlim=(0, size[0]), ylim=(size[1], 0))
        ax.set_title(panel["title"], fontsize=10)
    return figure


@book_figure
def objectness_map(picture, raw, stride):
    """Show what a network says of each cell: a raw number, and the probability.

    Parameters
    ----------
    picture : ndarray, shape (size, size, 3)
    raw : ndarray, shape (rows, columns)
        Largest raw objectness of each cell.
    stride : int
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.75))
    show_picture(left, picture)
    draw_cells(left, len(picture), stride)
    left.set_title("scene", fontsize=10)
    chance = 1 / (1 + np.exp(-raw))
    right.imshow(chance, vmin=0, vmax=1, interpolation="nearest")
    for (row, column), value in np.ndenumerate(raw):
        color = PAPER if chance[row, column] < 0.6 else INK
        place = {"ha": "center", "va": "center", "fontsize": 9, "color": color}
        text = f"{round(value)}".replace("-", "−")
        right.text(column, row, text, **place)
    bare(right, "raw objectness")
    right.title.set_fontsize(10)
    return figure


@book_figure
def speed_and_accuracy(sizes, milliseconds, precision, trained):
    """Draw a detector's accuracy over the time that it takes, a point a size.

    Parameters
    ----------
    sizes : sequence of int
        Sides of the images.
    milliseconds : sequence of float
        For one image.
    precision : sequence of float
        Mean average precision, 0 to 1.
    trained : sequence of int
        Sizes that the network learned from.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.2))
    ax.plot(milliseconds, precision, color=MUTED, lw=1.2, zorder=1)
    for among, color, name in (
        (True, ACCENT, "learned from"),
        (False, SECOND, "never seen"),
    ):
        points = [
            (time, value)
            for size, time, value in zip(sizes, milliseconds, precision, strict=True)
            if (size in trained) == among
        ]
        marker = "o" if among else "s"
        look = {"color": color, "marker": marker, "linestyle": "", "ms": 9}
        ax.plot(*np.reshape(points, (-1, 2)).T, label=name, **look)
    for size, time, value in zip(sizes, milliseconds, precision, strict=True):
        place = {"textcoords": "offset points", "ha": "center", "fontsize": 10}
        ax.annotate(f"{size}", (time, value), (0, 9), **place)
    ax.set_xlim(0, 1.12 * max(milliseconds))
    ax.set_ylim(0, 1.15 * max(precision))
    ax.set_xlabel("milliseconds an image")
    ax.set_ylabel("mAP at an IoU of 0.5")
    ax.legend(frameon=False, loc="lower right")
    return figure


@book_figure
def found_by_length(shares):
    """Draw the share of objects that are found as bars, by how long they are.

    Parameters
    ----------
    shares : dict
        Name to a dict: upper limit of the length, in pixels, to a share in per cent.
    """
    limits = sorted({limit for values in shares.values() for limit in values})
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    width = 0.8 / len(shares)
    colors = (ACCENT, SECOND, INK)
    for number, (name, values) in enumerate(shares.items()):
        places = [limits.index(limit) for limit in values]
        shift = (number - (len(shares) - 1) / 2) * width
        look = {"color": colors[number], "label": name}
        bars = ax.bar(np.add(places, shift), values.values(), 0.92 * width, **look)
        ax.bar_label(bars, fmt="%.0f", fontsize=9, padding=1)
    ax.set_xticks(range(len(limits)), [f"to {limit}" for limit in limits])
    ax.set_ylim(0, 112)
    ax.set_yticks([0, 25, 50, 75, 100])
    ax.set_xlabel("longer side of the box in pixels")
    ax.set_ylabel("found in %")
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0)}
    ax.legend(frameon=False, ncols=len(shares), **place)
    return figure
