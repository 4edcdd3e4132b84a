"""Figures of Chapter 16, When memory or time runs out, that show what was measured."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

COLORS = (ACCENT, SECOND, INK, MUTED)
DASHED = (0, (4, 3))


@book_figure
def memory_stacks(rows, capacity=None):
    """Draw what takes memory, as one bar a row, part after part.

    Parameters
    ----------
    rows : dict
        Name of each row to a dict from each part to its bytes; at most four parts,
        the same in all rows.
    capacity : float, optional
        Bytes that a device has, drawn as a line.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 1.35 + 0.42 * len(rows)))
    left = np.zeros(len(rows))
    colors = (MUTED, SECOND, INK, ACCENT)
    for part, color in zip(next(iter(rows.values())), colors, strict=False):
        widths = np.array([parts[part] for parts in rows.values()]) / 1e9
        ax.barh(list(rows), widths, left=left, height=0.62, color=color, label=part)
        left += widths
    for y, total in enumerate(left):
        ax.text(total, y, f" {total:.3g}", va="center")
    limit = max(left.max(), (capacity or 0) / 1e9)
    if capacity:
        ax.axvline(capacity / 1e9, color=INK, lw=1.4, linestyle=DASHED)
    ax.set_xlim(0, 1.14 * limit)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("GB")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure


@book_figure
def remedies(names, measured, predicted, seconds):
    """Draw peak memory, measured and predicted, and time, for several settings.

    Parameters
    ----------
    names : sequence of str
    measured, predicted : sequence of float
        Bytes.
    seconds : sequence of float
        Of a step.
    """
    figure, axes = plt.subplots(
        1,
        2,
        figsize=(WIDTH, 0.95 + 0.52 * len(names)),
        width_ratios=[1.7, 1],
        sharey=True,
    )
    rows = np.arange(len(names))
    looks = [(measured, -0.19, ACCENT, "measured"), (predicted, 0.19, MUTED, "outputs")]
    for values, shift, color, label in looks:
        megabytes = np.asarray(values) / 1e6
        axes[0].barh(rows + shift, megabytes, 0.36, color=color, label=label)
        for y, value in zip(rows + shift, megabytes, strict=True):
            axes[0].text(value, y, f" {value:.0f}", va="center", fontsize=9.5)
    axes[1].barh(rows, seconds, 0.5, color=SECOND)
    for y, value in zip(rows, seconds, strict=True):
        axes[1].text(value, y, f" {value:.2g}", va="center", fontsize=9.5)
    axes[0].set_yticks(rows, names)
    axes[0].invert_yaxis()
    axes[0].set_title("memory in MB", loc="left")
    axes[1].set_title("seconds a step", loc="left")
    for ax in axes:
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        ax.set_xticks([])
        ax.margins(x=0.16)
        ax.spines[["left", "bottom"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


@book_figure
def small_differences(differences, xlabel):
    """Draw numbers of very different size as points on a logarithmic scale.

    Parameters
    ----------
    differences : dict
        Name to a number, greater than 0.
    xlabel : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.4 * len(differences)))
    names, values = list(differences), list(differences.values())
    rows = range(len(names))
    ax.hlines(rows, min(values) / 30, values, color=MUTED, lw=1)
    ax.plot(values, rows, "o", color=ACCENT, ms=8)
    ax.set_xscale("log")
    ax.set_xlim(min(values) / 30, 30 * max(values))
    ax.set_yticks(rows, names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.minorticks_off()
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(xlabel)
    return figure


@book_figure
def gaps(numbers, neighbours):
    """Draw how far it is from a number to the next one that a format has.

    Parameters
    ----------
    numbers : ndarray
        Positive, on a logarithmic scale.
    neighbours : dict
        Name of each format to one gap a number; NaN beyond its range.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.3))
    styles = ["-", (0, (5, 2)), (0, (1, 1.2))]
    looks = zip(neighbours.items(), styles, COLORS, strict=False)
    for (name, values), style, color in looks:
        ax.loglog(numbers, values, linestyle=style, color=color, label=name)
    ax.set_xlabel("a number")
    ax.set_ylabel("to the next one")
    ax.legend(frameon=False, loc="upper left")
    ax.minorticks_off()
    return figure


