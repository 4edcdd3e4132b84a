"""Figures of Chapter 12: what they draw follows their data."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers.plots import object_detection as plots
from helpers.plots import object_detection_curves as curves
from helpers.plots import object_detection_diagrams as diagrams
from helpers.plots import object_detection_explorers as frames

PICTURE = np.full((20, 30, 3), 120, np.uint8)
BOXES = np.array([[2, 3, 12, 13], [10, 5, 20, 18.0]])


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def drawn(ax):
    """Return the boxes of an axes as corners."""
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [[*patch.get_xy(), *np.add(patch.get_xy(), size(patch))] for patch in found]


def size(patch):
    return patch.get_width(), patch.get_height()


def test_windows_are_numbered_on_the_picture_and_beside_it():
    figure = plots.windows(PICTURE, BOXES, [PICTURE[:9, :9]] * 2, ["bag", "coat"])
    whole, first, second, *rest = figure.axes
    assert drawn(whole) == BOXES.tolist()
    assert words(whole) == ["1", "2"]
    assert [first.get_title(), second.get_title()] == ["1: bag", "2: coat"]
    assert not any(ax.images for ax in rest)


def test_the_window_has_one_size_at_all_levels():
    figure = plots.levels([PICTURE, PICTURE[::2, ::2]], ["a", "b"], size=8)
    assert [size(ax.patches[0]) for ax in figure.axes] == [(8, 8), (8, 8)]
    assert drawn(figure.axes[0]) == [[11, 6, 19, 14]]


def test_answers_share_one_scale():
    figure = plots.answers(PICTURE, [np.eye(3), np.zeros((2, 2))], "abc", "sure")
    maps = figure.axes[1:3]
    assert [ax.images[0].get_clim() for ax in maps] == [(0, 1), (0, 1)]
    assert [ax.get_title() for ax in figure.axes[:3]] == ["a", "b", "c"]


def test_suppression_draws_every_box_of_a_step():
    none = BOXES[:0]
    steps = [("start", none, BOXES, none), ("1 kept", BOXES[:1], none, BOXES[1:])]
    start, kept = plots.suppression(PICTURE, steps).axes
    assert sorted(drawn(start)) == sorted(drawn(kept)) == sorted(BOXES.tolist())
    widths = {
        tuple(box): patch for box, patch in zip(drawn(kept), kept.patches, strict=True)
    }
    first, second = (widths[tuple(box)] for box in BOXES.tolist())
    assert first.get_linewidth() > second.get_linewidth()


def test_differences_are_written_into_the_cells():
    figure = plots.table_of_differences(np.array([[0, 0.25], [0.004, 1.5]]), "off")
    assert words(figure.axes[0]) == ["0", ".25", "0", "1.50"]


def test_anchors_of_one_place_and_positive_ones():
    centres = np.array([[5, 5], [10, 5], [15, 5.0]])
    (ax,) = plots.anchors(PICTURE, [("fine", centres, BOXES[:1], BOXES[1:])]).axes
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), centres)
    assert sorted(drawn(ax)) == sorted(BOXES.tolist())


def test_detections_fill_a_grid_and_leave_the_rest_empty():
    found = [(BOXES, ["cup", "table"]), (BOXES[:0], []), (BOXES[:1], ["cat"])]
    axes = plots.detections([PICTURE] * 3, found).axes
    assert [words(ax) for ax in axes] == [["cup", "table"], [], ["cat"], []]
    assert [len(ax.images) for ax in axes] == [1, 1, 1, 0]


def test_words_of_boxes_at_the_upper_edge_stand_below():
    boxes = np.array([[2, 1, 12, 13], [10, 5, 20, 18.0]])
    (ax, _) = plots.detections([PICTURE], [(boxes, ["table", "cup"])]).axes
    assert {t.get_text(): t.xy for t in ax.texts} == {"table": (2, 13), "cup": (10, 5)}


def test_panels_side_by_side_have_their_own_boxes():
    panels = [("true", BOXES, None), ("found", BOXES[:1], ["0.9"])]
    true, found = plots.side_by_side(PICTURE, panels).axes
    assert (drawn(true), words(true)) == (BOXES.tolist(), [])
    assert (drawn(found), words(found)) == (BOXES[:1].tolist(), ["0.9"])


@pytest.mark.parametrize("shift", [0, 8])
def test_panels_show_the_part_with_boxes_and_no_more_than_there_is(shift):
    boxes = np.array([[1, 2, 7, 10], [3, 2, 9, 10.0]]) + shift * np.array([1, 0, 1, 0])
    panels = [("true", boxes, None), ("soft", boxes, ["0.9", "0.5"])]
    for ax in plots.side_by_side(PICTURE, panels).axes:
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        assert 0 <= left <= boxes[:, 0].min() < boxes[:, 2].max() <= right <= 30
        assert 0 <= top <= 2 < 10 <= bottom <= 20
        assert right - left == bottom - top
    heights = {text.get_text(): text.xy[1] for text in ax.texts}
    assert heights == {"0.9": 2, "0.5": 10}


@pytest.mark.parametrize(("side", "answers"), [(7, 1), (14, 8)])
def test_the_sliding_filter_gives_as_many_answers_as_it_fits(side, answers):
    figure = diagrams.sliding_filter([("image", side, 7)])
    (ax,) = figure.axes
    assert len(ax.patches) == side**2 + answers**2
    assert f"answers {answers}×{answers}" in words(ax)
    assert f"image: maps {side}×{side}" in words(ax)


def test_pyramids_answer_where_they_should():
    axes = diagrams.pyramids().axes
    assert [words(ax).count("boxes") for ax in axes] == [3, 1, 3, 3]
    assert [words(ax).count("+") for ax in axes] == [0, 0, 0, 2]


def test_crowds_have_a_line_for_each_rule():
    (ax,) = curves.crowds([30, 60], {"hard": [0.2, 0.8], "soft": [0.6, 0.7]}).axes
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert list(lines) == ["hard", "soft"]
    np.testing.assert_array_equal(lines["hard"], [0.2, 0.8])


def test_detectors_are_named_at_their_times_above_and_below_in_turn():
    rows = [("slow", 200, 0.5, 0.2), ("fast", 4, 0.8, 0.6)]
    (ax,) = curves.speed_and_accuracy(rows).axes
    assert {t.get_text(): t.xy for t in ax.texts} == {
        "slow": (200, 0.2),
        "fast": (4, 0.8),
    }


def test_losses_and_thresholds_keep_their_numbers():
    p = np.array([0.5, 1.0])
    (ax,) = curves.losses(p, {"γ = 0": -np.log(p)}).axes
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [np.log(2), 0])
    (ax,) = curves.against_threshold([0.9, 0.2], [1, 0.5], [0.3, 0.6]).axes
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.5], [0.3, 0.6]]


def test_the_frame_of_thresholds_counts_what_it_shows():
    figure = frames.kept(PICTURE, BOXES, ["1 cup"], {"left": 2})
    picture, side = figure.axes
    assert drawn(picture) == BOXES.tolist()
    assert words(side) == ["left: 2\n\n1 cup"]


@pytest.mark.parametrize("points", [11, 101, None])
def test_the_curve_marks_the_recalls_that_count(points):
    precision, recall = np.array([1, 0.5, 2 / 3]), np.array([1, 1, 2]) / 3
    figure = frames.curve(precision, recall, points, 0.5, "AP")
    (ax,) = figure.axes
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    if points is None:
        assert not marks
        return
    heights = dict(zip(*marks[0].get_data(), strict=True))
    assert len(heights) == points
    assert heights[0.0] == 1
    assert heights[0.5] == pytest.approx(2 / 3)
    assert heights[1.0] == 0
