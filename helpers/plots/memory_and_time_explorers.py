"""The frames of Chapter 16's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

DASHED = (0, (4, 3))


@book_figure
def fits(parts, capacity, largest):
    """Draw what a training step takes, part by part, and what a device has.

    Parameters
    ----------
    parts : dict
        Name of each part to its bytes.
    capacity : float
        Bytes of the device.
    largest : float
        Bytes for which the axis has room; a longer bar runs out of the picture.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.7))
    names, sizes = list(parts), np.array(list(parts.values())) / 1e9
    total = sizes.sum()
    colors = [MUTED] * len(sizes) + [ACCENT if total <= capacity / 1e9 else SECOND]
    values = [*sizes, total]
    ax.barh([*names, "together"], values, color=colors, height=0.62)
    for y, value in enumerate(values):
        inside = value > 0.8 * largest / 1e9
        x = min(value, largest / 1e9)
        text = f" {value:.2g} GB "
        ha, color = ("right", "white") if inside else ("left", INK)
        ax.text(x, y, text, va="center", ha=ha, color=color)
    ax.axvline(capacity / 1e9, color=INK, lw=1.4, linestyle=DASHED)
    verdict = "fits" if total <= capacity / 1e9 else "does not fit"
    ax.set_title(f"{verdict} into {capacity / 1e9:g} GB", loc="left")
    ax.set_xlim(0, largest / 1e9)
    ax.set_xlabel("GB")
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines["left"].set_visible(False)
    return figure


@book_figure
def timeline(spans, until):
    """Draw which lane works on which batch, and when.

    The title says how long a batch takes, over all of them.

    Parameters
    ----------
    spans : sequence of helpers.pipelines.Span
    until : float
        Where the time axis ends.
    """
    lanes = sorted({span.lane for span in spans})
    figure, ax = plt.subplots(figsize=(WIDTH, 2.7))
    places = {lane: place for place, lane in enumerate(lanes)}
    for span in spans:
        if span.start >= until:
            continue
        color = SECOND if span.lane == "train" else ACCENT
        bar = [(span.start, span.end - span.start)]
        where = (places[span.lane] - 0.36, 0.72)
        ax.broken_barh(bar, where, facecolor=color, edgecolor="white", lw=1)
        middle = (span.start + span.end) / 2
        if span.end - span.start > 0.03 * until and middle < 0.98 * until:
            look = {"ha": "center", "va": "center", "color": "white", "fontsize": 9}
            ax.text(middle, places[span.lane], f"{span.batch + 1}", **look)
    ax.set_yticks(range(len(lanes)), lanes)
    ax.set_ylim(4.6, -0.6)
    ax.set_xlim(0, until)
    ax.set_xlabel("milliseconds")
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines["left"].set_visible(False)
    end = max(span.end for span in spans)
    count = 1 + max(span.batch for span in spans)
    ax.set_title(f"{end / count:.3g} ms a batch, over {count} batches", loc="left")
    return figure


@book_figure
def rounded_weights(weights, levels, accuracy):
    """Draw a layer's weights, the levels that they are rounded to, and what is left.

    Parameters
    ----------
    weights : ndarray
        Of any shape.
    levels : ndarray
        The numbers that the rounded weights may have.
    accuracy : float
        Of the network with rounded weights, in per cent.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 2.6), width_ratios=[4, 1]
    )
    limit = float(np.abs(weights).max())
    edges = np.linspace(-limit, limit, 61)
    counts, _ = np.histogram(weights, edges)
    left.stairs(counts, edges, fill=True, color=ACCENT, alpha=0.45)
    top = counts.max()
    left.vlines(levels, 0, 0.25 * top, color=SECOND, lw=1.1)
    left.set_xlim(-1.02 * limit, 1.02 * limit)
    left.set_yticks([])
    left.set_xlabel("weight; below: the levels")
    left.spines["left"].set_visible(False)
    right.bar([""], [accuracy], color=INK, width=0.6)
    right.text(0, accuracy + 2, f"{accuracy:.0f} %", ha="center", va="bottom")
    right.set_ylim(0, 108)
    right.set_yticks([0, 50, 100])
    right.set_title("accuracy", fontsize=10)
    right.tick_params(axis="x", length=0)
    return figure
