"""Checks for the exercises of Chapter 9, Pretrained models."""

from functools import cache

import numpy as np

from helpers.checks._compare import as_numbers, compare

LARGEST_SQUARE = 64


def crop_or_stretch(lost, stretch):
    """Check 9.1: what a crop of 400 × 600 loses, and how far a resize stretches it."""
    try:
        lost, stretch = float(lost), float(stretch)
    except (TypeError, ValueError):
        return "Give two numbers: lost and stretch."
    losses = {
        2 / 3: "That share is kept. How much is lost?",
        1 / 6: "The crop loses that much on each of two sides.",
        100 / 3: "Give the share as a number from 0 to 1.",
        1 / 2: "The square is as high as the photograph: 400 pixels of 600.",
        1 - 224**2 / (400 * 600): "The crop is 400 × 400 before it is scaled; scaling "
        "does not cut anything off.",
    }
    if not np.isclose(lost, 1 / 3, atol=0.005):
        return "Lost: " + _nearest(
            lost, losses, "Compare 400 × 400 pixels with 400 × 600."
        )
    stretches = {
        1.0: "Then nothing would be stretched: both sides become 224.",
        600 / 224: "By so much it becomes narrower. Its height shrinks, too: compare "
        "the two.",
        400 / 224: "By so much it becomes lower. Compare with the width.",
        2 / 3: "So narrow does it become. Turn the ratio round: how much higher for "
        "its width?",
        2.25: "You squared the ratio.",
    }
    if not np.isclose(stretch, 1.5, atol=0.005):
        return "Stretch: " + _nearest(
            stretch,
            stretches,
            "Divide how far the width shrinks by how far the height does.",
        )
    return None


def _nearest(value, hints, fallback):
    for mistaken, hint in hints.items():
        if np.isclose(value, mistaken, atol=0.005):
            return hint
    return fallback


def _middle(image):
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return image[top : top + side, left : left + side]


