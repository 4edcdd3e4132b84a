"""Figures of Chapter 8, ResNet-34 from scratch."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def spread_by_unit(spreads):
    """Draw the standard deviation of the maps behind each unit of a network.

    Parameters
    ----------
    spreads : dict
        Name to one number a unit; at most four names.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    for (name, values), marker in zip(spreads.items(), "osD^", strict=False):
        units = range(1, len(values) + 1)
        ax.semilogy(units, values, marker=marker, ms=5, lw=1.6, label=name)
    ax.axhline(1, color=MUTED, lw=0.8, linestyle=(0, (3, 3)))
    ax.set_ylim(0.2, 300)
    ax.set_yticks([1, 10, 100], ["1", "10", "100"])
    ax.minorticks_off()
    ax.set_xlabel("unit, from the input on")
    ax.set_ylabel("standard deviation of its maps")
    ax.legend(frameon=False, loc="upper left")
    return figure


@book_figure
def sorted_probabilities(answers):
    """Draw the probabilities of all classes, the largest first.

    Parameters
    ----------
    answers : dict
        Name to the probabilities of one image, shape (classes,); at most four names.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    styles = ["-", (0, (5, 2)), (0, (1, 1.2)), "-."]
    for (name, values), style in zip(answers.items(), styles, strict=False):
        ordered = np.sort(np.asarray(values, float))[::-1]
        places = np.arange(1, len(ordered) + 1)
        ax.loglog(places, np.maximum(ordered, 1e-9), linestyle=style, label=name)
    classes = len(ordered)
    ax.axhline(1 / classes, color=MUTED, lw=1, linestyle=(0, (3, 3)))
    ax.text(8, 0.3 / classes, f"1 of {classes:,}", color=INK, fontsize=9.5)
    ax.set_ylim(1e-7, 2)
    ax.set_xlabel("class, the most likely first")
    ax.set_ylabel("probability")
    ax.legend(frameon=False, loc="upper right")
    return figure


@book_figure
def lesions(intact, removed):
    """Draw the accuracy that is left when one unit is removed.

    Parameters
    ----------
    intact : float
        Accuracy of the whole network, in per cent.
    removed : sequence of float
        Accuracy without the first unit, without the second, and so on, in per cent.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    units = range(1, len(removed) + 1)
    ax.bar(units, removed, color=ACCENT, width=0.7)
    ax.axhline(intact, color=INK, lw=1, linestyle=(0, (4, 3)))
    ax.text(0.45, intact + 1.5, "nothing removed", fontsize=9.5)
    ax.set_xlim(0.4, len(removed) + 0.6)
    ax.set_xticks(list(units))
    ax.set_ylim(0, 105)
    ax.set_xlabel("unit that is removed")
    ax.set_ylabel("accuracy in %")
    return figure


@book_figure
def many_lesions(accuracies, chance):
    """Draw the accuracy over the number of removed units, one line an order.

    Parameters
    ----------
    accuracies : ndarray, shape (orders, units + 1)
        In per cent; the first column is the whole network.
    chance : float
        Accuracy of a guess, in per cent.
    """
    accuracies = np.asarray(accuracies, float)
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    counts = np.arange(accuracies.shape[1])
    for values in accuracies:
        ax.plot(counts, values, color=MUTED, lw=1, alpha=0.8)
    ax.plot(counts, accuracies.mean(axis=0), "o-", color=ACCENT, ms=5, label="mean")
    ax.plot([], [], color=MUTED, lw=1, label="one random order")
    ax.axhline(chance, color=INK, lw=1, linestyle=(0, (4, 3)))
    ax.text(0, chance + 1.5, "a guess", fontsize=9.5)
    ax.set_ylim(0, 105)
    ax.set_xlabel("units removed")
    ax.set_ylabel("accuracy in %")
    ax.legend(frameon=False, loc="upper right")
    return figure


@book_figure
def before_and_after(answers, names):
    """Draw a model's answers over those of its saved and reloaded copy.

    Parameters
    ----------
    answers : sequence of (ndarray, ndarray)
        Before and after, for each model.
    names : sequence of str
    """
    figure, axes = plt.subplots(1, len(answers), figsize=(WIDTH, 2.9))
    for ax, (before, after), name in zip(axes, answers, names, strict=True):
        before, after = np.ravel(before), np.ravel(after)
        low = min(before.min(), after.min())
        high = max(before.max(), after.max())
        ax.plot([low, high], [low, high], color=MUTED, lw=1, zorder=1)
        ax.scatter(before, after, s=6, color=SECOND, alpha=0.5, lw=0, zorder=2)
        ax.set_aspect("equal", adjustable="datalim")
        ax.set_title(name, fontsize=10)
        ax.set_xlabel("before")
    axes[0].set_ylabel("reloaded")
    return figure


@book_figure
def losses(curves):
    """Draw the training loss of pairs of networks: with skips solid, without dashed.

    Parameters
    ----------
    curves : dict
        Name to one number an epoch. Names come in pairs, first the network with skips,
        then the one without; at most two pairs.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.1))
    looks = [
        {"color": color, "linestyle": style, "marker": marker}
        for color, marker in ((ACCENT, "o"), (SECOND, "s"))
        for style in ("-", (0, (4, 2)))
    ]
    for (name, values), look in zip(curves.items(), looks, strict=False):
        ax.plot(range(1, len(values) + 1), values, ms=4.5, label=name, **look)
    ax.set_ylim(0, None)
    ax.set_xlabel("epoch")
    ax.set_ylabel("training loss")
    ax.legend(frameon=False, handlelength=3.2)
    return figure
