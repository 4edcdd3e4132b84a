"""The explorer's own promises; the browser test holds it to those of the page."""

import gc
import json
import subprocess
import sys
import weakref

import ipywidgets
import numpy as np
import pytest
from IPython.display import HTML
from ipywidgets.embed import dependency_state
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from helpers.widgets import Explorer, _explorer, explorer, labelled


def small(**values):
    """Draw a figure that depends on each value and is quick to make."""
    figure = Figure(figsize=(0.5, 0.5))
    figure.text(0, 0, " ".join(map(str, values.values())), fontsize=4)
    return figure


# Labels and controls


def test_labels():
    assert labelled([1, 2.5, -3], "px") == {"1 px": 1, "2.5 px": 2.5, "−3 px": -3}
    assert labelled(np.array([0, 45]), "°") == {"0°": 0, "45°": 45}
    with pytest.raises(ValueError, match="label '1 px' more than once"):
        labelled([1, 1], "px")


def test_numbers_slide_and_words_are_a_menu():
    view = explorer(
        small,
        "alt",
        filter_size=np.array([3, 5]),
        padding=["VALID", "SAME"],
        bias=[False, True],
        photo={"china": 0, "flower": 1},
    )
    kinds = {name: type(c).__name__ for name, c in view.controls.items()}
    assert kinds == {
        "filter_size": "SelectionSlider",
        "padding": "Dropdown",
        "bias": "Dropdown",
        "photo": "Dropdown",
    }
    slider = view.controls["filter_size"]
    assert slider.description == "Filter size"
    assert slider.options == ("3", "5")
    assert view.controls["bias"].options == ("no", "yes")


def test_draw_gets_the_values_and_alt_the_labels():
    seen = []

    def draw(size, mode):
        seen.append((size, mode))
        return small(size=size, mode=mode)

    sizes = labelled([3, 5], "px")
    view = explorer(draw, "{size} & {mode}", size=sizes, mode=["a", "b"])
    assert seen == [(3, "a"), (3, "b"), (5, "a"), (5, "b")]
    assert list(view.frames) == [
        ("3 px", "a"),
        ("3 px", "b"),
        ("5 px", "a"),
        ("5 px", "b"),
    ]
    for (size, mode), html in view.frames.items():
        assert f'alt="{size} &amp; {mode}"' in html
    by_value = explorer(small, lambda size: f"twice {2 * size}", size=[1, 2])
    assert 'alt="twice 4"' in by_value.frames["2",]


def test_figures_are_closed():
    before = plt.get_fignums()

    def draw(size):
        figure, _ = plt.subplots(figsize=(0.5, 0.5))
        return figure

    explorer(draw, "{size}", size=[1, 2])
    assert plt.get_fignums() == before


@pytest.mark.parametrize(
    ("alt", "controls", "error", "message"),
    [
        ("x", {}, ValueError, "no controls"),
        ("x", {"a": []}, ValueError, "a has 0 values"),
        ("x", {"a": [1]}, ValueError, "a has 1 values; a control needs at least two"),
        ("x", {"a": [1, 1.0]}, ValueError, "a has the label '1' more than once"),
        ("x", {"a": [1, float("nan")]}, ValueError, "a has the value nan"),
        ("x", {"a": {"p": 1.0, "q": float("nan")}}, ValueError, "the value nan"),
        ("x", {"a": {"": 1, "q": 2}}, ValueError, "labels are texts"),
        ("x", {"a": {1: 1, 2: 2}}, ValueError, "labels are texts"),
        ("x", {"a": "SAME"}, TypeError, "give a list, a range or a mapping"),
        ("x", {"a": 3}, TypeError, "give a list, a range or a mapping"),
        ("x", {"a": [(1, 2), (2, 1)]}, TypeError, "give a mapping of label to value"),
        ("", {"a": [1, 2]}, ValueError, "say what the picture shows"),
        (lambda a: " ", {"a": [1, 2]}, ValueError, "say what the picture shows"),
        (lambda a: None, {"a": [1, 2]}, ValueError, "alt is None for 1"),
        ("{b}", {"a": [1, 2]}, ValueError, r"alt names \{b\}, the controls are a"),
        ("{a.real}", {"a": [1, 2]}, ValueError, r"alt names \{a.real\}"),
        ("{a", {"a": [1, 2]}, ValueError, "alt '{a' is no format string"),
        ("{a:.1f}", {"a": [1, 2]}, ValueError, "alt '{a:.1f}' is no format string"),
        (None, {"a": [1, 2]}, TypeError, "give a text or a function"),
        ("x", {"a": range(3), "b": range(70)}, ValueError, r"3 a × 70 b = 210 frames"),
    ],
)
def test_bad_input_is_named(alt, controls, error, message):
    def never(**_):
        raise AssertionError("drawn before the input was checked")

    with pytest.raises(error, match=message):
        explorer(never, alt, **controls)


