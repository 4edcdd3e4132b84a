"""What the trainable detectors have in common."""

from abc import ABC, abstractmethod

import numpy as np
import tensorflow as tf

from helpers._validation import as_number
from helpers.boxes import batched_non_max_suppression
from helpers.detection._images import as_scene_images
from helpers.metrics import mean_average_precision

THRESHOLDS = tuple(np.linspace(0.5, 0.95, 10).round(2).tolist())
LOWEST_SCORE = 0.01  # of a detection that counts in an average precision
MOST_OBJECTS = 100  # in an image
EVALUATION_BATCH = 50


class Detector(ABC):
    """A network, and what turns its numbers into boxes.

    One that can be trained has what `helpers.training.train_on_scenes` asks for, too:
    ``batch`` and ``loss``.

    Attributes
    ----------
    network : keras.Model
        What proposes the boxes.
    class_names : tuple of str
        The classes that it tells apart.
    stride : int
        Sides of images must be multiples of it.
    """

    stride = 16

    def __init__(self, network, class_names):
        self.network = network
        self.class_names = tuple(class_names)
        self._run = tf.function(self._candidates, autograph=False)

    @abstractmethod
    def _candidates(self, images):
        """Return boxes [batch, n, 4] and scores [batch, n, classes], tensors."""

    def candidates(self, images):
        """Return every box that the network proposes, with a score for each class.

        Parameters
        ----------
        images : array_like
            ``[batch, height, width, 3]``, uint8 or floats from 0 to 1.

        Returns
        -------
        boxes : ndarray of float32, shape (batch, n, 4)
            ``[x_min, y_min, x_max, y_max]`` in pixels; some reach past the edges.
        scores : ndarray of float32, shape (batch, n, classes)

        Raises
        ------
        TypeError, ValueError
            If they are no such images.
        """
        images = as_scene_images("candidates", images, self.stride)
        return tuple(part.numpy() for part in self._run(tf.constant(images)))

    def detect(self, images, score_threshold=0.5, iou_threshold=0.5, max_boxes=None):
        """Return what is in each image.

        Each candidate counts once for every class whose score is greater than the
        threshold; suppression is class by class.

        Parameters
        ----------
        images : array_like
            ``[batch, height, width, 3]``, uint8 or floats from 0 to 1.
        score_threshold, iou_threshold : float, optional
            From 0 to 1.
        max_boxes : int, optional
            Keep so many boxes of each class at most.

        Returns
        -------
        list of dict
            For each image ``boxes`` ``[n, 4]``, ``scores`` and ``labels`` ``[n]``, the
            best first: as `helpers.metrics.mean_average_precision` takes them.

        Raises
        ------
        TypeError, ValueError
            If an argument is not of the kind above.
        """
        as_number("detect", "score_threshold", score_threshold, 0, 1)
        candidates = zip(*self.candidates(images), strict=True)
        limits = score_threshold, iou_threshold, max_boxes
        return [chosen(*each, np.shape(images)[1:3], *limits) for each in candidates]

    def evaluate(self, scenes):
        """Return the detector's mean average precision.

        Parameters
        ----------
        scenes : Scenes
            Images, and for each the boxes and labels of its objects.

        Returns
        -------
        dict
            ``map_50``, at an IoU of 0.5, and ``map``, COCO's mean over 0.5, 0.55, …
            0.95.
        """
        found = everything_found(self, scenes)
        truths = [
            {"boxes": boxes, "labels": labels}
            for boxes, labels in zip(scenes.boxes, scenes.labels, strict=True)
        ]
        answer = mean_average_precision(found, truths, THRESHOLDS)
        return {"map_50": answer.per_threshold[0.5], "map": answer.map}


def chosen(boxes, scores, image_size, score_threshold, iou_threshold, max_boxes):
    """Return the candidates of one image that are left, as `Detector.detect` does."""
    height, width = image_size
    rows, labels = np.nonzero(scores > score_threshold)
    scores, boxes = scores[rows, labels], boxes[rows]
    kept = batched_non_max_suppression(
        boxes, scores, labels, iou_threshold, max_boxes=max_boxes
    )
    inside = np.clip(boxes[kept], 0, np.array([width, height] * 2, np.float32))
    return {"boxes": inside, "scores": scores[kept], "labels": labels[kept]}


def everything_found(detector, scenes):
    """Return what a detector finds in scenes, however unsure, for an evaluation."""
    found = []
    for start in range(0, len(scenes.images), EVALUATION_BATCH):
        part = scenes.images[start : start + EVALUATION_BATCH]
        found += detector.detect(part, LOWEST_SCORE, max_boxes=MOST_OBJECTS)
    return found
