"""Figures of Chapter 14: what they write and draw follows their data."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch, Rectangle

from helpers.plots import ACCENT, INK, SECOND
from helpers.plots import semantic_segmentation as plots
from helpers.plots import semantic_segmentation_diagrams as diagrams
from helpers.plots import semantic_segmentation_explorers as frames
from helpers.plots import semantic_segmentation_nuclei as micrographs

PICTURE = np.zeros((16, 16, 3), np.uint8)
CLASSES = np.zeros((16, 16), int)
CLASSES[2:6, 2:8], CLASSES[9:15, 8:12] = 1, 3
NAMES = ["none", "hat", "shoe", "bag"]


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_classes_are_named_where_they_are():
    _, right = plots.segmented(PICTURE, CLASSES, NAMES).axes
    assert words(right) == ["hat", "bag"]
    for text, number in zip(right.texts, (1, 3), strict=True):
        x, y = text.get_position()
        assert CLASSES[int(y), int(x)] == number


def test_every_class_has_a_colour_of_its_own():
    (image,) = plots.segmented(PICTURE, CLASSES, NAMES).axes[1].images
    colors = {to_hex(image.cmap(image.norm(number))) for number in range(11)}
    assert len(colors) == 11
    np.testing.assert_array_equal(image.get_array(), CLASSES)


def test_panels_show_pictures_and_maps_under_their_titles():
    figure = plots.panels({"a": PICTURE, "b": CLASSES, "c": CLASSES, "d": PICTURE})
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", "d", "", ""]
    assert figure.axes[0].images[0].get_array().shape == (16, 16, 3)
    assert figure.axes[1].images[0].get_array().shape == (16, 16)


@pytest.mark.parametrize("log", [True, False])
def test_curves_are_their_values(log):
    x, lines = [2, 4, 8], {"a": [0.9, 0.8, 0.7], "b": [0.5, 0.4, 0.1]}
    (ax,) = plots.curves(x, lines, "stride", "IoU", log=log, limits=(0, 1)).axes
    for line, values in zip(ax.lines, lines.values(), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), np.transpose([x, values]))
    if log:
        assert [t.get_text() for t in ax.get_xticklabels()] == ["2", "4", "8"]
    assert ax.get_ylim() == (0, 1)


def test_numbers_are_written_and_share_a_scale():
    grids = {"a": np.array([[0.0, 8]]), "b": np.array([[2.5, 4], [6, 7]])}
    figure = plots.numbers(grids)
    assert words(figure.axes[0]) == ["0", "8"]
    assert words(figure.axes[1]) == ["2.5", "4", "6", "7"]
    assert {ax.images[0].get_clim() for ax in figure.axes} == {(0, 8)}


def test_classes_are_sorted_by_the_last_network():
    values = {"x": np.array([0.9, 0.1, 0.2]), "y": np.array([0.9, 0.5, 0.3])}
    (ax,) = plots.by_class(NAMES[:3], values).axes
    assert [t.get_text() for t in ax.get_yticklabels()] == ["shoe", "hat", "none"]
    drawn = [line.get_xdata().tolist() for line in ax.lines]
    assert drawn == [[0.2, 0.1, 0.9], [0.3, 0.5, 0.9]]


def test_small_filters_carry_their_weights():
    small, large = np.array([[0.5, -0.25]]), np.ones((8, 8))
    figure = plots.learned_filters({"small": small, "large": large})
    assert words(figure.axes[0]) == ["0.50", "−0.25"]
    assert words(figure.axes[1]) == []
    assert {ax.images[0].get_clim() for ax in figure.axes} == {(-1, 1)}


def test_details_are_not_smoothed():
    figure = plots.details({"a": np.eye(4), "b": np.ones((4, 4)) * 2})
    assert [ax.get_title() for ax in figure.axes] == ["a", "b"]
    assert figure.axes[0].images[0].get_interpolation() == "nearest"
    assert figure.axes[1].images[0].get_array().max() == 1


def test_nuclei_frames_leave_the_gap_out():
    truth = np.zeros((8, 6), bool)
    found = truth.copy()
    truth[1, 1], found[1, 1], found[2, 2], truth[3, 3] = True, True, True, True
    figure = micrographs.nuclei(np.zeros((40, 60)), truth, found, (30, 36, 60))
    left, right = figure.axes
    frames_ = [p.get_bbox().extents for p in left.patches if isinstance(p, Rectangle)]
    np.testing.assert_allclose(frames_, [[3, 3, 27, 37], [39, 3, 57, 37]])
    kinds = right.images[0].get_array()
    assert [kinds[1, 1], kinds[2, 2], kinds[3, 3], kinds[0, 0]] == [1, 2, 3, 0]
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.texts] == list(micrographs.WORDS)


def test_edges_are_a_class_and_belong_to_nuclei():
    truth, found = np.zeros((2, 6, 6), int)
    truth[1:4, 1:4], truth[2, 2] = 2, 1
    found[2, 2], found[5, 5] = 2, 1
    baseline = truth == 1
    figure = micrographs.answers(np.ones((6, 6)), truth, found, baseline)
    _, true_classes, by_network, legend, threshold, network = figure.axes
    np.testing.assert_array_equal(true_classes.images[0].get_array(), truth)
    np.testing.assert_array_equal(by_network.images[0].get_array(), found)
    wanted = np.where(truth > 0, 3, 0)
    wanted[2, 2] = 1
    np.testing.assert_array_equal(threshold.images[0].get_array(), wanted)
    wanted[5, 5] = 2
    np.testing.assert_array_equal(network.images[0].get_array(), wanted)
    named = [t.get_text() for t in legend.get_legend().texts]
    assert named == ["nucleus", "its edge", *micrographs.WORDS]


def test_a_name_stands_in_the_thickest_part():
    parted = np.zeros((16, 16), int)
    parted[1:8, 1:8], parted[12:15, 10:15], parted[12, 2] = 1, 1, 1
    _, right = plots.segmented(PICTURE, parted, NAMES).axes
    (text,) = right.texts
    assert text.get_position() == (4.5, 4.5)


def test_a_person_is_cut_out_at_one_half():
    chance = np.full((16, 16), 0.2)
    chance[4:8] = 0.5
    figure = plots.person(PICTURE, chance)
    cut = figure.axes[2].images[0].get_array()
    assert (cut[4:8] == 0).all()
    assert (cut[:4] == 255).all()


def test_the_family_names_its_factors():
    (ax,) = diagrams.fcn_family().axes
    written = words(ax)
    assert {"×32", "×16", "×8", "FCN-32s", "FCN-16s", "FCN-8s"} <= set(written)
    assert written.count("×2") == written.count("+") == 2
    assert written.count("1×1") == 3


def test_unet_has_two_levels_of_each_size_but_one_bottom():
    (ax,) = diagrams.unet([4, 8, 16]).axes
    boxes = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    assert len(boxes) == 5
    written = words(ax)
    assert written.count("full size\n4 maps") == written.count("1/2\n8 maps") == 2
    assert written.count("1/4\n16 maps") == 1
    assert written.count("beside") == 2


def test_dilation_keeps_what_a_stride_skips():
    left, right = diagrams.dilated_head(9).axes
    counts = [[0, 0, 0], [0, 0, 0]]
    for count, ax in zip(counts, (left, right), strict=True):
        for patch in ax.patches:
            count[round(patch.get_y() / 1.5)] += 1
    assert counts == [[9, 4, 2], [9, 7, 3]]
    lowest = {min(line.get_xdata()[0] for line in ax.lines) for ax in (left, right)}
    assert lowest == {0}


def test_brushes_add_up_to_the_sum():
    values, brush = np.array([1.0, 3.0]), np.array([0.25, 0.75, 0.75, 0.25])
    wanted = np.array([1.0, 1.5, 2.5, 3.0])
    (ax,) = frames.painted(values, brush, 2, wanted).axes
    total, smooth = (line.get_ydata() for line in ax.lines[:2])
    np.testing.assert_allclose(total, [0.75, 1.5, 2.5, 2.25])
    np.testing.assert_allclose(smooth, wanted)
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [0.25, 0.75, 1.25, 1.75])


def test_boxes_repeat_the_pixels():
    (ax,) = frames.painted(np.array([1.0, 3.0]), np.ones(4), 4).axes
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1] * 4 + [3] * 4)


def test_an_answer_stands_beside_the_truth():
    figure = frames.through_stride(PICTURE, CLASSES, CLASSES * 0, "nothing")
    assert [ax.get_title() for ax in figure.axes] == [
        "image",
        "true classes",
        "nothing",
    ]
    assert figure.axes[2].images[0].get_array().max() == 0


def test_a_threshold_includes_its_own_value():
    truth = np.array([[True, True], [False, False]])
    chance = np.array([[0.5, 0.4], [0.6, 0.1]])
    left, side = frames.thresholded(truth, chance, 0.5, ["IoU 0.33"]).axes
    np.testing.assert_array_equal(left.images[0].get_array(), [[1, 3], [2, 0]])
    assert words(side) == ["IoU 0.33"]


def test_the_lowest_point_is_marked():
    guesses = np.linspace(0, 1, 11)
    (ax,) = frames.constant_guess(guesses, (guesses - 0.3) ** 2, 0.1, "own").axes
    np.testing.assert_allclose(ax.lines[1].get_xydata(), [[0.3, 0]], atol=1e-12)
    assert "lowest at 0.30" in ax.get_title(loc="left")
    assert ax.lines[2].get_xdata()[0] == 0.1
    colors = to_hex(ax.lines[0].get_color()), to_hex(ax.lines[1].get_color())
    assert colors == (ACCENT, SECOND)
    assert INK not in colors