def test_draw_must_return_a_figure():
    with pytest.raises(TypeError, match="draw returned Axes, not a matplotlib Figure"):
        explorer(lambda a: small(a=a).add_subplot(), "x", a=[1, 2])


def test_frames_may_not_weigh_too_much(monkeypatch):
    monkeypatch.setattr(_explorer, "MAX_BYTES", 2000)
    message = r"12 frames take 0.0\d MB.*keep about \d.*cut values of b \(6 now\)"
    with pytest.raises(ValueError, match=message):
        explorer(small, "x", a=[1, 2], b=range(6))


# The widget


@pytest.fixture
def view():
    sizes = labelled(range(1, 6), "px")
    return explorer(small, "{size}, {mode}", mode=["a", "b", "c"], size=sizes)


def links(view):
    """Read source and targets from the state that a built page holds."""
    state = dependency_state([view], drop_defaults=False)
    found = {}
    for model in state.values():
        if model["model_name"] == "LinkModel":
            source, target = model["state"]["source"], model["state"]["target"]
            found.setdefault(tuple(source), []).append(tuple(target))
    return found


def end(widget, trait):
    return f"IPY_MODEL_{widget.model_id}", trait


def test_controls_are_linked_to_stacks(view):
    outer = view.children[-1]
    assert isinstance(outer, ipywidgets.Stack)
    assert [len(inner.children) for inner in outer.children] == [5, 5, 5]
    mode, size = view.controls.values()
    targets = links(view)
    assert targets[end(mode, "index")] == [end(outer, "selected_index")]
    inner = [end(stack, "selected_index") for stack in outer.children]
    assert sorted(targets[end(size, "index")]) == sorted(inner)
    assert all(stack.selected_index == 0 for stack in [outer, *outer.children])


def test_stacks_hold_the_frames_in_order(view):
    outer = view.children[-1]
    shown = [picture.value for inner in outer.children for picture in inner.children]
    assert shown == list(view.frames.values())


def test_the_first_long_slider_plays(view):
    (play,) = (w for w in _descendants(view) if isinstance(w, ipywidgets.Play))
    size = view.controls["size"]
    assert links(view)[end(play, "value")] == [end(size, "index")]
    assert (play.min, play.max) == (0, 4)
    assert 250 <= play.interval <= 1000
    short = explorer(small, "x", size=[1, 2, 3])
    assert not any(isinstance(w, ipywidgets.Play) for w in _descendants(short))


