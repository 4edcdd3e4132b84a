"""Training classifiers and detectors, and the networks that ship trained.

It needs Keras with TensorFlow behind it.
"""

from helpers.training._loop import evaluate, predict, train
from helpers.training._recipes import Recipe, recipe, recipes, run
from helpers.training._scene_recipes import (
    SceneRecipe,
    held_out_scenes,
    scene_recipes,
)
from helpers.training._stream import train_on_scenes
from helpers.training._weights import (
    load_record,
    load_trained,
    load_weights_float16,
    record_names,
    save_weights_float16,
    trained_names,
)

__all__ = [
    "Recipe",
    "SceneRecipe",
    "evaluate",
    "held_out_scenes",
    "load_record",
    "load_trained",
    "load_weights_float16",
    "predict",
    "recipe",
    "recipes",
    "record_names",
    "run",
    "save_weights_float16",
    "scene_recipes",
    "train",
    "train_on_scenes",
    "trained_names",
]
