"""The checks of Chapter 9: the right answers, and named wrong ones."""

import numpy as np
from exercise_answers import exercise_tests

from helpers.checks.pretrained_models import EXERCISES


def middle(image, shift=0):
    side = min(image.shape[:2])
    top, left = ((n - side) // 2 + shift for n in image.shape[:2])
    return image[top : top + side, left : left + side]


def heat(maps, gradients):
    height, width, count = maps.shape
    total = np.zeros((height, width))
    for k in range(count):
        alpha = sum(gradients[..., k].flat) / (height * width)
        total += alpha * maps[..., k]
    return np.where(total > 0, total, 0)


def step(pixels, gradient, levels):
    moved = pixels.astype(float) + np.where(gradient > 0, levels, -levels) * (
        gradient != 0
    )
    return np.minimum(np.maximum(moved, 0), 255).astype(np.uint8)


RIGHT = {
    "9.1": {"lost": 0.333, "stretch": 1.5},
    "9.2": [middle],
    "9.3": [heat],
    "9.4": [step],
    "9.5": [(126, 0, 56)],
}

WRONG = [
    ("9.1", {"lost": 0.667, "stretch": 1.5}, "kept"),
    ("9.1", {"lost": 1 / 6, "stretch": 1.5}, "each of two sides"),
    ("9.1", {"lost": 33.33, "stretch": 1.5}, "from 0 to 1"),
    ("9.1", {"lost": 0.5, "stretch": 1.5}, "as high as"),
    ("9.1", {"lost": 0.791, "stretch": 1.5}, "before it is scaled"),
    ("9.1", {"lost": 0.9, "stretch": 1.5}, "400 × 400 pixels with"),
    ("9.1", {"lost": 1 / 3, "stretch": 1.0}, "nothing would be stretched"),
    ("9.1", {"lost": 1 / 3, "stretch": 2.68}, "height shrinks, too"),
    ("9.1", {"lost": 1 / 3, "stretch": 1.786}, "Compare with the width"),
    ("9.1", {"lost": 1 / 3, "stretch": 0.667}, "Turn the ratio"),
    ("9.1", {"lost": 1 / 3, "stretch": 2.25}, "squared"),
    ("9.1", {"lost": 1 / 3, "stretch": 7}, "Divide how far"),
    ("9.1", {"lost": "all", "stretch": 7}, "two numbers"),
    (
        "9.2",
        [lambda image: image[: min(image.shape[:2]), : min(image.shape[:2])]],
        "left",
    ),
    (
        "9.2",
        [lambda image: image[-min(image.shape[:2]) :, -min(image.shape[:2]) :]],
        "right",
    ),
    (
        "9.2",
        [
            lambda image: image[:, max(0, image.shape[1] - image.shape[0]) // 2 :][
                :, : image.shape[0]
            ]
        ],
        "width only",
    ),
    (
        "9.2",
        [lambda image: middle(image[::-1, ::-1])[::-1, ::-1]],
        "round the corner down",
    ),
    (
        "9.2",
        [lambda image: np.resize(image, (min(image.shape[:2]),) * 2 + (3,))],
        "scaled",
    ),
    ("9.2", [lambda image: image], "has shape"),
    ("9.3", [lambda a, g: (a * g.mean((0, 1))).sum(-1)], "ReLU is missing"),
    ("9.3", [lambda a, g: np.maximum((a * g).sum(-1), 0)], "place by place"),
    ("9.3", [lambda a, g: heat(a, g * g[..., 0].size)], "take their mean"),
    ("9.3", [lambda a, g: np.maximum(a * g.mean((0, 1)), 0).sum(-1)], "after it"),
    ("9.3", [lambda a, g: heat(a, g) / g.shape[-1]], "take the sum"),
    ("9.3", [lambda a, g: heat(g, a)], "exchanged"),
    (
        "9.3",
        [lambda a, g: np.maximum((a * g.mean(-1, keepdims=True)).sum(-1), 0)],
        "one weight a place",
    ),
    ("9.3", [lambda a, g: np.maximum(a * g.mean((0, 1)), 0)], "not added up"),
    (
        "9.4",
        [lambda p, g, n: p + (n * np.sign(g)).astype(np.int8).astype(np.uint8)],
        "start again from 0",
    ),
    ("9.4", [lambda p, g, n: p + n * np.sign(g)], "leave 0 to 255"),
    ("9.4", [lambda p, g, n: step(p, -g, n)], "go with the gradient"),
    ("9.4", [lambda p, g, n: np.clip(p + n * g, 0, 255)], "sign is missing"),
    ("9.4", [lambda p, g, n: step(p, g, 1)], "size of the step"),
    ("9.4", [lambda p, g, n: np.clip(p + n * np.sign(g) / 255, 0, 255)], "by 255"),
    ("9.5", [(0, 0, 20)], "still palace, at"),
    ("9.5", [(0, 0, 65)], "from 1 to 64"),
    ("9.5", [(200, 0, 64)], "inside the 224"),
    ("9.5", [(1.5, 0, 64)], "three whole numbers"),
    ("9.5", [(1, 0)], "three whole numbers"),
    ("9.5", ["the roof"], "type str"),
]

TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, functions=["9.2", "9.3", "9.4"])
