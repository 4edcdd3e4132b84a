"""Xception's unit of separable convolutions."""

import keras
from keras import ops

from helpers._validation import as_count, as_counts
from helpers.layers._base import register
from helpers.layers._composite import (
    CompositeLayer,
    build_chain,
    chain_shape,
    filter_counts,
    fresh,
    run_chain,
)


@register
class SeparableUnit(CompositeLayer):
    """Separable 3×3 convolutions with a shortcut around them.

    Derived in Chapter 7, ResNet, Xception, SENet. Each separable convolution comes
    after an activation and before a batch normalization; there is no activation between
    its depthwise and its pointwise part. With strides, 3×3 max pooling ends the branch.
    Where the size or the number of maps changes, the shortcut is a 1×1 convolution with
    the same strides, which is a regular one.

    Parameters
    ----------
    filters : int or sequence of int
        Filters of each separable convolution; an int stands for two of them, as in
        Xception's entry flow.
    strides : int or (int, int)
        Of the pooling and of the shortcut, in pixels.
    activation : str or callable
        Before each separable convolution.
    activate_first : bool
        Whether an activation comes before the first separable convolution too. In
        Xception's first unit none does, for its input has just had one.
    kernel_initializer : str or initializer
        Of every convolution.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If `filters` or `strides` are not positive ints; when the layer is built, if the
        input is not feature maps.

    References
    ----------
    Chollet, "Xception: deep learning with depthwise separable convolutions", 2017,
    https://arxiv.org/abs/1610.02357

    Examples
    --------
    >>> unit = SeparableUnit(filters=256, strides=2)
    >>> unit.compute_output_shape((None, 74, 74, 128))
    (None, 37, 37, 256)
    """

    def __init__(
        self,
        filters,
        strides=1,
        activation="relu",
        activate_first=True,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        name, wanted = "SeparableUnit", "a positive int or a list of them"
        if isinstance(filters, (tuple, list)):
            self.filters = filter_counts(name, filters, wanted)
        else:
            self.filters = (as_count(name, "filters", filters),) * 2
        self.strides = as_counts(name, "strides", strides, axes=2)
        self.activation = keras.activations.get(activation)
        self.activate_first = activate_first
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.branch = self._branch()
        self.projection = []

    def _branch(self):
        layers = []
        for number, filters in enumerate(self.filters, start=1):
            if self.activate_first or number > 1:
                layers.append(
                    self.make(
                        keras.layers.Activation,
                        self.activation,
                        name=f"activation{number}",
                    )
                )
            layers += self._separable(f"conv{number}", filters)
        if self.strides != (1, 1):
            pool = keras.layers.MaxPooling2D
            layers.append(
                self.make(pool, 3, strides=self.strides, padding="same", name="pool")
            )
        return layers

    def _separable(self, name, filters):
        return [
            self.make(
                keras.layers.SeparableConv2D,
                filters,
                3,
                padding="same",
                use_bias=False,
                depthwise_initializer=fresh(self.kernel_initializer),
                pointwise_initializer=fresh(self.kernel_initializer),
                name=name,
            ),
            self.make(keras.layers.BatchNormalization, name=f"{name}_norm"),
        ]

    def build(self, input_shape):
        """Build the branch, and a projection where the two ways would not fit."""
        super().build(input_shape)
        build_chain(self.branch, input_shape)
        channels = self.filters[-1]
        if self.strides != (1, 1) or channels != input_shape[-1]:
            self.projection = self.convolution(
                "shortcut",
                channels,
                1,
                strides=self.strides,
                kernel_initializer=fresh(self.kernel_initializer),
            )
            build_chain(self.projection, input_shape)

    def call(self, inputs):
        """Return branch plus shortcut."""
        shortcut = run_chain(self.projection, inputs)
        return ops.add(run_chain(self.branch, inputs), shortcut)

    def compute_output_shape(self, input_shape):
        """Return the shape behind the branch."""
        return chain_shape("SeparableUnit", self.branch, input_shape)

    def get_config(self):
        """Return what the layer is made from."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "strides": self.strides,
            "activation": keras.activations.serialize(self.activation),
            "activate_first": self.activate_first,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
