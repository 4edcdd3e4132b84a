"""Figures of Chapter 3, Pooling layers."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import draw_grid, draw_weights, draw_window, show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

TINTS = (ACCENT, SECOND, INK, MUTED)


@book_figure
def pooled_grids(values, pooled):
    """Draw numbers in windows of 2×2 side by side, and what is kept of each.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Small numbers; height and width are even.
    pooled : dict of str to ndarray, shape (height // 2, width // 2)
        Pooled numbers by title.
    """
    height, width = values.shape
    figure, axes = plt.subplots(
        1,
        1 + len(pooled),
        figsize=(WIDTH, 2.3),
        width_ratios=[width] + [width / 2] * len(pooled),
    )
    grids = {f"input, {height}×{width}": values, **pooled}
    for ax, (title, numbers) in zip(axes, grids.items(), strict=True):
        side = 2 if numbers is values else 1
        draw_grid(ax, numbers, write=_number)
        for k, (i, j) in enumerate(np.ndindex(height // 2, width // 2)):
            draw_window(ax, side * i, side * j, (side, side), TINTS[k % len(TINTS)])
        ax.set_title(title)
    return figure


def _number(number):
    return f"{number:g}".replace("-", "−")


@book_figure
def stages(pictures, titles):
    """Show four pictures of falling resolution at one size, two in a row."""
    height, width = pictures[0].shape
    size = (WIDTH, 4.1) if width > height else (WIDTH * 0.75, 4.5)
    figure, axes = plt.subplots(2, 2, figsize=size)
    for ax, picture, title in zip(axes.flat, pictures, titles, strict=True):
        top = np.percentile(picture, 99.5)
        show(ax, picture, title, vmin=0, vmax=top)
    return figure


@book_figure
def shifted_inputs(inputs, pooled, titles):
    """Show small inputs, the windows on them, and below what pooling makes of them."""
    figure, axes = plt.subplots(
        2, len(inputs), figsize=(WIDTH, 3.8), height_ratios=[1, 0.62]
    )
    for (above, below), image, answer, title in zip(
        axes.T, inputs, pooled, titles, strict=True
    ):
        for ax, picture, step in ((above, image, 2), (below, answer, 1)):
            show(ax, picture, cmap="Greys", vmin=0, vmax=1)
            _rule(ax, picture.shape, step)
        above.set_title(title)
        below.set_title("pooled", fontsize=10, color=MUTED)
    return figure


def _rule(ax, shape, step):
    """Draw the borders of windows of ``step`` pixels over a picture."""
    height, width = shape
    look = {"color": ACCENT, "lw": 0.8}
    ax.hlines(np.arange(0, height + 1, step) - 0.5, -0.5, width - 0.5, **look)
    ax.vlines(np.arange(0, width + 1, step) - 0.5, -0.5, height - 0.5, **look)


@book_figure
def steadiness(changes, sizes):
    """Draw how much pooled maps change when their input moves by one pixel.

    Parameters
    ----------
    changes : dict of str to dict of str to ndarray, shape (sizes, photographs)
        By what is pooled, then by the kind of pooling; in units of the maps' spread.
    sizes : list of int
        Sides of the windows, in pixels.
    """
    figure, axes = plt.subplots(1, len(changes), figsize=(WIDTH, 3.1), sharey=True)
    for ax, (what, by_kind) in zip(axes, changes.items(), strict=True):
        colors = (MUTED, ACCENT, SECOND)
        for k, (kind, values) in enumerate(by_kind.items()):
            x = np.arange(len(sizes)) + 0.27 * (k - 1)
            ax.bar(x, values.mean(1), 0.25, color=colors[k], label=kind)
            spots = np.broadcast_to(x[:, None], values.shape)
            ax.plot(spots, values, ".", color=INK, ms=3)
        ax.set_xticks(range(len(sizes)), [f"{n}×{n}" for n in sizes])
        ax.set(xlabel="window, px", title=what)
        ax.set_ylim(0, 1.1)
    axes[0].set_ylabel("change ÷ spread")
    axes[0].legend(frameon=False, loc="upper left")
    return figure


@book_figure
def tolerance(angles, by_angle, scales, by_scale):
    """Draw how alike feature maps stay when the photograph is turned or enlarged.

    Parameters
    ----------
    angles : list of float
        In degrees.
    scales : list of float
        Factors of enlargement.
    by_angle, by_scale : dict of str to list of float
        Correlations with the maps of the photograph as it was, by pooling window.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.2), sharey=True)
    growth = [100 * (scale - 1) for scale in scales]
    panels = ((angles, by_angle, "turned, degrees"), (growth, by_scale, "enlarged, %"))
    for ax, (x, curves, label) in zip(axes, panels, strict=True):
        looks = zip("osD^", (MUTED, INK, SECOND, ACCENT), strict=True)
        for (name, values), (marker, color) in zip(curves.items(), looks, strict=True):
            ax.plot(x, values, marker=marker, ms=5, color=color, label=name)
        ax.set(xlabel=label, ylim=(0, 1.04))
    axes[1].set_xticks([0, 5, 10])
    axes[0].set_ylabel("correlation with before")
    axes[1].legend(frameon=False, loc="lower left", title="window", ncols=2)
    return figure


