"""The ways in which four numbers say where a box is."""

import numpy as np

from helpers._validation import as_array, as_shape, float_dtype, show

RELATIVE = "rel_"
FORMATS = ("xyxy", "yxyx", "xywh", "center_xywh")


def convert(boxes, source, target, image_size=None):
    """Return boxes in another format; derived in Chapter 11.

    Parameters
    ----------
    boxes : array_like, shape (..., 4)
        In the format of `source`.
    source, target : str
        ``"xyxy"`` (the book's own: left, top, right, bottom), ``"yxyx"``
        (TensorFlow's), ``"xywh"`` (COCO's: left, top, width, height),
        ``"center_xywh"`` (YOLO's), each in pixels, or after ``"rel_"`` as parts of the
        image's width and height.
    image_size : (int, int), optional
        Height and width of the image, in pixels; needed between pixels and parts.

    Returns
    -------
    ndarray, shape (..., 4)
        float64 for float64 boxes, otherwise float32.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, a number is not finite, or a box has
        a width or height below zero.

    Examples
    --------
    >>> from helpers.boxes import convert
    >>> convert([10.0, 20.0, 40.0, 60.0], "xyxy", "xywh")
    array([10., 20., 30., 40.])
    >>> convert([10.0, 20.0, 40.0, 60.0], "xyxy", "rel_yxyx", image_size=(80, 100))
    array([0.25, 0.1 , 0.75, 0.4 ])
    """
    boxes = _as_boxes(boxes)
    source, from_parts = _as_format("source", source)
    target, to_parts = _as_format("target", target)
    scale = np.ones(4, boxes.dtype)
    if image_size is not None:
        height, width = as_shape("convert", "image_size", image_size, "height, width")
        scale[:] = width, height, width, height
    elif from_parts != to_parts:
        raise ValueError(
            "convert: image_size must be (height, width) to go between pixels and "
            "parts of the image, got None"
        )
    corners = _to_corners(boxes, source)
    negative = corners[..., 2:] < corners[..., :2]
    if negative.any():
        index = tuple(np.argwhere(negative.any(axis=-1))[0])
        raise ValueError(
            f"convert: boxes must have no width or height below zero in {source}, got "
            f"{boxes[index].tolist()}"
        )
    if from_parts and not to_parts:
        corners = corners * scale
    elif to_parts and not from_parts:
        corners = corners / scale
    return _from_corners(corners, target)


def _as_boxes(value):
    shape = np.shape(value)
    if shape[-1:] != (4,):
        raise ValueError(
            f"convert: boxes must have 4 numbers each, [..., 4], got shape {shape}"
        )
    axes = ", ".join(["..."] * (len(shape) - 1) + ["4"])
    boxes = as_array("convert", "boxes", value, (axes,), empty=True)
    boxes = boxes.astype(float_dtype(boxes))
    if not np.isfinite(boxes).all():
        raise ValueError("convert: boxes must be finite, got inf or NaN")
    return boxes


def _as_format(argument, value):
    """Return the format in pixels, and whether parts of the image are meant."""
    known = [*FORMATS, *(RELATIVE + name for name in FORMATS)]
    if not isinstance(value, str):
        raise TypeError(f"convert: {argument} must be a str, got {show(value)}")
    if value not in known:
        raise ValueError(
            f"convert: {argument} must be one of {', '.join(known)}, got {value!r}"
        )
    return value.removeprefix(RELATIVE), value.startswith(RELATIVE)


def _to_corners(boxes, source):
    one, other = boxes[..., :2], boxes[..., 2:]
    if source == "yxyx":
        one, other = one[..., ::-1], other[..., ::-1]
    elif source == "xywh":
        other = one + other
    elif source == "center_xywh":
        one, other = one - other / 2, one + other / 2
    return np.concatenate([one, other], axis=-1)


def _from_corners(corners, target):
    one, other = corners[..., :2], corners[..., 2:]
    if target == "yxyx":
        one, other = one[..., ::-1], other[..., ::-1]
    elif target == "xywh":
        other = other - one
    elif target == "center_xywh":
        one, other = (one + other) / 2, other - one
    return np.concatenate([one, other], axis=-1)
