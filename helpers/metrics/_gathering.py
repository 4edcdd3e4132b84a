"""What `mean_average_precision` is given: checked, and joined over the images."""

import numpy as np

from helpers._validation import as_array, show
from helpers.boxes._checks import as_boxes, as_classes, as_scores, one_a_box
from helpers.metrics._areas import packed
from helpers.metrics._matching import Objects

NAME = "mean_average_precision"


def gathered(predictions, ground_truths, overlap):
    """Return all detections and all objects, each image's arrays checked."""
    sizes = []
    for argument, value in (
        ("predictions", predictions),
        ("ground_truths", ground_truths),
    ):
        if not isinstance(value, (list, tuple)):
            raise TypeError(
                f"{NAME}: {argument} must be a list with a dict for each image, got "
                f"{show(value)}"
            )
        sizes.append(len(value))
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"{NAME}: predictions and ground_truths must have one dict an image each, "
            f"got {sizes[0]} and {sizes[1]}"
        )
    sides = [], []
    for index, pair in enumerate(zip(predictions, ground_truths, strict=True)):
        shapes = []
        for side, argument, value in zip(
            sides, ("predictions", "ground_truths"), pair, strict=True
        ):
            image, shape = _image(argument, index, value, overlap)
            side.append(image)
            shapes.append(shape)
        _check_one_size(index, *shapes)
    return _joined(sides[0], overlap), _joined(sides[1], overlap)


def _image(argument, index, value, overlap):
    """Return one image's `Objects`, and the shape of its boxes or masks."""
    where = f"{argument}[{index}]"
    needed = {overlap, "labels"} | ({"scores"} if argument == "predictions" else set())
    if not isinstance(value, dict):
        raise TypeError(f"{NAME}: {where} must be a dict, got {show(value)}")
    if missing := sorted(needed - set(value)):
        raise ValueError(f"{NAME}: {where} must have {missing[0]!r}")
    function = f"{NAME}: {where}"
    if overlap == "masks":
        masks = _as_masks(function, value)
        regions, shape = packed(masks), masks.shape
    else:
        regions = as_boxes(function, "boxes", value["boxes"]).astype(np.float64)
        shape = regions.shape
    count = len(regions)
    labels = as_classes(function, value["labels"], count, "labels")
    scores = crowd = None
    if argument == "predictions":
        scores = as_scores(function, value["scores"], count).astype(np.float64)
    else:
        crowd = value.get("crowd", np.zeros(count, bool))
        crowd = one_a_box(function, "crowd", crowd, count).astype(bool)
    image = Objects(
        np.full(count, index), labels.astype(np.int64), regions, scores, crowd
    )
    return image, shape


def _as_masks(function, image):
    """Return the masks of an image, if its other arrays have one value for each."""
    masks = image["masks"]
    if isinstance(masks, (list, tuple)) and len(masks) == 0:
        masks = np.empty((0, 0, 0), bool)
    axes = ("objects, height, width",)
    masks = as_array(function, "masks", masks, axes, empty=True)
    if masks.dtype != bool:
        raise TypeError(f"{function}: masks must hold bool, got {masks.dtype}")
    for argument in ("labels", "scores", "crowd"):
        given = image.get(argument, masks)
        several = isinstance(given, (list, tuple)) or getattr(given, "ndim", 0)
        if several and len(given) != len(masks):
            raise ValueError(
                f"{function}: {argument} must have one value for each of the "
                f"{len(masks)} masks, got {len(given)}"
            )
    return masks


def _check_one_size(index, found, true):
    """Refuse detections and objects whose masks differ in size; none fit any."""
    if found[0] and true[0] and found[1:] != true[1:]:
        raise ValueError(
            f"{NAME}: predictions[{index}] and ground_truths[{index}] must have masks "
            f"of one size, got {found[1:]} and {true[1:]}"
        )


def _joined(images, overlap):
    nothing = Objects(
        np.empty(0, np.int64),
        np.empty(0, np.int64),
        np.empty(0, object) if overlap == "masks" else np.empty((0, 4)),
        np.empty(0),
        np.empty(0, bool),
    )
    parts = zip(*(images or [nothing]), strict=True)
    return Objects(*(None if p[0] is None else np.concatenate(p) for p in parts))
