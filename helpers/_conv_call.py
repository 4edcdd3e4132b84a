"""What every convolution asks of its arguments, in one, two or three dimensions."""

from typing import NamedTuple

import numpy as np

from helpers._axes import lay_out_axes
from helpers._columns import correlate
from helpers._patches import Windows
from helpers._validation import (
    as_array,
    as_bias,
    as_counts,
    as_padding,
    check_channels,
    check_size,
    float_dtype,
)


class Space(NamedTuple):
    """How messages speak of one kind of convolution: its arguments and their axes."""

    inputs: str
    axes: tuple
    sizes: tuple
    filters: str = "filters"
    is_depthwise: bool = False

    def input_axes(self):
        """Return the allowed axes of an input: one example, or a batch of them.

        >>> SIGNALS.input_axes()
        ('length, channels', 'batch, length, channels')
        """
        one = ", ".join((*self.axes, "channels"))
        return one, f"batch, {one}"

    def filter_axes(self):
        """Return the axes of the filters.

        >>> SIGNALS.filter_axes(), DEPTHWISE.filter_axes()
        ('length, in_channels, out_channels', 'height, width, channels, multiplier')
        """
        depthwise = ("channels", "multiplier")
        dense = ("in_channels", "out_channels")
        return ", ".join(self.axes + (depthwise if self.is_depthwise else dense))

    def output_channels(self, filters):
        """Return how many channels the answer has."""
        channels, outs = filters.shape[-2:]
        return channels * outs if self.is_depthwise else outs


SIGNALS = Space("signals", ("length",), ("long",))
IMAGES = Space("images", ("height", "width"), ("high", "wide"))
VOLUMES = Space("volumes", ("depth", "height", "width"), ("deep", "high", "wide"))
DEPTHWISE = IMAGES._replace(is_depthwise=True)
SEPARABLE = DEPTHWISE._replace(filters="depthwise_filters")


class Call(NamedTuple):
    """The checked arguments of a convolution; `inputs` have their batch axis.

    `axes` holds an `Axis` (zeros before and after, number of windows) for each axis of
    space, `bias` is None or has the type `dtype` to compute in.
    """

    inputs: np.ndarray
    filters: np.ndarray
    bias: np.ndarray | None
    dtype: np.dtype
    strides: tuple
    dilations: tuple
    axes: tuple
    is_single: bool

    @property
    def outputs(self):
        """The number of windows along each axis of space."""
        return tuple(axis.outputs for axis in self.axes)

    @property
    def windows(self):
        """The same windows in the form that the engine takes."""
        return Windows(
            self.outputs,
            self.filters.shape[:-2],
            self.strides,
            self.dilations,
            tuple(axis.before for axis in self.axes),
        )

    def shaped(self, answer):
        """Return the answer as the inputs came: without batch if they had none."""
        return answer[0] if self.is_single else answer


def check_call(
    function,
    space,
    inputs,
    filters,
    strides=1,
    padding="VALID",
    dilations=1,
    bias=None,
):
    """Check the arguments of the public `function` over a `Space`: a `Call`."""
    inputs = as_array(function, space.inputs, inputs, space.input_axes())
    filters = as_array(function, space.filters, filters, (space.filter_axes(),))
    check_channels(function, filters, inputs, (space.filters, space.inputs))
    is_single = inputs.ndim == len(space.axes) + 1
    if is_single:
        inputs = inputs[np.newaxis]
    strides = as_counts(function, "strides", strides, len(space.axes))
    dilations = as_counts(function, "dilations", dilations, len(space.axes))
    axes = lay_out_axes(
        [f"{function}: {space.filters} are {{}} {size}" for size in space.sizes],
        inputs.shape[1:-1],
        filters.shape[:-2],
        strides,
        as_padding(function, padding, len(space.axes)),
        dilations,
    )
    outs = space.output_channels(filters)
    check_size(function, (len(inputs), *(axis.outputs for axis in axes), outs))
    arrays = [inputs, filters]
    if bias is not None:
        arrays.append(as_bias(function, bias, outs))
    dtype = float_dtype(*arrays)
    bias = None if bias is None else arrays[2].astype(dtype)
    return Call(inputs, filters, bias, dtype, strides, dilations, axes, is_single)


def convolve(call):
    """Return the convolution of checked arguments, fast."""
    return call.shaped(
        correlate(call.inputs, call.filters, call.windows, call.dtype, call.bias)
    )
