"""Figures of Chapter 12, Object detection, that show losses and what was measured."""

import matplotlib.pyplot as plt

from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def losses(probabilities, curves):
    """Draw losses against the probability that was given to what is true.

    Parameters
    ----------
    probabilities : ndarray
    curves : dict
        Name to one loss a probability.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    styles = ("-", (0, (6, 2)), (0, (3, 2)), (0, (1, 1.5)))
    for (name, values), style in zip(curves.items(), styles, strict=False):
        ax.plot(probabilities, values, linestyle=style, label=name)
    ax.set_xlabel("probability given to what is true")
    ax.set_ylabel("loss")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 4)
    ax.legend(frameon=False)
    return figure


@book_figure
def against_threshold(scores, precision, recall):
    """Draw precision and recall over the score from which a detection counts.

    Parameters
    ----------
    scores, precision, recall : ndarray, shape (detections,)
        Best score first.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    ax.plot(scores, precision, color=ACCENT, label="precision")
    ax.plot(scores, recall, color=SECOND, linestyle=(0, (5, 2)), label="recall")
    ax.set_xlabel("a detection counts from this score on")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.2)
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.legend(frameon=False, ncols=2, loc="upper center")
    return figure


@book_figure
def crowds(distances, values):
    """Draw average precision over how far the objects of a crowd lie apart.

    Parameters
    ----------
    distances : sequence of float
        In per cent of the objects' width.
    values : dict
        Name to one number, 0 to 1, for each distance.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    for (name, line), style in zip(values.items(), ("o:", "s--", "^-"), strict=False):
        ax.plot(distances, line, style, ms=5, label=name)
    ax.set_xlabel("moved aside by so many % of the width")
    ax.set_ylabel("average precision")
    ax.set_ylim(0, 1.02)
    ax.legend(frameon=False, loc="lower right")
    return figure


@book_figure
def speed_and_accuracy(detectors):
    """Draw each detector's accuracy over its time for an image.

    Parameters
    ----------
    detectors : sequence of (str, float, float, float)
        Name, milliseconds, mean average precision at an IoU of 0.5, and over 0.5 to
        0.95.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.2))
    ordered = sorted(detectors, key=lambda detector: detector[1])
    for number, (name, time, at_half, over_all) in enumerate(ordered):
        ax.plot([time, time], [over_all, at_half], color=MUTED, lw=1, zorder=1)
        ax.scatter(time, at_half, color=ACCENT, s=42)
        ax.scatter(time, over_all, color=SECOND, s=42, marker="s")
        # Above and below in turn: neighbours may be of nearly the same speed.
        below = number % 2
        ax.annotate(
            name,
            (time, over_all if below else at_half),
            (0, -7 if below else 7),
            textcoords="offset points",
            ha="center",
            va="top" if below else "baseline",
            color=INK,
            fontsize=10,
        )
    ax.scatter([], [], color=ACCENT, s=42, label="IoU 0.5")
    ax.scatter([], [], color=SECOND, s=42, marker="s", label="IoU 0.5 to 0.95")
    times = [time for _, time, *_ in detectors]
    ax.set_xscale("log")
    ax.set_xlim(min(times) / 1.6, max(times) * 1.6)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500) if _within(t, times)]
    ax.set_xticks(ticks, [str(t) for t in ticks])
    ax.minorticks_off()
    ax.set_ylim(0, 1)
    ax.set_xlabel("milliseconds for an image")
    ax.set_ylabel("mean average precision")
    # Above the axes: a detector may stand anywhere in them.
    ax.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1))
    return figure


def _within(tick, times):
    return min(times) / 1.6 <= tick <= max(times) * 1.6
