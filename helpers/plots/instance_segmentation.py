"""Figures of Chapter 15, Instance segmentation: pictures, and what was measured."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._boxes import draw_boxes
from helpers.plots._drawing import bare, in_rows
from helpers.plots._masks import draw_masks, outline, show_pixels
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

LOOKS = (
    {"color": ACCENT, "marker": "o", "linestyle": "-"},
    {"color": SECOND, "marker": "s", "linestyle": (0, (5, 2))},
    {"color": INK, "marker": "^", "linestyle": (0, (1, 1.5))},
)


@book_figure
def panels(shown, columns=2):
    """Show pictures side by side, with masks, boxes and words on them.

    Parameters
    ----------
    shown : sequence of dict
        ``picture`` (ndarray [height, width, 3]) and ``title``; if there are any,
        ``masks`` ([n, height, width]), ``colors`` (one for each), ``boxes`` ([n, 4])
        and ``words``.
    columns : int, optional
        Panels in a row.
    """
    figure, axes = in_rows(len(shown), columns, WIDTH / columns + 0.25)
    for ax, panel in zip(axes, shown, strict=True):
        draw_panel(ax, panel)
    return figure


def draw_panel(ax, panel):
    """Draw one panel of `panels`."""
    picture = panel["picture"]
    masks = panel.get("masks", np.zeros((0, *picture.shape[:2]), bool))
    draw_masks(ax, picture, masks, panel.get("colors"))
    if "boxes" in panel:
        draw_boxes(ax, panel["boxes"], panel.get("words"), INK, linewidth=1.0)
    ax.set(xlim=(0, picture.shape[1]), ylim=(picture.shape[0], 0))
    ax.set_title(panel["title"], fontsize=10)


@book_figure
def clumps(image, masks, pieces):
    """Show nuclei, and which of them a segmentation map runs together.

    Parameters
    ----------
    image : ndarray, shape (height, width)
    masks : ndarray of int, shape (height, width)
        The number of the nucleus, 0 for none.
    pieces : ndarray of int, shape (height, width)
        The number of the connected piece, 0 for none.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.95))
    left.imshow(image, cmap="gray")
    bare(left, "image")
    shared = np.zeros(masks.shape, bool)
    for piece in range(1, pieces.max() + 1):
        own = pieces == piece
        shared |= own & (len(np.unique(masks[own])) > 1)
    shades = np.array([[31, 41, 51], [127, 196, 232], [224, 138, 0]], np.uint8)
    show_pixels(right, shades[(masks > 0).astype(int) + shared])
    for number in np.unique(masks[shared]):
        outline(right, masks == number, color=INK, linewidths=0.8)
    right.set_title("in clumps: orange", fontsize=10)
    left.title.set_fontsize(10)
    return figure


@book_figure
def found_by_proposals(curves):
    """Draw the share of objects that are proposed over the number of proposals.

    Parameters
    ----------
    curves : dict
        Name to a dict: number of proposals to a share from 0 to 1.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    _curves(ax, curves)
    ax.set_xscale("log", base=2)
    ticks = list(next(iter(curves.values())))
    ax.set_xticks(ticks, [f"{tick}" for tick in ticks])
    ax.set_ylim(0, 1.03)
    ax.set_xlabel("best proposals kept, an image")
    ax.set_ylabel("share of the objects")
    ax.legend(frameon=False, loc="lower right")
    return figure


def _curves(ax, curves):
    for (name, values), look in zip(curves.items(), LOOKS, strict=False):
        ax.plot(list(values), list(values.values()), ms=5, label=name, **look)


@book_figure
def ceilings(by_stride, by_cells):
    """Draw how good masks of a head without faults are: a ceiling for any head.

    Parameters
    ----------
    by_stride : dict
        Name to a dict: stride in pixels to a mean mask IoU.
    by_cells : dict
        Name to a dict: cells across a mask to a mean mask IoU.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.9), sharey=True)
    labels = "stride of the map, pixels", "cells across a mask"
    for ax, curves, label in zip(axes, (by_stride, by_cells), labels, strict=True):
        _curves(ax, curves)
        ticks = list(next(iter(curves.values())))
        ax.set_xscale("log", base=2)
        ax.set_xticks(ticks, [f"{tick}" for tick in ticks])
        ax.minorticks_off()
        ax.set_xlabel(label)
        ax.legend(frameon=False, loc="lower left", fontsize=9)
    axes[0].set_ylim(0, 1.02)
    axes[0].set_ylabel("mean mask IoU")
    return figure


