"""Figures of Chapter 17, Exercises: what each exercise needs, and some answers."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

DASHED = (0, (4, 3))


@book_figure
def exercise_map(needs):
    """Draw which chapters each exercise needs, as a table of dots.

    Parameters
    ----------
    needs : dict
        Short title of each exercise to a dict from the number of a chapter to True
        where that chapter derives the answer, False where it only helps.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.36 * len(needs)))
    chapters = sorted({chapter for each in needs.values() for chapter in each})
    places = {chapter: place for place, chapter in enumerate(chapters)}
    for row, each in enumerate(needs.values()):
        ax.axhline(row, color=MUTED, lw=0.6, alpha=0.4)
        for chapter, derives in each.items():
            face = ACCENT if derives else "white"
            look = {"markerfacecolor": face, "markeredgecolor": ACCENT}
            ax.plot(places[chapter], row, "o", ms=9, mew=1.6, **look)
    ax.set_yticks(range(len(needs)), list(needs))
    ax.set_xticks(range(len(chapters)), chapters)
    ax.set_xlim(-0.6, len(chapters) - 0.4)
    ax.set_ylim(len(needs) - 0.4, -0.6)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("chapter")
    ax.tick_params(length=0, labelcolor=INK)
    ax.spines[["left", "bottom"]].set_visible(False)
    return figure


@book_figure
def memory_by_layer(megabytes, at_once):
    """Draw what each part of a network holds for one image.

    Parameters
    ----------
    megabytes : dict
        Name of each part to its megabytes, in the order of the network.
    at_once : sequence of str
        Parts that must be there at the same time in a prediction.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.42 * len(megabytes)))
    for row, (name, value) in enumerate(megabytes.items()):
        color = ACCENT if name in at_once else MUTED
        ax.barh(row, value, 0.62, color=color, alpha=1 if name in at_once else 0.5)
        ax.text(value, row, f" {value:.1f} MB", va="center")
    ax.set_yticks(range(len(megabytes)), list(megabytes))
    ax.invert_yaxis()
    ax.set_xlim(0, 1.22 * max(megabytes.values()))
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines[["left", "bottom"]].set_visible(False)
    total = sum(megabytes[name] for name in at_once)
    ax.set_title(f"teal, at the same time: {total:.1f} MB", loc="left")
    return figure


@book_figure
def budget(parts, capacity, largest):
    """Draw what a setting holds, part by part, beside what a device has.

    Parameters
    ----------
    parts : dict
        Name of each of at most four parts to its megabytes.
    capacity : float
        Megabytes of the device.
    largest : float
        Where the axis ends, the same in all frames of an explorer.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.4))
    left = 0
    colors = (MUTED, ACCENT, SECOND, INK)
    for (name, value), color in zip(parts.items(), colors, strict=False):
        ax.barh(0, value, 0.5, left=left, color=color, label=f"{name}: {value:,.1f}")
        left += value
    ax.axvline(capacity, color=INK, lw=1.4, linestyle=DASHED)
    verdict = "fits" if left <= capacity else "does not fit"
    ax.set_title(f"{left:,.1f} MB of {capacity:,.0f}: {verdict}", loc="left")
    ax.set(xlim=(0, largest), ylim=(-0.5, 0.5), yticks=[], xlabel="MB")
    ax.spines["left"].set_visible(False)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


@book_figure
def innovations(networks):
    """Draw networks on a line of time, each with what was new in it.

    Parameters
    ----------
    networks : sequence of (str, str, str)
        Year, name, and what was new, in at most two lines.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.2 + 0.78 * len(networks)))
    ax.plot([0.16, 0.16], [0, len(networks) - 1], color=MUTED, lw=1.4, zorder=1)
    for row, (year, name, news) in enumerate(networks):
        ax.plot(0.16, row, "o", color=ACCENT, ms=9, zorder=2)
        ax.text(0.12, row, year, ha="right", va="center", color=MUTED)
        ax.text(0.21, row, name, va="center", weight="bold")
        ax.text(0.47, row, news, va="center", fontsize=10, linespacing=1.25)
    ax.set(xlim=(0, 1.02), ylim=(len(networks) - 0.4, -0.6))
    ax.set_axis_off()
    return figure


@book_figure
def inhibition(strengths, kept):
    """Draw what a neuron keeps of its answer, against how strong another one is.

    Parameters
    ----------
    strengths : ndarray, shape (n,)
        Answers of the other neuron.
    kept : dict
        Where the other neuron stands to an array of shares, from 0 to 1.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.1))
    looks = zip(kept.items(), (ACCENT, SECOND, INK), ("-", DASHED, ":"), strict=False)
    for (name, shares), color, line in looks:
        ax.plot(strengths, 100 * np.asarray(shares), color=color, ls=line, label=name)
    ax.set(ylim=(0, 108), xlabel="answer of the other neuron", ylabel="kept in %")
    ax.legend(frameon=False, loc="lower left")
    return figure
