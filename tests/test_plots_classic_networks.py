"""Figures of Chapter 6: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.accounting import account, weightless
from helpers.architectures import lenet5
from helpers.challenges import HUMAN_TOP5_ERROR, ILSVRC
from helpers.plots import classic_networks as plots
from helpers.plots import classic_networks_diagrams as diagrams
from helpers.plots import classic_networks_explorers as frames


def texts(figure):
    found = [text.get_text() for ax in figure.axes for text in ax.texts]
    labels = [t.get_text() for ax in figure.axes for t in ax.get_yticklabels()]
    return found + labels


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def test_every_winner_is_named_with_its_error():
    written = texts(plots.errors_by_year(ILSVRC, HUMAN_TOP5_ERROR))
    for result in ILSVRC:
        named = f"{result.system}\n{result.top5_error:g} %" in written
        assert named == (result.place == 1)
    assert "one person: 5.1 %" in written


def test_a_row_of_pictures_has_one_scale():
    rows = [[np.zeros((4, 4)), np.full((4, 4), 7.0)], [np.eye(3), 2 * np.eye(3)]]
    figure = plots.picture_rows(rows, ["a", "b"], ["first", "second"])
    limits = [ax.images[0].get_clim() for ax in figure.axes]
    assert limits == [(0, 7), (0, 7), (0, 2), (0, 2)]
    assert [ax.get_title() for ax in figure.axes[:2]] == ["first", "second"]


def test_connections_are_drawn_where_they_are():
    reads = np.array([[True, False, True], [False, False, True]])
    (ax,) = diagrams.connection_table(reads).axes
    colors = {patch.get_xy(): patch.get_facecolor() for patch in ax.patches}
    dark = {place for place, c in colors.items() if c == colors[0, 0]}
    assert dark == {(0, 0), (2, 0), (2, 1)}


@pytest.mark.parametrize(("joined", "arrows"), [(False, 4), (True, 6)])
def test_groups_that_join_cross(joined, arrows):
    layers = [("below", "8×8"), ("above", "4×4")]
    (ax,) = diagrams.two_groups(layers, [False, joined], "output").axes
    assert sum(text.arrow_patch is not None for text in annotations(ax)) == arrows


def annotations(ax):
    return [text for text in ax.texts if hasattr(text, "arrow_patch")]


def test_inception_module_adds_up_its_maps():
    figure = diagrams.inception_module(192, (64, 96, 128, 16, 32, 32))
    assert "concatenation, 256 maps" in texts(figure)


def test_window_of_lrn_is_marked_around_the_strongest_map():
    before = np.array([1.0, 2, 9, 3, 1, 0])
    figure = plots.normalized_responses(before, before / 2, radius=1)
    colors = [bar.get_facecolor() for bar in figure.axes[0].patches]
    assert colors[1] == colors[3] != colors[2]
    assert colors[0] == colors[4] == colors[5] != colors[1]


def test_bars_and_their_numbers_agree():
    figure = plots.grouped_costs(["a", "b"], [[1, 20], [3, 40]], ["x", "y"])
    assert [widths(ax) for ax in figure.axes] == [[1, 3], [20, 40]]
    assert {"1", "3", "20", "40"} <= {text.strip() for text in texts(figure)}


@pytest.mark.parametrize(
    "quantity", ["parameters", "multiply_adds", "activation_bytes", "receptive_field"]
)
def test_architecture_shows_each_layer_that_computes(quantity):
    with weightless():
        blocks = account(lenet5()).blocks
    figure = frames.architecture(blocks, quantity)
    names = ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    labels = [t.get_text().split()[0] for t in figure.axes[0].get_yticklabels()]
    assert labels == names
    shown = [getattr(b, quantity) for b in blocks if b.name in names]
    assert widths(figure.axes[1]) == shown


@pytest.mark.parametrize(
    ("value", "quantity", "text"),
    [
        (138_357_544, "parameters", "138 M"),
        (15_470_264_320, "multiply_adds", "15.5 G"),
        (40, "activation_bytes", "40 B"),
        (2_560, "activation_bytes", "2.56 kB"),
        (1_024, "receptive_field", "1,024"),
    ],
)
def test_counts_are_shortened(value, quantity, text):
    assert frames._short(value, quantity) == text


def test_branches_add_up():
    figure = frames.inception_costs({"a": [1, 2], "b": [3, 5], "c": [4, 4]})
    assert {"8 M", "11 M"} <= set(texts(figure))


@pytest.mark.parametrize(
    "figure",
    [
        lambda: frames.subsampling(np.eye(8), np.eye(4)),
        lambda: plots.footprints([np.eye(5), np.ones((5, 5))], ["a", "b"]),
        lambda: plots.learning_curves({"a": [1, 2], "b": [2, 3]}, "accuracy in %"),
        lambda: plots.signal_by_layer({"a": [1e-3, 1e-2]}, "norm"),
        lambda: diagrams.map_sizes(["a", "b"], [112, 56], ["conv", "pool"]),
    ],
)
def test_the_others_are_figures_of_the_page_s_width(figure):
    drawn = figure()
    assert isinstance(drawn, Figure)
    assert drawn.get_figwidth() == pytest.approx(5.4)
