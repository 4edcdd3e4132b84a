"""Diagrams of Chapter 14, Semantic segmentation: how maps become as large as images."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from helpers.plots._diagrams import arrow, bend, box, sign
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

HIGH, WIDE = 0.56, 1.25


@book_figure
def fcn_family():
    """Draw FCN-32s, FCN-16s and FCN-8s over one backbone, the factors written out."""
    figure, ax = plt.subplots(figsize=(WIDTH, 5.1))
    strides = (32, 16, 8)
    heights = {32: 6.4, 16: 4.1, 8: 1.8}
    box(ax, 0.75, 0.3, WIDE, HIGH, "image", MUTED)
    for stride, below in zip(strides, (16, 8, None), strict=True):
        y = heights[stride]
        box(ax, 0.75, y, WIDE, HIGH, f"maps, 1/{stride}", ACCENT)
        lower = 0.3 if below is None else heights[below]
        arrow(ax, (0.75, lower + HIGH / 2), (0.75, y - HIGH / 2))
        box(ax, 2.55, y, 1.1, HIGH, "1×1", SECOND)
        arrow(ax, (0.75 + WIDE / 2, y), (2.0, y))
    for stride, name in zip(strides, ("FCN-32s", "FCN-16s", "FCN-8s"), strict=True):
        y = heights[stride]
        box(ax, 5.35, y, 0.9, HIGH, f"×{stride}", MUTED)
        box(ax, 6.95, y, 1.3, HIGH, name, INK, filled=True)
        arrow(ax, (5.8, y), (6.3, y))
        if stride == 32:
            arrow(ax, (3.1, y), (4.9, y))
            continue
        sign(ax, 4.1, y, "+")
        arrow(ax, (3.1, y), (3.88, y))
        arrow(ax, (4.32, y), (4.9, y))
        middle = y + (heights[32] - heights[16]) / 2
        box(ax, 4.1, middle, 0.8, HIGH, "×2", ACCENT, filled=True)
        above = y + heights[32] - heights[16]
        start = above if stride == 16 else above - 0.22
        bend(
            ax, [(4.1, start), (4.1, middle + HIGH / 2 + 0.1), (4.1, middle + HIGH / 2)]
        )
        arrow(ax, (4.1, middle - HIGH / 2), (4.1, y + 0.22))
    ax.set(xlim=(0.05, 7.65), ylim=(-0.1, 6.85))
    ax.set_axis_off()
    return figure


@book_figure
def unet(widths):
    """Draw a U-Net: maps on the way down, beside them those on the way up.

    Parameters
    ----------
    widths : sequence of int
        Maps at each size, the largest size first.
    """
    last = len(widths) - 1
    figure, ax = plt.subplots(figsize=(WIDTH, 0.96 * last + 1.1))
    step, right = 2.85 / last, 7.2
    bottom = 0.9 + right / 2
    for level, width in enumerate(widths):
        y = -1.35 * level
        left = 0.9 + step * level
        text = f"1/{2**level}\n{width} maps" if level else f"full size\n{width} maps"
        if level == last:
            _level(ax, bottom, y, text, ACCENT)
            continue
        far = 2 * bottom - left
        _level(ax, left, y, text, ACCENT)
        _level(ax, far, y, text, SECOND)
        arrow(ax, (left + 0.65, y), (far - 0.65, y))
        place = {"ha": "center", "va": "bottom", "fontsize": 9, "color": INK}
        ax.text((left + far) / 2, y + 0.06, "beside", **place)
        lowest = level == last - 1
        down = bottom - 0.45 if lowest else left + step
        up = bottom + 0.45 if lowest else far - step
        arrow(ax, (left, y - 0.36), (down, y - 0.99))
        arrow(ax, (up, y - 0.99), (far, y - 0.36))
    ax.text(0.25, -1.35 * last, "pool ×½", fontsize=10, color=INK)
    text = {"fontsize": 10, "color": INK, "ha": "right"}
    ax.text(right + 1.6, -1.35 * last, "transposed ×2", **text)
    ax.set(xlim=(0.1, right + 1.7), ylim=(-1.35 * last - 0.5, 0.5))
    ax.set_axis_off()
    return figure


def _level(ax, x, y, text, color):
    box(ax, x, y, 1.25, 0.72, text, color)


@book_figure
def dilated_head(size=9):
    """Draw what a stride skips and a dilation keeps, in one dimension.

    Parameters
    ----------
    size : int, optional
        Places of the lowest layer; an odd number.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.6))
    for ax, stride, title in zip(
        axes, (2, 1), ("stride 2, then rate 1", "stride 1, then rate 2"), strict=True
    ):
        rate = 3 - stride
        middle = range(1, size - 1, stride)
        reach = rate * stride
        top = [place for place in middle if reach < place < size - 1 - reach]
        for height, places in enumerate((range(size), middle, top)):
            for place in places:
                color = (MUTED, ACCENT, SECOND)[height]
                corner = (place - 0.4, 1.5 * height)
                ax.add_patch(Rectangle(corner, 0.8, 0.6, facecolor=color))
        for centre in middle:
            _reads(ax, centre, 0, 1)
        for centre in top:
            _reads(ax, centre, 1, reach)
        ax.set_title(title, fontsize=10)
        ax.set(xlim=(-0.7, size - 0.3), ylim=(-0.2, 3.8))
        ax.set_axis_off()
    return figure


def _reads(ax, centre, height, reach):
    for place in (centre - reach, centre, centre + reach):
        ends = [1.5 * height + 0.6, 1.5 * height + 1.5]
        ax.plot([place, centre], ends, color=INK, lw=0.7, zorder=0)
