"""All that a training needs to go on, in one file that is replaced in one step."""

import json
import os
import zipfile

import numpy as np

FILE = "checkpoint.npz"


def save(folder, model, settings, epochs):
    """Write weights, optimizer, random states, settings and history to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{index:04}": np.asarray(variable)
        for index, variable in enumerate(_variables(model))
    }
    note = json.dumps({"settings": settings, "epochs": epochs})
    part = folder / f".{os.getpid()}.npz"
    np.savez(part, note=np.array(note), **arrays)
    os.replace(part, folder / FILE)


def restore(folder, model, settings):
    """Load the checkpoint, if there is one; return the history of its epochs.

    Raises
    ------
    ValueError
        If the checkpoint is damaged, or of a training with other settings.
    """
    path = folder / FILE
    if not path.exists():
        return []
    try:
        with np.load(path) as archive:
            note = json.loads(str(archive["note"]))
            arrays = [archive[key] for key in sorted(set(archive.files) - {"note"})]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"train: the checkpoint {path} is damaged ({error}); "
            "remove it to start again"
        ) from error
    _require_equal(path, settings, note["settings"])
    variables = _variables(model)
    if [array.shape for array in arrays] != [tuple(v.shape) for v in variables]:
        raise ValueError(
            f"train: the checkpoint {path} is of another model; "
            "remove it or choose another folder"
        )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
    return note["epochs"]


def _require_equal(path, settings, found):
    settings = json.loads(json.dumps(settings))
    for name in sorted(settings | found):
        if settings.get(name) != found.get(name):
            raise ValueError(
                f"train: the checkpoint {path} was made with {name} = "
                f"{found.get(name)}, not {settings.get(name)}; remove it or choose "
                "another folder"
            )


def _variables(model):
    # A model's variables hold the random states of its dropout layers too.
    return [*model.variables, *model.optimizer.variables]
