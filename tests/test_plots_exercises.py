"""Figures of Chapter 17: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.plots import exercises as plots


def words(ax):
    return [text.get_text().strip() for text in ax.texts]


def test_each_need_is_a_dot_in_its_chapter():
    (ax,) = plots.exercise_map({"a": {2: True, 12: False}, "b": {12: True}}).axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2", "12"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    where = {(int(d.get_xdata()[0]), int(d.get_ydata()[0])): d for d in dots}
    assert set(where) == {(0, 0), (1, 0), (1, 1)}
    filled = {place: d.get_markerfacecolor() != "white" for place, d in where.items()}
    assert filled == {(0, 0): True, (1, 0): False, (1, 1): True}


def test_what_is_there_at_once_adds_up():
    parts = {"weights": 3.6, "layer 1": 6.0, "layer 2": 3.0, "layer 3": 1.5}
    (ax,) = plots.memory_by_layer(parts, ["weights", "layer 1", "layer 2"]).axes
    assert "12.6 MB" in ax.get_title(loc="left")
    assert [bar.get_width() for bar in ax.patches] == list(parts.values())
    colors = [to_hex(bar.get_facecolor()) for bar in ax.patches]
    assert colors[0] == colors[1] == colors[2] != colors[3]
    assert words(ax)[-1] == "1.5 MB"


@pytest.mark.parametrize(("size", "verdict"), [(40, "fits"), (60, "does not fit")])
def test_the_verdict_is_that_of_the_sum(size, verdict):
    (ax,) = plots.budget({"a": size, "b": size}, capacity=100, largest=200).axes
    assert ax.get_title(loc="left").endswith(": " + verdict)
    assert ax.get_xlim() == (0, 200)
    assert [bar.get_x() for bar in ax.patches] == [0, size]


def test_networks_stand_in_order_with_what_was_new():
    rows = [("2012", "AlexNet", "depth"), ("2015", "ResNet", "skips")]
    (ax,) = plots.innovations(rows).axes
    assert words(ax) == ["2012", "AlexNet", "depth", "2015", "ResNet", "skips"]


def test_shares_are_drawn_in_per_cent():
    strengths = np.array([0.0, 50.0, 100.0])
    kept = {"next map": [1, 0.8, 0.5], "far map": [1, 1, 1]}
    (ax,) = plots.inhibition(strengths, kept).axes
    assert list(ax.lines[0].get_ydata()) == [100, 80, 50]
    assert list(ax.lines[0].get_xdata()) == [0, 50, 100]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == list(kept)
