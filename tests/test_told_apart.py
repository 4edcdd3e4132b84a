"""Nothing in a figure is said by hue alone; the other plots' tests look, too."""

import pytest
from matplotlib.figure import Figure
from told_apart import confusable, lightness

from helpers.plots import ACCENT, INK, SECOND


def test_lightness_is_that_of_the_standard():
    assert lightness("black") == 0
    assert lightness("white") == pytest.approx(100)
    assert lightness("red") == pytest.approx(53.24, abs=0.01)


def test_the_two_colours_differ_in_grey():
    assert lightness(SECOND) - lightness(ACCENT) > 20
    assert lightness("white") - lightness(SECOND) > 20
    assert lightness(ACCENT) - lightness(INK) > 20


@pytest.mark.parametrize(
    ("look", "found"),
    [
        ({"color": "#00a000"}, ["one / other"]),
        ({"color": "#00a000", "linestyle": "--"}, []),
        ({"color": "#00a000", "marker": "o"}, []),
        ({"color": "#005000"}, []),
    ],
)
def test_lines_are_told_apart_by_more_than_hue(look, found):
    axes = Figure().add_subplot()
    axes.plot([0, 1], [0, 1], color="#e05050", label="one")
    axes.plot([0, 1], [1, 0], label="other", **look)
    assert confusable(axes.figure) == found