@book_figure
def winners(values, upstream, gradient):
    """Draw the input of a max pooling, the upstream gradient, and where it goes."""
    width = values.shape[1]
    figure, axes = plt.subplots(
        1, 3, figsize=(WIDTH, 2.3), width_ratios=[width, width / 2, width]
    )
    titles = ("input", "upstream", "gradient")
    grids = (values, upstream, gradient)
    for ax, numbers, title in zip(axes, grids, titles, strict=True):
        draw_grid(ax, numbers, write=_number)
        ax.set_title(title)
    for k, (i, j) in enumerate(np.ndindex(upstream.shape)):
        color = TINTS[k % len(TINTS)]
        draw_window(axes[1], i, j, (1, 1), color)
        window = values[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        u, v = np.unravel_index(window.argmax(), window.shape)
        for ax in (axes[0], axes[2]):
            draw_window(ax, 2 * i + u, 2 * j + v, (1, 1), color)
    return figure


@book_figure
def pooled_channels(image, maps, pooled, titles):
    """Show an image, feature maps of it, and their maximum over channels."""
    count = maps.shape[-1]
    above = ["image"] * count + ["pooled"] * count
    below = [k for k in range(count) for _ in range(2)]
    figure, axes = plt.subplot_mosaic(
        [above, below], figsize=(WIDTH, 3.9), height_ratios=[count, 2]
    )
    top = np.percentile(pooled, 99.5)
    show(axes["image"], image, "input")
    show(axes["pooled"], pooled, "maximum", vmin=0, vmax=top)
    for k, title in enumerate(titles):
        show(axes[k], maps[..., k], title, vmin=0, vmax=top)
    return figure


@book_figure
def learned_filters(groups):
    """Show filters in a row: a title for each group, and a gap between the groups.

    Parameters
    ----------
    groups : dict of str to ndarray, shape (height, width, filters)
    """
    counts = [filters.shape[-1] for filters in groups.values()]
    figure = plt.figure(figsize=(WIDTH, 1.75))
    parts = figure.subfigures(1, len(groups), width_ratios=counts, wspace=0.06)
    for part, (title, filters) in zip(parts, groups.items(), strict=True):
        axes = part.subplots(1, filters.shape[-1], squeeze=False)
        for k, ax in enumerate(axes.flat):
            draw_weights(ax, filters[..., k])
        part.suptitle(title, fontsize=11)
    return figure


@book_figure
def global_means(maps, means, names):
    """Show maps of two photographs, [2, height, width, names], and their means."""
    count = len(names)
    rows = [[f"{row}{k}" for k in range(count)] for row in range(2)]
    figure, axes = plt.subplot_mosaic(
        [*rows, ["means"] * count],
        figsize=(WIDTH, 3.9),
        height_ratios=[0.62, 0.62, 1.3],
    )
    for photograph, channels in enumerate(rows):
        top = np.percentile(maps[photograph], 99.5)
        for k, name in enumerate(channels):
            show(axes[name], maps[photograph, ..., k], vmin=0, vmax=top)
    looks = zip(("pavilion", "dahlia"), (ACCENT, SECOND), (-0.2, 0.2), strict=True)
    for values, (label, color, aside) in zip(means, looks, strict=True):
        places = np.arange(count) + aside
        axes["means"].bar(places, values, 0.38, color=color, label=label)
    axes["means"].set_xlim(-0.5, count - 0.5)
    axes["means"].set_ylim(0, 1.35 * means.max())
    axes["means"].set_xticks(range(count), names)
    axes["means"].set_ylabel("mean")
    axes["means"].legend(frameon=False, loc="upper right", ncols=2)
    return figure


@book_figure
def aliased_signals(columns):
    """Draw signals as bars with their numbers, a column for each shift.

    Parameters
    ----------
    columns : dict of str to dict of str to ndarray, shape (length,)
        By the column's title, then by the row's.
    """
    rows = next(iter(columns.values()))
    figure, axes = plt.subplots(len(rows), len(columns), figsize=(WIDTH, 3.9))
    for across, (title, signals) in enumerate(columns.items()):
        for ax, (name, signal) in zip(axes[:, across], signals.items(), strict=True):
            color = MUTED if ax is axes[0, across] else ACCENT
            places = (np.arange(len(signal)) + 0.5) / len(signal)
            ax.bar(places, signal, 0.8 / len(signal), color=color)
            for place, number in zip(places, signal, strict=True):
                ax.text(place, number + 0.06, f"{number:g}", ha="center", fontsize=9)
            ax.set(xlim=(0, 1), ylim=(0, 1.45), xticks=[], yticks=[])
            ax.spines["left"].set_visible(False)
            ax.set_title(name, loc="left", fontsize=10)
        axes[0, across].annotate(
            title, (0.5, 1.32), xycoords="axes fraction", ha="center", fontsize=11
        )
    return figure


@book_figure
def verdicts(pictures, scores, class_names, titles):
    """Show pictures, each with the scores that a classifier gives it."""
    figure, axes = plt.subplots(
        len(pictures), 2, figsize=(WIDTH, 5.6), width_ratios=[1, 1.3], squeeze=False
    )
    panels = zip(axes, pictures, scores, titles, strict=True)
    for (left, right), picture, points, title in panels:
        draw_verdict(left, right, picture, points, class_names)
        left.set_title(title)
    return figure


def draw_verdict(left, right, picture, scores, class_names):
    """Draw a picture and the bars of some classes' scores, the winner in orange."""
    show(left, picture, cmap="gray", vmin=0, vmax=1)
    y = np.arange(len(class_names))
    best = int(np.argmax(scores))
    colors = [SECOND if k == best else MUTED for k in y]
    right.barh(y, scores, 0.65, color=colors)
    right.set_yticks(y, class_names, color=INK)
    right.invert_yaxis()
    right.set_xlim(-0.35, 1.1)
    right.set_xticks([0, 0.5, 1])
    right.axvline(0, color=MUTED, lw=0.8)
    right.tick_params(axis="y", length=0)
    right.spines["left"].set_visible(False)
    right.set_xlabel("score")
    right.set_title(f"answer: {class_names[best]}")


@book_figure
def flip_rates(flips, accuracies):
    """Draw how often a shift by one pixel changes the class, and the accuracy.

    Parameters
    ----------
    flips, accuracies : dict of str to float
        By the kind of pooling, from 0 to 1.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.5), sharey=True)
    panels = ((flips, "class changes, %"), (accuracies, "accuracy, %"))
    for ax, (rates, label) in zip(axes, panels, strict=True):
        values = [100 * rate for rate in rates.values()]
        color = SECOND if rates is flips else ACCENT
        ax.barh(list(rates), values, 0.6, color=color)
        for y, value in enumerate(values):
            ax.text(value, y, f" {value:.0f}", va="center")
        ax.set_xlim(0, 1.18 * max(values))
        ax.set_xlabel(label)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
    axes[0].invert_yaxis()
    return figure
