"""The frames of Chapter 15's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._boxes import draw_boxes
from helpers.plots._masks import COLORS, outline, show_pixels, tinted
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure


@book_figure
def eroded(pieces, masks, counts):
    """Draw what is left of nuclei after some steps of erosion, and count it.

    Parameters
    ----------
    pieces : ndarray of int, shape (height, width)
        The number of the connected piece, 0 for none.
    masks : ndarray of int, shape (height, width)
        The number of the nucleus, 0 for none.
    counts : dict
        Name to a number of nuclei.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.9), width_ratios=[1.15, 1]
    )
    numbers = np.unique(pieces)[1:]
    picture = np.full((*pieces.shape, 3), 31, np.uint8)
    picture[masks > 0] = 95
    colors = [COLORS[number % len(COLORS)] for number in numbers]
    own = [pieces == number for number in numbers]
    show_pixels(left, tinted(picture, own, colors, 1.0))
    colors = dict(zip(counts, (ACCENT, SECOND, INK, MUTED), strict=False))
    bars = right.barh(range(len(counts)), list(counts.values()), 0.7)
    for bar, name in zip(bars, counts, strict=True):
        bar.set_color(colors[name])
    right.bar_label(bars, fontsize=10, padding=3)
    right.set_yticks(range(len(counts)), counts)
    right.invert_yaxis()
    right.set_xlim(0, 1.3 * sum(counts.values()))
    right.set_xlabel("nuclei")
    return figure


@book_figure
def proposed(picture, boxes, objects, share):
    """Show the best proposals on a scene, and how many objects they overlap.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    boxes : ndarray, shape (proposals, 4)
    objects : ndarray, shape (objects, 4)
        True boxes.
    share : ndarray, shape (objects,)
        The best IoU of each object with a proposal.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    show_pixels(ax, picture)
    draw_boxes(ax, boxes, color=ACCENT, linewidth=1.0)
    for one, best in zip(objects, share, strict=True):
        line = "-" if best >= 0.5 else (0, (2, 2))
        draw_boxes(ax, [one], linestyle=line)
    found = np.count_nonzero(share >= 0.5)
    text = f"best {len(boxes)}:\n{found} of {len(objects)}\nobjects met\nby half"
    ax.text(picture.shape[1] + 4, 2, text, va="top", linespacing=1.5)
    ax.set(xlim=(0, picture.shape[1] + 46), ylim=(picture.shape[0], 0))
    return figure


@book_figure
def read_and_pasted(picture, true_mask, mask, region, overlap, edges):
    """Show a mask that was drawn for one region and pasted into another.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    true_mask, mask : ndarray of bool, shape (height, width)
    region : ndarray, shape (4,)
        What was read, in pixels of the image.
    overlap : float
        IoU of the two masks.
    edges : ndarray
        Where the edges of the map's cells lie, in both directions, in pixels.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.5))
    show_pixels(ax, tinted(picture, [mask], [SECOND], 0.7))
    height, width = true_mask.shape
    thin = {"colors": PAPER, "linewidth": 0.8, "alpha": 0.7}
    ax.vlines(edges, 0, height, **thin)
    ax.hlines(edges, 0, width, **thin)
    outline(ax, true_mask, color=PAPER, linewidths=3)
    outline(ax, true_mask, color=INK, linewidths=1.4)
    dashed = {"linestyle": (0, (4, 3)), "linewidth": 1.6}
    draw_boxes(ax, [region], color=ACCENT, **dashed)
    ax.set_title(f"mask IoU {overlap:.2f}", fontsize=11)
    ax.set(xlim=(0, picture.shape[1]), ylim=(picture.shape[0], 0))
    return figure
