"""Figures of Chapter 6, LeNet-5 to GoogLeNet, that show what was measured."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import bare, show
from helpers.plots._style import ACCENT, INK, MUTED, PAPER, SECOND, WIDTH, book_figure


@book_figure
def errors_by_year(results, human_error):
    """Draw a challenge's errors; the marker says what stands behind each of them.

    Parameters
    ----------
    results : sequence of helpers.challenges.ChallengeResult
        Winners are named.
    human_error : float
        Drawn as a line, in per cent.
    """
    looks = {
        "features designed by hand, test": {"marker": "D", "color": MUTED},
        "several networks, test": {"marker": "o", "color": ACCENT},
        "one network, test": {"marker": "^", "color": SECOND},
        "one network, validation": {"marker": "^", "color": SECOND, "mfc": "white"},
    }
    figure, ax = plt.subplots(figsize=(WIDTH, 4.6))
    for name, look in looks.items():
        chosen = [r for r in results if _kind(r) == name]
        years, errors = zip(*((r.year, r.top5_error) for r in chosen), strict=True)
        ax.plot(years, errors, linestyle="", ms=8, mew=1.6, label=name, **look)
    winners = [r for r in results if r.place == 1]
    ax.plot(
        [r.year for r in winners], [r.top5_error for r in winners], color=MUTED, lw=1
    )
    for winner in winners:
        # Above the falling line or to the left of it, where there is room.
        x, y, ha, va = {
            2011: (0, 9, "center", "bottom"),
            2016: (6, 9, "center", "bottom"),
            2010: (0, -9, "center", "top"),
            2017: (0, -9, "center", "top"),
        }.get(winner.year, (-9, 2, "right", "top"))
        ax.annotate(
            f"{winner.system}\n{winner.top5_error:g} %",
            (winner.year, winner.top5_error),
            (x, y),
            textcoords="offset points",
            ha=ha,
            va=va,
            fontsize=9.5,
            linespacing=1.1,
        )
    ax.axhline(human_error, color=INK, lw=1, linestyle=(0, (4, 3)))
    ax.text(2009.5, human_error * 1.04, f"one person: {human_error:g} %", fontsize=9.5)
    ax.set_xlim(2009.4, 2017.6)
    ax.set_xticks(range(2010, 2018))
    ax.set_yscale("log")
    ax.set_ylim(1.5, 60)
    ax.set_yticks([2, 3, 5, 10, 20, 30], ["2", "3", "5", "10", "20", "30"])
    ax.minorticks_off()
    ax.set_ylabel("top-5 error in %")
    ax.legend(frameon=False, loc="upper right", borderaxespad=0)
    return figure


def _kind(result):
    if result.networks == 0:
        return "features designed by hand, test"
    one = result.networks == 1
    return f"{'one network' if one else 'several networks'}, {result.split}"


@book_figure
def picture_rows(rows, row_titles, column_titles=None, height=1.0):
    """Show rows of pictures, each row under its own title or column titles.

    Parameters
    ----------
    rows : sequence of sequence of ndarray
        Grey or RGB pictures; each row has its own scale of greys.
    row_titles : sequence of str
        Written to the left of the rows.
    column_titles : sequence of str, optional
        Written above the first row.
    height : float
        Of a row, in inches.
    """
    columns = len(rows[0])
    figure, axes = plt.subplots(
        len(rows), columns, figsize=(WIDTH, height * len(rows) + 0.3), squeeze=False
    )
    for row, pictures in enumerate(rows):
        low = min(float(np.min(picture)) for picture in pictures)
        high = max(float(np.max(picture)) for picture in pictures)
        for column, picture in enumerate(pictures):
            scale = {} if np.ndim(picture) == 3 else {"vmin": low, "vmax": high}
            ax = show(axes[row, column], picture, **scale)
            if row == 0 and column_titles:
                ax.set_title(column_titles[column], fontsize=10)
        axes[row, 0].text(
            -0.08,
            0.5,
            row_titles[row],
            transform=axes[row, 0].transAxes,
            ha="right",
            va="center",
            fontsize=10,
        )
    return figure


@book_figure
def normalized_responses(before, after, radius):
    """Compare the activations of all maps at one place before and after LRN.

    Parameters
    ----------
    before, after : ndarray, shape (maps,)
    radius : int
        Maps to either side of the strongest one are hatched.
    """
    figure, axes = plt.subplots(2, 1, figsize=(WIDTH, 3.4), sharex=True)
    maps = np.arange(len(before))
    strongest = int(np.argmax(before))
    near = np.abs(maps - strongest) <= radius
    colors = np.where(near, SECOND, MUTED)
    colors[strongest] = ACCENT
    hatches = np.where(near & (maps != strongest), "/////", "")
    for ax, values, name in zip(
        axes, (before, after), ("before", "after"), strict=True
    ):
        ax.bar(maps, values, color=colors, hatch=hatches, edgecolor=PAPER, width=0.8)
        ax.set_ylabel(name)
        ax.set_ylim(0, None)
    axes[-1].set_xlabel("map")
    return figure


@book_figure
def footprints(pictures, titles):
    """Show how far one neuron's answer depends on each pixel around its centre."""
    figure, axes = plt.subplots(1, len(pictures), figsize=(WIDTH, 2.5))
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        ax.imshow(picture, cmap="cividis")
        for row, column in np.argwhere(picture == 0):
            ax.plot(column, row, ".", color="white", ms=2.5)
        bare(ax, title)
        ax.title.set_fontsize(10)
    return figure


