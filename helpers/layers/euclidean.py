"""LeNet-5's output: distances to fixed codes.

Derived in Chapter 6, *LeNet-5 to GoogLeNet*, from LeCun, Bottou, Bengio
and Haffner, "Gradient-based learning applied to document recognition", 1998,
http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
"""

import keras
import numpy as np
from keras import ops

from helpers._validation import as_array, as_count
from helpers.layers._base import at_least_float32, register


@register
class EuclideanOutput(keras.layers.Layer):
    """Squared distance of the features to each class' code, which stays fixed.

    Derived in Chapter 6. The class with the smallest distance is the answer.

    Parameters
    ----------
    units : int
        Number of classes.
    codes : array_like, [units, features], optional
        The codes. Left out, they are drawn from −1 and +1 with equal probability.
    seed : int
        Of the drawing.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``.

    Raises
    ------
    TypeError, ValueError
        If `units` is not a positive int, or `codes` is not an array of `units` rows;
        when the layer is built, if the input does not have the axes [batch, features],
        as many features as the codes.

    Examples
    --------
    >>> layer = EuclideanOutput(2, codes=[[1, -1], [1, 1]])
    >>> np.array(layer(np.array([[0, 1]], np.float32))).tolist()
    [[5.0, 1.0]]
    """

    def __init__(self, units, codes=None, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.units = as_count("EuclideanOutput", "units", units)
        self.seed = seed
        if codes is not None:
            codes = as_array("EuclideanOutput", "codes", codes, ("units, features",))
            if len(codes) != units:
                raise ValueError(
                    f"EuclideanOutput: codes must have a row for each of the {units} "
                    f"units, got shape {codes.shape}"
                )
        self.given_codes = codes

    def build(self, input_shape):
        """Make the fixed codes."""
        if len(input_shape) != 2 or input_shape[-1] is None:
            raise ValueError(
                "EuclideanOutput: input must have the axes [batch, features], "
                f"got shape {tuple(input_shape)}"
            )
        shape = (self.units, input_shape[-1])
        codes = self.given_codes
        if codes is None:
            codes = np.random.default_rng(self.seed).choice([-1, 1], shape)
        elif codes.shape != shape:
            raise ValueError(
                f"EuclideanOutput: codes of {codes.shape[1]} features need an input of "
                f"as many, got shape {tuple(input_shape)}"
            )
        self.codes = self.add_weight(
            shape=shape,
            initializer=lambda shape, dtype=None: ops.cast(codes, dtype),
            trainable=False,
            name="codes",
        )

    def call(self, inputs):
        """Return the squared distances, [batch, units]."""
        features, codes = at_least_float32(inputs), at_least_float32(self.codes)
        distances = ops.sum(ops.square(features[:, None, :] - codes), axis=-1)
        return ops.cast(distances, inputs.dtype)

    def compute_output_shape(self, input_shape):
        """Return one value for each class."""
        return (input_shape[0], self.units)

    def get_config(self):
        """Return what the layer is made from."""
        codes = self.given_codes
        return {
            **super().get_config(),
            "units": self.units,
            "codes": None if codes is None else codes.tolist(),
            "seed": self.seed,
        }