def _descendants(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _descendants(child)


def test_frames_share_layout_and_style(view):
    pictures = [w for inner in view.children[-1].children for w in inner.children]
    assert len({picture.layout for picture in pictures}) == 1
    assert len({picture.style for picture in pictures}) == 1


def test_equal_frames_are_one_widget():
    view = explorer(lambda a, b: small(a=a), "the same for all", a=[1, 2], b=[1, 2, 3])
    pictures = {w for inner in view.children[-1].children for w in inner.children}
    assert len(pictures) == 2
    assert view.frame_count == 6
    assert view.changed_share == pytest.approx(3 / 7)  # 3 moves along a, 4 along b


def test_counts(view):
    assert view.frame_count == 15
    assert view.changed_share == 1
    stored = sum(len(json.dumps(html)) for html in view.frames.values())
    assert stored < view.size_in_bytes < stored + 2000


def test_managers_see_a_plain_box(view):
    assert isinstance(view, Explorer)
    state = view.get_state()
    assert (state["_model_name"], state["_view_name"]) == ("VBoxModel", "VBoxView")
    assert state["_model_module"] == "@jupyter-widgets/controls"
    assert "explorer" in state["_dom_classes"]


def test_the_mimebundle_has_a_still(view):
    bundle = view._repr_mimebundle_()
    still = bundle["text/html"]
    assert still.startswith('<figure class="explorer-still"><img alt="1 px, a" src=')
    assert next(iter(view.frames.values())) in still
    widget = bundle["application/vnd.jupyter.widget-view+json"]
    assert widget["model_id"] == view.model_id
    assert bundle["text/plain"] == "Explorer of 15 frames: Mode, Size"


def test_without_stacks_the_kernel_swaps_the_picture(monkeypatch):
    monkeypatch.delattr(ipywidgets, "Stack")
    view = explorer(small, "{a}, {b}", a=range(5), b=["x", "y"])
    picture = view.children[-1]
    assert picture.value == view.frames["0", "x"]
    view.controls["a"].index = 3
    assert picture.value == view.frames["3", "x"]
    view.controls["b"].index = 1
    assert picture.value == view.frames["3", "y"]


def test_no_more_than_one_frame_is_in_memory():
    alive, most = weakref.WeakSet(), []

    def draw(a):
        most.append(len(alive))
        assert not gc.isenabled()
        figure = small(a=a)
        alive.add(figure)
        return figure

    explorer(draw, "{a}", a=range(6))
    assert max(most) <= 1
    assert gc.isenabled()


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was(on):
    (gc.enable if on else gc.disable)()
    try:
        with pytest.raises(ZeroDivisionError):
            explorer(lambda a: small(a=1 / (2 - a)), "{a}", a=range(4))
        assert gc.isenabled() is on
    finally:
        gc.enable()


class _Recorder:
    """Stands in for IPython's display, with a handle that takes updates."""

    def __init__(self):
        self.shown = []

    def __call__(self, thing, display_id):
        self.update(thing)
        return self

    def update(self, thing):
        assert isinstance(thing, HTML)
        self.shown.append(thing.data)


def _in_a_notebook(monkeypatch, patience):
    recorder = _Recorder()
    shell = type("Shell", (), {"kernel": object()})()
    monkeypatch.setattr(_explorer, "get_ipython", lambda: shell)
    monkeypatch.setattr(_explorer, "display", recorder)
    monkeypatch.setattr(_explorer, "PATIENCE", patience)
    return recorder.shown


def test_a_slow_drawing_has_a_bar_that_goes_away(monkeypatch, capsys):
    shown = _in_a_notebook(monkeypatch, patience=0)
    explorer(small, "{a}", a=range(4))
    assert "Drawing 1 of 4 frames" in "".join(shown)
    assert shown[-1] == ""
    assert capsys.readouterr() == ("", "")


def test_the_bar_goes_away_when_drawing_fails(monkeypatch):
    shown = _in_a_notebook(monkeypatch, patience=0)
    with pytest.raises(ZeroDivisionError):
        explorer(lambda a: small(a=1 / (2 - a)), "{a}", a=range(4))
    assert shown[-1] == ""


def test_a_quick_drawing_has_no_bar(monkeypatch):
    shown = _in_a_notebook(monkeypatch, patience=60)
    explorer(small, "{a}", a=range(4))
    assert shown == []


def test_import_helpers_stays_light():
    code = (
        "import sys, helpers; "
        "print({'matplotlib', 'ipywidgets', 'IPython', 'PIL'} & set(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"
