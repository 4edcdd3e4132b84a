"""Figures of Chapter 5, A first CNN, that show what was measured."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import in_rows, show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure


@book_figure
def labelled_pictures(pictures, titles, columns=5, height=1.2):
    """Show small grey pictures in rows, each under its own title.

    Parameters
    ----------
    pictures : sequence of ndarray, shape (height, width)
        Values in 0..1.
    titles : sequence of str
        One a picture; a line break makes room for more.
    columns : int
    height : float
        Of a row, in inches.
    """
    figure, axes = in_rows(len(pictures), columns, height)
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        show(ax, picture, cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(title, fontsize=9, linespacing=1.1, pad=3)
    return figure


@book_figure
def cost_by_block(costs, quantities):
    """Draw what each block of a network costs, against its first block.

    Parameters
    ----------
    costs : dict
        Name of each way to choose the widths to an array ``[blocks, quantities]``; at
        most three ways.
    quantities : sequence of str
        What is counted.
    """
    figure, axes = plt.subplots(1, len(quantities), figsize=(WIDTH, 2.9), sharey=True)
    looks = [(MUTED, "s", "--"), (ACCENT, "o", "-"), (SECOND, "^", "-.")]
    for column, (ax, title) in enumerate(zip(axes, quantities, strict=True)):
        for (way, table), look in zip(costs.items(), looks, strict=False):
            values = np.asarray(table, float)[:, column]
            blocks = range(1, len(values) + 1)
            color, marker, style = look
            ax.semilogy(
                blocks,
                values / values[0],
                color=color,
                marker=marker,
                linestyle=style,
                label=way,
            )
        ax.set(xticks=blocks, xlabel="block", title=title)
    axes[0].set_ylabel("times block 1")
    handles = axes[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=3, frameon=False)
    return figure


@book_figure
def rates_and_losses(rates, losses):
    """Draw learning-rate schedules, and what the loss does under each.

    Parameters
    ----------
    rates : dict
        Name of each schedule to the rate at each step.
    losses : dict
        The same names to the loss of each epoch.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.9))
    styles = [(ACCENT, "-"), (SECOND, (0, (5, 2)))]
    for (name, values), (color, style) in zip(rates.items(), styles, strict=False):
        axes[0].plot(values, color=color, linestyle=style, label=name)
        epochs = range(1, len(losses[name]) + 1)
        axes[1].plot(epochs, losses[name], color=color, linestyle=style, marker="o")
    axes[0].set(xlabel="step", title="learning rate")
    axes[0].ticklabel_format(axis="y", style="sci", scilimits=(-3, -3))
    axes[1].set(xlabel="epoch", title="validation loss", xticks=epochs)
    handles = axes[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


@book_figure
def training_and_validation(histories):
    """Draw accuracy while learning, and on held-out images, a panel a network.

    Parameters
    ----------
    histories : dict
        Name of each network to its history: a list with a dict an epoch that holds
        ``accuracy`` and ``val_accuracy``.
    """
    figure, axes = plt.subplots(
        1, len(histories), figsize=(WIDTH, 3.0), sharey=True, squeeze=False
    )
    for ax, (name, history) in zip(axes[0], histories.items(), strict=True):
        epochs = range(1, len(history) + 1)
        looks = [("accuracy", "training", ACCENT, "-"), ("val_accuracy", "validation")]
        looks[1] += (SECOND, (0, (5, 2)))
        for key, label, color, style in looks:
            percent = [100 * epoch[key] for epoch in history]
            ax.plot(epochs, percent, color=color, linestyle=style, label=label)
        ax.set(xlabel="epoch", title=name)
        ax.xaxis.get_major_locator().set_params(integer=True)
    axes[0, 0].set_ylabel("accuracy in %")
    axes[0, -1].legend(frameon=False, loc="lower right")
    return figure


@book_figure
def accuracies(groups, half_widths=None, xlabel="test accuracy in %"):
    """Draw a row a network: a point a seed, and a bar for what chance allows.

    Parameters
    ----------
    groups : dict
        Name of each network to its accuracies in per cent, one a seed.
    half_widths : dict, optional
        Name to half the length of a bar around the mean, in per cent.
    xlabel : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.42 * len(groups)))
    for row, (name, values) in enumerate(groups.items()):
        mean = np.mean(values)
        if half_widths:
            half = half_widths[name]
            ax.plot([mean - half, mean + half], [row] * 2, color=MUTED, lw=6, alpha=0.4)
        ax.plot(values, [row] * len(values), "o", ms=6, color=ACCENT, alpha=0.8)
        ax.annotate(
            f"{mean:.1f}",
            (max(values), row),
            (0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=10,
        )
    ax.set_yticks(range(len(groups)), list(groups))
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.set_ylim(len(groups) - 0.5, -0.7)
    ax.margins(x=0.08)
    ax.set_xlabel(xlabel)
    ax.grid(axis="x", color=MUTED, alpha=0.25, lw=0.8)
    ax.spines["left"].set_visible(False)
    return figure


@book_figure
def confusion(matrix, names):
    """Show how often each class was taken for each; colour by the share of its row.

    Parameters
    ----------
    matrix : ndarray of int, shape (classes, classes)
        Rows are the labels, columns the predictions.
    names : sequence of str
    """
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    figure, ax = plt.subplots(figsize=(WIDTH, 4.9))
    # The square root lets rare mistakes be seen beside the diagonal.
    ax.imshow(np.sqrt(shares), cmap="cividis", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            color = INK if np.sqrt(shares[row, column]) > 0.55 else "white"
            ax.text(
                column,
                row,
                f"{count}",
                ha="center",
                va="center",
                color=color,
                fontsize=8.5,
            )
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(length=0, labelcolor=INK)
    ax.set(xlabel="predicted", ylabel="label")
    ax.spines[:].set_visible(False)
    return figure


@book_figure
def reliability(bins, title=""):
    """Draw accuracy against confidence, and below how many images each bin holds.

    Parameters
    ----------
    bins : ndarray, shape (bins, 3)
        Share of the images, mean confidence and accuracy of each bin that is not
        empty, each in 0..1.
    title : str
    """
    share, confidence, accuracy = np.asarray(bins).T
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(WIDTH, 4.2), sharex=True, height_ratios=[3, 1]
    )
    above.plot([0, 1], [0, 1], color=MUTED, lw=1, linestyle=(0, (4, 3)))
    above.text(1.0, 0.05, "dashed: as good as it says", color=MUTED, ha="right")
    above.vlines(confidence, confidence, accuracy, color=SECOND, lw=3)
    above.plot(confidence, accuracy, "o", color=ACCENT)
    above.set(ylabel="accuracy", title=title, xlim=(0.1, 1.02), ylim=(0, 1.02))
    below.bar(confidence, share, width=0.05, color=ACCENT)
    below.set(xlabel="confidence", ylabel="share", ylim=(0, 1))
    return figure
