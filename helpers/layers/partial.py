"""LeNet-5's partial connections between maps.

Derived in Chapter 6, *LeNet-5 to GoogLeNet*, from LeCun, Bottou, Bengio
and Haffner, "Gradient-based learning applied to document recognition", 1998,
http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
"""

import keras
import numpy as np
from keras import ops

from helpers._validation import as_counts, show
from helpers.layers._base import MapsLayer, maps_shape, register


@register
class PartialConv2D(MapsLayer):
    """Convolve where each filter looks at some of the maps only.

    Derived in Chapter 6. VALID padding and stride 1. Only the connections that exist
    have weights.

    Parameters
    ----------
    connections : sequence of sequences of int
        For each filter, the input maps that it looks at, counted from 0.
    kernel_size : int or (int, int)
        Height and width of the filters, in pixels.
    activation : str or callable, optional
        After the convolution.
    kernel_initializer : str or initializer
        Of each filter's weights.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If `connections` or `kernel_size` are not of the kind above; when the layer is
        built, if a map is missing, or if the input is not feature maps.

    Examples
    --------
    Two filters of 5×5, one over three maps and one over two:

    >>> layer = PartialConv2D([(0, 1, 2), (1, 2)], kernel_size=5)
    >>> layer.build((None, 14, 14, 3))
    >>> layer.count_params() == 5 * 5 * (3 + 2) + 2
    True
    """

    def __init__(
        self,
        connections,
        kernel_size,
        activation=None,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.connections = _connections(connections)
        self.kernel_size = as_counts("PartialConv2D", "kernel_size", kernel_size, 2)
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        """Make the weights of the connections that exist."""
        super().build(input_shape)
        self.compute_output_shape(input_shape)
        filters, channels = len(self.connections), input_shape[-1]
        pairs = [
            (source, number)
            for number, sources in enumerate(self.connections)
            for source in sources
        ]
        # Row i says to which input map and filter the i-th kernel belongs.
        self.places = np.zeros((len(pairs), channels * filters))
        for row, (source, number) in enumerate(pairs):
            self.places[row, source * filters + number] = 1
        self.kernel = self.add_weight(
            shape=(*self.kernel_size, len(pairs)),
            initializer=self._initial_kernel,
            name="kernel",
        )
        self.bias = self.add_weight(shape=(filters,), initializer="zeros", name="bias")

    def _initial_kernel(self, shape, dtype=None):
        """Return each filter's weights, drawn for its own number of maps."""
        serialized = keras.initializers.serialize(self.kernel_initializer)
        kernels = [
            # An initializer asked twice would give the same numbers twice.
            keras.initializers.get(serialized)((*shape[:2], len(sources), 1), dtype)
            for sources in self.connections
        ]
        return ops.concatenate(kernels, axis=2)[..., 0]

    def call(self, inputs):
        """Return the feature maps."""
        places = ops.cast(self.places, inputs.dtype)
        shape = (*self.kernel_size, inputs.shape[-1], len(self.connections))
        # Zeros where there is no connection: then it is an ordinary convolution.
        kernel = ops.reshape(ops.matmul(self.kernel, places), shape)
        outputs = ops.conv(inputs, kernel, padding="valid") + self.bias
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        """Return the shape of the feature maps."""
        batch, *sides, channels = maps_shape("PartialConv2D", input_shape)
        last = max(max(sources) for sources in self.connections)
        if last >= channels:
            raise ValueError(
                f"PartialConv2D: connections must name maps 0 to {channels - 1} of the "
                f"input, got {last}"
            )
        fewer = [
            None if side is None else side - window + 1
            for side, window in zip(sides, self.kernel_size, strict=True)
        ]
        if any(side is not None and side < 1 for side in fewer):
            raise ValueError(
                f"PartialConv2D: input must be at least as large as kernel_size "
                f"{self.kernel_size}, got shape {tuple(input_shape)}"
            )
        return (batch, *fewer, len(self.connections))

    def get_config(self):
        """Return what the layer is made from."""
        return {
            **super().get_config(),
            "connections": self.connections,
            "kernel_size": self.kernel_size,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


def _connections(value):
    wanted = "a list of lists of different input maps, one list for each filter"
    if not isinstance(value, (tuple, list)) or not all(
        isinstance(sources, (tuple, list)) for sources in value
    ):
        raise TypeError(
            f"PartialConv2D: connections must be {wanted}, got {show(value)}"
        )
    flat = [source for sources in value for source in sources]
    if not all(type(source) is int for source in flat):
        raise TypeError(
            f"PartialConv2D: connections must be {wanted}, got {show(value)}"
        )
    doubled = any(len(set(sources)) < len(sources) for sources in value)
    if not value or not all(value) or min(flat) < 0 or doubled:
        raise ValueError(
            f"PartialConv2D: connections must be {wanted}, got {show(value)}"
        )
    return tuple(tuple(sources) for sources in value)
