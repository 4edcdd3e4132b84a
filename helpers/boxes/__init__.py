"""Boxes around objects: how much two overlap, and which of many to keep.

A box is ``[x_min, y_min, x_max, y_max]``, in pixels unless the name says otherwise. Its
width is ``x_max - x_min``. Only NumPy is needed.
"""

from helpers.boxes._overlap import iou
from helpers.boxes._suppression import batched_non_max_suppression, non_max_suppression

__all__ = ["batched_non_max_suppression", "iou", "non_max_suppression"]
