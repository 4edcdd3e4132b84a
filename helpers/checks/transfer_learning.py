"""Checks for the exercises of Chapter 10, Transfer learning."""

import numpy as np

from helpers.checks._compare import as_numbers, compare


def new_head(weights, numbers):
    """Check 10.1: what a head for 5 classes on 1,280 features learns and reads."""
    try:
        weights, numbers = float(weights), float(numbers)
    except (TypeError, ValueError):
        return "Give two numbers: weights and numbers."
    hints = {
        1280 * 5: "The biases are missing: one for each class.",
        1280 * 1000 + 1000: "That is the old head, with 1,000 classes.",
        1280 + 5: "Each class has a weight for each feature: multiply.",
        1280 * 5 + 1280: "A bias belongs to a class, not to a feature.",
    }
    if weights != 1280 * 5 + 5:
        return "Weights: " + hints.get(weights, "Features times classes, and biases.")
    hints = {
        96 * 96 * 3: "That is the image. The features were computed once and stored.",
        224 * 224 * 3: "That is the image. The features were computed once and stored.",
        3 * 3 * 1280: "The maps were averaged: one number is left of each.",
        1280 * 5: "Those are weights. An image has one number for each feature.",
    }
    if numbers != 1280:
        return "Numbers: " + hints.get(numbers, "How many features has an image?")
    return None


def _split(left, side, cut):
    return np.where(left + side <= cut, 0, np.where(left >= cut, 1, -1))


def split(function):
    """Check 10.2: windows left and right of a line, and those that cross it."""
    left = np.array([0.0, 10, 50, 60, 95, 100, 100.5, 40])
    side = np.array([20.0, 90, 60, 40, 10, 30, 20, 59.5])
    cases = [(left, side, 100.0), (left[::-1] / 2, side[::-1], 40.0)]
    mistakes = {
        "You look at the left edge only. A window that begins left of the line may "
        "cross it.": lambda left, side, cut: np.where(left < cut, 0, 1),
        "You look at the middle only: windows that cross the line are in one of the "
        "sets, with pixels of both.": (
            lambda left, side, cut: np.where(left + side / 2 < cut, 0, 1)
        ),
        "You exchanged the two sides of the line.": (
            lambda left, side, cut: np.where(
                left + side <= cut, 1, np.where(left >= cut, 0, -1)
            )
        ),
        "A window that ends exactly on the line does not cross it.": (
            lambda left, side, cut: np.where(
                left + side < cut, 0, np.where(left >= cut, 1, -1)
            )
        ),
        "A window that begins exactly on the line does not cross it.": (
            lambda left, side, cut: np.where(
                left + side <= cut, 0, np.where(left > cut, 1, -1)
            )
        ),
    }
    return compare(function, _split, mistakes, cases)


def _error(features, labels, w, b):
    """Return the gradient of the summed loss with respect to the logits."""
    logits = features @ w + b
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) - np.eye(len(b))[labels]


def _step(features, labels, w, b, rate):
    error = _error(features, labels, w, b) / len(labels)
    return np.vstack([w - rate * features.T @ error, b - rate * error.sum(axis=0)])


def head_step(function):
    """Check 10.3: one step, ``function(features, labels, w, b, rate)``."""
    rng = np.random.default_rng(10)
    cases = [
        (
            rng.normal(size=(images, 5)),
            rng.integers(0, classes, images),
            rng.normal(size=(5, classes)),
            rng.normal(size=classes),
            0.3,
        )
        for images, classes in ((7, 3), (4, 2))
    ]

    def of(scale_w=1.0, scale_b=1.0, mean=True):
        def mistaken(f, labels, w, b, rate):
            error = _error(f, labels, w, b) / (len(labels) if mean else 1)
            return np.vstack(
                [
                    w - scale_w * rate * f.T @ error,
                    b - scale_b * rate * error.sum(axis=0),
                ]
            )

        return mistaken

    def mean_of_biases(f, labels, w, b, rate):
        error = _error(f, labels, w, b) / len(labels)
        return np.vstack([w - rate * f.T @ error, b - rate * error.mean(axis=0)])

    mistakes = {
        "You go up the gradient. Subtract it.": of(-1.0, -1.0),
        "The biases do not learn.": of(1.0, 0.0),
        "The weights do not learn.": of(0.0, 1.0),
        "The loss is the mean over the images: divide by their number.": of(mean=False),
        "For the biases, sum the errors over the images; they are divided already.": (
            mean_of_biases
        ),
    }
    return compare(function, _step, mistakes, cases)


CLOTHES, WANTED = 300, 0.75


def clothes(labels):
    """Check 10.4: labels for the first 300 test images of Fashion-MNIST."""
    from helpers.data import fashion_mnist

    labels, hint = as_numbers(labels)
    if hint:
        return hint
    if labels.shape == (CLOTHES, 10):
        return "Give a label for each image, not ten scores: argmax."
    if labels.shape != (CLOTHES,):
        return f"Give {CLOTHES} labels, one for each image, got shape {labels.shape}."
    if (labels % 1).any() or labels.min() < 0 or labels.max() > 9:
        return "Labels are whole numbers from 0 to 9."
    right = np.mean(labels == fashion_mnist().test_labels[:CLOTHES])
    if right >= WANTED:
        return None
    if right < 0.2:
        return (
            f"{100 * right:.0f} % are right, about as many as by guessing. Are images "
            "and labels in the same order, and the images uint8 in 0..255?"
        )
    return (
        f"{100 * right:.0f} % are right, {100 * WANTED:.0f} % are wanted. Try larger "
        "images, more of the 500, or a head that is regularized more."
    )


EXERCISES = {
    "10.1": new_head,
    "10.2": split,
    "10.3": head_step,
    "10.4": clothes,
}
