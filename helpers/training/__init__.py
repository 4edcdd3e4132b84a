"""Training a classifier, and the trained networks that ship with the book.

It needs Keras with TensorFlow behind it.
"""

from helpers.training._loop import evaluate, predict, train
from helpers.training._recipes import Recipe, recipe, recipes, run
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
    "evaluate",
    "load_record",
    "load_trained",
    "load_weights_float16",
    "predict",
    "recipe",
    "recipes",
    "record_names",
    "run",
    "save_weights_float16",
    "train",
    "trained_names",
]
