"""The widget behind an explorer: controls linked to stacks of finished pictures."""

import itertools
import json

import ipywidgets as widgets
from IPython.display import display

from ._controls import is_scale, title
from ._frames import Frame

PLAYABLE_STEPS = 4
# Widgets come with fixed widths, clipped labels, black text, pale handles and menus
# that hide their focus. The rules travel inside the explorer because Colab and
# JupyterLab know no style sheet of ours.
STYLE = """<style>
.explorer.jupyter-widgets{margin:.5rem 0 1.25rem;--jp-widgets-font-size:.875rem;
--jp-widgets-slider-handle-size:18px;
--jp-widgets-slider-active-handle-color:var(--pst-color-primary,#2f7fd6)}
.explorer,.explorer .widget-box{overflow:visible}
.explorer.jupyter-widgets,.explorer .jupyter-widgets{color:inherit}
.explorer-controls{gap:.25rem 1.5rem;margin-bottom:.5rem}
.explorer .widget-label,.explorer .widget-readout{color:inherit;flex:none;
overflow:visible;width:auto;max-width:none}
.explorer .widget-label{margin-right:.75rem}
.explorer .widget-readout{margin-left:.9rem;text-align:left;min-width:3.5rem;
font-variant-numeric:tabular-nums}
.explorer .slider-container{min-width:4rem}
.explorer .widget-slider .noUi-target,.explorer .widget-slider .noUi-connects{
background:#858b94;border-color:transparent}
.explorer .widget-slider .noUi-handle{background:currentColor;
border-color:transparent}
.explorer .widget-slider{margin:2px}
.explorer .widget-play{gap:4px;margin-right:.75rem}
.explorer .jupyter-button{background:transparent;color:inherit;
border:1px solid #858b94;border-radius:4px;padding:0}
.explorer .jupyter-button i.fa{margin:0}
.explorer select,.explorer select:focus{appearance:auto;background:Field;
color:FieldText;border:1px solid #858b94;border-radius:4px}
.explorer :is(select,button,.noUi-handle):focus-visible{
outline:2px solid var(--pst-color-primary,#2f7fd6)!important;outline-offset:2px}
.explorer .widget-html-content{line-height:1.4}
</style>"""


class Explorer(widgets.VBox):
    """Controls over pictures; `explorer` makes it.

    To the widget managers it is a plain `VBox`, so that it is drawn without Python.

    Attributes
    ----------
    frames : dict
        Labels of the controls, in their order, to the ``<img>`` element shown.
    controls : dict
        Name to the slider or menu.
    frame_count : int
        How many frames there are.
    size_in_bytes : int
        What the pictures add to a page, with the still one for pages without
        JavaScript.
    changed_share : float
        Moving one control by one step, all others standing still: the share of
        all such moves that show another picture.
    """

    def __init__(self, choices: dict, pictures: dict[tuple, Frame], texts: dict):
        self.frames = {
            labels: picture.img(texts[labels]) for labels, picture in pictures.items()
        }
        self.frame_count = len(self.frames)
        still = next(iter(self.frames.values()))
        self._still = f'<figure class="explorer-still">{still}</figure>'
        kept = [*dict.fromkeys(self.frames.values()), self._still]
        self.size_in_bytes = sum(len(json.dumps(text)) for text in kept)
        self.changed_share = _changed_share(choices, pictures)

        self.controls = {
            name: _control(name, options) for name, options in choices.items()
        }
        labels = [list(options) for options in choices.values()]
        # ipywidgets 7, which Colab has, knows no stacks: its kernel swaps the picture.
        has_stacks = hasattr(widgets, "Stack")
        picture = self._stacks(labels) if has_stacks else self._swapped()
        super().__init__(
            [
                widgets.HTML(STYLE, layout=widgets.Layout(display="none")),
                widgets.Box(
                    _with_play(list(self.controls.values())),
                    layout=widgets.Layout(flex_flow="row wrap", align_items="center"),
                ).add_class("explorer-controls"),
                picture,
            ]
        )
        self.add_class("explorer")

    def _stacks(self, labels: list[list[str]]) -> widgets.Widget:
        """Nest a stack for each control, all of one depth linked to one control."""
        controls = list(self.controls.values())
        shared = {}  # one layout and style for all frames: each model is saved whole
        pictures = {}

        def picture(html):
            if html not in pictures:
                pictures[html] = widgets.HTML(html, **shared)
                shared.update(layout=pictures[html].layout, style=pictures[html].style)
            return pictures[html]

        def nest(chosen):
            depth = len(chosen)
            if depth == len(labels):
                return picture(self.frames[chosen])
            children = [nest((*chosen, label)) for label in labels[depth]]
            stack = widgets.Stack(children, selected_index=0, layout=shared["layout"])
            widgets.jslink((controls[depth], "index"), (stack, "selected_index"))
            return stack

        return nest(())

    def _swapped(self) -> widgets.Widget:
        """Return one picture that follows the controls through the kernel."""
        controls = list(self.controls.values())
        picture = widgets.HTML(next(iter(self.frames.values())))

        def swap(_):
            labels = tuple(control.value for control in controls)
            picture.value = self.frames[labels]

        for control in controls:
            control.observe(swap, "value")
        return picture

    def _bundle(self) -> dict:
        names = ", ".join(control.description for control in self.controls.values())
        return {
            "text/plain": f"Explorer of {self.frame_count} frames: {names}",
            "text/html": self._still,
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }

    if hasattr(widgets.Widget, "_ipython_display_"):  # ipywidgets 7

        def _ipython_display_(self, **kwargs):
            display(self._bundle(), raw=True)
            self._handle_displayed(**kwargs)

    else:

        def _repr_mimebundle_(self, **kwargs):
            return self._bundle()


def _control(name: str, options: dict) -> widgets.Widget:
    # Menus for words of any number: toggle buttons tell a screen reader neither
    # their group's name nor which of them is pressed, and are wide on a phone.
    kind = widgets.SelectionSlider if is_scale(options) else widgets.Dropdown
    control = kind(
        options=list(options),
        description=title(name),
        style={"description_width": "initial"},
        layout=widgets.Layout(width="auto", min_width="0", max_width="420px"),
    )
    control.tooltip = control.description  # or ipywidgets 8 shows the tip "null"
    return control


def _with_play(controls: list) -> list:
    """Give the first slider that is long enough a Play button."""
    row = []
    waiting = True
    for control in controls:
        is_slider = isinstance(control, widgets.SelectionSlider)
        steps = len(control.options)
        if is_slider:
            control.layout.flex = "1 1 260px"
        if is_slider and waiting and steps >= PLAYABLE_STEPS:
            waiting = False
            play = widgets.Play(
                max=steps - 1,
                # Once through in about six seconds, but slow enough to look.
                interval=min(max(6000 // steps, 250), 1000),
                show_repeat=False,
                layout=widgets.Layout(width="72px", flex="none"),
            )
            widgets.jslink((play, "value"), (control, "index"))
            control = widgets.HBox(
                [play, control],
                layout=widgets.Layout(
                    flex="1 1 320px", max_width="500px", align_items="center"
                ),
            )
        row.append(control)
    return row


def _changed_share(choices: dict, pictures: dict[tuple, Frame]) -> float:
    changed = moves = 0
    orders = [list(options) for options in choices.values()]
    for labels in itertools.product(*orders):
        for axis, order in enumerate(orders):
            step = order.index(labels[axis]) + 1
            if step == len(order):
                continue
            neighbour = (*labels[:axis], order[step], *labels[axis + 1 :])
            moves += 1
            changed += pictures[labels].data != pictures[neighbour].data
    return changed / moves
