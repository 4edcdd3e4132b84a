"""What the layers that are made of layers share."""

import keras
from keras import ops

from helpers._validation import as_count, show
from helpers.layers._base import MapsLayer, maps_shape


class Projection(keras.layers.Conv2D):
    """A 1×1 convolution that leaves out pixels before it multiplies, not after.

    The answer is the same. TensorFlow 2.21's own gradient of a strided 1×1 convolution
    ends the process on some CPUs when there are few input channels.
    """

    def convolution_op(self, inputs, kernel):
        """Return the convolution of the pixels that the strides keep."""
        vertical, horizontal = self.strides
        return ops.conv(inputs[:, ::vertical, ::horizontal], kernel, padding="valid")


class CompositeLayer(MapsLayer):
    """A layer on feature maps that is made of other layers."""

    def make(self, layer_class, *arguments, **options):
        """Return an inner layer that computes in this layer's types.

        Left to itself it would take the default of the moment, which may have changed
        when a saved model is loaded.
        """
        return layer_class(*arguments, dtype=self.dtype_policy, **options)

    def convolution(self, name, filters, kernel_size, **options):
        """Return a SAME convolution and its batch normalization, without activation.

        The convolution needs no bias: batch normalization would subtract it.
        """
        gamma_initializer = options.pop("gamma_initializer", "ones")
        return [
            self.make(
                Projection if kernel_size == 1 else keras.layers.Conv2D,
                filters,
                kernel_size,
                padding="same",
                use_bias=False,
                name=name,
                **options,
            ),
            self.make(
                keras.layers.BatchNormalization,
                gamma_initializer=gamma_initializer,
                name=f"{name}_norm",
            ),
        ]


def fresh(initializer):
    """Return an initializer's equal that draws numbers of its own.

    One initializer asked twice gives the same numbers twice.
    """
    return keras.initializers.get(keras.initializers.serialize(initializer))


def build_chain(layers, shape):
    """Build layers that follow one another."""
    for layer in layers:
        layer.build(shape)
        shape = layer.compute_output_shape(shape)


def run_chain(layers, tensor):
    """Return what layers that follow one another make of a tensor."""
    for layer in layers:
        tensor = layer(tensor)
    return tensor


def chain_shape(name, layers, shape):
    """Return the shape behind layers that follow one another."""
    shape = maps_shape(name, shape)
    for layer in layers:
        shape = layer.compute_output_shape(shape)
    return shape


def filter_counts(function, value, wanted, lengths=None):
    """Return a tuple of positive ints, as many as one of `lengths` allows."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{function}: filters must be {wanted}, got {show(value)}")
    if len(value) == 0 or (lengths is not None and len(value) not in lengths):
        raise ValueError(f"{function}: filters must be {wanted}, got {show(value)}")
    return tuple(
        as_count(function, f"filters[{index}]", count)
        for index, count in enumerate(value)
    )
