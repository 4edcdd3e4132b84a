"""Figures of Chapter 11, Classification and localization."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._boxes import draw_boxes, show_picture
from helpers.plots._drawing import in_rows
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

SMALL = {"loc": "left", "fontsize": 10}
POINT = 3  # pixels; a smaller box could not be seen and is marked with a dot
DOT = {"color": SECOND, "ms": 8, "mec": "white", "mew": 1.5, "clip_on": False}


@book_figure
def what_and_where(picture, name, box):
    """Show a picture with its class alone, and with class and box.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    name : str
        Of the class.
    box : array_like, shape (4,)
        ``[x_min, y_min, x_max, y_max]`` in pixels, as everywhere in this module.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.9))
    for ax, title in zip(axes, ("classification", "and localization"), strict=True):
        show_picture(ax, picture)
        ax.set_title(f"{title}: {name}", **SMALL)
    draw_boxes(axes[1], [box])
    return figure


@book_figure
def answers(pictures, titles, true=None, found=None, columns=3):
    """Show pictures in a grid, with true boxes (light) and found ones (dashed).

    Parameters
    ----------
    pictures : sequence of ndarray, shape (height, width, 3)
    titles : sequence of str
    true, found : sequence of array_like, shape (boxes, 4), optional
        For each picture; it may be none.
    columns : int, optional
    """
    figure, axes = in_rows(len(pictures), columns, WIDTH / columns + 0.42)
    for n, ax in enumerate(axes):
        show_picture(ax, pictures[n])
        ax.set_title(titles[n], fontsize=9, loc="left")
        if true is not None:
            draw_boxes(ax, true[n], color=SECOND)
        if found is not None:
            draw_boxes(ax, found[n], color=ACCENT, linestyle=(0, (3, 1.5)))
    _key(figure, true is not None, found is not None)
    return figure


def _key(figure, true, found):
    lines = [
        plt.Line2D([], [], color=SECOND, label="true box"),
        plt.Line2D([], [], color=ACCENT, linestyle=(0, (3, 1.5)), label="answer"),
    ]
    shown = [line for line, wanted in zip(lines, (true, found), strict=True) if wanted]
    if len(shown) == 2:
        figure.legend(handles=shown, loc="outside lower center", ncols=2, frameon=False)


@book_figure
def formats(picture, rows):
    """Show one box, and the two corners, or corner and size, that numbers name.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    rows : dict
        Format, ``"xyxy"``, ``"xywh"`` or ``"center_xywh"``, to the box's four numbers
        in it.
    """
    size = (3.4, 2.35 * len(rows))
    figure, axes = plt.subplots(len(rows), 1, figsize=size, squeeze=False)
    for ax, (name, numbers) in zip(axes[:, 0], rows.items(), strict=True):
        show_picture(ax, picture)
        written = ", ".join(f"{number:g}" for number in numbers)
        ax.set_title(f"{name}: {written}", **SMALL)
        _marked(ax, name, np.asarray(numbers, float))
    return figure


def _marked(ax, name, numbers):
    """Draw a box with what its format names: points as discs, sizes as arrows."""
    one, other = numbers[:2], numbers[2:]
    start = one - other / 2 if name == "center_xywh" else one
    end = other if name == "xyxy" else start + other
    draw_boxes(ax, [[*start, *end]], color=SECOND)
    points = [one, other] if name == "xyxy" else [one]
    for point in points:
        ax.plot(*point, "o", color=ACCENT, ms=9, mec="white", mew=1.5, clip_on=False)
    if name == "xyxy":
        return
    middle = (start + end) / 2
    look = {"arrowstyle": "<->", "color": "white", "lw": 2, "shrinkA": 0, "shrinkB": 0}
    across, down = (end[1] - 14, start[0] + 16)
    ax.annotate("", (end[0], across), (start[0], across), arrowprops=look)
    ax.annotate("", (down, end[1]), (down, start[1]), arrowprops=look)
    label = {"color": INK, "fontsize": 10, "ha": "center", "va": "center"}
    label["bbox"] = {"boxstyle": "square,pad=0.2", "fc": "white", "ec": "none"}
    ax.text(middle[0] + 12, across, "width", **label)
    ax.text(down + 8, middle[1] - 18, "height", **label)


@book_figure
def against_distance(shifts, curves, touch):
    """Draw measures of two equal boxes against how far one is moved.

    Parameters
    ----------
    shifts : array_like, shape (n,)
        In pixels.
    curves : dict
        Name to values, a panel each.
    touch : float
        The shift from which the boxes are apart.
    """
    figure, axes = plt.subplots(len(curves), 1, figsize=(WIDTH, 3.6), sharex=True)
    for ax, (name, values), color in zip(
        axes, curves.items(), (ACCENT, SECOND), strict=False
    ):
        ax.axvline(touch, color=MUTED, lw=1, linestyle=(0, (3, 3)))
        ax.plot(shifts, values, color=color)
        ax.set_title(name, **SMALL)
    axes[0].text(touch, axes[0].get_ylim()[1], " apart →", va="top", fontsize=10)
    axes[-1].set_xlabel("one box moved to the right, in pixels")
    return figure


