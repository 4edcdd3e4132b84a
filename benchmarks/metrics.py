"""`helpers.metrics.mean_average_precision` beside ``pycocotools``.

Both get 80 classes, COCO's ten thresholds and objects of all sizes: 500 images with
boxes, 100 with masks. Reading the annotations into either's form is not timed; of masks
ours is the array of pixels, theirs the lengths of runs, which is far shorter.
"""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import contextlib  # isort: skip
import io
import time

import numpy as np

from helpers.metrics import mean_average_precision

CLASSES, OBJECTS, DETECTIONS = 80, 7, 40
THRESHOLDS = np.arange(0.5, 0.96, 0.05)
ROUNDS = 3
HEIGHT, WIDTH = 480, 640


def ratios():
    """Yield a `Ratio` each: best of a few rounds, since a round takes seconds."""
    for overlap, images, budget in (("boxes", 500, 0.5), ("masks", 100, 4.0)):
        predictions, truths = _sets(images)
        if overlap == "masks":
            for image in predictions + truths:
                image["masks"] = _ellipses(image["boxes"])
        ours, theirs = [], []
        for _ in range(ROUNDS):
            evaluation = _coco(predictions, truths, overlap)
            start = time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()):
                evaluation.evaluate()
                evaluation.accumulate()
            theirs.append(time.perf_counter() - start)
            start = time.perf_counter()
            mean_average_precision(predictions, truths, THRESHOLDS, overlap)
            ours.append(time.perf_counter() - start)
        name = f"mean_average_precision, {overlap}, {images} images (pycocotools)"
        yield _ratio.Ratio(name, min(ours), min(theirs), budget)


def _sets(images):
    rng = np.random.default_rng(0)
    predictions, truths = [], []
    for _ in range(images):
        corner, size = (
            rng.uniform(0, 400, (OBJECTS, 2)),
            rng.uniform(20, 200, (OBJECTS, 2)),
        )
        boxes = np.concatenate([corner, corner + size], axis=1)
        labels = rng.integers(0, CLASSES, OBJECTS)
        truths.append({"boxes": boxes, "labels": labels})
        which = rng.integers(0, OBJECTS, DETECTIONS)
        moved = boxes[which, :2] + rng.normal(0, 8, (DETECTIONS, 2))
        wrong = rng.random(DETECTIONS) < 0.3
        guessed = np.where(wrong, rng.integers(0, CLASSES, DETECTIONS), labels[which])
        predictions.append(
            {
                "boxes": np.concatenate([moved, moved + size[which]], axis=1),
                "scores": rng.random(DETECTIONS),
                "labels": guessed,
            }
        )
    return predictions, truths


def _ellipses(boxes):
    """Return a mask for each box: the ellipse that fills it."""
    y, x = np.ogrid[:HEIGHT, :WIDTH]
    left, top, right, bottom = boxes.T[..., np.newaxis, np.newaxis]
    aside = (2 * x - left - right) / (right - left)
    upwards = (2 * y - top - bottom) / (bottom - top)
    return aside**2 + upwards**2 <= 1


def _coco(predictions, truths, overlap):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    sizes = {"height": HEIGHT, "width": WIDTH}
    images = [{"id": number} | sizes for number in range(1, len(truths) + 1)]
    categories = [{"id": number} for number in range(CLASSES)]
    sides = []
    for each in (truths, predictions):
        side = COCO()
        side.dataset = {
            "images": images,
            "categories": categories,
            "annotations": _annotations(each),
        }
        with contextlib.redirect_stdout(io.StringIO()):
            side.createIndex()
        sides.append(side)
    evaluation = COCOeval(*sides, "segm" if overlap == "masks" else "bbox")
    evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
    evaluation.params.maxDets = [100]
    return evaluation


def _annotations(images):
    from pycocotools.mask import encode

    annotations = []
    for number, image in enumerate(images, start=1):
        scores = image.get("scores", np.ones(len(image["labels"])))
        parts = image["boxes"].tolist(), image["labels"].tolist(), scores.tolist()
        masks = image.get("masks", np.empty((0, 0, 0), bool)).transpose(1, 2, 0)
        runs = encode(np.asfortranarray(masks, dtype=np.uint8))
        for (left, top, right, bottom), label, score in zip(*parts, strict=True):
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": label,
                    "bbox": [left, top, right - left, bottom - top],
                    "area": (right - left) * (bottom - top),
                    "iscrowd": 0,
                    "score": score,
                }
            )
            if runs:
                annotations[-1]["segmentation"] = runs.pop(0)
    return annotations
