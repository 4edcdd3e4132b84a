"""Recipes for the networks that learn from scenes."""

import importlib
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import keras

from helpers.data import nuclei_part, nuclei_tiles, scenes
from helpers.training._stream import train_on_scenes

TEST_SCENES = 500
TEST_SEED = 1  # of the scenes that figures are taken on: no training saw them


@dataclass(frozen=True)
class SceneRecipe:
    """One entry of ``scene_recipes.toml``.

    Attributes
    ----------
    name : str
        Its name there.
    learner : str
        Module and function of `helpers` that builds what is trained.
    training : dict
        Settings for `train_on_scenes`, without the seed.
    start : str or None
        Name of the recipe whose trained network lends its lower layers.
    on : str or None
        Name of the recipe whose trained network it keeps, and adds to.
    arguments : dict
        Of the learner's function.
    images : {"scenes", "nuclei"}
        What it learns from and is tested on.
    seeds : tuple of int
        The seeds that it is run with.
    keep : bool
        Whether the weights of the first seed ship with the book.
    """

    name: str
    learner: str
    training: dict
    start: str | None = None
    on: str | None = None
    arguments: dict = field(default_factory=dict)
    images: str = "scenes"
    seeds: tuple = (0,)
    keep: bool = True

    def build(self, seed=0):
        """Return the learner with the first weights that the seed gives."""
        keras.utils.set_random_seed(seed)
        return self._built(self.on or self.start)

    def blank(self):
        """Return the learner for weights that will be loaded: none are set before."""
        return self._built(self.on)

    def _built(self, trained):
        module, function = self.learner.rsplit(".", 1)
        builder = getattr(importlib.import_module(f"helpers.{module}"), function)
        if trained is None:
            return builder(**self.arguments)
        from helpers.training._weights import load_trained

        return builder(trained=load_trained(trained), **self.arguments)

    def train(self, learner, seed, folder=None, progress=True):
        """Train the learner; return its history."""
        make, _ = _SOURCES[self.images]
        settings = {"folder": folder, "progress": progress, "seed": seed}
        return train_on_scenes(learner, make=make, **settings, **self.training)

    def test(self, learner):
        """Return the learner's figures on what was held out, by name."""
        _, held_out = _SOURCES[self.images]
        return {
            f"test_{name}": round(value, 4)
            for name, value in learner.evaluate(held_out()).items()
        }


@cache
def scene_recipes():
    """Return every `SceneRecipe`, by name.

    Examples
    --------
    >>> from helpers.training import scene_recipes
    >>> scene_recipes()["yolo"].training["epochs"]
    45
    """
    text = Path(__file__).with_name("scene_recipes.toml").read_text(encoding="utf-8")
    return {
        name: SceneRecipe(name=name, **entry)
        for name, entry in tomllib.loads(text).items()
    }


def held_out_scenes(count=TEST_SCENES):
    """Return the held-out scenes on which the book compares its detectors.

    Used from Chapter 11 on.

    Parameters
    ----------
    count : int, optional
        The first so many of them.

    Returns
    -------
    Scenes
        Neither their clothes nor their photographs were seen in any training.
    """
    return scenes(count, "test", seed=TEST_SEED)


# For each kind of images: what makes those to learn from, and those to test on.
_SOURCES = {
    "scenes": (scenes, held_out_scenes),
    "nuclei": (nuclei_tiles, lambda: nuclei_part("test")),
}
