"""Networks that others trained on photographs, ready to use without a network.

A classifier for ImageNet's 1,000 classes, a detector for COCO's 80 and a segmenter for
people, with what turns photographs into their inputs and their answers into words.
Their weights lie in ``data/``, and are checked against their SHA-256 before anything of
them is read.
"""

from helpers.pretrained._classifiers import classifier_names, load_classifier
from helpers.pretrained._coco import coco_names
from helpers.pretrained._detector import Detections, Detector, load_detector
from helpers.pretrained._images import (
    Guess,
    decode_predictions,
    imagenet_labels,
    preprocess,
)
from helpers.pretrained._person import PersonSegmenter, load_person_segmenter

__all__ = [
    "Detections",
    "Detector",
    "Guess",
    "PersonSegmenter",
    "classifier_names",
    "coco_names",
    "decode_predictions",
    "imagenet_labels",
    "load_classifier",
    "load_detector",
    "load_person_segmenter",
    "preprocess",
]
