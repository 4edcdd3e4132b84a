"""A detector trained on COCO: SSDLite over MobileNetV2, as a frozen graph."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from helpers.boxes import batched_non_max_suppression
from helpers.data import data_path
from helpers.data._files import require_known
from helpers.pretrained._coco import coco_names
from helpers.pretrained._photograph import as_photograph

GRAPHS = {"coco_ssd": "pretrained/coco_ssd.pb"}
INPUT = "image_tensor:0"
OUTPUTS = ("Postprocessor/ExpandDims_1:0", "Postprocessor/Slice:0")  # boxes, scores


@dataclass(frozen=True, eq=False)
class Detections:
    """What a detector found in one photograph, the best first.

    Attributes
    ----------
    boxes : ndarray of float32, shape (found, 4)
        ``[x_min, y_min, x_max, y_max]`` in pixels, cut off at the photograph's edges.
    scores : ndarray of float32, shape (found,)
        From 0 to 1.
    labels : ndarray of int64, shape (found,)
        COCO's numbers, 1 to 90.
    names : tuple of str
        The names of these classes.
    """

    boxes: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    names: tuple

    def __len__(self):
        return len(self.scores)


class Detector:
    """Find things in photographs; `load_detector` makes one.

    Call it with a photograph for what is left after suppression, or ask for its raw
    `candidates`.
    """

    def __init__(self, network):
        self._network = network
        self._names = coco_names()

    def candidates(self, image):
        """Return every box that the network proposes, with all its scores.

        Parameters
        ----------
        image : array_like or PIL.Image.Image
            One photograph, as `preprocess` takes it.

        Returns
        -------
        boxes : ndarray of float32, shape (1917, 4)
            ``[x_min, y_min, x_max, y_max]`` in pixels; some reach past the edges.
        scores : ndarray of float32, shape (1917, 90)
            Column ``k`` is for COCO's class ``k + 1``; columns of numbers that name
            nothing stay near 0.

        Raises
        ------
        TypeError, ValueError
            If it is no photograph.
        """
        return self._propose(as_photograph("candidates", image))

    def _propose(self, photograph):
        """Run the network once, and turn its relative boxes into pixels."""
        height, width, _ = photograph.shape
        boxes, scores = self._network(tf.constant(photograph[None]))
        top, left, bottom, right = np.reshape(boxes, (-1, 4)).T
        sides = [left * width, top * height, right * width, bottom * height]
        return np.stack(sides, axis=1), scores.numpy()[0]

    def __call__(self, image, score_threshold=0.5, iou_threshold=0.5, max_boxes=None):
        """Return what is in a photograph.

        Each candidate stands for its best class. Those above the score's threshold go
        through `helpers.boxes.batched_non_max_suppression`, class by class.

        Parameters
        ----------
        image : array_like or PIL.Image.Image
            One photograph, as `preprocess` takes it.
        score_threshold : float, optional
            Only candidates with a strictly greater score count.
        iou_threshold : float, optional
            A box goes when it overlaps a better one of its class by more.
        max_boxes : int, optional
            Keep so many boxes of each class at most.

        Returns
        -------
        Detections

        Raises
        ------
        TypeError, ValueError
            If it is no photograph, or a setting not of the kind above.
        """
        photograph = as_photograph("detector", image)
        boxes, all_scores = self._propose(photograph)
        scores = all_scores.max(axis=1)
        labels = all_scores.argmax(axis=1) + 1
        kept = batched_non_max_suppression(
            boxes, scores, labels, iou_threshold, score_threshold, max_boxes
        )
        height, width, _ = photograph.shape
        inside = np.clip(boxes[kept], 0, np.array([width, height] * 2, np.float32))
        names = tuple(self._names.get(int(k), f"class {k}") for k in labels[kept])
        return Detections(inside, scores[kept], labels[kept], names)


def load_detector(name="coco_ssd"):
    """Return a detector that was trained on COCO's 80 classes.

    Used from Chapter 12, Object detection, on.

    Parameters
    ----------
    name : str, optional
        ``"coco_ssd"``, which comes from ``data/``: SSDLite over MobileNetV2.

    Returns
    -------
    Detector
        ``detector(photograph)`` gives `Detections`.

    Raises
    ------
    TypeError, ValueError
        If there is no such detector.
    DataError
        If the graph is missing or damaged. It is not parsed then.

    References
    ----------
    Sandler et al., "MobileNetV2: Inverted residuals and linear bottlenecks", CVPR 2018,
    https://arxiv.org/abs/1801.04381

    Examples
    --------
    >>> from helpers.data import photograph
    >>> from helpers.pretrained import load_detector
    >>> found = load_detector()(photograph("chelsea"))
    >>> found.names, found.boxes.shape
    (('cat',), (1, 4))
    """
    require_known("load_detector", "detector", name, GRAPHS)
    return Detector(_imported(data_path(GRAPHS[name]).read_bytes()))


def _imported(contents):
    """Return a serialized graph as a function from images to boxes and scores."""
    graph = tf.compat.v1.GraphDef()
    graph.ParseFromString(contents)
    _widen(graph)
    imported = tf.compat.v1.wrap_function(
        lambda: tf.import_graph_def(graph, name=""), []
    )
    return imported.prune(INPUT, OUTPUTS)


def _widen(graph):
    """Turn the 16-bit constants of a graph into the 32-bit ones that it computes with.

    They are stored in 16 bits to halve the file.
    """
    for node in graph.node:
        if (
            node.op == "Const"
            and node.attr["dtype"].type == tf.float16.as_datatype_enum
        ):
            values = tf.make_ndarray(node.attr["value"].tensor).astype(np.float32)
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(values))
            node.attr["dtype"].type = tf.float32.as_datatype_enum
