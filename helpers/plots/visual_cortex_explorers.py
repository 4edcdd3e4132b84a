"""The frames of Chapter 1's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection

from helpers.plots._drawing import draw_weights, lay_over, show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure
from helpers.plots.visual_cortex import draw_tuning


@book_figure
def grating_and_neuron(grating, weights, orientations, answers, orientation, answer):
    """Show a grating, the neuron that looks at it, and where it answers.

    Parameters
    ----------
    grating, weights : ndarray, shape (size, size)
        What the neuron sees, values from 0 to 1, and its weights.
    orientations, answers : sequence of float
        The tuning curve, answers relative to the largest.
    orientation, answer : float
        This grating's orientation and the neuron's relative answer to it.
    """
    figure, axes = plt.subplot_mosaic(
        [["grating", "curve"], ["weights", "curve"]],
        figsize=(WIDTH, 3),
        width_ratios=[1, 2.4],
    )
    show(axes["grating"], grating, "stimulus", vmin=0, vmax=1)
    draw_weights(axes["weights"], weights, "weights")
    draw_tuning(axes["curve"], orientations, answers)
    axes["curve"].plot(
        [orientation], [answer], "s", color=SECOND, markersize=10, clip_on=False
    )
    axes["curve"].set_title(f"answer {answer:.2f}")
    return figure


@book_figure
def gabor_bench(photograph, weights, answers):
    """Show a photograph with a filter over its corner, and where the filter answers.

    The answers lie where the centres of their fields are, so that both panels agree;
    where no field fits, the panel is empty.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.1))
    show(axes[0], photograph, "photograph", vmin=0, vmax=1)
    lay_over(axes[0], weights)
    height, width = photograph.shape
    edge = (height - answers.shape[0]) / 2
    canvas = np.full((height, width), np.nan)
    canvas[round(edge) : round(height - edge), round(edge) : round(width - edge)] = (
        answers
    )
    show(axes[1], canvas, "answers", vmin=0, vmax=np.percentile(answers, 99.5))
    return figure


@book_figure
def cone(layers, reach):
    """Draw everything that one neuron on top of a stack of layers reads.

    Parameters
    ----------
    layers : sequence of tuple of int
        ``(filter_size, stride)`` of each layer, from the input on. Filter sizes are
        odd, so that fields lie around the middle.
    reach : int
        Pixels to draw to each side of the middle; the same in all frames.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.1))
    strides = np.cumprod([1] + [stride for _, stride in layers])
    places = np.zeros(1, int)  # of the neurons that count, in pixels of the input
    for depth in range(len(layers), 0, -1):
        size, step = layers[depth - 1][0], strides[depth - 1]
        taps = (np.arange(size) - size // 2) * step
        ends = places[:, np.newaxis] + taps
        lines = [
            ((place, depth), (end, depth - 1))
            for place, row in zip(places, ends, strict=True)
            for end in row
        ]
        ax.add_collection(
            LineCollection(lines, colors=ACCENT, linewidths=0.6, alpha=0.45, zorder=1)
        )
        _draw_dots(ax, depth, strides[depth], places, reach)
        places = np.unique(ends)
    _draw_dots(ax, 0, 1, places, reach)
    field = places.max() - places.min() + 1
    names = ["input", *(f"layer {k}" for k in range(1, len(layers) + 1))]
    ax.set_yticks(range(len(names)), names)
    ax.set(xlim=(-reach - 1, reach + 1), ylim=(-0.45, 4.35), xticks=[])
    ax.set_title(f"the top neuron sees {field} pixels in a row")
    ax.tick_params(length=0, labelcolor=INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return figure


def _draw_dots(ax, depth, stride, places, reach):
    """Draw one layer's neurons; those at the places are filled."""
    all_places = np.arange(-(reach // stride) * stride, reach + 1, stride)
    look = {"markersize": 3.2, "zorder": 2}
    ax.plot(
        all_places, np.full(len(all_places), depth), "o", color=MUTED, mfc="w", **look
    )
    ax.plot(places, np.full(len(places), depth), "o", color=ACCENT, **look)
