"""A check of maps that explain: whether they depend on what was learned."""

import keras
import numpy as np

from helpers._validation import as_array, as_count
from helpers.explanations._checks import checked_layer


def randomized(model, first_layer, seed=0):
    """Return a copy of a model with its top layers as they were before training.

    Used in Chapter 9. Cascading randomisation gives a lower and lower `first_layer`. A
    map that explains the network must change with it.

    Parameters
    ----------
    model : keras.Model
        A functional model; it is left as it is.
    first_layer : str
        This layer and all that come after it get new weights.
    seed : int, optional
        Decides the new weights; those of a layer are the same for each `first_layer`.

    Returns
    -------
    keras.Model

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018,
    https://arxiv.org/abs/1810.03292
    """
    checked_layer("randomized", model, first_layer)
    keras.utils.set_random_seed(as_count("randomized", "seed", seed, minimum=0))
    copy = keras.models.clone_model(model)  # with first weights
    for trained, fresh in zip(model.layers, copy.layers, strict=True):
        if trained.name == first_layer:
            break
        fresh.set_weights(trained.get_weights())
    return copy


def rank_correlation(a, b):
    """Return Spearman's rank correlation of two maps; used in Chapter 9.

    Parameters
    ----------
    a, b : array_like
        Of one shape.

    Returns
    -------
    float
        1 where the values have the same order, -1 where they have the opposite one;
        NaN where one of the maps is constant.

    Raises
    ------
    TypeError, ValueError
        If the shapes differ, or a value is not finite.

    Examples
    --------
    >>> from helpers.explanations import rank_correlation
    >>> round(rank_correlation([1, 2, 3, 40], [1, 3, 2, 4]), 6)
    0.8
    """
    name = "rank_correlation"
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(
            f"{name}: b must have the shape of a, {a.shape}, got {b.shape}"
        )
    values = [
        as_array(name, argument, array.ravel(), ("values",))
        for argument, array in (("a", a), ("b", b))
    ]
    if not all(np.isfinite(each).all() for each in values):
        raise ValueError(f"{name}: a and b must be finite")
    ranks = [_ranks(each) for each in values]
    if any(each.std() == 0 for each in ranks):
        return float("nan")
    return float(np.corrcoef(*ranks)[0, 1])


def _ranks(values):
    """Return the rank of each value; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]
