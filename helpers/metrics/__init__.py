"""How good a classifier, a detector or a segmentation is, in numbers.

Only NumPy is needed.
"""

from helpers.metrics._boundaries import boundary_iou
from helpers.metrics._coco import MeanAveragePrecision, mean_average_precision
from helpers.metrics._counts import confusion_matrix, dice, mean_iou
from helpers.metrics._curves import average_precision, precision_recall

__all__ = [
    "MeanAveragePrecision",
    "average_precision",
    "boundary_iou",
    "confusion_matrix",
    "dice",
    "mean_average_precision",
    "mean_iou",
    "precision_recall",
]
