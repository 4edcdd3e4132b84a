"""Figures of Chapter 8: what they write and draw follows their data."""

import numpy as np
import pytest

from helpers.plots import resnet34 as plots
from helpers.plots import resnet34_explorers as frames


def test_a_line_for_each_network_through_its_spreads():
    (ax,) = plots.spread_by_unit({"a": [1, 2, 4], "b": [3, 3, 3]}).axes
    assert [list(line.get_ydata()) for line in ax.lines[:2]] == [[1, 2, 4], [3, 3, 3]]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["a", "b"]


def test_probabilities_are_sorted_and_compared_with_a_guess():
    (ax,) = plots.sorted_probabilities({"a": [0.1, 0.6, 0.2, 0.1]}).axes
    assert list(ax.lines[0].get_ydata()) == [0.6, 0.2, 0.1, 0.1]
    assert ax.lines[1].get_ydata()[0] == 1 / 4
    assert "1 of 4" in [text.get_text() for text in ax.texts]


def test_a_bar_for_each_removed_unit():
    (ax,) = plots.lesions(90, [70, 85, 88]).axes
    assert [bar.get_height() for bar in ax.patches] == [70, 85, 88]
    assert list(ax.get_xticks()) == [1, 2, 3]
    assert ax.lines[0].get_ydata()[0] == 90


def test_mean_of_the_orders_is_drawn():
    curves = np.array([[90.0, 50, 10], [90, 70, 30]])
    (ax,) = plots.many_lesions(curves, chance=10).axes
    drawn = [list(line.get_ydata()) for line in ax.lines[:3]]
    assert drawn == [[90, 50, 10], [90, 70, 30], [90, 60, 20]]


def test_pairs_share_a_colour_and_differ_in_their_lines():
    curves = {name: [3, 2, 1] for name in ("a with", "a without", "b with")}
    (ax,) = plots.losses(curves).axes
    first, second, third = ax.lines
    assert first.get_color() == second.get_color() != third.get_color()
    assert first.get_linestyle() == third.get_linestyle() == "-"
    assert second.get_linestyle() == "--"


def test_answers_before_and_after_are_points():
    before, after = np.arange(4.0), np.arange(4.0) ** 2
    figure = plots.before_and_after([(before, after), (before, before)], ["a", "b"])
    points = figure.axes[0].collections[0].get_offsets()
    assert np.array_equal(points, np.stack([before, after], axis=1))
    assert [ax.get_title() for ax in figure.axes] == ["a", "b"]


def test_unit_at_work_shows_skip_branch_and_output():
    rng = np.random.default_rng(0)
    skip, branch = rng.uniform(size=(2, 6, 6, 4))
    branch = branch - 0.5
    output = np.maximum(skip + branch, 0)
    figure = frames.unit_at_work(np.eye(8), skip, branch, output)
    shown = [ax.images[0].get_array() for ax in figure.axes if ax.images]
    assert len(shown) == 1 + 3 * 4
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert [title for title in titles if title] == [
        "skip, maps of 6×6",
        "+ branch",
        "= output",
    ]
    low, high = figure.axes[6].images[0].get_clim()
    assert low == -high  # none and white are the same


def test_bars_and_marks_of_the_classes():
    figure = frames.class_bars([50, 100], [60, 90], ["a", "b"], "accuracy in %")
    (ax,) = figure.axes
    assert [bar.get_width() for bar in ax.patches] == [50, 100]
    assert list(ax.collections[0].get_offsets()[:, 0]) == [60, 90]


@pytest.mark.parametrize(
    "figure",
    [
        lambda: plots.lesions(90, [1, 2]),
        lambda: frames.class_bars([1], [2], ["a"], "in %"),
    ],
)
def test_figures_have_the_page_s_width(figure):
    assert figure().get_figwidth() == pytest.approx(5.4)