@book_figure
def class_masks(picture, box, shares, names, chosen):
    """Show what the head says in one region: a mask for each class.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    box : ndarray, shape (4,)
        The region.
    shares : ndarray, shape (cells, cells, classes)
    names : sequence of str
        Of the classes.
    chosen : int
        The class that was found.
    """
    figure, axes = plt.subplots(3, 4, figsize=(WIDTH, 4.7))
    show_pixels(axes.flat[0], picture)
    draw_boxes(axes.flat[0], [box], linewidth=1.6)
    axes.flat[0].set_title("region", fontsize=9)
    for number, ax in enumerate(axes.flat[1 : len(names) + 1]):
        ax.imshow(shares[..., number], vmin=0, vmax=1, interpolation="nearest")
        bare(ax)
        look = {"fontweight": "bold"} if number == chosen else {}
        ax.set_title(names[number], fontsize=9, **look)
        if number == chosen:
            corners = {"xy": (-0.5, -0.5), "width": shares.shape[1]}
            edge = plt.Rectangle(
                **corners, height=len(shares), fill=False, ec=SECOND, lw=3
            )
            ax.add_patch(edge)
    for ax in axes.flat[len(names) + 1 :]:
        ax.set_axis_off()
    return figure


@book_figure
def target(picture, true_box, box, cells, mask):
    """Show what a head should learn in one box, and the mask that comes of it.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    true_box, box : ndarray, shape (4,)
        The object's, and the one that the head gets.
    cells : ndarray, shape (cells, cells)
        The target.
    mask : ndarray of bool, shape (height, width)
        The target pasted into the box.
    """
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(WIDTH, 2.1))
    show_pixels(left, picture)
    dashed = {"linestyle": (0, (4, 3)), "linewidth": 1.3}
    draw_boxes(left, [true_box], color=INK, **dashed)
    draw_boxes(left, [box], linewidth=1.6)
    middle.imshow(cells, vmin=0, vmax=1, interpolation="nearest")
    bare(middle)
    draw_masks(right, picture, mask[np.newaxis])
    draw_boxes(right, [box], linewidth=1.6)
    titles = "box and object", f"target, {len(cells)}×{len(cells)}", "pasted"
    for ax, title in zip((left, middle, right), titles, strict=True):
        ax.set_title(title, fontsize=10)
    return figure


@book_figure
def precision_by_threshold(curves):
    """Draw mean average precision over the IoU that a detection must reach.

    Parameters
    ----------
    curves : dict
        Name to a dict: threshold to mean average precision.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    _curves(ax, curves)
    ax.set_ylim(0, None)
    ax.set_xlabel("IoU that counts as right")
    ax.set_ylabel("mAP")
    ax.legend(frameon=False, loc="lower left")
    return figure


@book_figure
def overlaps(boxes, masks):
    """Draw for each object that was found how well box and mask fit.

    Parameters
    ----------
    boxes, masks : ndarray, shape (objects,)
        IoU of the boxes and of the masks.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.6))
    ax.plot([0, 1], [0, 1], color=MUTED, lw=1, linestyle=(0, (4, 3)))
    ax.plot(boxes, masks, "o", color=ACCENT, ms=4, alpha=0.45, mew=0)
    ax.set(xlim=(0.45, 1.01), ylim=(0, 1.01))
    ax.set_xlabel("IoU of the boxes")
    ax.set_ylabel("IoU of the masks")
    return figure


@book_figure
def by_groups(panels):
    """Draw a mean mask IoU for each group of objects as bars.

    Parameters
    ----------
    panels : dict
        Title to a dict: name of a group to a mean mask IoU.
    """
    heights = [len(groups) + 1 for groups in panels.values()]
    figure, axes = plt.subplots(
        len(panels),
        1,
        figsize=(WIDTH, 0.3 * sum(heights) + 0.5),
        sharex=True,
        height_ratios=heights,
    )
    for ax, (title, groups) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        places = range(len(groups))
        bars = ax.barh(places, list(groups.values()), 0.72, color=ACCENT)
        ax.bar_label(bars, fmt="%.2f", fontsize=9, padding=3)
        ax.set_yticks(places, groups)
        ax.invert_yaxis()
        ax.tick_params(axis="y", length=0)
        ax.set_title(title, fontsize=10, loc="left")
    ax.set_xlim(0, 1)
    ax.set_xlabel("mean mask IoU")
    return figure


@book_figure
def by_scale(curves):
    """Draw the mean mask IoU over the size of the boxes that the head gets.

    Parameters
    ----------
    curves : dict
        Name to a dict: side of the box, 1 for the right one, to a mean mask IoU.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    ax.axvline(1, color=MUTED, lw=1)
    _curves(ax, curves)
    ax.set_ylim(0, 1)
    ax.set_xlabel("side of the box, 1 is right")
    ax.set_ylabel("mean mask IoU")
    ax.legend(frameon=False, loc="lower right")
    return figure
