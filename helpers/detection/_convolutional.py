"""A classifier's dense head as convolutions, so that it answers at every place."""

import keras
from keras import layers

# They treat every value alike, or work along the channels, where the values now lie.
UNCHANGED = (layers.Activation, layers.Dropout, layers.ReLU, layers.Softmax)
POOLINGS = {
    layers.GlobalAveragePooling2D: layers.AveragePooling2D,
    layers.GlobalMaxPooling2D: layers.MaxPooling2D,
}


def to_convolutional(model):
    """Return a model that gives a classifier's answer at every place of an image.

    Derived in Chapter 12. The first dense layer becomes a convolution whose filters
    are as large as the map that it read, without padding; later ones become 1×1
    convolutions, and global pooling becomes pooling with a window of that size. For
    images of the classifier's own size, the answer is the same, on a grid of one place;
    larger images give a grid of answers.

    Parameters
    ----------
    model : keras.Model
        Functional or sequential, with one input ``[batch, height, width, channels]``
        of known size and one output ``[batch, classes]``. Its head begins with
        `Flatten` or a global pooling and is a chain of dense layers, activations,
        dropout and, after a dense layer or global pooling, batch normalization.

    Returns
    -------
    keras.Model
        Output ``[batch, rows, columns, classes]``; weights are copies of the model's.

    Raises
    ------
    TypeError
        If `model` is no such Keras model.
    ValueError
        If its head has a layer that cannot be converted, or no head is found.

    References
    ----------
    Long, Shelhamer, Darrell: "Fully convolutional networks for semantic segmentation",
    CVPR 2015, section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.detection import to_convolutional
    >>> from helpers.small_networks import compact
    >>> everywhere = to_convolutional(compact())
    >>> everywhere(np.zeros((1, 28, 28, 1), "float32")).shape.as_list()
    [1, 1, 1, 10]
    >>> everywhere(np.zeros((1, 56, 56, 1), "float32")).shape.as_list()
    [1, 5, 5, 10]
    """
    head = _head(model)
    images = keras.Input((None, None, model.input_shape[-1]))
    body = keras.Model(model.inputs, head[0].input)
    maps = _any_size(body, images)
    size, flattened, copies = head[0].input.shape[1:3], False, []
    for layer in head:
        if isinstance(layer, layers.Flatten):
            flattened = True
            continue
        new, flattened = _converted(layer, size, flattened)
        maps = new(maps)
        copies.append((new, layer))
    answer = keras.Model(images, maps, name=f"{model.name}_convolutional")
    for new, layer in copies:
        shapes = [weight.shape for weight in new.weights]
        new.set_weights(
            [
                weight.reshape(shape)
                for weight, shape in zip(layer.get_weights(), shapes, strict=True)
            ]
        )
    return answer


def _any_size(body, images):
    """Return a copy of the layers below the head, called with images of any size."""
    copy = keras.models.clone_model(body, input_tensors=[images])
    copy.set_weights(body.get_weights())
    return copy(images)


def _head(model):
    """Return the layers of the head, from `Flatten` or global pooling on."""
    if not isinstance(model, keras.Model) or not isinstance(
        getattr(model, "output_shape", None), tuple
    ):
        raise TypeError(
            "to_convolutional: model must be a built Keras model with one output, got "
            f"{type(model).__name__}"
        )
    if len(model.output_shape) != 2 or len(model.input_shape) != 4:
        raise ValueError(
            "to_convolutional: model must go from images [batch, height, width, "
            f"channels] to [batch, classes], got {model.input_shape} to "
            f"{model.output_shape}"
        )
    starts = (layers.Flatten, *POOLINGS)
    places = [n for n, one in enumerate(model.layers) if isinstance(one, starts)]
    while places and len(model.layers[places[0]].input.shape) != 4:
        places.pop(0)
    # The last one: inside of the body, a global pooling may feed a gate.
    chains = [place for place in places if _is_chain(model, place)]
    if not chains:
        raise ValueError(
            "to_convolutional: model must end in a head that begins with Flatten or "
            "a global pooling of maps, and in which each layer follows the one before"
        )
    head = model.layers[chains[-1] :]
    if None in head[0].input.shape[1:3]:
        raise ValueError(
            "to_convolutional: model must have an input of known height and width, got "
            f"{model.input_shape}"
        )
    return head


def _is_chain(model, place):
    """Tell whether, from a place on, each layer reads the output of the one before."""
    pairs = zip(model.layers[place:-1], model.layers[place + 1 :], strict=True)
    return len(model.layers[place].input.shape) == 4 and all(
        after.input is before.output for before, after in pairs
    )


def _converted(layer, size, flattened):
    """Return a layer for maps in place of one for vectors, and if it is still flat."""
    if isinstance(layer, layers.Dense):
        convolution = layers.Conv2D(
            layer.units,
            size if flattened else 1,
            activation=layer.activation,
            use_bias=layer.use_bias,
            name=layer.name,
        )
        return convolution, False
    if type(layer) in POOLINGS:
        return POOLINGS[type(layer)](size, strides=1, name=layer.name), False
    if isinstance(layer, UNCHANGED) or (
        isinstance(layer, layers.BatchNormalization) and not flattened
    ):
        return type(layer).from_config(layer.get_config()), flattened
    raise ValueError(
        f"to_convolutional: model has {layer.name!r}, a {type(layer).__name__}, in its "
        "head, which cannot be a convolution"
    )
