"""A small network that looks at one window, and the detector that slides it."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.data.labelled_images import FASHION_CLASSES
from helpers.detection._anchors import encode
from helpers.detection._backbone import normalized
from helpers.detection._convolutional import to_convolutional
from helpers.detection._detector import Detector
from helpers.detection._tensors import decode, mean_over
from helpers.training._scene_changes import seed_of

WINDOW = 32  # pixels across what the network sees
SCALES = (1.0, 1.4, 2.0, 2.8)  # how much larger its windows are in the image
MARGIN = 8  # zeros around an image, so that windows may reach past its edges
STRIDE = 4  # from one answer to the next: two poolings
BATCH = 256
FILLED = (0.55, 0.95)  # of the window, by an object that it answers for
NEAR = 0.15  # how far from the window's centre the object's may be, in windows
BOX_WEIGHT = 2.0
TRIES = 6  # windows drawn near each object, and as many anywhere
OBJECTNESS, CLASSES, BOX = 0, slice(1, -4), slice(-4, None)


class WindowClassifier:
    """A network for one window, to be trained; `window_classifier` builds one.

    Attributes
    ----------
    network : keras.Model
        From windows ``[batch, 32, 32, 3]`` in 0..1 to ``[batch, 1 + classes + 4]``: the
        logit of there being an object, the logits of its class, and how its box differs
        from the window, as in `encode`.
    class_names : tuple of str
        The classes that it tells apart.
    """

    def __init__(self, network, class_names):
        self.network = network
        self.class_names = tuple(class_names)

    def batch(self, scenes):
        """Return `BATCH` windows of the scenes, and what should be said of each.

        Most of them lie near an object. What counts as an object in a window: see
        `window_objects`.
        """
        rng = np.random.default_rng(seed_of(scenes))
        drawn = [
            _drawn(image, scale, boxes, labels, rng)
            for scale in SCALES
            for image, boxes, labels in zip(
                _level(scenes.images, scale), scenes.boxes, scenes.labels, strict=True
            )
        ]
        parts = [np.concatenate(each) for each in zip(*drawn, strict=True)]
        count = len(parts[0])
        chosen = rng.permutation(np.resize(np.arange(count), max(BATCH, count)))
        return tuple(each[chosen[:BATCH]] for each in parts)

    def loss(self, windows, labels, offsets):
        """Return the errors of objectness, classes and boxes."""
        outputs = self.network(windows, training=True)
        there = tf.cast(labels >= 0, tf.float32)
        certainty = tf.nn.sigmoid_cross_entropy_with_logits(
            there, outputs[:, OBJECTNESS]
        )
        wrong = tf.nn.sparse_softmax_cross_entropy_with_logits(
            tf.maximum(labels, 0), outputs[:, CLASSES]
        )
        apart = tf.reduce_sum((outputs[:, BOX] - offsets) ** 2, axis=1)
        return {
            "objectness": tf.reduce_mean(certainty),
            "classes": mean_over(wrong, there),
            "boxes": BOX_WEIGHT * mean_over(apart, there),
        }

    def detector(self):
        """Return a detector that slides the network, as it is now, over images."""
        return SlidingWindows(self.network, self.class_names)

    def evaluate(self, scenes):
        """Return the mean average precision of the sliding detector."""
        return self.detector().evaluate(scenes)


class SlidingWindows(Detector):
    """A detector that looks at windows of four sizes, all over the image.

    Parameters
    ----------
    network : keras.Model
        That of a `WindowClassifier`. Its weights are copied.
    class_names : sequence of str
        The classes that it tells apart.

    Attributes
    ----------
    everywhere : keras.Model
        The network as convolutions: one pass answers for all windows of a size.
    """

    stride = 1

    def __init__(self, network, class_names):
        super().__init__(network, class_names)
        self.everywhere = to_convolutional(network)

    def windows(self, image_size):
        """Return the windows ``[windows, 4]`` that it looks at, in pixels."""
        return np.concatenate([_grid(image_size, scale) for scale in SCALES])

    def _candidates(self, images):
        _, height, width, _ = images.shape
        outputs = [
            self.everywhere(_padded(_shrunk(images, scale)), training=False)
            for scale in SCALES
        ]
        numbers = outputs[0].shape[-1]
        flat = [
            tf.reshape(each, (tf.shape(images)[0], -1, numbers)) for each in outputs
        ]
        answers = tf.concat(flat, axis=1)
        boxes = decode(answers[..., BOX], tf.constant(self.windows((height, width))))
        certainty = tf.sigmoid(answers[..., OBJECTNESS])[..., tf.newaxis]
        return boxes, certainty * tf.nn.softmax(answers[..., CLASSES])


def window_objects(windows, boxes):
    """Return for each window the object that it answers for, -1 if there is none.

    It is the one whose centre is nearest to the window's, if that is within 0.15 of the
    window's side, and the longer side of the object fills 0.55 to 0.95 of the window.
    Used in Chapter 12.

    Parameters
    ----------
    windows, boxes : ndarray, shapes (windows, 4) and (objects, 4)

    Returns
    -------
    ndarray of int64, shape (windows,)
    """
    if len(boxes) == 0:
        return np.full(len(windows), -1)
    side = (windows[:, 2] - windows[:, 0])[:, np.newaxis]
    centres = (windows[:, :2] + windows[:, 2:])[:, np.newaxis]
    far = np.abs(centres - boxes[:, :2] - boxes[:, 2:]).max(axis=2) / 2 / side
    filled = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) / side
    fits = (far <= NEAR) & (filled >= FILLED[0]) & (filled <= FILLED[1])
    far = np.where(fits, far, np.inf)
    return np.where(fits.any(axis=1), far.argmin(axis=1), -1)


def window_classifier(class_names=FASHION_CLASSES):
    """Build a small network that says what a window holds; used in Chapter 12.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes to tell apart.

    Returns
    -------
    WindowClassifier

    Examples
    --------
    >>> from helpers.detection import window_classifier
    >>> window_classifier().network.output_shape
    (None, 15)
    """
    windows = keras.Input((WINDOW, WINDOW, 3), name="windows")
    maps = layers.MaxPooling2D()(normalized(windows, 32))
    maps = normalized(normalized(maps, 48), 48)
    maps = normalized(layers.MaxPooling2D()(maps), 64)
    values = layers.Flatten()(normalized(maps, 48))
    values = layers.Dense(128, activation="relu")(values)
    outputs = layers.Dense(1 + len(class_names) + 4)(values)
    network = keras.Model(windows, outputs, name="window_classifier")
    return WindowClassifier(network, class_names)


def _shrunk(images, scale):
    """Return images so much smaller, as a tensor."""
    size = [round(side / scale) for side in images.shape[1:3]]
    if size == list(images.shape[1:3]):
        return images
    return tf.image.resize(images, size, antialias=True)


def _padded(images):
    return tf.pad(images, [[0, 0], [MARGIN, MARGIN], [MARGIN, MARGIN], [0, 0]])


def _level(images, scale):
    """Return images so much smaller, with a margin, as an array."""
    return np.asarray(_padded(_shrunk(images, scale)))


def _boxes_of(corners, image_size, scale):
    """Return the windows with these corners (row, column) in a level, in pixels."""
    size = [round(side / scale) for side in image_size]
    times = np.divide(image_size, size)[::-1]
    low = (corners[:, ::-1] - MARGIN) * times
    return np.concatenate([low, low + WINDOW * times], axis=1).astype(np.float32)


def _grid(image_size, scale):
    """Return every window of a level that the convolutional network answers for."""
    rows, columns = (
        (round(side / scale) + 2 * MARGIN - WINDOW) // STRIDE + 1 for side in image_size
    )
    corners = np.stack(np.mgrid[:rows, :columns], axis=-1).reshape(-1, 2) * STRIDE
    return _boxes_of(corners, image_size, scale)


def _drawn(level, scale, boxes, labels, rng):
    """Return windows of one level of one scene, their labels and their offsets.

    Windows without an object have the label -1.
    """
    room = level.shape[0] - WINDOW
    size = (round((level.shape[0] - 2 * MARGIN) * scale),) * 2
    corners = rng.integers(0, room + 1, (TRIES, 2))
    centres = (boxes[:, 1::-1] + boxes[:, :1:-1]) / 2 / scale + MARGIN - WINDOW / 2
    for centre in centres:
        close = centre + rng.normal(0, WINDOW / 10, (TRIES, 2))
        corners = np.concatenate(
            [corners, np.clip(np.rint(close), 0, room).astype(int)]
        )
    windows = _boxes_of(corners, size, scale)
    objects = window_objects(windows, boxes)
    own = objects >= 0
    answers = np.full(len(windows), -1, np.int32)
    answers[own] = labels[objects[own]]
    offsets = np.zeros((len(windows), 4), np.float32)
    offsets[own] = encode(boxes[objects[own]], windows[own])
    parts = [level[r : r + WINDOW, c : c + WINDOW] for r, c in corners]
    return np.stack(parts), answers, offsets
