"""What a training refuses, and why."""

import numpy as np

from helpers._validation import as_array, show

_AXES = ("images, height, width, channels",)


def as_labelled(function, model, images, labels, every_class=True):
    """Return images and labels as arrays that fit the model, or raise.

    Parameters
    ----------
    function : str
        Name for the messages.
    model : keras.Model
        One input ``[batch, height, width, channels]``, one output
        ``[batch, classes]``.
    images, labels : array_like
        What the caller gave.
    every_class : bool
        Whether each class must have an image.
    """
    num_classes = _num_classes(function, model)
    images = _images(function, model, images)
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{function}: labels must be integers, one an image, got {show(labels)}"
        )
    if labels.shape != (len(images),):
        raise ValueError(
            f"{function}: labels must have shape ({len(images)},), one an image, "
            f"got {labels.shape}"
        )
    outside = labels[(labels < 0) | (labels >= num_classes)]
    if outside.size:
        raise ValueError(
            f"{function}: labels must be from 0 to {num_classes - 1}, since the model "
            f"has {num_classes} outputs, got {outside[0]}"
        )
    counts = np.bincount(labels, minlength=num_classes)
    if every_class and not counts.all():
        missing = ", ".join(map(str, np.flatnonzero(counts == 0)))
        raise ValueError(
            f"{function}: every class needs an image, got none labelled {missing}; "
            "a model with fewer outputs fits these labels"
        )
    return images, labels


def _num_classes(function, model):
    shape = model.output_shape
    if not isinstance(shape, tuple) or len(shape) != 2:
        raise ValueError(
            f"{function}: model must have one output [batch, classes], got {shape}"
        )
    return shape[1]


def _images(function, model, images):
    images = as_array(function, "images", images, _AXES)
    wanted = tuple(model.input_shape[1:])
    pairs = zip(wanted, images.shape[1:], strict=True)
    if any(side not in (None, got) for side, got in pairs):
        hint = ""
        if images.shape[1:] == (*wanted[-1:], *wanted[:-1]):
            hint = "; channels come last: np.moveaxis(images, 1, -1)"
        raise ValueError(
            f"{function}: the model takes images of shape {wanted}, got "
            f"{images.shape[1:]}{hint}"
        )
    if images.dtype.kind == "f":
        bad = ~np.isfinite(images)
        if bad.any():
            image = np.argwhere(bad)[0, 0]
            raise ValueError(
                f"{function}: images must be finite, got "
                f"{images[bad][0]} in image {image}"
            )
    return images
