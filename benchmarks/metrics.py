"""`helpers.metrics.mean_average_precision` beside ``pycocotools``.

Both get 500 images, 80 classes, COCO's ten thresholds and objects of all sizes; reading
the annotations into either's form is not timed.
"""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import contextlib  # isort: skip
import io
import time

import numpy as np

from helpers.metrics import mean_average_precision

IMAGES, CLASSES, OBJECTS, DETECTIONS = 500, 80, 7, 40
THRESHOLDS = np.arange(0.5, 0.96, 0.05)
ROUNDS = 3


def ratios():
    """Yield a `Ratio`: best of a few rounds, since a round takes seconds."""
    predictions, truths = _sets()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        evaluation = _coco(predictions, truths)
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            evaluation.evaluate()
            evaluation.accumulate()
        theirs.append(time.perf_counter() - start)
        start = time.perf_counter()
        mean_average_precision(predictions, truths, THRESHOLDS)
        ours.append(time.perf_counter() - start)
    name = f"mean_average_precision {IMAGES} images, {CLASSES} classes (pycocotools)"
    yield _ratio.Ratio(name, min(ours), min(theirs), 0.5)


def _sets():
    rng = np.random.default_rng(0)
    predictions, truths = [], []
    for _ in range(IMAGES):
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


def _coco(predictions, truths):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    images = [{"id": number} for number in range(1, IMAGES + 1)]
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
    evaluation = COCOeval(*sides, "bbox")
    evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
    evaluation.params.maxDets = [100]
    return evaluation


def _annotations(images):
    annotations = []
    for number, image in enumerate(images, start=1):
        scores = image.get("scores", np.ones(len(image["labels"])))
        parts = image["boxes"].tolist(), image["labels"].tolist(), scores.tolist()
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
    return annotations
