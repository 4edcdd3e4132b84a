"""Sizes of boxes that stand for many."""

import numpy as np

from helpers._validation import as_array, as_count, float_dtype

MOST_ROUNDS = 300


def kmeans_anchors(sizes, k, seed=0):
    """Return k sizes of boxes that stand for many: anchors; derived in Chapter 13.

    Boxes are compared as if they had one centre. The distance is 1 - IoU, so that a
    large box and a small one may each be wrong by the same part of their size.

    Parameters
    ----------
    sizes : array_like, shape (boxes, 2)
        Width and height of each box, above 0.
    k : int
        How many anchors; at most as many as there are different sizes.
    seed : int, optional
        Decides which boxes the search starts from.

    Returns
    -------
    ndarray, shape (k, 2)
        Width and height, the smallest area first: each the mean of the sizes that are
        nearer to it than to the other anchors.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    Redmon, Farhadi: "YOLO9000: better, faster, stronger", CVPR 2017, section 2.

    Examples
    --------
    >>> from helpers.boxes import kmeans_anchors
    >>> kmeans_anchors([[10.0, 10.0], [12.0, 12.0], [50.0, 20.0]], k=2)
    array([[11., 11.],
           [50., 20.]])
    """
    name = "kmeans_anchors"
    sizes = as_array(name, "sizes", sizes, ("boxes, 2",))
    k, seed = as_count(name, "k", k), as_count(name, "seed", seed, minimum=0)
    sizes = sizes.astype(float_dtype(sizes))
    if sizes.shape[1] != 2 or not (np.isfinite(sizes).all() and (sizes > 0).all()):
        raise ValueError(
            f"{name}: sizes must be widths and heights [boxes, 2], finite and above 0, "
            f"got shape {sizes.shape} with a minimum of {sizes.min()}"
        )
    different = len(np.unique(sizes, axis=0))
    if k > different:
        raise ValueError(
            f"{name}: k must be at most {different}, the number of different sizes, "
            f"got {k}"
        )
    anchors, owners = _spread_out(sizes, k, np.random.default_rng(seed)), None
    for _ in range(MOST_ROUNDS):
        before, owners = owners, shared_size(sizes, anchors).argmax(axis=1)
        if np.array_equal(before, owners):
            break
        anchors = np.stack(
            [
                sizes[owners == index].mean(axis=0) if (owners == index).any() else old
                for index, old in enumerate(anchors)
            ]
        )
    return anchors[np.argsort(anchors.prod(axis=1), kind="stable")]


def shared_size(sizes, anchors):
    """Return the IoU of sizes [A, 2] and [B, 2] with one centre, [A, B]."""
    shared = np.minimum(sizes[:, np.newaxis], anchors).prod(axis=2)
    return shared / (sizes.prod(axis=1)[:, np.newaxis] + anchors.prod(axis=1) - shared)


def _spread_out(sizes, k, rng):
    """Return k of the sizes, each drawn with more chance the farther from the others.

    The start of k-means++, with 1 - IoU for the squared distance.
    """
    chosen = sizes[rng.integers(len(sizes))][np.newaxis]
    while len(chosen) < k:
        distance = np.maximum(1 - shared_size(sizes, chosen).max(axis=1), 0)
        # What is chosen already has distance 0, but for rounding.
        distance[(sizes[:, np.newaxis] == chosen).all(axis=2).any(axis=1)] = 0
        total = distance.sum()
        new = rng.choice(len(sizes), p=distance / total)
        chosen = np.concatenate([chosen, sizes[new][np.newaxis]])
    return chosen
