"""The checks of Chapter 10: the right answers, and named wrong ones."""

import numpy as np
import pytest
from exercise_answers import exercise_tests

from helpers import data
from helpers.checks.transfer_learning import CLOTHES, EXERCISES


def split(left, side, cut, ends=np.less_equal, begins=np.greater_equal):
    parts = np.full(len(left), -1)
    parts[ends(left + side, cut)] = 0
    parts[begins(left, cut)] = 1
    return parts


def step(f, labels, w, b, rate, mean=True, sign=-1, biases=1, weights=1):
    logits = f @ w + b
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    chances[np.arange(len(labels)), labels] -= 1
    rate = rate / len(labels) if mean else rate
    new_w = w + sign * weights * rate * f.T @ chances
    return np.vstack([new_w, b + sign * biases * rate * chances.sum(axis=0)])


def mean_of_biases(f, labels, w, b, rate):
    return step(f, labels, w, b, rate, biases=1 / len(labels))


TRUE = data.fashion_mnist().test_labels[:CLOTHES].astype(int)
MOSTLY = np.where(np.arange(CLOTHES) < 240, TRUE, (TRUE + 1) % 10)
HALF = np.where(np.arange(CLOTHES) < 150, TRUE, (TRUE + 1) % 10)

RIGHT = {
    "10.1": {"weights": 6405, "numbers": 1280},
    "10.2": [split],
    "10.3": [step],
    "10.4": [MOSTLY],
}

WRONG = [
    ("10.1", {"weights": 6400, "numbers": 1}, "biases are missing"),
    ("10.1", {"weights": 1_281_000, "numbers": 1}, "old head"),
    ("10.1", {"weights": 1285, "numbers": 1}, "multiply"),
    ("10.1", {"weights": 7680, "numbers": 1}, "not to a feature"),
    ("10.1", {"weights": 1, "numbers": 1}, "Features times classes"),
    ("10.1", {"weights": 6405, "numbers": 27_648}, "computed once"),
    ("10.1", {"weights": 6405, "numbers": 150_528}, "computed once"),
    ("10.1", {"weights": 6405, "numbers": 11_520}, "averaged"),
    ("10.1", {"weights": 6405, "numbers": 6400}, "Those are weights"),
    ("10.1", {"weights": 6405, "numbers": 2}, "How many features"),
    ("10.1", {"weights": "many", "numbers": 2}, "two numbers"),
    ("10.2", [lambda x, s, cut: (x >= cut).astype(int)], "left edge only"),
    ("10.2", [lambda x, s, cut: (x + s / 2 >= cut).astype(int)], "middle only"),
    (
        "10.2",
        [lambda x, s, cut: np.choose(split(x, s, cut) + 1, [-1, 1, 0])],
        "exchanged",
    ),
    ("10.2", [lambda *a: split(*a, ends=np.less)], "ends exactly"),
    ("10.2", [lambda *a: split(*a, begins=np.greater)], "begins exactly"),
    ("10.3", [lambda *a: step(*a, sign=1)], "go up the gradient"),
    ("10.3", [lambda *a: step(*a, biases=0)], "biases do not learn"),
    ("10.3", [lambda *a: step(*a, weights=0)], "weights do not learn"),
    ("10.3", [lambda *a: step(*a, mean=False)], "divide by their number"),
    ("10.3", [mean_of_biases], "divided already"),
    ("10.4", [HALF], "50 % are right"),
    ("10.4", [(TRUE + 1) % 10], "by guessing"),
    ("10.4", [np.eye(10)[TRUE]], "argmax"),
    ("10.4", [TRUE[:5]], "300 labels"),
    ("10.4", [TRUE + 0.5], "whole numbers"),
    ("10.4", ["clothes"], "type str"),
]

TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, functions=["10.2", "10.3"])


def test_step_goes_down_the_loss_of_the_framework():
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    f, w, b = rng.normal(size=(6, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    labels = rng.integers(0, 3, 6)
    weights, biases = tf.Variable(w), tf.Variable(b)
    with tf.GradientTape() as tape:
        logits = tf.constant(f) @ weights + biases
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        loss = tf.reduce_mean(loss)
    d_w, d_b = tape.gradient(loss, [weights, biases])
    expected = np.vstack([w - 0.1 * d_w, b - 0.1 * d_b])
    np.testing.assert_allclose(step(f, labels, w, b, 0.1), expected, atol=1e-9)
