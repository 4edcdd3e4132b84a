"""Checks for the exercises of Chapter 14, Semantic segmentation."""

import numpy as np

from helpers.checks._compare import as_numbers, compare
from helpers.upsampling import upsample_bilinear


def voc_network(coarsest, weights, factor):
    """Check 14.1: an FCN-16s with 21 classes for 480×640 pixels."""
    answer, hint = as_numbers([coarsest, weights, factor])
    if hint or answer.shape != (3,):
        return "Give three numbers: coarsest, weights and factor."
    coarsest, weights, factor = answer
    questions = {
        "Coarsest": (
            coarsest,
            15 * 20 * 21,
            {
                15 * 20: "Those are the places. Each holds a score for each class.",
                30 * 40 * 21: "That is the map at stride 16. The coarsest is at 32.",
                480 * 640 * 21: "That is the enlarged map.",
            },
            "Its stride is 32: count rows, columns and classes.",
        ),
        "Weights": (
            weights,
            4 * 4 * 21 * 21,
            {
                4 * 4: "That is one filter. There is one for each pair of classes.",
                4 * 4 * 21: "Each class is painted from all 21 classes.",
                4 * 4 * 21 * 21 + 21: "It has no bias.",
            },
            "Height, width, classes out, classes in.",
        ),
        "Factor": (
            factor,
            16,
            {
                32: "The scores were enlarged twice already.",
                8: "That is FCN-8s.",
                2: "That is the first step. Then something is added.",
            },
            "2 times the factor makes 32.",
        ),
    }
    for name, (given, right, hints, fallback) in questions.items():
        if given != right:
            return f"{name}: {hints.get(float(given), fallback)}"
    return None


def _overlaps(truth, found, classes, ignored):
    """Return the shared pixels and those in either, of each class."""
    counted = truth != ignored
    truth, found = truth[counted], found[counted]
    each = range(classes)
    both = np.array([((truth == c) & (found == c)).sum() for c in each])
    either = np.array([((truth == c) | (found == c)).sum() for c in each])
    return both, either


def _mean_overlap(truth, found, classes, ignored):
    both, either = _overlaps(truth, found, classes, ignored)
    return (both[either > 0] / either[either > 0]).mean()


def mean_overlap(function):
    """Check 14.2: ``function(truth, found, classes, ignored)``."""
    rng = np.random.default_rng(14)
    truth, found = rng.integers(0, 4, (2, 3, 8, 7))
    truth[0, :2] = 255
    cases = [(truth, found, 6, 255), (truth % 3, found % 3, 4, 2)]

    def all_classes(*given):
        both, either = _overlaps(*given)
        return (both / np.maximum(either, 1)).mean()

    def nothing_ignored(truth, found, classes, ignored):
        return _mean_overlap(truth, found, classes, ignored=-1)

    def all_pixels(*given):
        both, either = _overlaps(*given)
        return both.sum() / either.sum()

    def right_pixels(truth, found, classes, ignored):
        counted = truth != ignored
        return (truth == found)[counted].mean()

    def dice(*given):
        both, either = _overlaps(*given)
        there = either > 0
        return (2 * both[there] / (both + either)[there]).mean()

    mistakes = {
        "A class that appears in neither map should not count.": all_classes,
        "The ignored pixels still count in your answer.": nothing_ignored,
        "You summed over the classes before you divided. Divide for each class, then "
        "take the mean.": all_pixels,
        "That is the share of right pixels.": right_pixels,
        "That is the Dice score. Divide the shared pixels by those in either.": dice,
    }
    return compare(function, _mean_overlap, mistakes, cases)


def _enlarged(image, factor):
    return upsample_bilinear(image[..., np.newaxis], factor)[..., 0]


def _placed(place, image, factor):
    """Enlarge where ``place(o, factor, size)`` says where output pixel o lies."""
    for _ in range(2):
        size = len(image)
        at = place(np.arange(size * factor), factor, size)
        columns = image.T
        image = np.array([np.interp(at, np.arange(size), x) for x in columns])
    return image


