"""``pycocotools``' average precision of boxes or masks, from our arguments."""

import contextlib
import io

import numpy as np
from pycocotools import mask as rle
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

COCO_THRESHOLDS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]


def reference(predictions, truths, thresholds, classes, overlap="boxes"):
    """Return the average precision of each class; -1 without an object."""
    kind = {"boxes": "bbox", "masks": "segm"}[overlap]
    with contextlib.redirect_stdout(io.StringIO()):
        sides = [_side(truths, classes, overlap), _side(predictions, classes, overlap)]
        evaluation = COCOeval(*sides, kind)
        evaluation.params.iouThrs = np.array(thresholds)
        evaluation.params.areaRng = [[0, 1e10]]
        evaluation.params.areaRngLbl = ["all"]
        evaluation.params.maxDets = [100]
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, 0]
    return precision.mean(axis=(0, 1))


def _side(images, classes, overlap):
    side = COCO()
    side.dataset = {
        # The sizes are read and not used: the masks have their own.
        "images": [{"id": n + 1, "height": 1, "width": 1} for n in range(len(images))],
        "categories": [{"id": n + 1} for n in range(classes)],
        "annotations": list(_annotations(images, overlap)),
    }
    side.createIndex()
    return side


def _annotations(images, overlap):
    number = 0
    for image, one in enumerate(images, start=1):
        count = len(one["labels"])
        scores, crowd = one.get("scores", np.ones(count)), one.get("crowd", [0] * count)
        parts = one[overlap], one["labels"], scores, crowd
        for region, label, score, in_crowd in zip(*parts, strict=True):
            number += 1
            yield _region(region, overlap) | {
                "id": number,
                "image_id": image,
                "category_id": int(label) + 1,
                "iscrowd": int(in_crowd),
                "score": float(score),
            }


def _region(region, overlap):
    if overlap == "masks":
        code = rle.encode(np.asfortranarray(region, dtype=np.uint8))
        return {"segmentation": code, "area": int(rle.area(code))}
    width, height = region[2] - region[0], region[3] - region[1]
    return {"bbox": [*region[:2], width, height], "area": width * height}
