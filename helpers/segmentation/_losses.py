"""How wrong a segmentation map is: pixel by pixel, and class by class."""

import numpy as np
import tensorflow as tf

IGNORED = 255  # a pixel's label that is left out, as in PASCAL VOC


def cross_entropy(labels, logits):
    """Return the mean cross-entropy of the pixels that count; used from Chapter 14 on.

    Parameters
    ----------
    labels : tensor of int, shape (batch, height, width)
        Classes from 0; pixels of 255 are left out.
    logits : tensor, shape (batch, height, width, classes)

    Returns
    -------
    tensor
        0 if no pixel counts.

    Raises
    ------
    ValueError
        If labels have another size than the logits, or a class that those do not have.
        Inside a `tf.function` only the size is looked at.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.segmentation import cross_entropy
    >>> even = cross_entropy([[[1, 255]]], np.zeros((1, 1, 2, 4), "float32"))
    >>> bool(np.isclose(even, np.log(4)))
    True
    """
    labels = _checked("cross_entropy", labels, logits)
    counted = tf.cast(labels != IGNORED, tf.float32)
    wrong = tf.nn.sparse_softmax_cross_entropy_with_logits(
        tf.where(labels == IGNORED, 0, labels), logits
    )
    return tf.math.divide_no_nan(tf.reduce_sum(wrong * counted), tf.reduce_sum(counted))


def dice_loss(labels, logits):
    """Return 1 less the mean soft Dice score of the classes; derived in Chapter 14.

    A class counts as much as any other, however few its pixels are.

    Parameters
    ----------
    labels, logits : tensor
        As for `cross_entropy`, which raises the same errors.

    Returns
    -------
    tensor
        From 0 to 1, over the classes that appear in `labels`; 0 if none does.

    References
    ----------
    Milletari, Navab, Ahmadi: "V-Net", 3DV 2016, section 3; there with squares in the
    denominator.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.segmentation import dice_loss
    >>> sure = 40 * np.eye(2, dtype="float32")[np.newaxis, [[0, 1, 1]]]
    >>> round(float(dice_loss([[[0, 1, 1]]], sure)), 6)
    0.0
    """
    labels = _checked("dice_loss", labels, logits)
    counted = tf.cast(labels != IGNORED, tf.float32)[..., tf.newaxis]
    truth = tf.one_hot(labels, logits.shape[-1])  # zeros for 255
    shares = tf.nn.softmax(logits) * counted
    both = tf.reduce_sum(truth * shares, axis=(0, 1, 2))
    there = tf.reduce_sum(truth, axis=(0, 1, 2))
    scores = tf.math.divide_no_nan(
        2 * both, there + tf.reduce_sum(shares, axis=(0, 1, 2))
    )
    present = tf.cast(there > 0, tf.float32)
    return tf.math.divide_no_nan(
        tf.reduce_sum((1 - scores) * present), tf.reduce_sum(present)
    )


def _checked(function, labels, logits):
    """Return labels as integers that fit the logits, or say why they do not."""
    labels = tf.cast(labels, tf.int32)
    *size, classes = np.shape(logits)
    if not labels.shape.is_compatible_with(size):
        raise ValueError(
            f"{function}: labels must have the size of the logits, "
            f"{tuple(size)}, got {tuple(labels.shape)}"
        )
    if tf.executing_eagerly():
        unknown = (labels < 0) | ((labels >= classes) & (labels != IGNORED))
        if tf.reduce_any(unknown):
            raise ValueError(
                f"{function}: labels must be 0 to {classes - 1}, or {IGNORED} to be "
                f"left out, got {labels[unknown][0]}"
            )
    return labels
