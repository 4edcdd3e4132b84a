"""Figures of Chapter 13: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.detection import YoloLayout
from helpers.plots import SECOND, yolo_explorers
from helpers.plots import yolo as plots
from helpers.plots import yolo_diagrams as diagrams

PICTURE = np.zeros((64, 64, 3), np.uint8)
BOXES = np.array([[4.0, 8.0, 28.0, 20.0], [30.0, 34.0, 50.0, 62.0]])


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def rectangles(ax, filled):
    found = (p for p in ax.patches if isinstance(p, Rectangle))
    return [p for p in found if p.get_fill() == filled]


def test_cells_with_a_centre_are_tinted():
    (ax,) = plots.grid(PICTURE, BOXES, 16, ["hat", "shoe"]).axes
    tinted = {p.get_xy() for p in rectangles(ax, filled=True)}
    assert tinted == {(16, 0), (32, 48)}
    assert words(ax) == ["hat", "shoe"]
    outlines = [p.get_bbox().extents for p in rectangles(ax, filled=False)]
    np.testing.assert_allclose(outlines, BOXES)


def test_each_anchor_has_its_boxes():
    shapes = np.array([[10.0, 10], [12, 9], [50, 40]])
    anchors = np.array([[11.0, 9.5], [50, 40]])
    (ax,) = plots.sizes(shapes, np.array([0, 0, 1]), anchors).axes
    clouds = [line.get_xydata() for line in ax.lines[:2]]
    np.testing.assert_array_equal(clouds[0], shapes[:2])
    np.testing.assert_array_equal(clouds[1], shapes[2:])
    signs = {tuple(line.get_xydata()[0]) for line in ax.lines[2:]}
    assert signs == {(11, 9.5), (50, 40)}


def test_overlaps_are_drawn_panel_by_panel():
    curves = {"one": {1: 0.4, 2: 0.6}, "other": {1: 0.4, 2: 0.5}}
    figure = plots.overlaps_by_count({"a": curves, "b": curves})
    assert [ax.get_title() for ax in figure.axes] == ["a", "b"]
    for ax in figure.axes:
        drawn = [line.get_ydata().tolist() for line in ax.lines]
        assert drawn == [[0.4, 0.6], [0.4, 0.5]]


def test_targets_mark_what_answers_and_what_is_left_out():
    objectness = np.zeros((4, 4, 2))
    objectness[1, 2, 0], objectness[1, 3, 0], objectness[3, 0, 1] = 1, -1, 1
    figure = plots.targets(PICTURE, BOXES, objectness, 16)
    first, second = figure.axes[1:3]
    for ax, place in ((first, (2, 1)), (second, (0, 3))):
        filled = [p for p in ax.patches if to_hex(p.get_facecolor()) == SECOND]
        assert [p.get_xy() for p in filled] == [place]
        assert words(ax) == ["1"]
    assert [p.get_xy() for p in first.patches if p.get_hatch()] == [(3, 1)]
    assert not any(p.get_hatch() for p in second.patches)


def test_steps_draw_each_panel_s_boxes():
    panels = [
        {"title": "many", "picture": PICTURE, "boxes": np.tile(BOXES, (30, 1))},
        {"title": "few", "picture": PICTURE, "boxes": BOXES, "words": ["a", "b"]},
        {"title": "none", "picture": PICTURE, "boxes": np.zeros((0, 4))},
    ]
    figure = plots.steps(panels)
    assert [len(ax.patches) for ax in figure.axes] == [60, 2, 0, 0]
    assert [ax.get_title() for ax in figure.axes[:3]] == ["many", "few", "none"]
    assert words(figure.axes[1]) == ["a", "b"]
    thin, thick = (figure.axes[n].patches[0].get_linewidth() for n in (0, 1))
    assert thin < thick


def test_raw_objectness_is_written_and_its_probability_shown():
    raw = np.array([[-3.0, -0.2], [4.0, -8.0]])
    _, right = plots.objectness_map(PICTURE, raw, 32).axes
    assert words(right) == ["−3", "0", "4", "−8"]
    np.testing.assert_allclose(right.images[0].get_array(), 1 / (1 + np.exp(-raw)))
    assert right.images[0].get_clim() == (0, 1)


def test_sizes_that_were_learned_from_stand_apart():
    figure = plots.speed_and_accuracy([96, 128, 192], [1, 2, 4], [0.5, 0.7, 0.6], [96])
    (ax,) = figure.axes
    learned, unseen = ax.lines[1:3]
    np.testing.assert_array_equal(learned.get_xydata(), [[1, 0.5]])
    np.testing.assert_array_equal(unseen.get_xydata(), [[2, 0.7], [4, 0.6]])
    assert words(ax) == ["96", "128", "192"]


def test_bars_stand_over_their_length():
    figure = plots.found_by_length({"a": {32: 70, 64: 90}, "b": {64: 80, 96: 20}})
    (ax,) = figure.axes
    bars = sorted(
        (bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in ax.patches
    )
    assert [round(x) for x, _ in bars] == [0, 1, 1, 2]
    assert [height for _, height in bars] == [70, 90, 80, 20]
    ticks = [t.get_text() for t in ax.get_xticklabels()]
    assert ticks == ["to 32", "to 64", "to 96"]


@pytest.mark.parametrize("shared", [True, False])
def test_strips_are_as_long_as_the_numbers(shared):
    layout = YoloLayout(3, 7, shared)
    (ax,) = diagrams.layouts([("x", layout)]).axes
    strips = [p for p in ax.patches if p.get_height() > 0]
    assert sum(p.get_width() for p in strips) == layout.numbers
    assert len(strips) == (7 if shared else 9)
    assert words(ax) == [f"x: {layout.numbers} numbers"]


def test_proposals_tint_their_cell():
    (ax,) = diagrams.proposals(BOXES, (0, 1), 64, 16).axes
    assert [p.get_xy() for p in rectangles(ax, filled=True)] == [(16, 0)]
    assert len(rectangles(ax, filled=False)) == 2


def test_functions_pass_through_the_middle_and_the_anchor():
    left, right = diagrams.two_functions(30, 16).axes
    raw, place = left.lines[0].get_data()
    assert np.interp(0, raw, place) == pytest.approx(8, abs=0.01)
    assert 0 < place.min() < place.max() < 16
    raw, width = right.lines[0].get_data()
    assert np.interp(np.log(2), raw, width) == pytest.approx(60, abs=0.1)


def test_versions_show_all_their_grids():
    figure = diagrams.version_grids([("one", [3]), ("three", [3, 6, 12])])
    assert [len(ax.patches) for ax in figure.axes] == [1, 3]
    assert [len(ax.lines) for ax in figure.axes] == [4, 4 + 10 + 22]
    assert words(figure.axes[1]) == ["three", "3×3\n6×6\n12×12"]


def test_decoded_box_stands_beside_its_anchor():
    box = np.array([10.0, 12.0, 50.0, 28.0])
    (ax,) = yolo_explorers.decoded(box, (20, 10), (1, 1), 64, 16).axes
    anchor, own = (p.get_bbox().extents for p in rectangles(ax, filled=False))
    np.testing.assert_allclose(anchor, [14, 19, 34, 29])
    np.testing.assert_allclose(own, box)
    assert words(ax) == ["centre (30.0, 20.0)\nsize 40 × 16"]


def test_clusters_say_how_well_they_fit():
    shapes = np.array([[10.0, 10], [40, 40]])
    figure = yolo_explorers.clusters(shapes, np.array([0, 1]), shapes, 0.75)
    assert figure.axes[0].get_title(loc="left").endswith("0.750")


def test_bars_of_a_cell_are_its_numbers():
    numbers = np.array([1.0, -2, 0.5, 0, 20, -30, 3])
    figure = yolo_explorers.cell_numbers(
        PICTURE, (1, 2), 16, numbers, BOXES[0], ["a", "b"]
    )
    left, right = figure.axes
    widths = [p.get_width() for p in right.patches]
    assert widths == [1, -2, 0.5, 0, 12, -12, 3]
    assert words(right)[-2:] == ["a", "b"]
    assert [p.get_xy() for p in rectangles(left, filled=True)] == [(32, 16)]


def test_loss_parts_are_a_figure_of_the_page_s_width():
    figure = plots.loss_parts({"a": [3, 2, 1], "b": [1, 0.5, 0.1]})
    assert isinstance(figure, Figure)
    assert figure.get_figwidth() == pytest.approx(5.4)
    assert [len(line.get_ydata()) for line in figure.axes[0].lines] == [3, 3]