@book_figure
def trade_off(weights, accuracies, overlaps):
    """Draw what a network learned against the weight of its box loss.

    Parameters
    ----------
    weights : sequence of float
    accuracies, overlaps : array_like, shape (weights, runs)
        Share of right classes and mean IoU, of each run.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    rows = (
        (accuracies, "right classes", ACCENT, "o"),
        (overlaps, "mean IoU", SECOND, "s"),
    )
    for values, name, color, marker in rows:
        values = np.asarray(values)
        ax.plot(weights, values.mean(axis=1), color=color, lw=1.5)
        for run in values.T:
            ax.plot(weights, run, marker, color=color, ms=7, mfc="white", mew=1.8)
        ax.plot([], [], marker + "-", color=color, mfc="white", mew=1.8, label=name)
    ax.set_xscale("log")
    ax.set_xticks(weights, [f"{weight:g}" for weight in weights])
    ax.minorticks_off()
    ax.set_ylim(0, 1)
    ax.set_xlabel("weight of the box loss")
    ax.legend(frameon=False, loc="upper center", ncols=2)
    return figure


@book_figure
def crowns(picture, boxes, names):
    """Show a photograph with boxes in a colour and a line style for each name.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    boxes : array_like, shape (boxes, 4)
    names : sequence of str
        One for each box; at most two different ones.
    """
    figure, ax = plt.subplots(figsize=(4.2, 4.5))
    show_picture(ax, picture)
    looks = ((SECOND, "-"), (ACCENT, (0, (3, 1.5))))
    lines = []
    for name, (color, style) in zip(sorted(set(names)), looks, strict=False):
        own = [box for box, its in zip(boxes, names, strict=True) if its == name]
        draw_boxes(ax, own, color=color, linestyle=style, linewidth=1.5)
        label = f"{name}: {len(own)}"
        lines.append(plt.Line2D([], [], color=color, linestyle=style, label=label))
    figure.legend(handles=lines, loc="outside lower center", ncols=2, frameon=False)
    return figure


@book_figure
def by_size(sizes, overlaps, threshold=0.5):
    """Draw the IoU of boxes with disturbed ones against their size.

    Parameters
    ----------
    sizes, overlaps : array_like, shape (boxes,)
        Shorter side in pixels, and IoU.
    threshold : float, optional
        Drawn as a line.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.8))
    ax.axhline(threshold, color=MUTED, lw=1, linestyle=(0, (3, 3)))
    ax.plot(sizes, overlaps, "o", color=ACCENT, ms=4.5, alpha=0.6, mew=0)
    ax.set_ylim(0, 1)
    ax.set_xlim(left=0)
    ax.set_xlabel("shorter side of the box, in pixels")
    ax.set_ylabel("IoU")
    return figure


@book_figure
def confidences(groups):
    """Draw how sure answers are, a histogram for each group.

    Parameters
    ----------
    groups : dict
        Name to the largest probabilities, from 0 to 1.
    """
    figure, axes = plt.subplots(
        len(groups), 1, figsize=(WIDTH, 1.15 * len(groups) + 0.5), sharex=True
    )
    for ax, (name, values) in zip(axes, groups.items(), strict=True):
        share = np.full(len(values), 100 / len(values))
        ax.hist(values, np.linspace(0, 1, 11), weights=share, color=ACCENT, rwidth=0.9)
        ax.set_title(f"{name} ({len(values)} images)", **SMALL)
        ax.set_ylim(0, 100)
        ax.set_yticks([0, 50, 100], ["0", "50", "100 %"])
    axes[-1].set_xlabel("probability of the class that is named")
    return figure


@book_figure
def misread(picture, boxes, titles, margin=0.12):
    """Show a photograph several times, each time with other boxes on it.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
    boxes : sequence of array_like, shape (boxes, 4)
        They may reach past the picture; tiny ones get a dot.
    titles : sequence of str
    margin : float, optional
        Paper around the picture, in parts of its size.
    """
    figure, axes = plt.subplots(1, len(boxes), figsize=(WIDTH, 2.6))
    for ax, own, title in zip(axes, boxes, titles, strict=True):
        around_picture(ax, picture, margin)
        draw_boxes(ax, own, linewidth=1.5, clip_on=True)
        for left, top, right, bottom in own:
            if max(right - left, bottom - top) < POINT:
                ax.plot((left + right) / 2, (top + bottom) / 2, "o", **DOT)
        ax.set_title(title, **SMALL)
    return figure


def around_picture(ax, picture, margin):
    """Show a picture with some paper around it, on which a box may end."""
    show_picture(ax, picture)
    height, width = picture.shape[:2]
    ax.set_xlim(-margin * width, (1 + margin) * width)
    ax.set_ylim((1 + margin) * height, -margin * height)
