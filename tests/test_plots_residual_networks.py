"""Figures of Chapter 7: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.plots import residual_networks as plots
from helpers.plots import residual_networks_diagrams as diagrams
from helpers.plots import residual_networks_explorers as frames

UNIT = {"title": "a", "input": "x", "layers": ["3×3", "1×1"], "last": "ReLU"}


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def heights(ax):
    return [bar.get_height() for bar in ax.patches]


def test_units_show_their_layers_and_a_sum_only_with_a_shortcut():
    panels = [
        UNIT | {"shortcut": None},
        UNIT | {"shortcut": ""},
        UNIT | {"shortcut": "1×1, /2"},
    ]
    plain, wire, projected = diagrams.units(panels).axes
    assert set(words(plain)) == {"x", "3×3", "1×1", "ReLU"}
    assert set(words(wire)) == {"x", "3×3", "1×1", "ReLU", "+"}
    assert set(words(projected)) == {"x", "3×3", "1×1", "ReLU", "+", "1×1, /2"}


def test_segments_are_as_many_as_asked_for():
    figure = diagrams.segments([(1, "one"), (4, "four")])
    assert [words(ax).count("3×3") for ax in figure.axes] == [1, 4]
    assert [ax.get_title() for ax in figure.axes] == ["one", "four"]


def test_recalibrated_units_narrow_by_the_ratio_and_only_one_adds():
    inception, residual = diagrams.recalibrated_units(96, ratio=4).axes
    for ax in (inception, residual):
        assert words(ax).count("96") == 2
        assert words(ax).count("24") == 1
        assert "×" in words(ax)
    assert "+" in words(residual)
    assert "+" not in words(inception)


def test_gates_are_shown_on_one_scale():
    tables = [np.full((3, 4), 0.5), np.eye(3)]
    figure = plots.gates_by_class(tables, ["first", "last"], ["a", "b", "c"])
    first, last = (ax for ax in figure.axes if ax.images)
    for ax, table in ((first, tables[0]), (last, tables[1])):
        assert ax.images[0].get_clim() == (0, 1)
        np.testing.assert_array_equal(ax.images[0].get_array(), table)
        assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"]


def test_deviations_are_drawn_beside_their_picture():
    deviations = np.array([[0.1, -0.2], [0.3, 0.0]])
    figure = plots.recalibrations([np.eye(3), np.ones((3, 3))], ["a", "b"], deviations)
    pictures, bars = figure.axes[::2], figure.axes[1::2]
    assert [ax.get_title() for ax in pictures] == ["a", "b"]
    np.testing.assert_allclose([heights(ax) for ax in bars], deviations)
    assert bars[0].get_ylim() == bars[1].get_ylim()


def test_networks_are_named_where_they_are():
    networks = [("a", 1, 8, 25, False, "left"), ("b", 9, 5, 100, True, "above")]
    (ax,) = plots.error_against_cost(networks).axes
    assert {(t.get_text(), t.xy) for t in ax.texts} == {("a", (1, 8)), ("b", (9, 5))}
    discs = [
        c for c in ax.collections if c.get_sizes()[0] > 60 and len(c.get_offsets())
    ]
    assert [c.get_sizes()[0] for c in discs] == [175, 700]  # areas as the parameters


def test_traces_have_a_point_a_unit_and_room_for_the_deepest():
    figure = frames.traces([1, 2, 4], [9, 3, 1], deepest=8)
    for ax, values in zip(figure.axes, ([1, 2, 4], [9, 3, 1]), strict=True):
        line = ax.lines[-1]
        np.testing.assert_array_equal(line.get_xdata(), [0, 2, 4])
        np.testing.assert_array_equal(line.get_ydata(), values)
        assert ax.get_xlim()[1] > 16


def test_gates_of_a_class_stand_against_the_average():
    figure = frames.gates(np.array([0.2, 0.9]), np.array([0.5, 0.5]), "boot")
    (ax,) = figure.axes
    assert heights(ax) == [0.2, 0.9]
    assert {t.get_text() for t in ax.get_legend().get_texts()} == {
        "boot",
        "all classes",
    }


@pytest.mark.parametrize(
    "figure",
    [
        lambda: plots.descent({"a": [1, 0.1], "b": [2, 0.2]}, "error"),
        lambda: plots.distributions(np.eye(50, 4), np.eye(50, 4) * 2),
        lambda: diagrams.units([UNIT | {"shortcut": ""}] * 2),
    ],
)
def test_the_others_are_figures_of_the_page_s_width(figure):
    drawn = figure()
    assert isinstance(drawn, Figure)
    assert drawn.get_figwidth() == pytest.approx(5.4)
