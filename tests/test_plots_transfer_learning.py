"""Figures of Chapter 10: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.plots import transfer_learning as plots

PICTURES = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), dtype=np.uint8)


def titles(figure):
    return [ax.get_title() for ax in figure.axes]


def test_photographs_have_a_box_each_and_a_cut_where_asked():
    boxes = np.array([[1.0, 1, 3, 4], [4, 4, 7, 7]])
    panels = [
        {"title": "one", "image": PICTURES[0], "boxes": boxes, "cut": 5},
        {"title": "two", "image": PICTURES[1], "boxes": boxes[:1], "cut": None},
    ]
    one, two = plots.photographs(panels).axes
    assert [len(ax.patches) for ax in (one, two)] == [2, 1]
    assert one.patches[1].get_bbox().extents.tolist() == [4, 4, 7, 7]
    assert [list(line.get_xdata()) for line in one.lines] == [[5, 5]]
    assert not two.lines


def test_shares_are_as_high_as_their_values():
    groups = {"a": [70, 80], "b": [50, 60], "c": [90, 100]}
    (ax,) = plots.shares(groups, ["first", "second"]).axes
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == [70, 50, 90, 80, 60, 100]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b", "c"]
    assert [text.get_text() for text in ax.texts][:3] == ["70", "50", "90"]
    assert ax.lines[0].get_ydata()[0] == 50
    assert not plots.shares({"a": [1]}, ["one"], chance=None).axes[0].lines


def test_scattered_parts_the_classes():
    points = np.arange(10.0).reshape(5, 2)
    labels = np.array([0, 1, 1, 0, 1])
    figure = plots.scattered({"t": (points, labels), "u": (points, labels)}, "ab")
    first, second = figure.axes[0].lines
    assert first.get_xydata().tolist() == points[labels == 0].tolist()
    assert second.get_xydata().tolist() == points[labels == 1].tolist()
    assert titles(figure) == ["t", "u"]


def test_accuracy_bars_reach_from_lowest_to_highest_seed():
    results = {"one": {2: [50, 60, 70], 10: [80, 80, 80]}, "two": {2: [55], 10: [65]}}
    (ax,) = plots.accuracy_by_images(results, "images", "right").axes
    (_, _, (bars,)) = ax.containers[0]
    low, high = bars.get_segments()[0][:, 1]
    assert (low, high) == pytest.approx((50, 70))
    assert list(ax.containers[0][0].get_ydata()) == [60, 80]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2", "10"]


def test_timeline_draws_each_piece_where_it_was():
    plans = {"slow": [(0, 0, 1), (1, 1, 3)], "quick": [(0, 0, 1), (1, 0.5, 2)]}
    slow, quick = plots.timeline(plans, 4).axes
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in slow.patches]
    assert spans == [(0, 1), (1, 3)]
    assert slow.patches[0].get_y() > slow.patches[1].get_y()
    assert quick.get_xlim() == (0, 4)


def test_stack_counts_only_what_learns():
    (ax,) = plots.stack_of_blocks(["a", "b"], [1000, 2500], [False, True]).axes
    assert ax.get_title(loc="left") == "learning: 2,500 weights"
    assert [bar.get_width() for bar in ax.patches] == [1000, 2500]
    assert ax.patches[0].get_facecolor() != ax.patches[1].get_facecolor()


def test_answers_mark_what_is_wrong():
    figure = plots.answers(PICTURES, [90, 20, 60, 10], [1, 1, 0, 0], "t", columns=2)
    assert titles(figure) == ["90 %", "20 % ✗", "60 % ✗", "10 %"]
    assert isinstance(figure, Figure)
    assert figure.get_suptitle() == "t"
