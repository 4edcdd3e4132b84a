"""From a classifier to detectors: where things are, and not only what.

It needs Keras with TensorFlow behind it.
"""

from helpers.detection._anchors import anchor_grid, anchor_shapes, assign, encode
from helpers.detection._backbone import backbone
from helpers.detection._convolutional import to_convolutional
from helpers.detection._detector import Detector
from helpers.detection._localizer import Localizer, localizer
from helpers.detection._ssd import Ssd, ssd
from helpers.detection._two_stage import TwoStage, two_stage
from helpers.detection._windows import (
    SlidingWindows,
    WindowClassifier,
    window_classifier,
    window_objects,
)
from helpers.detection._yolo import Yolo, yolo, yolo_boxes, yolo_targets
from helpers.detection._yolo_layout import YoloLayout

__all__ = [
    "Detector",
    "Localizer",
    "SlidingWindows",
    "Ssd",
    "TwoStage",
    "WindowClassifier",
    "Yolo",
    "YoloLayout",
    "anchor_grid",
    "anchor_shapes",
    "assign",
    "backbone",
    "encode",
    "localizer",
    "ssd",
    "to_convolutional",
    "two_stage",
    "window_classifier",
    "window_objects",
    "yolo",
    "yolo_boxes",
    "yolo_targets",
]