@book_figure
def grouped_costs(names, costs, quantities):
    """Draw bars: for each quantity, one bar a design, with its number.

    Parameters
    ----------
    names : sequence of str
        The designs.
    costs : ndarray, shape (designs, quantities)
    quantities : sequence of str
        What is counted, with its unit.
    """
    costs = np.asarray(costs, float)
    figure, axes = plt.subplots(
        len(quantities), 1, figsize=(WIDTH, len(quantities) * (0.55 + 0.3 * len(names)))
    )
    colors = [ACCENT, SECOND] if len(names) == 2 else ACCENT
    for ax, column, title in zip(np.atleast_1d(axes), costs.T, quantities, strict=True):
        ax.barh(names, column, color=colors, height=0.65)
        for y, value in enumerate(column):
            text = f" {value:,.0f}" if value >= 100 else f" {value:.3g}"
            ax.text(value + 0.01 * column.max(), y, text, va="center")
        ax.set_xlim(0, column.max() * 1.15)
        ax.invert_yaxis()
        ax.set_title(title, loc="left")
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        ax.set_xticks([])
        ax.spines[["left", "bottom"]].set_visible(False)
    return figure


@book_figure
def learning_curves(curves, ylabel):
    """Draw one curve a network over the epochs.

    Parameters
    ----------
    curves : dict
        Name of each network to one number an epoch; at most four networks.
    ylabel : str
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.1))
    styles = ["-", (0, (5, 2)), (0, (1, 1.2)), "-."]
    looks = zip(styles, [ACCENT, SECOND, INK, MUTED], strict=True)
    for (name, values), (style, color) in zip(curves.items(), looks, strict=False):
        epochs = range(1, len(values) + 1)
        ax.plot(epochs, values, linestyle=style, color=color, label=name)
    ax.set_xlabel("epoch")
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, loc="lower right")
    return figure


@book_figure
def signal_by_layer(signals, ylabel, xlabel="layer, from the input on"):
    """Draw one number a layer, on a logarithmic scale, for several networks."""
    figure, ax = plt.subplots(figsize=(WIDTH, 3.1))
    markers = "osD^"
    for (name, values), marker in zip(signals.items(), markers, strict=False):
        layers = range(1, len(values) + 1)
        ax.semilogy(layers, values, marker=marker, ms=5, lw=1.6, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False)
    return figure
