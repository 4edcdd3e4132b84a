"""Transfer learning: the lower layers of a trained network under a new head.

Derived in Chapter 10, *Transfer learning*. It needs Keras with TensorFlow behind it.
"""

import keras
import numpy as np
from keras import layers

from helpers._validation import as_array, as_count, as_number, show

#: The name of the layer that is a model's new head.
HEAD = "new_head"

_FEATURES = "features"  # the layer of a classifier that the new head reads
_CENTRE, _SCALE = 127, 128  # the classifier takes (rgb - 127) / 128
_BATCH = 64


def backbone(classifier, size=96):
    """Return a classifier without its head, for images of another size.

    Used in Chapters 10 and 17.

    Parameters
    ----------
    classifier : keras.Model
        As `helpers.pretrained.load_classifier` returns ``"efficientnet_lite0"``, with
        a layer called ``"features"``.
    size : int, optional
        Height and width of the images in pixels, at least 32. The filters stay what
        they are; the maps become smaller.

    Returns
    -------
    keras.Model
        From ``(rgb - 127) / 128``, ``[batch, size, size, 3]``, to features
        ``[batch, 1280]``. Its layers are new ones with the classifier's weights.

    Raises
    ------
    TypeError, ValueError
        If `classifier` has no such layer, or `size` is too small.

    Examples
    --------
    >>> from helpers.pretrained import load_classifier
    >>> from helpers.transfer import backbone
    >>> backbone(load_classifier()).output_shape
    (None, 1280)
    """
    size = as_count("backbone", "size", size, minimum=32)
    if not isinstance(classifier, keras.Model):
        raise TypeError(
            f"backbone: classifier must be a keras.Model, got {show(classifier)}"
        )
    if _FEATURES not in {layer.name for layer in classifier.layers}:
        raise ValueError(
            f'backbone: classifier must have a layer called "{_FEATURES}", '
            f"{classifier.name} has none"
        )
    features = classifier.get_layer(_FEATURES).output
    headless = keras.Model(classifier.inputs, features)
    images = keras.Input((size, size, 3), name="images")
    copy = keras.models.clone_model(headless, input_tensors=[images])
    copy.set_weights(headless.get_weights())
    return keras.Model(copy.inputs[0], copy.outputs[0], name="backbone")


def with_new_head(base, num_classes, dropout=0.2):
    """Return a network of a backbone and one new dense layer; used in Chapter 10.

    Parameters
    ----------
    base : keras.Model
        As `backbone` returns it. It is not copied: what is trained here changes there.
    num_classes : int
        Number of outputs.
    dropout : float, optional
        Share of the features that are dropped in training.

    Returns
    -------
    keras.Model
        From images in 0..1, ``[batch, height, width, 3]``, to logits
        ``[batch, num_classes]``. The dense layer is called ``"new_head"``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Examples
    --------
    >>> from helpers.pretrained import load_classifier
    >>> from helpers.transfer import backbone, with_new_head
    >>> base = backbone(load_classifier())
    >>> base.trainable = False
    >>> model = with_new_head(base, 2)
    >>> [tuple(weight.shape) for weight in model.trainable_weights]
    [(1280, 2), (2,)]
    """
    num_classes = as_count("with_new_head", "num_classes", num_classes, minimum=2)
    dropout = as_number("with_new_head", "dropout", dropout, 0, 0.9)
    images = keras.Input(base.input_shape[1:], name="photographs")
    scaled = layers.Rescaling(255 / _SCALE, offset=-_CENTRE / _SCALE)(images)
    features = layers.Dropout(dropout)(base(scaled))
    logits = layers.Dense(num_classes, name=HEAD)(features)
    return keras.Model(images, logits, name="transferred")


