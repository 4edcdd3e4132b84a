"""The one way to make an interactive figure: draw every state, then switch."""

import gc
import itertools
import math
import string
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from IPython import get_ipython
from IPython.display import HTML, display
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from ._container import Explorer
from ._controls import options_of
from ._frames import compress, render

MAX_FRAMES = 200
MAX_BYTES = 1_500_000
PATIENCE = 1.0  # seconds without a progress bar


def explorer(draw: Callable[..., Figure], alt, **controls) -> Explorer:
    """Make a figure with sliders and menus that needs no kernel.

    Used from Chapter 1 on. Every combination of the controls is drawn once. The
    controls then only switch between finished pictures, so that the same object works
    in Jupyter, in Colab and in the built book.

    Parameters
    ----------
    draw : callable
        Takes the controls by name and returns a matplotlib `Figure`, always of the
        same size. The figure is closed once it is drawn.
    alt : str or callable
        What each picture shows, for those who do not see it: a format string over
        the controls' labels (``"Gabor filter at {angle}"``), or a function of the
        controls' values.
    **controls : list, range or mapping
        The values of each control; a mapping gives them labels (see `labelled`).
        Numbers under labels with digits make a slider, anything else a menu. An
        underscore in a name is shown as a space.

    Returns
    -------
    Explorer
        An ipywidgets container.

    Raises
    ------
    ValueError
        If there are more than 200 frames or 1.5 MB of them, or if a control or a
        text alternative cannot be used.
    TypeError
        If `draw` does not return a figure, or if values make no labels.

    Examples
    --------
    >>> from helpers.widgets import labelled
    >>> def square(size):
    ...     figure = Figure(figsize=(1, 1))
    ...     figure.add_axes([0, 0, size / 4, size / 4])
    ...     return figure
    >>> view = explorer(square, "A square of {size}.", size=labelled([1, 2], "px"))
    >>> view.frame_count, list(view.frames)
    (2, [('1 px',), ('2 px',)])
    """
    if not controls:
        raise ValueError("explorer: no controls; give at least one: angle=[0, 45]")
    choices = {name: options_of(name, values) for name, values in controls.items()}
    count = math.prod(map(len, choices.values()))
    if count > MAX_FRAMES:
        raise ValueError(
            f"explorer: {_product(choices)} = {count} frames, the limit is "
            f"{MAX_FRAMES}; cut values of {_longest(choices)}"
        )
    # Texts before pictures: a mistake in a text is found before the long drawing.
    combinations = list(itertools.product(*choices.values()))
    texts = {labels: _describe(alt, choices, labels) for labels in combinations}
    pending = {}
    with ThreadPoolExecutor(max_workers=2) as pool, _garbage_kept():
        for labels in _with_progress(combinations):
            drawing = _draw(draw, _values(choices, labels))
            pending[labels] = pool.submit(compress, drawing)
            gc.collect(1)  # of the youngest objects alone: of the figure
    pictures = {labels: future.result() for labels, future in pending.items()}
    view = Explorer(choices, pictures, texts)
    if view.size_in_bytes > MAX_BYTES:
        view.close()
        raise ValueError(
            f"explorer: {count} frames take {view.size_in_bytes / 1e6:.2f} MB, the "
            f"limit is {MAX_BYTES / 1e6} MB; keep about "
            f"{count * MAX_BYTES // view.size_in_bytes} of them (cut values of "
            f"{_longest(choices)}) or draw a smaller figure"
        )
    return view


@contextmanager
def _garbage_kept():
    """Keep Python from looking for garbage by itself.

    A figure is some thousands of objects that refer to each other. For every few of
    them Python would go through all that TensorFlow holds, too.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _values(choices: dict, labels: tuple) -> dict:
    return {
        name: options[label]
        for (name, options), label in zip(choices.items(), labels, strict=True)
    }


def _draw(draw: Callable[..., Figure], values: dict) -> Image.Image:
    figure = draw(**values)
    if not isinstance(figure, Figure):
        raise TypeError(
            f"explorer: draw returned {type(figure).__name__}, not a matplotlib "
            "Figure; end it with `return figure`"
        )
    try:
        return render(figure)
    finally:
        plt.close(figure)  # or the notebook shows every frame below the cell


def _describe(alt, choices: dict, labels: tuple) -> str:
    if callable(alt):
        text = alt(**_values(choices, labels))
    elif isinstance(alt, str):
        text = _format(alt, dict(zip(choices, labels, strict=True)))
    else:
        raise TypeError(f"explorer: alt is {alt!r}; give a text or a function")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(
            f"explorer: alt is {text!r} for {', '.join(labels)}; say what the "
            "picture shows"
        )
    return text.strip()


def _format(alt: str, labels: dict[str, str]) -> str:
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(alt) if field]
        unknown = [field for field in fields if field not in labels]
        text = "" if unknown else alt.format(**labels)
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(
            f"explorer: alt {alt!r} is no format string over the labels: {error}"
        ) from error
    if unknown:
        raise ValueError(
            f"explorer: alt names {{{unknown[0]}}}, the controls are "
            f"{', '.join(labels)}"
        )
    return text


def _product(choices: dict) -> str:
    return " × ".join(f"{len(options)} {name}" for name, options in choices.items())


def _longest(choices: dict) -> str:
    name = max(choices, key=lambda name: len(choices[name]))
    return f"{name} ({len(choices[name])} now)"


def _with_progress(items: list) -> Iterator:
    """Yield the items, under a bar once they take long, gone at the end."""
    start = time.monotonic()
    bar = None
    # Outside a notebook a bar would be a line of text that nobody can take back.
    in_notebook = getattr(get_ipython(), "kernel", None) is not None
    try:
        for done, item in enumerate(items):
            if bar is not None:
                bar.update(_bar(done, len(items)))
            elif in_notebook and time.monotonic() - start > PATIENCE:
                bar = display(_bar(done, len(items)), display_id=True)
            yield item
    finally:
        if bar is not None:
            bar.update(HTML(""))


def _bar(done: int, total: int) -> HTML:
    return HTML(
        f'<progress aria-label="Drawing" value="{done}" max="{total}"></progress> '
        f"Drawing {done} of {total} frames"
    )
