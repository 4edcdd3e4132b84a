"""Checks for the last exercises of Chapter 17: FCN, segmentation, two trainings."""

import numpy as np

from helpers.checks._compare import as_numbers, compare


def _as_filters(weights, height, width):
    return weights.reshape(height, width, -1, weights.shape[-1])


def as_filters(function):
    """Check 17.7: the weights of a dense layer as the filters of a convolution."""
    rng = np.random.default_rng(17)
    cases = [
        (rng.normal(size=(7 * 7 * 4, 6)), 7, 7),
        (rng.normal(size=(3 * 5 * 2, 4)), 3, 5),
    ]
    mistakes = {
        "A filter of 1×1 sees one place. The dense layer read the whole map.": (
            lambda w, height, width: w[None, None]
        ),
        "Flatten goes through the channels first: they are the last axis.": (
            lambda w, height, width: w.reshape(-1, height, width, w.shape[1]).transpose(
                1, 2, 0, 3
            )
        ),
        "Height and width are exchanged.": (
            lambda w, height, width: _as_filters(w, width, height)
        ),
        "Nothing is flipped: a filter's first weight is for the first pixel.": (
            lambda w, height, width: _as_filters(w, height, width)[::-1, ::-1]
        ),
        "The filters are the last axis, as in TensorFlow.": (
            lambda w, height, width: np.moveaxis(_as_filters(w, height, width), -1, 0)
        ),
    }
    return compare(function, _as_filters, mistakes, cases)


def _overlap(mask, stride, share=0.5):
    rows, columns = mask.shape[0] // stride, mask.shape[1] // stride
    cells = mask.reshape(rows, stride, columns, stride).mean(axis=(1, 3))
    coarse = np.kron(cells >= share, np.ones((stride, stride))) > 0
    return (coarse & mask).sum() / (coarse | mask).sum()


def _of_corners(mask, stride):
    coarse = np.kron(mask[::stride, ::stride], np.ones((stride, stride))) > 0
    return (coarse & mask).sum() / (coarse | mask).sum()


def _agreement(mask, stride):
    rows, columns = mask.shape[0] // stride, mask.shape[1] // stride
    cells = mask.reshape(rows, stride, columns, stride).mean(axis=(1, 3))
    return (np.kron(cells >= 0.5, np.ones((stride, stride))) == mask).mean()


def coarse_overlap(function):
    """Check 17.8: the IoU of the best answer that a stride allows."""
    y, x = np.mgrid[:64, :96]
    discs = [(30, 40, 21), (33, 50, 17), (20, 60, 14)]
    masks = [(y - a) ** 2 + (x - b) ** 2 < r**2 for a, b, r in discs]
    cases = [(mask, stride) for mask in masks for stride in (4, 8, 16)]
    mistakes = {
        "This is the share of right pixels. Most of them are background; take the "
        "IoU.": _agreement,
        "You took one pixel of each cell. Ask for the majority of its pixels.": (
            _of_corners
        ),
        "A cell is named by the majority, not if any pixel belongs to the object.": (
            lambda mask, stride: _overlap(mask, stride, 1e-9)
        ),
        "A cell is named by the majority; you ask for all of its pixels.": (
            lambda mask, stride: _overlap(mask, stride, 1.0)
        ),
        "Compare with the mask itself, pixel by pixel, not cell by cell.": (
            lambda mask, stride: 1.0
        ),
    }
    return compare(function, _overlap, mistakes, cases)


WANTED = 0.965


def digits(labels):
    """Check 17.9: labels for the 1,000 test digits of the book's part of MNIST."""
    from helpers.data import mnist

    labels, hint = as_numbers(labels)
    if hint:
        return hint
    truth = mnist().test_labels
    if labels.shape == (len(truth), 10):
        return "Give a label for each digit, not ten scores: argmax."
    if labels.shape != truth.shape:
        return f"Give {len(truth)} labels, one for each digit, not {labels.shape}."
    right = np.mean(labels == truth)
    if right >= WANTED:
        return None
    if right < 0.2:
        return (
            f"{100 * right:.0f} % are right, about as many as by guessing. Are the "
            "pixels divided by 255, and images and labels in the same order?"
        )
    return (
        f"{100 * right:.1f} % are right, {100 * WANTED:.1f} % are wanted. More epochs, "
        "images that are shifted and turned a little, or several networks?"
    )


def head_start(points):
    """Check 17.10: how far fine-tuning is ahead on the other photograph."""
    from helpers.training import load_record

    methods = load_record("tree_crowns_transfer")["methods"]

    def ahead(of, where, method="fine-tuned"):
        return [
            100 * np.mean([run[where] for run in runs.values()])
            - 100 * np.mean([run[where] for run in methods[of][count].values()])
            for count, runs in methods[method].items()
        ]

    points, hint = as_numbers(points)
    if hint:
        return hint
    right = np.array(ahead("from scratch", "test"))
    if points.shape != right.shape:
        return f"Give {len(right)} numbers, one for each number of images."
    mistakes = {
        "This is the strip next door. The other photograph is under test.": ahead(
            "from scratch", "validation"
        ),
        "These are the features, computed once. Fine-tuned has a name of its own.": (
            ahead("from scratch", "test", "features")
        ),
        "Compare with the same network from scratch, not with the small one.": ahead(
            "small", "test"
        ),
        "You subtracted the wrong way round.": -right,
        "Give points of per cent: 100 times the difference of the shares.": right / 100,
    }
    if np.allclose(points, right, atol=0.2):
        return None
    for hint, wrong in mistakes.items():
        if np.allclose(points, wrong, atol=abs(right).max() / 500):
            return hint
    return "Mean over the seeds of each, then the difference, times 100."
