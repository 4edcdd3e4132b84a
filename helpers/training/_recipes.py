"""Recipes: which classifier learns from which images, and how."""

import importlib
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import keras

from helpers import data
from helpers.data._files import require_known
from helpers.training._loop import evaluate, train
from helpers.training._scene_recipes import scene_recipes


@dataclass(frozen=True)
class Recipe:
    """One entry of ``recipes.toml``.

    Attributes
    ----------
    name : str
        Its name there.
    network : str
        Module and function of `helpers` that builds the network.
    data : str
        Loader of `helpers.data`.
    training : dict
        Settings for `train`, without the seed.
    arguments : dict
        Arguments for the network's function.
    subset : bool
        Whether the loader is asked for what ships with the book.
    images : int or None
        Number of training images, the first of the set; all if None.
    validation : int
        Number of images after them that are scored after each epoch.
    seeds : tuple of int
        The seeds that it is run with.
    flip : bool
        Whether the test averages each image with its mirror image too.
    keep : bool
        Whether the weights of the first seed ship with the book.
    """

    name: str
    network: str
    data: str
    training: dict
    arguments: dict = field(default_factory=dict)
    subset: bool = True
    images: int | None = None
    validation: int = 0
    seeds: tuple = (0,)
    flip: bool = False
    keep: bool = True

    def build(self, seed=0):
        """Return the network with the first weights that the seed gives."""
        module, function = self.network.rsplit(".", 1)
        keras.utils.set_random_seed(seed)
        builder = getattr(importlib.import_module(f"helpers.{module}"), function)
        return builder(**self.arguments)

    def blank(self):
        """Return the network for weights that will be loaded."""
        return self.build()

    def load(self):
        """Return training images and labels, validation, and test."""
        loader = getattr(data, self.data)
        found = loader() if self.data == "digits" else loader(subset=self.subset)
        images = self.images or len(found.train_images)
        held_out = slice(images, images + self.validation)
        if held_out.stop > len(found.train_images):
            raise ValueError(
                f"recipe {self.name}: {images} + {self.validation} images are asked "
                f"for, {self.data} has {len(found.train_images)}"
            )
        return (
            (found.train_images[:images], found.train_labels[:images]),
            (found.train_images[held_out], found.train_labels[held_out]),
            (found.test_images, found.test_labels),
        )

    def train(self, model, seed, folder=None, progress=True):
        """Train the network; return its history."""
        training, validation, _ = self.load()
        return train(
            model,
            *training,
            validation=validation if self.validation else None,
            folder=folder,
            progress=progress,
            seed=seed,
            **self.training,
        )

    def test(self, model):
        """Return ``test_accuracy`` and ``test_loss``, and what the recipe adds."""
        _, _, test = self.load()
        tested = evaluate(model, *test)
        figures = {
            "test_accuracy": round(tested["accuracy"], 4),
            "test_loss": round(tested["loss"], 4),
        }
        if self.flip:
            flipped = evaluate(model, *test, flip=True)
            figures["test_accuracy_flip"] = round(flipped["accuracy"], 4)
        return figures


@cache
def recipes():
    """Return every `Recipe`, by name.

    Examples
    --------
    >>> from helpers.training import recipes
    >>> recipes()["compact"].training["epochs"]
    6
    """
    text = Path(__file__).with_name("recipes.toml").read_text(encoding="utf-8")
    return {
        name: Recipe(name=name, **entry) for name, entry in tomllib.loads(text).items()
    }


def recipe(name):
    """Return one recipe; a name that is not there is refused with those that are.

    Used in Chapters 5 and 16.
    """
    known = recipes() | scene_recipes()
    require_known("recipe", "recipe", name, known)
    return known[name]


def run(name, seed=0, folder=None, progress=True):
    """Train a network by its recipe and test it once.

    Parameters
    ----------
    name : str
        A name of `recipes` or of `scene_recipes`.
    seed : int, optional
        Decides first weights, order, augmentation and dropout.
    folder : str or pathlib.Path, optional
        Where checkpoints are kept: see `train`.
    progress : bool, optional
        Show a progress bar.

    Returns
    -------
    built : keras.Model, or what holds one as its ``network``
        What was trained.
    figures : dict
        ``seed``, ``seconds``, figures on the test set, whose names begin with
        ``test_``, and ``history`` (an entry an epoch).
    """
    chosen = recipe(name)
    built = chosen.build(seed)
    history = chosen.train(built, seed, folder, progress)
    seconds = round(sum(epoch["seconds"] for epoch in history), 1)
    figures = {"seed": seed, "seconds": seconds} | chosen.test(built)
    return built, figures | {"history": history}
