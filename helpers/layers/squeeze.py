"""Squeeze and excitation: maps weighed against one another."""

import keras
from keras import ops

from helpers._validation import as_count
from helpers.layers._base import maps_shape, register
from helpers.layers._composite import (
    CompositeLayer,
    build_chain,
    run_chain,
)


@register
class SqueezeExcite(CompositeLayer):
    """Multiply each map by a gate from 0 to 1 that depends on all maps.

    Derived in Chapter 7, ResNet, Xception, SENet. Squeeze: the mean of each map over
    the image. Excite: two dense layers, the first with `ratio` times fewer neurons than
    there are maps, the second with a sigmoid. A gate below 1 only attenuates.

    Parameters
    ----------
    ratio : int
        How many times fewer neurons the first dense layer has; must divide the number
        of input channels.
    use_bias : bool
        Whether the dense layers have biases, as in most implementations. The paper's
        journal version leaves them out in residual networks.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If `ratio` is not a positive int; when the layer is built, if it does not divide
        the channels, or if the input is not feature maps.

    References
    ----------
    Hu, Shen, Albanie, Sun and Wu, "Squeeze-and-excitation networks", 2018,
    https://arxiv.org/abs/1709.01507

    Examples
    --------
    >>> layer = SqueezeExcite(ratio=16)
    >>> layer.build((None, 7, 7, 64))
    >>> layer.count_params() == (64 * 4 + 4) + (4 * 64 + 64)
    True
    """

    def __init__(self, ratio=16, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.ratio = as_count("SqueezeExcite", "ratio", ratio)
        self.use_bias = use_bias
        self.mean = self.make(
            keras.layers.GlobalAveragePooling2D, keepdims=True, name="mean"
        )

    def build(self, input_shape):
        """Make the dense layers."""
        super().build(input_shape)
        *_, channels = self.compute_output_shape(input_shape)
        self.excitation = [
            self._dense(channels // self.ratio, "relu", "reduce"),
            self._dense(channels, "sigmoid", "gates"),
        ]
        build_chain(self.excitation, (input_shape[0], 1, 1, channels))

    def _dense(self, units, activation, name):
        return self.make(
            keras.layers.Dense,
            units,
            activation=activation,
            use_bias=self.use_bias,
            name=name,
        )

    def gates(self, inputs):
        """Return the factor of each map, [batch, 1, 1, channels]."""
        return run_chain(self.excitation, self.mean(inputs))

    def call(self, inputs):
        """Return the recalibrated maps."""
        return ops.multiply(inputs, self.gates(inputs))

    def compute_output_shape(self, input_shape):
        """Return the same shape."""
        shape = maps_shape("SqueezeExcite", input_shape)
        if shape[-1] % self.ratio:
            raise ValueError(
                f"SqueezeExcite: ratio must divide the {shape[-1]} input channels, "
                f"got {self.ratio}"
            )
        return shape

    def get_config(self):
        """Return what the layer is made from."""
        return {
            **super().get_config(),
            "ratio": self.ratio,
            "use_bias": self.use_bias,
        }
