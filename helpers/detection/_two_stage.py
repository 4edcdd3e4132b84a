"""A detector that looks twice: first where something is, then at each place, what."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.data.labelled_images import FASHION_CLASSES
from helpers.detection._anchors import (
    IGNORED,
    NOTHING,
    anchor_grid,
    anchor_shapes,
    assign,
    encode,
)
from helpers.detection._backbone import backbone, merged, normalized
from helpers.detection._detector import Detector
from helpers.detection._tensors import (
    align_regions,
    decode,
    encode_tensors,
    mean_over,
    overlaps,
    smooth_l1,
)

STRIDE = 8  # of the one map that both stages read
SHAPES = anchor_shapes((24, 36, 52), (0.5, 1.0, 2.0))
MAPS = 64
REGION = 7  # cells across a region
CONSIDERED = 200  # anchors whose overlaps are compared
PROPOSALS = 32  # regions that the second stage looks at
PROPOSAL_OVERLAP = 0.7  # of two proposals, at most
OBJECT_OVERLAP = 0.5  # of a proposal with an object, at least
# The second stage's offsets are small: divided by these, they are about 1.
SPREAD = (0.1, 0.1, 0.2, 0.2)


class TwoStage(Detector):
    """A small detector in two stages; `two_stage` builds one.

    Attributes
    ----------
    first : keras.Model
        From images to the map, and for each anchor its objectness and offsets.
    second : keras.Model
        From regions of the map to logits of background and classes, and offsets.
    """

    def __init__(self, first, second, class_names):
        self.first, self.second = first, second
        regions = keras.Input((REGION, REGION, MAPS), name="regions")
        network = keras.Model(
            [first.input, regions],
            [*first(first.input), *second(regions)],
            name="two_stage",
        )
        super().__init__(network, class_names)

    def anchors(self, image_size):
        """Return the anchors ``[anchors, 4]``, in the order of the first outputs."""
        return anchor_grid(image_size, STRIDE, SHAPES)

    def batch(self, scenes):
        """Return images, the anchors' targets, and the objects, filled up with zeros.

        An anchor's objectness is 1, 0, or -1 if it is left out. Labels are numbered
        from 1; 0 is no object.
        """
        anchors = self.anchors(scenes.images.shape[1:3])
        count, most = len(scenes.images), max(1, *map(len, scenes.boxes))
        objectness = np.zeros((count, len(anchors)), np.float32)
        offsets = np.zeros((*objectness.shape, 4), np.float32)
        boxes = np.zeros((count, most, 4), np.float32)
        labels = np.zeros((count, most), np.int32)
        for n, (own, names) in enumerate(zip(scenes.boxes, scenes.labels, strict=True)):
            objects = assign(anchors, own)
            near = np.flatnonzero(objects >= 0)
            objectness[n] = np.select(
                [objects == IGNORED, objects == NOTHING], [-1, 0], 1
            )
            offsets[n, near] = encode(own[objects[near]], anchors[near])
            boxes[n, : len(own)], labels[n, : len(own)] = own, names + 1
        return scenes.images, objectness, offsets, boxes, labels

    def loss(self, images, objectness, offsets, boxes, labels):
        """Return the errors of both stages."""
        maps, logits, found = self.first(images, training=True)
        counted = tf.cast(objectness >= 0, tf.float32)
        there = tf.cast(objectness == 1, tf.float32)
        certainty = tf.nn.sigmoid_cross_entropy_with_logits(there, logits)
        apart = tf.reduce_sum(smooth_l1(found - offsets), axis=-1)
        proposals, valid = self._proposals(images, logits, found)
        # The objects themselves are proposals too: there are some good ones at once.
        proposals = tf.stop_gradient(tf.concat([proposals, boxes], axis=1))
        valid = tf.concat([valid, tf.cast(labels > 0, tf.float32)], axis=1)
        classes, targets = region_targets(proposals, boxes, labels)
        scores, moved = self._look_again(maps, proposals, training=True)
        wrong = tf.nn.sparse_softmax_cross_entropy_with_logits(classes, scores)
        differences = moved - encode_tensors(targets, proposals) / SPREAD
        right = valid * tf.cast(classes > 0, tf.float32)
        return {
            "objectness": tf.reduce_sum(certainty * counted)
            / tf.maximum(tf.reduce_sum(there), 1),
            "proposals": mean_over(apart, there),
            "classes": mean_over(wrong, valid),
            "boxes": mean_over(tf.reduce_sum(smooth_l1(differences), -1), right),
        }

    def _proposals(self, images, logits, offsets):
        """Return the best regions [batch, n, 4], and 1 for each that is one."""
        _, height, width, _ = images.shape
        anchors = tf.constant(self.anchors((height, width)))
        scores, best = tf.math.top_k(logits, CONSIDERED)
        boxes = decode(tf.gather(offsets, best, batch_dims=1), tf.gather(anchors, best))
        boxes = tf.clip_by_value(
            boxes, 0.0, tf.constant([width, height] * 2, tf.float32)
        )
        kept = tf.image.combined_non_max_suppression(
            boxes[:, :, tf.newaxis],
            tf.sigmoid(scores)[..., tf.newaxis],
            max_output_size_per_class=PROPOSALS,
            max_total_size=PROPOSALS,
            iou_threshold=PROPOSAL_OVERLAP,
            clip_boxes=False,
        )
        valid = tf.sequence_mask(kept.valid_detections, PROPOSALS, tf.float32)
        return kept.nmsed_boxes, valid

    def _look_again(self, maps, regions, training):
        """Return logits [batch, n, 1 + classes] and offsets [batch, n, 4]."""
        crops = align_regions(maps, regions / STRIDE, REGION)
        scores, offsets = self.second(crops, training=training)
        lead = tf.shape(regions)[:2]
        return (
            tf.reshape(scores, (*tf.unstack(lead), scores.shape[-1])),
            tf.reshape(offsets, (*tf.unstack(lead), 4)),
        )

    def _candidates(self, images):
        return self.candidates_and_map(images)[:2]

    def candidates_and_map(self, images):
        """Return boxes and scores, and the map that they were read from, tensors."""
        maps, logits, offsets = self.first(images, training=False)
        regions, valid = self._proposals(images, logits, offsets)
        scores, moved = self._look_again(maps, regions, training=False)
        boxes = decode(moved * SPREAD, regions)
        return boxes, tf.nn.softmax(scores)[..., 1:] * valid[..., tf.newaxis], maps


def region_targets(regions, boxes, labels):
    """Return for each region its class, 0 for none, and the box that it should get.

    Parameters
    ----------
    regions : tensor, shape (batch, n, 4)
    boxes : tensor, shape (batch, m, 4)
    labels : tensor of int, shape (batch, m)
        From 1; 0 where there is no object.

    Returns
    -------
    tuple of tensor
        ``[batch, n]`` and ``[batch, n, 4]``; a region that is near no object gets
        itself for a box.
    """
    shared = overlaps(regions, boxes)
    best = tf.argmax(shared, axis=2)
    near = tf.reduce_max(shared, axis=2) >= OBJECT_OVERLAP
    classes = tf.where(near, tf.gather(labels, best, batch_dims=1), 0)
    targets = tf.gather(boxes, best, batch_dims=1)
    return classes, tf.where(near[..., tf.newaxis], targets, regions)


def two_stage(class_names=FASHION_CLASSES):
    """Build a small detector in the manner of Faster R-CNN; used in Chapter 12.

    The first stage proposes regions, whatever is in them. The second looks at the map
    within each, aligned by bilinear interpolation, and says what it is and where its
    box should be.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes to tell apart.

    Returns
    -------
    TwoStage

    Examples
    --------
    >>> from helpers.detection import two_stage
    >>> boxes, scores = two_stage().candidates(np.zeros((1, 128, 128, 3)))
    >>> boxes.shape, scores.shape
    ((1, 32, 4), (1, 32, 10))
    """
    body = backbone()
    *_, fine, coarse = body.outputs
    maps = normalized(merged(fine, coarse, MAPS), MAPS)
    looked = normalized(maps, MAPS)
    objectness = layers.Conv2D(len(SHAPES), 1)(looked)
    offsets = layers.Conv2D(4 * len(SHAPES), 1)(looked)
    first = keras.Model(
        body.input,
        [maps, layers.Reshape((-1,))(objectness), layers.Reshape((-1, 4))(offsets)],
        name="first",
    )
    return TwoStage(first, region_head(len(class_names)), class_names)


def region_head(num_classes):
    """Return a model from regions of the map to logits and offsets."""
    regions = keras.Input((REGION, REGION, MAPS))
    maps = normalized(regions, MAPS, padding="valid")
    maps = normalized(maps, MAPS, padding="valid")
    values = layers.Dense(128, activation="relu")(layers.Flatten()(maps))
    outputs = [layers.Dense(1 + num_classes)(values), layers.Dense(4)(values)]
    return keras.Model(regions, outputs, name="second")