def unfreeze_from(base, name, normalization=False):
    """Let a backbone learn from one of its layers on; freeze those below.

    Used in Chapter 10. Batch normalization stays frozen, and so in use mode: Keras lets
    it take the statistics of each batch only where it is trainable. To call the
    backbone with ``training=False`` is not enough, since a model that is trained passes
    ``training=True`` on to all that it holds.

    Parameters
    ----------
    base : keras.Model
        Changed in place. Compile what it is part of afterwards, as `train` does.
    name : str or None
        The first layer that learns, such as ``"block_13_expand_conv"``; the name of
        the input, ``"images"``, for all; None for no layer.
    normalization : bool, optional
        Unfreeze batch normalization, too: its scale and offset learn, it takes the
        statistics of each batch, and its stored averages move.

    Returns
    -------
    int
        Number of weights in the backbone that learn now.

    Raises
    ------
    ValueError
        If there is no such layer.

    Examples
    --------
    >>> from helpers.pretrained import load_classifier
    >>> from helpers.transfer import backbone, unfreeze_from
    >>> base = backbone(load_classifier())
    >>> unfreeze_from(base, "head_conv")
    409600
    """
    names = [layer.name for layer in base.layers]
    if name is not None and name not in names:
        raise ValueError(
            f"unfreeze_from: there is no layer {name!r}; the last are "
            + ", ".join(names[-4:])
        )
    first = len(names) if name is None else names.index(name)
    base.trainable = True
    for place, layer in enumerate(base.layers):
        is_kept = isinstance(layer, layers.BatchNormalization) and not normalization
        layer.trainable = place >= first and not is_kept
    return sum(int(np.prod(weight.shape)) for weight in base.trainable_weights)


def compute_features(base, images):
    """Return a backbone's features of photographs; used in Chapters 10 and 17.

    Parameters
    ----------
    base : keras.Model
        As `backbone` returns it.
    images : array_like
        uint8 in 0..255, ``[batch, height, width, 3]``.

    Returns
    -------
    numpy.ndarray
        float32 ``[batch, features]``.

    Raises
    ------
    TypeError, ValueError
        If `images` is not such an array.
    """
    axes = ("batch, height, width, channels",)
    images = as_array("compute_features", "images", images, axes)
    if images.dtype != np.uint8:
        raise TypeError(
            f"compute_features: images must be uint8 in 0..255, got {images.dtype}"
        )
    return np.concatenate(
        [
            base((batch.astype(np.float32) - _CENTRE) / _SCALE, training=False)
            for batch in np.split(images, range(_BATCH, len(images), _BATCH))
        ]
    )


def few_per_class(labels, count, seed=0):
    """Draw the same number of examples of each class.

    Parameters
    ----------
    labels : array_like
        Integers ``[examples]``.
    count : int
        How many of each class.
    seed : int, optional
        Decides which. A smaller count with the same seed gives a part of a larger one.

    Returns
    -------
    numpy.ndarray
        Indices into `labels`, ``[classes * count]``, class by class.

    Raises
    ------
    TypeError, ValueError
        If a class has fewer examples.

    Examples
    --------
    >>> from helpers.transfer import few_per_class
    >>> few_per_class([0, 0, 1, 1, 1, 0], 2).tolist()
    [5, 0, 4, 3]
    """
    labels = as_array("few_per_class", "labels", np.asarray(labels), ("examples",))
    count = as_count("few_per_class", "count", count)
    rng = np.random.default_rng(seed)
    drawn = []
    for label in np.unique(labels):
        found = rng.permutation(np.flatnonzero(labels == label))
        if len(found) < count:
            raise ValueError(
                f"few_per_class: count must be at most {len(found)}, the examples of "
                f"class {label}, got {count}"
            )
        drawn.append(found[:count])
    return np.concatenate(drawn)


def head_alone(features, num_classes, dropout=0.2):
    """Return the new head as a network of its own, over features computed once.

    Used in Chapters 10 and 17.

    Parameters
    ----------
    features : int
        Number of features.
    num_classes : int
        Number of outputs.
    dropout : float, optional
        As for `with_new_head`.

    Returns
    -------
    keras.Model
        From features ``[batch, 1, 1, features]``, as an image of one pixel so that
        `helpers.training.train` takes them, to logits.
    """
    return keras.Sequential(
        [
            keras.Input((1, 1, as_count("head_alone", "features", features))),
            layers.Flatten(),
            layers.Dropout(as_number("head_alone", "dropout", dropout, 0, 0.9)),
            layers.Dense(as_count("head_alone", "num_classes", num_classes), name=HEAD),
        ]
    )