def middle_square(function):
    """Check 9.2: the largest square out of the middle of ``[height, width, 3]``."""
    rng = np.random.default_rng(0)
    shapes = [(4, 10, 3), (9, 5, 3), (6, 6, 3), (5, 8, 3)]
    cases = [(rng.integers(0, 256, shape),) for shape in shapes]

    def corner(image):
        side = min(image.shape[:2])
        return image[:side, :side]

    def end(image):
        side = min(image.shape[:2])
        return image[-side:, -side:]

    def wide_only(image):
        height, width = image.shape[:2]
        left = max(0, (width - height) // 2)
        return image[:, left : left + height]

    def rounded_up(image):
        height, width = image.shape[:2]
        side = min(height, width)
        top, left = -(-(height - side) // 2), -(-(width - side) // 2)
        return image[top : top + side, left : left + side]

    mistakes = {
        "You cut from the upper left corner. Take the middle.": corner,
        "You cut from the lower right corner. Take the middle.": end,
        "You cut the width only. An upright photograph is higher than wide.": wide_only,
        "Where a pixel cannot be halved, begin with the upper or left one: round the "
        "corner down.": rounded_up,
        "You stretched the photograph over a square; nothing should be scaled.": (
            lambda image: np.resize(image, (min(image.shape[:2]),) * 2 + (3,))
        ),
    }
    return compare(function, _middle, mistakes, cases)


def _class_map(maps, gradients):
    weights = gradients.mean(axis=(0, 1))
    return np.maximum((maps * weights).sum(axis=-1), 0)


def class_map(function):
    """Check 9.3: Grad-CAM from maps and gradients, both ``[height, width, maps]``."""
    rng = np.random.default_rng(1)
    cases = [
        (rng.normal(size=shape), rng.normal(size=shape))
        for shape in [(3, 4, 5), (7, 7, 8), (2, 2, 1)]
    ]
    mistakes = {
        "ReLU is missing: what speaks against the class should be zero.": (
            lambda maps, gradients: (maps * gradients.mean(axis=(0, 1))).sum(axis=-1)
        ),
        "You multiply place by place. First take the mean of each map's gradient.": (
            lambda maps, gradients: np.maximum((maps * gradients).sum(axis=-1), 0)
        ),
        "You took the sum of the gradients; take their mean.": (
            lambda maps, gradients: np.maximum(
                (maps * gradients.sum(axis=(0, 1))).sum(axis=-1), 0
            )
        ),
        "ReLU stands before the sum over the maps; it belongs after it.": (
            lambda maps, gradients: np.maximum(
                maps * gradients.mean(axis=(0, 1)), 0
            ).sum(axis=-1)
        ),
        "You took the mean over the maps; take the sum.": (
            lambda maps, gradients: np.maximum(
                (maps * gradients.mean(axis=(0, 1))).mean(axis=-1), 0
            )
        ),
        "You exchanged maps and gradients.": (
            lambda maps, gradients: _class_map(gradients, maps)
        ),
        "You took the mean over the maps' axis: one weight a place, not one a map.": (
            lambda maps, gradients: np.maximum(
                (maps * gradients.mean(axis=-1, keepdims=True)).sum(axis=-1), 0
            )
        ),
        "The maps are not added up yet.": (
            lambda maps, gradients: np.maximum(maps * gradients.mean(axis=(0, 1)), 0)
        ),
    }
    return compare(function, _class_map, mistakes, cases)


def _step(pixels, gradient, levels):
    return np.clip(pixels + levels * np.sign(gradient), 0, 255)


def adversarial_step(function):
    """Check 9.4: ``function(pixels, gradient, levels)``, uint8 in and 0..255 out."""
    rng = np.random.default_rng(2)
    cases = []
    for levels in (2, 7):
        pixels = rng.integers(0, 256, (4, 5, 3)).astype(np.uint8)
        pixels[0, :2], pixels[1, :2] = 0, 255
        gradient = rng.normal(size=pixels.shape)
        gradient[2, 2] = 0
        cases.append((pixels, gradient, levels))

    def wrapped(pixels, gradient, levels):
        return (pixels + levels * np.sign(gradient)) % 256

    mistakes = {
        "Black became white, or white black: 8-bit numbers start again from 0 after "
        "255. Compute in floats, then cut off.": wrapped,
        "Some values leave 0 to 255. Cut them off.": (
            lambda pixels, gradient, levels: pixels + levels * np.sign(gradient)
        ),
        "You subtract the step. To raise the loss, go with the gradient.": (
            lambda pixels, gradient, levels: _step(pixels, -gradient, levels)
        ),
        "The sign is missing: every pixel should change by just as much.": (
            lambda pixels, gradient, levels: np.clip(pixels + levels * gradient, 0, 255)
        ),
        "The size of the step is missing.": (
            lambda pixels, gradient, levels: _step(pixels, gradient, 1)
        ),
        "You divided the step by 255; pixels and levels are both in grey levels.": (
            lambda pixels, gradient, levels: _step(pixels, gradient, levels / 255)
        ),
    }
    return compare(function, _step, mistakes, cases)


@cache
def _network():
    """Return the classifier, the pavilion, and its first guess."""
    from helpers.data import photograph
    from helpers.pretrained import decode_predictions, load_classifier, preprocess

    model = load_classifier()
    pavilion = preprocess(photograph("china"))
    first = decode_predictions(model(pavilion, training=False))[0][0]
    return model, pavilion, first


def small_square(square):
    """Check 9.5: a square ``(row, column, size)`` that changes the first guess."""
    from helpers.pretrained import decode_predictions

    square, hint = as_numbers(square)
    if hint:
        return hint
    if square.shape != (3,) or (square % 1).any():
        return "Give three whole numbers: row, column and size of the square."
    row, column, size = (int(number) for number in square)
    if not 1 <= size <= LARGEST_SQUARE:
        return f"The square's size should be from 1 to {LARGEST_SQUARE} pixels."
    if min(row, column) < 0 or max(row, column) + size > 224:
        return "The square should lie inside the 224 × 224 pixels."
    model, pavilion, first = _network()
    changed = pavilion.copy()
    changed[:, row : row + size, column : column + size] = 0
    guesses = decode_predictions(model(changed, training=False), top=1000)[0]
    if guesses[0].class_id != first.class_id:
        return None
    left = guesses[0].probability
    return (
        f"With this square the first guess is still {first.label}, at "
        f"{100 * left:.0f} % instead of {100 * first.probability:.0f} %. "
        "The occlusion map shows where the network needs the picture most."
    )


EXERCISES = {
    "9.1": crop_or_stretch,
    "9.2": middle_square,
    "9.3": class_map,
    "9.4": adversarial_step,
    "9.5": small_square,
}
