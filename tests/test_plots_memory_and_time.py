"""Figures of Chapter 16: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.pipelines import schedule
from helpers.plots import memory_and_time as plots
from helpers.plots import memory_and_time_diagrams as diagrams
from helpers.plots import memory_and_time_explorers as frames


def words(ax):
    return [text.get_text().strip() for text in ax.texts if text.get_text().strip()]


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def test_stacks_add_up_and_capacity_is_in_sight():
    rows = {"a": {"x": 1e9, "y": 2e9}, "b": {"x": 1e9, "y": 5e9}}
    (ax,) = plots.memory_stacks(rows, capacity=8e9).axes
    assert widths(ax) == [1, 1, 2, 5]
    assert words(ax) == ["3", "6"]
    assert ax.lines[0].get_xdata()[0] == 8
    assert ax.get_xlim()[1] > 8


def test_remedies_have_two_bars_of_memory_and_one_of_time():
    figure = plots.remedies(["a", "b"], [2e6, 1e6], [1e6, 3e6], [0.5, 2])
    memory, seconds = figure.axes
    assert widths(memory) == [2, 1, 1, 3]
    assert widths(seconds) == [0.5, 2]
    assert words(seconds) == ["0.5", "2"]


def test_small_differences_stand_where_they_are():
    (ax,) = plots.small_differences({"a": 1e-7, "b": 0.1}, "gap").axes
    assert list(ax.lines[0].get_xdata()) == [1e-7, 0.1]
    assert ax.get_xscale() == "log"


def test_gradients_that_are_lost_have_another_colour():
    sizes = 2.0 ** np.array([-40, -30, -25, -24, -10, 0, 10])
    figure = plots.gradient_sizes({"all": np.append(sizes, 0)}, 2.0**-24, 65504.0)
    (ax,) = figure.axes
    bars = [bar for bar in ax.patches if bar.get_height() > 0]
    assert [bar.get_height() for bar in bars] == pytest.approx([1 / 7] * 7)
    colors = [bar.get_facecolor() for bar in bars]
    # Half of the least number is rounded up to it, or to 0.
    assert colors[0] == colors[1]
    assert colors[2] == colors[3] == colors[-1] != colors[0]


def test_skipped_steps_are_marked():
    (ax,) = plots.scale_over_steps([8, 4, 4], [True, False, True]).axes
    line, crosses = ax.lines
    assert list(line.get_ydata()) == [8, 4, 4]
    assert list(crosses.get_xdata()) == [1, 3]


def test_networks_stand_at_their_work_and_time():
    (ax,) = plots.time_against_work([("a", 1, 2, "left"), ("b", 30, 4, "above")]).axes
    assert {(t.get_text(), t.xy) for t in ax.texts} == {("a", (1, 2)), ("b", (30, 4))}


def test_what_was_done_twice_lies_between_checkpoint_and_death():
    (ax,) = plots.two_trainings([3, 2, 1, 1], [3, 2, 1, 1], 1, 3).axes
    (span,) = ax.patches
    assert span.get_x() == 1.5
    assert span.get_width() == 2
    assert list(ax.lines[1].get_ydata()) == [3, 2, 1, 1]


def test_each_bit_has_a_box():
    (ax,) = diagrams.number_formats({"float16": (5, 10), "float32": (8, 23)}).axes
    assert len(ax.patches) == 16 + 32
    assert "5 bits exponent, 10 bits fraction" in words(ax)[0]


def test_each_worker_has_a_column():
    (ax,) = diagrams.worker_step(workers=3, share=8).axes
    assert words(ax).count("8 images") == 3
    assert "batch of 24" in words(ax)
    assert "worker 2" in words(ax)


@pytest.mark.parametrize(("size", "verdict"), [(3e9, "fits"), (7e9, "does not fit")])
def test_the_verdict_is_that_of_the_sum(size, verdict):
    (ax,) = frames.fits({"a": size, "b": size}, capacity=8e9, largest=10e9).axes
    assert ax.get_title(loc="left").startswith(verdict)
    assert widths(ax) == pytest.approx([size / 1e9, size / 1e9, 2 * size / 1e9])
    assert ax.get_xlim() == (0, 10)


def test_timeline_shows_lanes_and_the_pace():
    spans = schedule(10, prepare=30, train=20, parallel=2, prefetch=1)
    (ax,) = frames.timeline(spans, until=100).axes
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["prepare 1", "prepare 2", "train"]
    pace = spans[-1].end / 10
    assert f"{pace:.3g} ms a batch" in ax.get_title(loc="left")
    shown = [span for span in spans if span.start < 100]
    assert len(ax.collections) == len(shown)


def test_levels_and_accuracy_are_drawn():
    weights, levels = np.linspace(-1, 1, 50), np.array([-1, 0, 1])
    left, right = frames.rounded_weights(weights, levels, 87.4).axes
    assert len(left.collections[0].get_segments()) == 3
    assert words(right) == ["87 %"]


@pytest.mark.parametrize(
    "figure",
    [
        lambda: plots.gaps(np.array([1, 2, 4.0]), {"a": [1, 2, 3.0], "b": [2, 3, 4.0]}),
        lambda: plots.rounded_curve(np.arange(5.0), np.arange(5.0) // 2 * 2),
        lambda: frames.timeline(schedule(3, 1, 1), until=10),
    ],
)
def test_the_others_are_figures_of_the_page_s_width(figure):
    drawn = figure()
    assert isinstance(drawn, Figure)
    assert drawn.get_figwidth() == pytest.approx(5.4)