@book_figure
def gradient_sizes(panels, smallest, largest):
    """Draw how large gradients are, beside what a number format can hold.

    Parameters
    ----------
    panels : dict
        Title to an array of sizes; zeros are left out.
    smallest, largest : float
        The least number above zero that the format has, and the greatest.
    """
    figure, axes = plt.subplots(
        len(panels), 1, figsize=(WIDTH, 1.75 * len(panels) + 0.4), sharex=True
    )
    edges = np.arange(-50, 21)
    for ax, (title, sizes) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        sizes = np.abs(np.ravel(sizes))
        powers = np.log2(sizes[sizes > 0])
        counts, _ = np.histogram(powers, edges)
        lost = edges[:-1] < np.log2(smallest) - 1
        colors = np.where(lost, SECOND, ACCENT)
        ax.bar(edges[:-1] + 0.5, counts / len(powers), 0.9, color=colors)
        for limit in (smallest, largest):
            ax.axvline(np.log2(limit), color=INK, lw=1, linestyle=DASHED)
        ax.set_title(title, loc="left", fontsize=10)
        ax.set_ylabel("share")
        ax.set_yticks([])
    ax.set_xlim(edges[0], edges[-1])
    ticks = range(-48, 17, 16)
    ax.set_xticks(ticks, [f"$2^{{{tick}}}$" for tick in ticks])
    ax.set_xlabel("size of a gradient; dashed: what float16 can hold")
    return figure


@book_figure
def scale_over_steps(scales, skipped):
    """Draw the loss scale of each step, and the steps that were skipped.

    Parameters
    ----------
    scales : sequence of float
    skipped : sequence of bool
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.7))
    steps = np.arange(1, len(scales) + 1)
    ax.step(steps, scales, where="mid", color=ACCENT)
    missed = np.asarray(skipped, bool)
    ax.plot(
        steps[missed],
        np.asarray(scales)[missed],
        "x",
        color=SECOND,
        ms=9,
        mew=2.2,
        label="skipped",
    )
    ax.set_yscale("log", base=2)
    ax.set_xlabel("step")
    ax.set_ylabel("loss scale")
    ax.legend(frameon=False)
    return figure


@book_figure
def time_against_work(networks):
    """Draw each network's time over its multiply-adds, both logarithmic.

    Parameters
    ----------
    networks : sequence of (str, float, float, str)
        Name, multiply-adds in millions, milliseconds, and on which side of its point
        the name stands: ``"left"``, ``"right"``, ``"above"`` or ``"below"``.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.6))
    places = {
        "left": (-8, 0, "right", "center"),
        "right": (8, 0, "left", "center"),
        "above": (0, 8, "center", "bottom"),
        "below": (0, -8, "center", "top"),
    }
    for name, work, milliseconds, side in networks:
        x, y, ha, va = places[side]
        ax.loglog(work, milliseconds, "o", color=ACCENT, ms=7)
        place = {"textcoords": "offset points", "ha": ha, "va": va, "fontsize": 9.5}
        ax.annotate(name, (work, milliseconds), (x, y), **place)
    ax.margins(0.2)
    ax.set_xlabel("multiply-adds for one image, in millions")
    ax.set_ylabel("milliseconds")
    return figure


@book_figure
def rounded_curve(values, stored, title=""):
    """Draw values against what is left of them when they are stored, and the error.

    Parameters
    ----------
    values, stored : ndarray, shape (numbers,)
        `values` in rising order.
    title : str
    """
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(WIDTH, 3.8), sharex=True, height_ratios=[2.2, 1]
    )
    above.plot(values, values, color=MUTED, lw=1, linestyle=DASHED)
    above.plot(values, stored, color=ACCENT)
    above.set(ylabel="stored", title=title)
    below.plot(values, stored - values, color=SECOND, lw=1.4)
    below.axhline(0, color=MUTED, lw=0.8)
    below.set(ylabel="error", xlabel="value")
    return figure


@book_figure
def two_trainings(alone, together, checkpoint, death):
    """Draw the loss of one process, of two workers, and where a worker died.

    Parameters
    ----------
    alone, together : sequence of float
        One loss a step.
    checkpoint, death : int
        Step of the last checkpoint, and of the death.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    steps = np.arange(1, len(alone) + 1)
    ax.plot(steps, alone, color=ACCENT, label="one process")
    ax.plot(steps, together, "o", color=SECOND, ms=4, label="two workers")
    ax.axvspan(checkpoint + 0.5, death + 0.5, color=MUTED, alpha=0.25, lw=0)
    top = ax.get_ylim()[1]
    ax.text((checkpoint + death + 1) / 2, top, "done twice", ha="center", va="top")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel("step")
    ax.set_ylabel("loss")
    ax.legend(frameon=False, loc="upper right")
    return figure
