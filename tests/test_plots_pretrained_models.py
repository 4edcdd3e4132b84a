"""Figures of Chapter 9: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.plots import pretrained_models as plots
from helpers.plots import pretrained_models_explorers as frames
from helpers.pretrained import Guess

PICTURE = np.random.default_rng(0).integers(0, 256, (20, 24, 3)).astype(np.uint8)
INPUT = (PICTURE.astype("float32") - 127) / 128
GUESSES = [Guess(1, "cat", 0.75), Guess(2, "dog", 0.25)]


def words(ax):
    return [text.get_text() for text in ax.texts]


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def test_inputs_become_the_pixels_that_they_were_made_of():
    np.testing.assert_array_equal(plots.to_pixels(INPUT), PICTURE)
    far = plots.to_pixels(np.array([-3.0, 3.0]))
    assert far.tolist() == [0, 255]


def test_guesses_stand_beside_their_picture():
    left, right = plots.guesses(PICTURE, GUESSES).axes
    np.testing.assert_array_equal(left.images[0].get_array(), PICTURE)
    assert words(right) == ["cat  75 %", "dog  25 %"]
    assert widths(right) == [0.75, 0.25]


def test_guess_table_has_a_row_a_photograph_and_a_column_a_way():
    table = {"a": [GUESSES, GUESSES[::-1]], "b": [GUESSES[:1], GUESSES]}
    axes = np.reshape(plots.guess_table(["one", "two"], table).axes, (2, 2))
    assert [ax.get_title() for ax in axes[0]] == ["a", "b"]
    assert widths(axes[1, 0]) == [0.25, 0.75]
    assert words(axes[0, 0])[-1] == "one"
    assert words(axes[0, 1]) == ["cat  75 %"]


def test_views_show_the_photographs_and_both_inputs():
    figure = plots.two_views(
        [PICTURE] * 2, INPUT[None].repeat(2, 0), [-INPUT] * 2, "ab"
    )
    shown = [ax.images[0].get_array() for ax in figure.axes]
    assert len(shown) == 6
    for picture in shown[:4]:
        np.testing.assert_array_equal(picture, PICTURE)
    np.testing.assert_array_equal(shown[4], plots.to_pixels(-INPUT))


def test_filters_are_colours_around_grey_and_empty_ones_are_grey():
    kernels = np.zeros((2, 2, 3, 3))
    kernels[0, 0, 0, 0] = 2  # red, in one corner of the first filter
    kernels[..., 1] = -1
    (ax,) = plots.colour_filters(kernels, columns=3).axes
    sheet = ax.images[0].get_array()
    assert sheet.shape == (2, 8, 3)
    np.testing.assert_array_equal(sheet[0, 0], [1, 0.5, 0.5])
    np.testing.assert_array_equal(sheet[1, 1], [0.5, 0.5, 0.5])
    assert (sheet[:, 3:5] == 0).all()
    assert (sheet[:, 6:] == 0.5).all()
    assert (sheet[:, 2] == 1).all()  # white between filters


def test_each_layer_has_a_row_of_maps():
    maps = [np.random.default_rng(n).normal(size=(n, n, 2)) for n in (8, 4)]
    axes = np.reshape(plots.maps_by_layer(maps, ["low", "high"]).axes, (2, 3))
    assert [words(row[0]) for row in axes] == [["low"], ["high"]]
    for row, values in zip(axes, maps, strict=True):
        for index, ax in enumerate(row[1:]):
            np.testing.assert_array_equal(ax.images[0].get_array(), values[..., index])


@pytest.mark.parametrize("shared", [False, True])
def test_heat_lies_over_the_whole_picture(shared):
    maps = [np.array([[1.0, -2.0], [0.5, 0.0]]), np.array([[4.0]])]
    figure = plots.heat_maps([PICTURE] * 2, maps, "ab", shared=shared)
    for ax, heat, title in zip(figure.axes, maps, "ab", strict=False):
        grey, overlay = ax.images
        assert overlay.get_extent() == [-0.5, 23.5, 19.5, -0.5]
        np.testing.assert_array_equal(overlay.get_array(), np.maximum(heat, 0))
        assert overlay.get_clim() == (0, 4 if shared else heat.max())
        assert grey.get_array().shape == (20, 24)
        assert ax.get_title() == title


def test_a_map_of_zeros_is_drawn_dark():
    _, right = frames.class_map(INPUT, np.zeros((3, 3)), "nothing").axes
    assert right.images[1].get_clim() == (0, 1)


def test_weights_stand_above_their_maps():
    maps = np.random.default_rng(0).uniform(size=(3, 3, 2))
    axes = plots.weighted_sum(maps, np.array([0.0012, -0.004]), np.eye(3)).axes
    assert [ax.get_title() for ax in axes] == ["+1.2", "-4.0", "", "sum, ReLU"]
    np.testing.assert_array_equal(axes[1].images[0].get_array(), maps[..., 1])
    np.testing.assert_array_equal(axes[-1].images[0].get_array(), np.eye(3))


def test_correlations_have_a_dot_a_photograph_and_a_line_of_means():
    table = np.array([[1.0, 0.5], [0.0, -0.5]])
    (ax,) = plots.correlations(["top", "low"], {"a": table, "b": -table}, "r").axes
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_array_equal(lines["a"], [0.5, 0])
    np.testing.assert_array_equal(lines["b"], [-0.5, 0])
    dots = [line.get_ydata() for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(dots, table)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["top", "low"]


def test_a_step_is_drawn_around_grey():
    step = np.sign(INPUT)
    figure = plots.adversarial((PICTURE, PICTURE), ("a", "b"), 3 * step, 3)
    left, middle, right = figure.axes
    np.testing.assert_allclose(middle.images[0].get_array(), 0.5 + 0.5 * step)
    assert (left.get_title(), right.get_title()) == ("a", "b")
    assert "step of 3" in middle.get_title()


def test_probabilities_are_drawn_in_per_cent():
    (ax,) = plots.probability_by_step([0, 2], {"a": [0.5, 0.1]}).axes
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [50, 10])


def test_covered_shows_what_is_left_and_marks_what_was():
    figure = frames.covered(INPUT, ["cat", "dog"], [0.75, 0.25], [0.5, 0.125], "dog")
    left, right = figure.axes
    np.testing.assert_array_equal(left.images[0].get_array(), PICTURE)
    assert widths(right) == [0.5, 0.125]
    assert [line.get_xdata()[0] for line in right.lines] == [0.75, 0.25]
    assert right.get_title(loc="left") == "first guess: dog"


def test_prepared_tells_the_range_of_the_values():
    assert frames.spread(np.array([[-1.5, 2.0]])) == (-1.5, 2.0)
    _, right = frames.prepared(INPUT, (-1.5, 2.0), ["cat"], [0.5]).axes
    assert right.get_title(loc="left") == "values -1.50 to 2.00"


def test_figures_have_the_page_s_width():
    figure = plots.guesses(PICTURE, GUESSES)
    assert isinstance(figure, Figure)
    assert figure.get_figwidth() == pytest.approx(5.4)
