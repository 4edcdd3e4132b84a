"""A page without kernel that holds explorers and a quiz, for the browser test."""

import html
import json
from pathlib import Path

import numpy as np
from ipywidgets.embed import dependency_state, embed_data
from matplotlib.figure import Figure

from helpers.widgets import explorer, labelled, quiz

VENDOR = Path(__file__).parent.parent / "_extra" / "vendor"
TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Explorers</title>
<link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ max-width: 46rem; margin: 0 auto; padding: 1rem; color: #1a1a1a;
font-family: sans-serif; }}</style>
{scripts}
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
</head><body><main><h1>Explorers</h1>
{views}
<h2>Quiz</h2>{quiz}</main></body></html>"""


def bars(count, height=None, style="plain"):
    figure = Figure(figsize=(4, 3), layout="constrained")
    axes = figure.add_subplot()
    axes.bar(range(count), np.linspace(0.2, height or 1, count))
    axes.set_xlabel("step")
    axes.set_title(style)
    axes.set_ylim(0, 3)
    return figure


def texture(angle):
    rows, columns = np.mgrid[:144, :192]
    turn = np.deg2rad(angle)
    wave = np.sin((columns * np.cos(turn) + rows * np.sin(turn)) / 3)
    noise = np.random.default_rng(0).normal(size=wave.shape)
    figure = Figure(figsize=(4, 3))
    figure.add_axes([0, 0, 1, 1]).imshow(wave + noise / 2, cmap="gray")
    return figure


def make_explorers():
    angles = labelled([0, 45, 90, 135], "°")
    counts = labelled(range(2, 7), "px")
    return [
        explorer(texture, "A texture of waves at {angle}.", angle=angles),
        explorer(
            bars,
            "{count} bars, the last {height} high.",
            count=counts,
            height=[1, 2.5],
        ),
        explorer(
            bars,
            "{style} bars, {count} of them, {height} high.",
            style=["plain", "ruled", "striped"],
            count=counts,
            height=labelled([1, 2, 3], "m"),
        ),
    ]


def build_site(folder: Path) -> None:
    """Write the page, and as plain.html the same without our script."""
    views = make_explorers()
    # With the defaults spelt out, as a kernel sends it and a notebook stores it.
    data = embed_data(views, state=dependency_state(views, drop_defaults=False))
    specs = "\n".join(
        '<script type="application/vnd.jupyter.widget-view+json">'
        f"{html.escape(json.dumps(spec), quote=False)}</script>"
        for spec in data["view_specs"]
    )
    for name, scripts in {
        "index.html": ["require.js", "book-widgets.js", "embed-amd.js"],
        "plain.html": ["require.js", "embed-amd.js"],
    }.items():
        page = TEMPLATE.format(
            scripts="\n".join(f'<script src="vendor/{s}"></script>' for s in scripts),
            state=json.dumps(data["manager_state"]).replace("</", "<\\/"),
            views=specs,
            quiz=quiz("convolutional_layers")._repr_html_(),
        )
        (folder / name).write_text(page, encoding="utf-8")
    (folder / "vendor").symlink_to(VENDOR)
