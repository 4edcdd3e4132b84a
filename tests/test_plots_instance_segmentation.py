"""Figures of Chapter 15: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.plots import ACCENT, SECOND
from helpers.plots import instance_segmentation as plots
from helpers.plots import instance_segmentation_diagrams as diagrams
from helpers.plots import instance_segmentation_explorers as frames
from helpers.plots._masks import COLORS, cycled, outline, tinted

PICTURE = np.full((20, 24, 3), 100, np.uint8)
BOXES = np.array([[2.0, 3.0, 10.0, 12.0], [9.0, 5.0, 20.0, 18.0]])


@pytest.fixture
def masks():
    found = np.zeros((2, 20, 24), bool)
    found[0, 3:12, 2:10] = found[1, 5:18, 9:20] = True
    return found


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def frames_of(ax):
    outlines = (p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill())
    return [p.get_bbox().extents for p in outlines]


def outlines(ax):
    return [each for each in ax.collections if isinstance(each, ContourSet)]


def test_masks_tint_their_pixels_alone(masks):
    picture = tinted(PICTURE, masks[:1], ["#ff0000"], strength=1)
    assert (picture[masks[0]] == [255, 0, 0]).all()
    assert (picture[~masks[0]] == 100).all()
    assert (tinted(PICTURE, masks, ["#ff0000"] * 2, strength=0) == PICTURE).all()


def test_a_later_mask_lies_on_top(masks):
    both = np.stack([masks[0], masks[0]])
    picture = tinted(PICTURE, both, ["#ff0000", "#0000ff"], strength=1)
    assert (picture[masks[0]] == [0, 0, 255]).all()


def test_colours_begin_again():
    assert cycled(len(COLORS) + 2)[-2:] == list(COLORS[:2])


def test_outline_follows_the_edges_of_pixels(masks):
    figure = Figure()
    ax = figure.add_subplot()
    outline(ax, masks[0])
    (line,) = outlines(ax)
    corners = line.get_paths()[0].vertices
    np.testing.assert_allclose(corners.min(axis=0), [2, 3])
    np.testing.assert_allclose(corners.max(axis=0), [10, 12])
    outline(ax, np.zeros((20, 24), bool))  # nothing to draw
    assert len(outlines(ax)) == 1


def test_panels_show_masks_boxes_and_titles(masks):
    shown = [
        {"title": "plain", "picture": PICTURE},
        {"title": "all", "picture": PICTURE, "masks": masks, "boxes": BOXES},
        {"title": "words", "picture": PICTURE, "boxes": BOXES, "words": ["a", "b"]},
    ]
    figure = plots.panels(shown)
    assert [ax.get_title() for ax in figure.axes[:3]] == ["plain", "all", "words"]
    assert [len(outlines(ax)) for ax in figure.axes] == [0, 2, 0, 0]
    pictures = [ax.images[0] for ax in figure.axes[:3]]
    assert {each.get_interpolation() for each in pictures} == {"nearest"}
    np.testing.assert_allclose(frames_of(figure.axes[1]), BOXES)
    assert words(figure.axes[2]) == ["a", "b"]


def test_only_nuclei_in_clumps_stand_out(masks):
    numbers = masks[0] + 2 * masks[1]
    numbers[masks.all(axis=0)] = 1
    numbers[0, 0] = 3  # one that stands alone
    pieces = (numbers > 0).astype(int)
    pieces[0, 0] = 2
    _, right = plots.clumps(np.zeros((20, 24)), numbers, pieces).axes
    picture = right.images[0].get_array()
    assert to_hex(picture[4, 3] / 255) == SECOND
    assert to_hex(picture[0, 0] / 255) not in (SECOND, to_hex(picture[19, 0] / 255))
    assert len(outlines(right)) == 2


def test_curves_are_their_values():
    curves = {"a": {1: 0.2, 4: 0.8}, "b": {1: 0.1, 4: 0.5}}
    for figure in (
        plots.found_by_proposals(curves),
        plots.precision_by_threshold(curves),
        plots.ceilings(curves, curves),
    ):
        for ax in figure.axes:
            drawn = [line.get_ydata().tolist() for line in ax.lines]
            assert drawn == [[0.2, 0.8], [0.1, 0.5]]
            labels = [text.get_text() for text in ax.get_legend().get_texts()]
            assert labels == ["a", "b"]


def test_the_right_size_is_marked():
    (ax,) = plots.by_scale({"a": {0.5: 0.1, 1: 0.9}}).axes
    assert ax.lines[0].get_xdata() == [1, 1]
    assert ax.lines[1].get_ydata().tolist() == [0.1, 0.9]


def test_the_chosen_class_is_framed():
    shares = np.random.default_rng(0).random((4, 4, 3))
    figure = plots.class_masks(PICTURE, BOXES[0], shares, ["a", "b", "c"], 1)
    titles = [ax.get_title() for ax in figure.axes[:4]]
    assert titles == ["region", "a", "b", "c"]
    assert [len(ax.patches) for ax in figure.axes[1:4]] == [0, 1, 0]
    for number, ax in enumerate(figure.axes[1:4]):
        np.testing.assert_allclose(ax.images[0].get_array(), shares[..., number])


def test_target_shows_both_boxes(masks):
    cells = np.eye(5)
    figure = plots.target(PICTURE, BOXES[0], BOXES[1], cells, masks[1])
    np.testing.assert_allclose(frames_of(figure.axes[0]), BOXES)
    assert figure.axes[1].get_title() == "target, 5×5"
    np.testing.assert_array_equal(figure.axes[1].images[0].get_array(), cells)
    assert len(outlines(figure.axes[2])) == 1


def test_each_object_is_a_point():
    (ax,) = plots.overlaps(np.array([0.6, 0.9]), np.array([0.5, 0.95])).axes
    points = ax.lines[1].get_xydata()
    np.testing.assert_allclose(points, [[0.6, 0.5], [0.9, 0.95]])


def test_bars_are_the_groups():
    figure = plots.by_groups({"size": {"small": 0.5, "large": 0.75}, "x": {"y": 1}})
    first = figure.axes[0]
    assert [bar.get_width() for bar in first.patches] == [0.5, 0.75]
    assert words(first) == ["0.50", "0.75"]
    assert [tick.get_text() for tick in first.get_yticklabels()] == ["small", "large"]


def test_network_names_its_parts():
    (ax,) = diagrams.network().axes
    text = " ".join(words(ax))
    for part in ("backbone", "region proposals", "7×7×64", "14×14×64", "28×28×10"):
        assert part in text


def test_readings_round_left_and_not_right():
    region = (1.6, 1.3, 6.6, 4.9)
    left, right = diagrams.readings(region, cells=2, shape=(6, 8)).axes
    tinted_cells = [p for p in left.patches if to_hex(p.get_edgecolor()) == SECOND]
    extents = np.array([p.get_bbox().extents for p in tinted_cells])
    assert len(extents) == 4
    np.testing.assert_array_equal(extents.min(axis=0)[:2], [2, 1])
    np.testing.assert_array_equal(extents.max(axis=0)[2:], [7, 5])
    np.testing.assert_allclose(frames_of(right), [region])
    points = right.lines[-1].get_xydata()
    assert len(points) == 16
    np.testing.assert_allclose(points[0], [1.6 + 5 / 8, 1.3 + 3.6 / 8])


def test_erosion_counts_nuclei():
    pieces = np.array([[0, 1, 1], [2, 0, 0]])
    counts = {"alone": 3, "merged": 2, "in parts": 0, "lost": 1}
    left, right = frames.eroded(pieces, np.ones((2, 3), int), counts).axes
    assert [bar.get_width() for bar in right.patches] == [3, 2, 0, 1]
    picture = left.images[0].get_array()
    assert (picture[0, 1] == picture[0, 2]).all()
    assert (picture[0, 1] != picture[1, 0]).any()
    assert (picture[0, 0] == 95).all()  # a nucleus that is gone here


def test_objects_that_no_proposal_meets_are_dashed():
    share = np.array([0.7, 0.3])
    (ax,) = frames.proposed(PICTURE, BOXES[:1], BOXES, share).axes
    own = [p for p in ax.patches if to_hex(p.get_edgecolor()) == SECOND]
    assert own[0].get_linestyle() == "-"
    assert own[1].get_linestyle() != "-"
    assert sum(to_hex(p.get_edgecolor()) == ACCENT for p in ax.patches) == 1
    assert "1 of 2" in words(ax)[0]


def test_reading_says_how_well_it_fits(masks):
    edges = np.array([3, 11])
    (ax,) = frames.read_and_pasted(PICTURE, *masks, BOXES[0], 0.123, edges).axes
    assert ax.get_title() == "mask IoU 0.12"
    np.testing.assert_allclose(frames_of(ax), BOXES[:1])
    assert len(outlines(ax)) == 2
