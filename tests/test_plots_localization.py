"""Figures of Chapter 11: what they draw and write follows their data."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers.plots import localization as plots
from helpers.plots import localization_diagrams as diagrams
from helpers.plots import localization_explorers as frames

PICTURE = np.zeros((40, 60, 3), np.uint8)
ONE, OTHER = np.array([2.0, 3, 12, 9]), np.array([5.0, 1, 20, 8])


def boxes(ax):
    """Return the corners of the rectangles on axes that are not filled."""
    found = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill()]
    return [
        [*p.get_xy(), *np.add(p.get_xy(), [p.get_width(), p.get_height()])]
        for p in found
    ]


def filled(ax):
    shades = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill()]
    return [(p.get_width(), p.get_height()) for p in shades]


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_only_the_second_picture_has_a_box():
    left, right = plots.what_and_where(PICTURE, "Bag", ONE).axes
    assert boxes(left) == []
    np.testing.assert_allclose(boxes(right), [ONE])
    assert all("Bag" in ax.get_title(loc="left") for ax in (left, right))


def test_answers_show_true_boxes_and_found_ones():
    none = np.empty((0, 4))
    figure = plots.answers(
        [PICTURE] * 4, list("abcd"), true=[[ONE]] * 3 + [none], found=[[OTHER]] * 4
    )
    axes = figure.axes
    assert [ax.get_title(loc="left") for ax in axes[:4]] == list("abcd")
    np.testing.assert_allclose(boxes(axes[0]), [ONE, OTHER])
    np.testing.assert_allclose(boxes(axes[3]), [OTHER])
    assert len(figure.legends) == 1
    assert not any(ax.axison for ax in axes[4:])
    assert plots.answers([PICTURE], ["a"], found=[[ONE]]).legends == []


@pytest.mark.parametrize(
    ("name", "numbers", "points"),
    [
        ("xyxy", ONE, [(2, 3), (12, 9)]),
        ("xywh", [2, 3, 10, 6], [(2, 3)]),
        ("center_xywh", [7, 6, 10, 6], [(7, 6)]),
    ],
)
def test_a_format_is_drawn_as_the_box_that_it_means(name, numbers, points):
    (ax,) = plots.formats(PICTURE, {name: numbers}).axes
    np.testing.assert_allclose(boxes(ax), [ONE])
    drawn = [tuple(line.get_xydata()[0]) for line in ax.lines]
    assert drawn == points
    assert ("width" in words(ax)) == (name != "xyxy")


def test_pairs_and_areas():
    figure = diagrams.pairs([ONE, OTHER], [OTHER, ONE], ["a", "b"], (30, 40))
    np.testing.assert_allclose(boxes(figure.axes[1]), [OTHER, ONE])
    assert [ax.get_title() for ax in figure.axes] == ["a", "b"]
    figure = diagrams.intersection_and_union(ONE, OTHER, (30, 40), ("i", "u"))
    paper, shared = filled(figure.axes[0])
    assert paper == (40, 30)
    assert shared == (7, 5)
    assert filled(figure.axes[1])[1:] == [(10, 6), (15, 7)]


def test_curves_have_a_panel_each():
    curves = {"IoU": [1, 0.5, 0], "error": [0, 1, 4]}
    upper, lower = plots.against_distance([0, 1, 2], curves, touch=2).axes
    for ax, values in zip((upper, lower), curves.values(), strict=True):
        np.testing.assert_allclose(ax.lines[-1].get_ydata(), values)


def test_every_run_is_marked():
    (ax,) = plots.trade_off([0.1, 10], [[0.8, 0.7], [0.4, 0.5]], [[0, 0], [1, 1]]).axes
    lines = [list(line.get_ydata()) for line in ax.lines if len(line.get_ydata())]
    assert [0.8, 0.4] in lines
    assert [0.7, 0.5] in lines
    assert any(np.allclose(line, [0.75, 0.45]) for line in lines)


def test_crowns_are_counted_by_name():
    figure = plots.crowns(PICTURE, [ONE, OTHER, ONE], ["b", "a", "b"])
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["a: 1", "b: 2"]
    assert len(boxes(figure.axes[0])) == 3


def test_points_and_histograms():
    (ax,) = plots.by_size([10, 30], [0.4, 0.9]).axes
    np.testing.assert_allclose(ax.lines[-1].get_xydata(), [[10, 0.4], [30, 0.9]])
    figure = plots.confidences({"a": [0.95, 0.96], "b": [0.15, 0.95, 0.95, 0.95]})
    heights = [[bar.get_height() for bar in ax.patches] for ax in figure.axes]
    assert heights[0][9] == 100
    assert (heights[1][1], heights[1][9]) == (25, 75)


def test_boxes_may_reach_past_the_picture():
    figure = plots.misread(PICTURE, [[ONE], [[50, 30, 80, 60]]], ["a", "b"])
    np.testing.assert_allclose(boxes(figure.axes[1]), [[50, 30, 80, 60]])
    assert figure.axes[1].get_xlim()[1] > 60
    assert len(figure.axes[1].lines) == 0
    dot = plots.misread(PICTURE, [[[0.2, 0.2, 0.8, 0.6]]] * 2, ["a", "b"]).axes[1]
    np.testing.assert_allclose(dot.lines[0].get_xydata(), [[0.5, 0.4]])


def test_shared_area_is_shaded_only_where_boxes_overlap():
    figure = frames.two_boxes(ONE, OTHER, ["IoU 0.1"], (30, 40))
    assert filled(figure.axes[0]) == [(40, 30), (7, 5)]
    assert words(figure.axes[1]) == ["IoU 0.1"]
    apart = frames.two_boxes(ONE, ONE + 20, ["IoU 0"], (40, 40))
    assert filled(apart.axes[0]) == [(40, 40)]


def test_a_misread_box_may_be_none():
    assert len(boxes(frames.read_as(PICTURE, ONE, OTHER, "t").axes[0])) == 2
    assert len(boxes(frames.read_as(PICTURE, ONE, None, "t").axes[0])) == 1


def test_the_class_that_is_named_stands_out():
    figure = frames.located(
        PICTURE, [ONE], OTHER, ["a", "b", "c"], [0.2, 0.7, 0.1], "b, IoU 0.5"
    )
    left, right = figure.axes
    np.testing.assert_allclose(boxes(left), [ONE, OTHER])
    bars = right.patches
    assert [bar.get_width() for bar in bars] == [0.2, 0.7, 0.1]
    colors = [bar.get_facecolor() for bar in bars]
    assert colors[0] == colors[2] != colors[1]


def test_heads_stand_above_the_layers():
    (ax,) = diagrams.two_heads(
        ["image", "layer"], [["pool", "what"], ["dense", "where"]]
    ).axes
    assert set(words(ax)) == {"image", "layer", "pool", "dense", "what", "where"}
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert heights["what"] == heights["where"] > heights["dense"] > heights["layer"]
