"""The frames of Chapter 12's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._boxes import draw_boxes
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

THINNED, PALE = 4, 0.65


@book_figure
def kept(picture, boxes, words, counts):
    """Show the boxes that are left, and how many there were at each step.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    boxes : ndarray, shape (n, 4)
    words : sequence of str
    counts : dict
        What was counted, to how many.
    """
    height, width = picture.shape[:2]
    figure, (ax, side) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.2), width_ratios=[1.35, 1]
    )
    # Smooth and pale: frames of a few kilobytes, and boxes that stand out.
    small = np.asarray(picture)[::THINNED, ::THINNED] * PALE + 255 * (1 - PALE)
    extent = (0, width, height, 0)
    ax.imshow(small.astype(np.uint8), extent=extent, interpolation="bilinear")
    ax.set_axis_off()
    draw_boxes(ax, boxes, linewidth=1.5)
    ax.set(xlim=(0, width), ylim=(height, 0))
    side.set_axis_off()
    lines = [f"{name}: {count}" for name, count in counts.items()]
    text = "\n".join([*lines, "", *words])
    side.text(0, 1, text, va="top", fontsize=11, linespacing=1.4, color=INK)
    return figure


@book_figure
def curve(precision, recall, points, value, title):
    """Draw a precision–recall curve, and what its average precision averages.

    Parameters
    ----------
    precision, recall : ndarray, shape (detections,)
    points : int or None
        At how many recalls the precision counts; at all of them if None.
    value : float
        The average precision.
    title : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.2))
    ax.step(recall, precision, where="post", color=MUTED, lw=1.2, label="as measured")
    ends = np.append(recall, 1.0)
    envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    look = {"step": "pre", "color": ACCENT, "lw": 0}
    if points is None:
        ax.fill_between(
            np.append(0, ends), np.append(envelope[:1], envelope), alpha=0.25, **look
        )
    else:
        places = np.linspace(0, 1, points)
        heights = envelope[np.searchsorted(recall, places - 1e-12)]
        ax.vlines(places, 0, heights, color=ACCENT, lw=0.8, alpha=0.5)
        ax.plot(places, heights, "o", color=SECOND, ms=5 if points < 20 else 2)
    ax.step(
        np.append(0, ends),
        np.append(envelope[:1], envelope),
        where="pre",
        color=ACCENT,
        lw=1.8,
        label="at this recall or beyond",
    )
    ax.set(xlim=(-0.02, 1.02), ylim=(0, 1.05), xlabel="recall", ylabel="precision")
    ax.set_title(f"{title}: {value:.3f}", loc="left")
    ax.legend(frameon=False, loc="lower left")
    return figure
