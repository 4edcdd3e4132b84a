"""The frames of Chapter 6's explorers: one function draws one frame."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots._drawing import show
from helpers.plots._style import ACCENT, INK, MUTED, SECOND, WIDTH, book_figure

QUANTITIES = {
    "parameters": "parameters",
    "multiply_adds": "multiply-adds, one image",
    "activation_bytes": "memory of the output, one image",
    "receptive_field": "receptive field in pixels",
}
FEWEST_ROWS = 14  # shorter networks do not get thicker rows
# Layers that only hand on what they get; they would make the column longer.
LEFT_OUT = {"Activation", "Dropout", "Flatten", "InputLayer", "ZeroPadding2D"}


@book_figure
def subsampling(before, after):
    """Show a feature map, the subsampled one, and the function between them.

    Parameters
    ----------
    before, after : ndarray, shape (height, width)
        The smaller one lies between −1.72 and 1.72, the ends of the function.
    """
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.7))
    show(axes[0], before, f"C1, {before.shape[0]}×{before.shape[1]}")
    title = f"S2, {after.shape[0]}×{after.shape[1]}"
    show(axes[1], after, title, vmin=-1.72, vmax=1.72)
    return figure


@book_figure
def architecture(layers, quantity):
    """Draw a network as a column of blocks, with one quantity beside each block.

    Parameters
    ----------
    layers : list of helpers.accounting.Row
        The ``blocks`` of an account. The width of a block in the figure follows the
        height of its maps, on a logarithmic scale.
    quantity : {"parameters", "multiply_adds", "activation_bytes", "receptive_field"}
    """
    layers = [layer for layer in layers if layer.kind not in LEFT_OUT]
    figure, (blocks, bars) = plt.subplots(
        1, 2, figsize=(WIDTH, 6.4), width_ratios=[1, 1.5], sharey=True
    )
    for y, layer in enumerate(layers):
        height, *others = layer.output_shape[1:]
        width = 1 + np.log2(height) if others else 0.6
        color = ACCENT if layer.parameters else MUTED
        blocks.barh(y, width, left=-width / 2, color=color, height=0.8)
    values = [getattr(layer, quantity) for layer in layers]
    bars.barh(range(len(layers)), values, color=SECOND, height=0.6)
    for y, value in enumerate(values):
        if value:
            x = value + max(values) * 0.02
            bars.text(x, y, _short(value, quantity), va="center", fontsize=9.5)
    names = [f"{layer.name}  {_shape(layer.output_shape[1:])}" for layer in layers]
    blocks.set_yticks(range(len(layers)), names, fontsize=9.5)
    blocks.set_ylim(max(len(layers), FEWEST_ROWS) - 0.4, -0.6)
    blocks.set_xlim(-4.6, 4.6)
    bars.set_xlim(0, max(values) * 1.35)
    bars.set_title(QUANTITIES[quantity], loc="right")
    for ax in (blocks, bars):
        ax.set_xticks([])
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        ax.spines[:].set_visible(False)
    bars.tick_params(axis="y", labelleft=False)
    return figure


def _shape(shape):
    return "×".join(f"{n:,}" for n in shape)


def _short(value, quantity):
    """Write a count with three digits and a unit."""
    if quantity == "receptive_field":
        return f"{value:,}"
    unit = "B" if quantity == "activation_bytes" else ""
    power = min(int(np.log10(value) // 3), 3)
    return f"{value / 1000**power:.3g} {('', 'k', 'M', 'G')[power]}{unit}".rstrip()


@book_figure
def inception_costs(branches):
    """Draw the multiply-adds of a module's branches, with bottlenecks and without.

    Parameters
    ----------
    branches : dict
        Name of the branch to its multiply-adds in millions, (with, without).
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    left = np.zeros(2)
    palette = (ACCENT, SECOND, MUTED)
    for (branch, costs), color in zip(branches.items(), palette, strict=True):
        look = {"color": color, "edgecolor": "white", "height": 0.6, "label": branch}
        ax.barh([0, 1], costs, left=left, **look)
        left = left + costs
    for y, total in enumerate(left):
        ax.text(total + 0.01 * left.max(), y, f"{total:.3g} M", va="center")
    ax.set_yticks([0, 1], ["with\nbottlenecks", "without"])
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.set_ylim(1.5, -0.5)
    ax.set_xlim(0, left.max() * 1.17)
    ax.set_xlabel("multiply-adds in millions")
    ax.spines["left"].set_visible(False)
    ax.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.42, 1.0))
    return figure
