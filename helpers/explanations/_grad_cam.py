"""Grad-CAM: where a layer speaks for a class."""

import keras
import numpy as np
import tensorflow as tf

from helpers.explanations._checks import (
    checked_images,
    checked_layer,
    one_class_an_image,
)

BATCH = 32


def grad_cam(model, images, layer, class_id, relu=True):
    """Return a map of what in a layer speaks for a class, by Grad-CAM.

    Derived in Chapter 9. Each feature map is weighted by the mean of the score's
    gradient over that map; the weighted maps are added up.

    Parameters
    ----------
    model : keras.Model
        A functional model from images to scores [batch, classes], best to logits.
    images : array_like, shape (batch, height, width, channels)
        As the model takes them.
    layer : str
        Name of a layer whose output is feature maps.
    class_id : int or sequence of int
        The class, one for all images or one for each.
    relu : bool, optional
        Keep what speaks *for* the class only, as the paper does. Without it, negative
        values show what speaks against it.

    Returns
    -------
    ndarray of float32, shape (batch, layer's height, layer's width)

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    Selvaraju et al., "Grad-CAM: Visual explanations from deep networks via
    gradient-based localization", ICCV 2017, https://arxiv.org/abs/1610.02391

    Examples
    --------
    >>> import keras, numpy as np
    >>> from helpers.explanations import grad_cam
    >>> inputs = keras.Input((4, 4, 1))
    >>> maps = keras.layers.Conv2D(3, 1, name="maps")(inputs)
    >>> scores = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(maps))
    >>> model = keras.Model(inputs, scores)
    >>> grad_cam(model, np.ones((5, 4, 4, 1)), "maps", class_id=0).shape
    (5, 4, 4)
    """
    name = "grad_cam"
    images = checked_images(name, images)
    split = _maps_and_scores(name, model, layer)
    classes = one_class_an_image(name, class_id, model, len(images))
    batches = zip(_batches(images), _batches(classes), strict=True)
    found = np.concatenate([_weighted_sums(split, *batch) for batch in batches])
    return np.maximum(found, 0) if relu else found


def _weighted_sums(split, images, classes):
    """Return for each image the sum of its maps, weighted by their mean gradients."""
    images = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(images)  # the layer may have no weights below it
        maps, scores = split(images, training=False)
        # No image's score depends on another image, so the sum keeps them apart.
        score = tf.reduce_sum(tf.gather(scores, classes, axis=1, batch_dims=1))
    gradients = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    return tf.reduce_sum(weights * maps, axis=-1).numpy()


def _batches(values):
    return [values[start : start + BATCH] for start in range(0, len(values), BATCH)]


def _maps_and_scores(function, model, layer):
    """Return a model that gives a layer's maps and the scores."""
    output = checked_layer(function, model, layer).output
    if len(output.shape) != 4:
        raise ValueError(
            f"{function}: layer must give feature maps [batch, height, width, maps], "
            f"{layer!r} gives {output.shape}"
        )
    if len(model.output.shape) != 2:
        raise ValueError(
            f"{function}: model must give scores [batch, classes], "
            f"it gives {model.output.shape}"
        )
    return keras.Model(model.input, [output, model.output])