def enlarge(function):
    """Check 14.3: bilinear, ``function(image, factor)``."""
    rng = np.random.default_rng(15)
    cases = [(rng.random((4, 5)), 2), (rng.random((3, 6)), 4)]
    mistakes = {
        "You repeated the pixels. Mix the two neighbours by their distance.": (
            lambda image, f: image.repeat(f, axis=0).repeat(f, axis=1)
        ),
        "Your pixels are points at 0, 1, 2. Take their centres, at a half: "
        "s = (o + 1/2) / factor - 1/2.": (
            lambda image, f: _placed(lambda o, f, size: o / f, image, f)
        ),
        "You put the first and the last pixel onto the corners. Take pixels as little "
        "squares: s = (o + 1/2) / factor - 1/2.": (
            lambda image, f: _placed(
                lambda o, f, size: o * (size - 1) / (size * f - 1), image, f
            )
        ),
        "You enlarged the height only.": (
            lambda image, f: _enlarged(image.T, (1, f)).T
        ),
        "You enlarged the width only.": lambda image, f: _enlarged(image, (1, f)),
    }
    return compare(function, _enlarged, mistakes, cases)


def _object_dice(mask, chance, smooth, times=2, above=1, below=1):
    shared = times * (mask * chance).sum() + above * smooth
    return 1 - shared / (mask.sum() + chance.sum() + below * smooth)


def object_dice(function):
    """Check 14.4: a loss, ``function(mask, chance, smooth)``."""
    rng = np.random.default_rng(16)
    chance = rng.random((5, 6))
    cases = [(chance > 0.6, rng.random((5, 6)), 1.0)]
    cases.append((np.zeros((5, 6), bool), chance, 0.5))

    def squared(mask, chance, smooth):
        shared = 2 * (mask * chance).sum() + smooth
        return 1 - shared / (mask.sum() + (chance**2).sum() + smooth)

    def overlap(mask, chance, smooth):
        shared = (mask * chance).sum()
        return 1 - (shared + smooth) / (mask.sum() + chance.sum() - shared + smooth)

    mistakes = {
        "That is the score. The loss is 1 less the score.": (
            lambda *given: 1 - _object_dice(*given)
        ),
        "The shared pixels count twice.": (
            lambda *given: _object_dice(*given, times=1)
        ),
        "smooth belongs above the line, too: an image without the object and with "
        "nothing said should have a loss of 0.": (
            lambda *given: _object_dice(*given, above=0)
        ),
        "smooth belongs below the line, too.": (
            lambda *given: _object_dice(*given, below=0)
        ),
        "You left smooth out.": (
            lambda mask, chance, smooth: _object_dice(mask, chance, 0.0)
        ),
        "Your denominator has squares, as in V-Net. Here it has none.": squared,
        "That is the soft IoU.": overlap,
    }
    return compare(function, _object_dice, mistakes, cases)


SIDE, DISCS, ENOUGH = 256, 200, 0.8
STRIDES = (2, 4, 8, 16, 32)


def _disc_iou(diameter, stride):
    """Return the IoU that one class a cell leaves for discs at random places."""
    rng = np.random.default_rng(14)
    pixels = np.arange(SIDE) + 0.5
    both = either = 0
    for _ in range(DISCS):
        y, x = rng.uniform(diameter / 2, SIDE - diameter / 2, 2)
        squared = (pixels[:, np.newaxis] - y) ** 2 + (pixels - x) ** 2
        disc = squared <= diameter**2 / 4
        cells = disc.reshape(SIDE // stride, stride, -1, stride).mean(axis=(1, 3))
        said = (cells > 0.5).repeat(stride, axis=0).repeat(stride, axis=1)
        both, either = both + (disc & said).sum(), either + (disc | said).sum()
    return both / either


def discs(stride, diameter):
    """Check 14.5: a stride for discs of 48 pixels, a diameter for a stride of 16."""
    answer, hint = as_numbers([stride, diameter])
    if hint or answer.shape != (2,) or (answer % 1).any():
        return "Give two whole numbers: stride and diameter."
    stride, diameter = (int(number) for number in answer)
    if stride not in STRIDES:
        return "Stride: it is 2, 4, 8, 16 or 32."
    if diameter % 16 or not 16 <= diameter <= SIDE:
        return f"Diameter: a multiple of 16, from 16 to {SIDE}."
    value = _disc_iou(48, stride)
    if value < ENOUGH:
        return f"Stride: at {stride} the oracle reaches {value:.2f} only."
    if stride < STRIDES[-1] and _disc_iou(48, 2 * stride) >= ENOUGH:
        return f"Stride: {value:.2f}, but a larger one would do."
    value = _disc_iou(diameter, 16)
    if value < ENOUGH:
        return f"Diameter: discs of {diameter} pixels reach {value:.2f} only."
    if _disc_iou(diameter - 16, 16) >= ENOUGH:
        return f"Diameter: {value:.2f}, but smaller discs would do."
    return None


EXERCISES = {
    "14.1": voc_network,
    "14.2": mean_overlap,
    "14.3": enlarge,
    "14.4": object_dice,
    "14.5": discs,
}
