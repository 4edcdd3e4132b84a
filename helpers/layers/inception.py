"""The inception module."""

import keras
from keras import ops

from helpers.layers._base import register
from helpers.layers._composite import (
    CompositeLayer,
    build_chain,
    chain_shape,
    filter_counts,
    fresh,
    run_chain,
)

WANTED = (
    "six positive ints (1×1, reduce 3×3, 3×3, reduce 5×5, 5×5, pool projection), "
    "the columns of GoogLeNet's table"
)


@register
class InceptionModule(CompositeLayer):
    """Look at the maps through windows of several sizes, and stack the answers.

    Derived in Chapter 6, LeNet-5 to GoogLeNet. Four branches, all SAME with stride 1:
    a 1×1 convolution; a 1×1 bottleneck and a 3×3 one; a 1×1 bottleneck and a 5×5 one;
    3×3 max pooling and a 1×1 projection. Every convolution has biases and an
    activation.

    Parameters
    ----------
    filters : sequence of six ints
        Filters of each convolution in the order of the paper's table: #1×1, #3×3
        reduce, #3×3, #5×5 reduce, #5×5, pool proj.
    activation : str or callable
        After every convolution.
    kernel_initializer : str or initializer
        Of every convolution.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If `filters` are not six positive ints; when the layer is built, if the input is
        not feature maps.

    References
    ----------
    Szegedy et al., "Going deeper with convolutions", 2015,
    https://arxiv.org/abs/1409.4842

    Examples
    --------
    GoogLeNet's first module makes 64 + 128 + 32 + 32 maps of 192:

    >>> module = InceptionModule(filters=(64, 96, 128, 16, 32, 32))
    >>> module.compute_output_shape((None, 28, 28, 192))
    (None, 28, 28, 256)
    """

    def __init__(
        self,
        filters,
        activation="relu",
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = filter_counts("InceptionModule", filters, WANTED, lengths={6})
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        straight, reduce_3, conv_3, reduce_5, conv_5, projection = self.filters
        pool = keras.layers.MaxPooling2D
        self.branches = [
            [self._conv(straight, 1, "conv1x1")],
            [
                self._conv(reduce_3, 1, "reduce3x3"),
                self._conv(conv_3, 3, "conv3x3"),
            ],
            [
                self._conv(reduce_5, 1, "reduce5x5"),
                self._conv(conv_5, 5, "conv5x5"),
            ],
            [
                self.make(pool, 3, strides=1, padding="same", name="pool3x3"),
                self._conv(projection, 1, "project"),
            ],
        ]
        # Keras 3.8 saves no weights of layers that stand in lists of lists.
        self.inner = [layer for branch in self.branches for layer in branch]

    def _conv(self, filters, kernel_size, name):
        return self.make(
            keras.layers.Conv2D,
            filters,
            kernel_size,
            padding="same",
            activation=self.activation,
            kernel_initializer=fresh(self.kernel_initializer),
            name=name,
        )

    def build(self, input_shape):
        """Build the branches."""
        super().build(input_shape)
        for branch in self.branches:
            build_chain(branch, input_shape)

    def call(self, inputs):
        """Return the answers of the branches, stacked."""
        return ops.concatenate(
            [run_chain(branch, inputs) for branch in self.branches], axis=-1
        )

    def compute_output_shape(self, input_shape):
        """Return the shape with as many channels as the branches have in all."""
        shapes = [
            chain_shape("InceptionModule", branch, input_shape)
            for branch in self.branches
        ]
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))

    def get_config(self):
        """Return what the layer is made from."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
