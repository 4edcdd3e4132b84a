"""Boxes drawn on pictures, for the chapters on localization and detection."""

from matplotlib import patheffects
from matplotlib.patches import Rectangle

from helpers.plots._style import INK, PAPER, SECOND


def draw_boxes(ax, boxes, words=None, color=SECOND, below=(), **line):
    """Draw boxes on a picture, each with a word above it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        On it a picture drawn with ``extent=(0, width, height, 0)``: coordinates are
        edges of pixels then, as boxes are.
    boxes : array_like, shape (boxes, 4)
        ``[x_min, y_min, x_max, y_max]`` in pixels.
    words : sequence of str, optional
        One for each box.
    color : str, optional
        Of the lines.
    below : sequence of int, optional
        Boxes whose word stands at their lower edge, where it hides no other.
    **line
        For `matplotlib.patches.Rectangle`: ``linewidth``, ``linestyle``, …
    """
    edge = [
        patheffects.withStroke(
            linewidth=line.get("linewidth", 2) + 1.5, foreground=PAPER
        )
    ]
    for number, (x_min, y_min, x_max, y_max) in enumerate(boxes):
        ax.add_patch(
            Rectangle(
                (x_min, y_min),
                x_max - x_min,
                y_max - y_min,
                **{"linewidth": 2, "path_effects": edge} | line,
                fill=False,
                edgecolor=color,
            )
        )
        if words is not None:
            ax.annotate(
                words[number],
                (x_min, y_max if number in below else y_min),
                (1, 2),
                textcoords="offset points",
                color=INK,
                fontsize=9,
                bbox={"boxstyle": "square,pad=0.15", "fc": PAPER, "ec": "none"},
            )


def show_picture(ax, picture):
    """Show a picture without axes; its coordinates are the edges of its pixels."""
    height, width = picture.shape[:2]
    ax.imshow(picture, extent=(0, width, height, 0))
    ax.set_axis_off()
