"""Checks of what the explanations are asked for."""

import numpy as np

from helpers._validation import as_array, as_count, show


def checked_layer(function, model, layer):
    if not isinstance(layer, str):
        raise TypeError(f"{function}: layer must be a layer's name, got {show(layer)}")
    names = [each.name for each in model.layers]
    if layer not in names:
        raise ValueError(
            f"{function}: layer must be one of {model.name}'s, such as {names[-1]!r}, "
            f"got {layer!r}"
        )
    return model.get_layer(layer)


def checked_class(function, class_id, model):
    classes = model.output.shape[-1]
    return as_count(function, "class_id", class_id, maximum=classes - 1, minimum=0)


def one_class_an_image(function, class_id, model, count):
    """Return one class for each image, from an int or a sequence."""
    if not isinstance(class_id, (list, tuple, np.ndarray)):
        return np.full(count, checked_class(function, class_id, model))
    if len(class_id) != count:
        raise ValueError(
            f"{function}: class_id must be one class, or one for each of the {count} "
            f"images, got {show(class_id)}"
        )
    return np.array([checked_class(function, each, model) for each in class_id])


def checked_images(function, images):
    images = as_array(function, "images", images, ("batch, height, width, channels",))
    return images.astype(np.float32)
