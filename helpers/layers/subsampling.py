"""LeNet-5's trained subsampling.

Derived in Chapter 6, *LeNet-5 to GoogLeNet*, from LeCun, Bottou, Bengio
and Haffner, "Gradient-based learning applied to document recognition", 1998,
http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
"""

import keras
import numpy as np
from keras import ops

from helpers._validation import as_counts
from helpers.layers._base import MapsLayer, maps_shape, register
from helpers.layers.squashing import scaled_tanh


@register
class TrainedSubsampling(MapsLayer):
    """Sum each window, times a coefficient, plus a bias, through a squashing function.

    Derived in Chapter 6. Each map has one coefficient and one bias. Windows do not
    overlap; rows and columns left over at the bottom and right are not looked at.

    Parameters
    ----------
    pool_size : int or (int, int)
        Height and width of a window, in pixels.
    activation : str or callable
        The squashing function.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If `pool_size` is not a positive int or two of them; when the layer is built, if
        the input is not feature maps, or smaller than a window.

    Examples
    --------
    The coefficients start at 1 / 4, which makes the sum of four a mean:

    >>> layer = TrainedSubsampling(pool_size=2, activation="linear")
    >>> maps = np.array([[1, 2], [3, 6]], np.float32).reshape(1, 2, 2, 1)
    >>> float(layer(maps)[0, 0, 0, 0]), layer.count_params()
    (3.0, 2)
    """

    def __init__(self, pool_size=2, activation=scaled_tanh, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = as_counts("TrainedSubsampling", "pool_size", pool_size, axes=2)
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        """Make a coefficient and a bias for each map."""
        super().build(input_shape)
        *_, channels = self.compute_output_shape(input_shape)
        self.coefficient = self.add_weight(
            shape=(channels,),
            initializer=keras.initializers.Constant(1 / np.prod(self.pool_size)),
            name="coefficient",
        )
        self.bias = self.add_weight(shape=(channels,), initializer="zeros", name="bias")

    def call(self, inputs):
        """Return the smaller maps."""
        means = ops.average_pool(inputs, self.pool_size, self.pool_size, "valid")
        sums = means * int(np.prod(self.pool_size))
        return self.activation(self.coefficient * sums + self.bias)

    def compute_output_shape(self, input_shape):
        """Return the shape with fewer rows and columns."""
        batch, *sides, channels = maps_shape("TrainedSubsampling", input_shape)
        if any(
            side is not None and side < window
            for side, window in zip(sides, self.pool_size, strict=True)
        ):
            raise ValueError(
                f"TrainedSubsampling: input must be at least as large as pool_size "
                f"{self.pool_size}, got shape {tuple(input_shape)}"
            )
        fewer = [
            None if side is None else side // window
            for side, window in zip(sides, self.pool_size, strict=True)
        ]
        return (batch, *fewer, channels)

    def get_config(self):
        """Return what the layer is made from."""
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "activation": keras.activations.serialize(self.activation),
        }
