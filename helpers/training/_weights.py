"""Trained weights and records that ship with the book."""

import json

import numpy as np

from helpers._validation import show
from helpers.data._files import data_path, registry, require_known
from helpers.training._recipes import recipe

WEIGHTS, RECORDS = "weights", "trainings"


def save_weights_float16(model, path):
    """Write a model's weights as 16-bit floats, half the size of its own.

    Parameters
    ----------
    model : keras.Model
        Its weights are kept in their order, moving averages included.
    path : str or pathlib.Path
        A file that ends in ``.npz``. The same weights give the same bytes.

    Raises
    ------
    ValueError
        If a weight is not finite, or beyond 65,504, the largest 16-bit float.

    Examples
    --------
    >>> import tempfile
    >>> from helpers.small_networks import compact
    >>> from helpers.training import load_weights_float16, save_weights_float16
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_weights_float16(compact(), f"{folder}/compact.npz")
    ...     model = load_weights_float16(compact(), f"{folder}/compact.npz")
    """
    arrays = {}
    for index, variable in enumerate(model.weights):
        exact = np.asarray(variable)
        with np.errstate(over="ignore"):
            half = exact.astype(np.float16)
        if not np.isfinite(half).all():
            raise ValueError(
                f"save_weights_float16: {variable.path} holds "
                f"{exact[~np.isfinite(half)][0]}, which no 16-bit float holds"
            )
        arrays[f"{index:03}"] = half
    np.savez_compressed(path, **arrays)


def load_weights_float16(model, path):
    """Give a model the weights that `save_weights_float16` wrote; return the model.

    Raises
    ------
    ValueError
        If the file's arrays are not of the model's shapes.
    """
    with np.load(path) as archive:
        arrays = [archive[name].astype(np.float32) for name in sorted(archive.files)]
    wanted = [tuple(variable.shape) for variable in model.weights]
    found = [array.shape for array in arrays]
    if wanted != found:
        raise ValueError(
            f"load_weights_float16: {path} does not fit {model.name}: its arrays are "
            f"{show(found)}, the model's weights {show(wanted)}"
        )
    model.set_weights(arrays)
    return model


def trained_names():
    """Return the names that `load_trained` knows.

    Examples
    --------
    >>> from helpers.training import trained_names
    >>> "lenet5_mnist" in trained_names()
    True
    """
    return _names(WEIGHTS, ".npz")


def load_trained(name):
    """Build a small network of the book and give it its trained weights.

    Used from Chapter 5 on.

    Parameters
    ----------
    name : str
        One of `trained_names`.

    Returns
    -------
    keras.Model, or what holds one as its ``network``
        What the recipe builds: a classifier is a model for images in 0..1, a detector
        is one of `helpers.detection`. The weights were rounded to 16-bit floats;
        ``load_record(name)["float16"]`` holds the test figures of just these.

    Raises
    ------
    ValueError
        If no weights of that name ship with the book.
    DataError
        If the file is missing or damaged: see `helpers.data.data_path`.

    Examples
    --------
    >>> from helpers.training import load_trained
    >>> load_trained("lenet5_mnist").count_params()
    60840
    """
    require_known("load_trained", "trained network", name, trained_names())
    built = recipe(name).blank()
    load_weights_float16(network_of(built), data_path(f"{WEIGHTS}/{name}.npz"))
    return built


def network_of(built):
    """Return the Keras model of what a recipe builds."""
    return getattr(built, "network", built)


def record_names():
    """Return the names that `load_record` knows."""
    return _names(RECORDS, ".json")


def load_record(name):
    """Return what was noted when a recipe was run; used from Chapter 5 on.

    Parameters
    ----------
    name : str
        One of `record_names`.

    Returns
    -------
    dict
        ``recipe`` (all of it), ``parameters``, ``machine`` and ``runs``: for each seed
        ``seed``, ``history`` (an entry an epoch), ``seconds``, and figures on the test
        set, ``test_accuracy`` and ``test_loss`` of a classifier. Where weights ship,
        ``float16`` says what they reach.

    Examples
    --------
    >>> from helpers.training import load_record
    >>> runs = load_record("lenet5_mnist")["runs"]
    >>> [run["seed"] for run in runs]
    [0, 1, 2]
    """
    require_known("load_record", "record", name, record_names())
    path = data_path(f"{RECORDS}/{name}.json")
    return json.loads(path.read_text(encoding="utf-8"))


def _names(folder, ending):
    return tuple(
        sorted(
            name.removeprefix(f"{folder}/").removesuffix(ending)
            for name in registry()
            if name.startswith(f"{folder}/") and name.endswith(ending)
        )
    )
