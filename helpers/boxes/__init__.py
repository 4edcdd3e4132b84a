"""Boxes around objects: how much two overlap, which of many to keep, what lies in one.

A box is ``[x_min, y_min, x_max, y_max]``, in pixels unless the name says otherwise. Its
width is ``x_max - x_min``. Only NumPy is needed.
"""

from helpers.boxes._anchors import kmeans_anchors
from helpers.boxes._formats import convert
from helpers.boxes._overlap import iou
from helpers.boxes._roi_align import roi_align
from helpers.boxes._suppression import (
    batched_non_max_suppression,
    non_max_suppression,
    soft_non_max_suppression,
)

__all__ = [
    "batched_non_max_suppression",
    "convert",
    "iou",
    "kmeans_anchors",
    "non_max_suppression",
    "roi_align",
    "soft_non_max_suppression",
]
