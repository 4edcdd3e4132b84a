"""What the numbers of a YOLO's cell mean, in whichever version."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from helpers._validation import as_count, show


@dataclass(frozen=True)
class YoloLayout:
    """What the numbers of one cell mean; explained in Chapter 13.

    Attributes
    ----------
    boxes : int
        Boxes that a cell proposes.
    classes : int
        Classes told apart.
    shared_classes : bool
        Whether a cell gives its classes once for all of its boxes, as YOLOv1 does.

    Examples
    --------
    >>> from helpers.detection import YoloLayout
    >>> YoloLayout(2, 20, shared_classes=True).numbers, YoloLayout(5, 20).numbers
    (30, 125)
    """

    boxes: int
    classes: int
    shared_classes: bool = False

    def __post_init__(self):
        as_count("YoloLayout", "boxes", self.boxes)
        as_count("YoloLayout", "classes", self.classes)

    @property
    def numbers(self):
        """How many numbers a cell puts out."""
        if self.shared_classes:
            return self.boxes * 5 + self.classes
        return self.boxes * (5 + self.classes)

    def split(self, outputs):
        """Return places, sizes, objectness and classes of each box.

        Parameters
        ----------
        outputs : ndarray or tensor, shape (..., numbers)
            For each box two numbers for the centre, two for the size and one for
            objectness, and its classes; shared classes come last.

        Returns
        -------
        tuple
            ``[..., boxes, 2]``, ``[..., boxes, 2]``, ``[..., boxes]`` and ``[...,
            boxes, classes]``, or ``[..., 1, classes]`` if shared.

        Raises
        ------
        ValueError
            If the last axis does not hold `numbers` numbers.
        """
        if outputs.shape[-1] != self.numbers:
            raise ValueError(
                f"YoloLayout.split: outputs must have {self.numbers} numbers a cell, "
                f"got shape {show(tuple(outputs.shape))}"
            )
        tensor = tf.is_tensor(outputs)
        reshape = tf.reshape if tensor else np.reshape
        lead = tf.unstack(tf.shape(outputs)[:-1]) if tensor else outputs.shape[:-1]
        places = self.boxes * 5 if self.shared_classes else self.numbers
        each = reshape(outputs[..., :places], (*lead, self.boxes, places // self.boxes))
        classes = each[..., 5:]
        if self.shared_classes:
            classes = reshape(outputs[..., places:], (*lead, 1, self.classes))
        return each[..., :2], each[..., 2:4], each[..., 4], classes
