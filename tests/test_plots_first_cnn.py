"""Figures of Chapter 5: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.plots import first_cnn as plots
from helpers.plots import first_cnn_diagrams as diagrams
from helpers.plots import first_cnn_explorers as frames
from helpers.plots._drawing import GREY_CELL


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_pictures_have_their_titles_and_one_scale():
    pictures = [np.full((4, 4), value) for value in (0.1, 0.5, 0.9)]
    figure = plots.labelled_pictures(pictures, ["a", "b", "c"], columns=2)
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", ""]
    assert {ax.images[0].get_clim() for ax in figure.axes[:3]} == {(0, 1)}
    assert not figure.axes[3].images


def test_costs_are_drawn_against_the_first_block():
    figure = plots.cost_by_block({"a": [[2, 8], [4, 2]], "b": [[3, 3], [3, 6]]}, "xy")
    drawn = [[list(line.get_ydata()) for line in ax.lines] for ax in figure.axes]
    assert drawn == [[[1, 2], [1, 1]], [[1, 0.25], [1, 2]]]


def test_learning_curves_are_in_per_cent():
    history = [{"accuracy": 0.5, "val_accuracy": 0.4}] * 2
    figure = plots.training_and_validation({"one": history, "two": history})
    for ax in figure.axes:
        assert [list(line.get_ydata()) for line in ax.lines] == [[50, 50], [40, 40]]


def test_an_error_bar_lies_around_the_mean_of_the_seeds():
    (ax,) = plots.accuracies({"net": [90.0, 92.0]}, {"net": 0.5}).axes
    bar, dots = ax.lines
    assert list(bar.get_xdata()) == [90.5, 91.5]
    assert list(dots.get_xdata()) == [90, 92]
    assert texts(ax) == ["91.0"]


def test_without_half_widths_there_are_no_bars():
    (ax,) = plots.accuracies({"net": [90.0], "other": [80.0, 81.0]}).axes
    assert len(ax.lines) == 2


def test_confusions_are_written_where_they_are():
    matrix = np.array([[90, 10], [0, 100]])
    (ax,) = plots.confusion(matrix, ["cat", "dog"]).axes
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written == {(0, 0): "90", (1, 0): "10", (1, 1): "100"}


def test_gap_between_confidence_and_accuracy():
    bins = [[0.25, 0.5, 0.4], [0.75, 0.9, 0.95]]
    above, below = plots.reliability(np.array(bins)).axes
    gaps = above.collections[0].get_segments()
    assert np.allclose(gaps, [[[0.5, 0.5], [0.5, 0.4]], [[0.9, 0.9], [0.9, 0.95]]])
    assert [bar.get_height() for bar in below.patches] == [0.25, 0.75]


def test_schedules_and_losses_share_their_names():
    rates, losses = {"a": [1, 2], "b": [2, 1]}, {"b": [0.5], "a": [0.7]}
    left, right = plots.rates_and_losses(rates, losses).axes
    assert [list(line.get_ydata()) for line in left.lines] == [[1, 2], [2, 1]]
    assert [list(line.get_ydata()) for line in right.lines] == [[0.7], [0.5]]


def test_a_network_s_boxes_follow_its_shapes():
    stages = [("image", (28, 28, 1)), ("conv", (14, 14, 64)), ("dense", (10,))]
    (ax,) = diagrams.typical_cnn(stages).axes
    fronts = [patch for patch in ax.patches if hasattr(patch, "get_width")]
    assert [box.get_height() for box in fronts[:2]] == [28, 14]
    assert fronts[0].get_width() < fronts[1].get_width()
    assert {"image", "28²×1", "conv", "14²×64", "dense", "10"} == set(texts(ax))


@pytest.mark.parametrize(("way", "dark"), [("batch", 3 * 4), ("layer", 4 * 6)])
def test_values_that_share_a_mean_are_dark(way, dark):
    image, _, channel = np.indices((3, 4, 6))
    groups = {"batch": channel, "layer": image}
    figure = diagrams.normalized_together({way: groups[way], "other": image * 0})
    colors = [patch.get_facecolor() for patch in figure.axes[0].patches]
    from matplotlib.colors import to_rgba

    assert sum(color != to_rgba(GREY_CELL) for color in colors) == dark


def test_changed_copies_stand_beside_their_original():
    originals = np.stack([np.full((4, 4), 0.25), np.full((4, 4), 0.75)])
    (ax,) = frames.augmented(originals, np.zeros((2, 3, 4, 4))).axes
    sheet = np.asarray(ax.images[0].get_array().filled(np.nan))
    assert np.nanmax(sheet[:8, :8]) == 0.25
    assert np.nanmax(sheet[8:, :8]) == 0.75
    assert np.nanmax(sheet[:, 8:]) == 0


def test_each_map_has_its_own_scale_and_a_silent_one_stays_dark():
    maps = np.zeros((8, 8, 3))
    maps[0, 0, 0], maps[0, 0, 1] = 0.1, 50
    figure = frames.feature_maps(np.eye(8), maps, "3 of 3 maps")
    sheet = np.asarray(figure.axes[1].images[0].get_array().filled(np.nan))
    assert sheet[0, 0] == sheet[0, 9] == 1
    assert sheet[0, 18] == 0
    assert np.isnan(sheet[0, 27])


def test_more_maps_than_fit_are_left_out():
    figure = frames.feature_maps(np.eye(8), np.ones((8, 8, 30)), "maps", 2, 2)
    assert np.nansum(figure.axes[1].images[0].get_array()) == 4 * 64


def test_figures_have_the_page_s_width():
    figure = plots.confusion(np.eye(2, dtype=int), ["a", "b"])
    assert isinstance(figure, Figure)
    assert figure.get_figwidth() == pytest.approx(5.4)
