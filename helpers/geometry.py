"""Sizes, paddings, receptive fields and costs of convolutional layers.

Everything here is arithmetic on whole numbers, exact at any size. The receptive field
is derived in Chapter 1, *The visual cortex*, all else in Chapter 2, *Convolutional
layers*.
"""

from typing import NamedTuple

from helpers._axes import lay_out, lay_out_plane
from helpers._validation import as_count, as_counts, as_padding, as_shape, show

#: What `conv_cost` counts for each activation: 4.
BYTES_PER_FLOAT32 = 4


def output_size(size, filter_size, stride=1, padding="VALID", dilation=1):
    """Return the number of outputs of a convolution or pooling along one axis.

    Derived in Chapter 2, Convolutional layers.

    Parameters
    ----------
    size : int
        Pixels of the input along the axis.
    filter_size : int
        Taps of the filter along the axis.
    stride : int
        Pixels between two neighbouring windows.
    padding : {"SAME", "VALID"} or (int, int)
        As in TensorFlow, or the zeros ``(before, after)``; ``((before, after),)``,
        the form that a 1D convolution takes, means the same.
    dilation : int
        Pixels between two neighbouring taps.

    Returns
    -------
    int
        ``ceil(size / stride)`` for SAME; otherwise the windows that fit,
        ``floor((padded - span) / stride) + 1``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a positive int, or if no window fits.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016,
    https://arxiv.org/abs/1603.07285

    Examples
    --------
    >>> output_size(13, 6, stride=5), output_size(13, 6, stride=5, padding="SAME")
    (2, 3)
    >>> output_size(28, 5, padding=(2, 2))
    28
    """
    size, filter_size, stride, dilation = _counts(
        "output_size",
        size=size,
        filter_size=filter_size,
        stride=stride,
        dilation=dilation,
    )
    if _is_flat_pair(padding):
        padding = (padding,)
    padding = as_padding("output_size", padding, axes=1)
    side = padding if isinstance(padding, str) else padding[0]
    return lay_out(
        "output_size: filter_size is {}", size, filter_size, stride, side, dilation
    ).outputs


def _counts(function, **arguments):
    return [as_count(function, name, value) for name, value in arguments.items()]


def _is_flat_pair(padding):
    return isinstance(padding, (tuple, list)) and not any(
        isinstance(side, (tuple, list)) for side in padding
    )


def same_padding(size, filter_size, stride=1, dilation=1):
    """Return the zeros that SAME padding adds along one axis.

    The odd zero goes after, as in TensorFlow. Derived in Chapter 2, Convolutional
    layers.

    Parameters
    ----------
    size, filter_size, stride, dilation : int
        In pixels, as for `output_size`.

    Returns
    -------
    before, after : int
        Zeros to the left and right, or above and below.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a positive int.

    Examples
    --------
    >>> same_padding(13, 6, stride=5)
    (1, 2)
    >>> same_padding(224, 3)
    (1, 1)
    """
    size, filter_size, stride, dilation = _counts(
        "same_padding",
        size=size,
        filter_size=filter_size,
        stride=stride,
        dilation=dilation,
    )
    axis = lay_out("", size, filter_size, stride, "SAME", dilation)
    return axis.before, axis.after


class ReceptiveField(NamedTuple):
    """What one neuron of the last layer sees, in pixels of the input.

    Attributes
    ----------
    size : int
        Side of the receptive field.
    stride : int
        Distance between the receptive fields of two neighbouring neurons.
    first_centre : float
        Centre of the first neuron's field; the centre of pixel 0 is at 0.5.
    """

    size: int
    stride: int
    first_centre: float


def receptive_field(layers):
    """Return the receptive field of a stack of VALID convolutions and poolings.

    Derived in Chapter 1, The visual cortex.

    Parameters
    ----------
    layers : sequence of (int, int, int)
        ``(filter_size, stride, dilation)`` of each layer, from the input on. With no
        layer at all a neuron sees the one pixel that it is.

    Returns
    -------
    ReceptiveField
        ``size``, ``stride`` and ``first_centre``. Padding changes only the last: each
        zero before the axis moves it one (strided) pixel towards the start.

    Raises
    ------
    TypeError, ValueError
        If a layer is not three positive ints.

    References
    ----------
    Araujo, Norris and Sim, "Computing receptive fields of convolutional neural
    networks", Distill, 2019, https://distill.pub/2019/computing-receptive-fields

    Examples
    --------
    Two 3×3 convolutions see what a 5×5 one sees:

    >>> receptive_field([(3, 1, 1), (3, 1, 1)])
    ReceptiveField(size=5, stride=1, first_centre=2.5)
    """
    wanted = "layers must be a list of (filter_size, stride, dilation)"
    if not isinstance(layers, (list, tuple)):
        raise TypeError(f"receptive_field: {wanted}, got {show(layers)}")
    size, total_stride = 1, 1
    for index, layer in enumerate(layers):
        filter_size, stride, dilation = as_shape(
            "receptive_field",
            f"layers[{index}]",
            layer,
            "filter_size, stride, dilation",
        )
        size += (filter_size - 1) * dilation * total_stride
        total_stride *= stride
    return ReceptiveField(size, total_stride, size / 2)


class _Cost(NamedTuple):
    parameters: int
    multiplications: int
    activation_bytes: int


class ConvCost(_Cost):
    """What a convolutional layer costs; unpacks into its first three attributes.

    Attributes
    ----------
    parameters : int
        Weights and biases.
    multiplications : int
        Of one forward pass over one image, those with zeros of the padding included.
    activation_bytes : int
        Of the layer's float32 output for one image.
    output_shape : (int, int, int)
        Height, width and channels of the output.
    """

    def __new__(cls, output_shape, parameters, multiplications, activation_bytes):
        """Make the tuple of three, and remember the shape beside it."""
        cost = super().__new__(cls, parameters, multiplications, activation_bytes)
        cost.output_shape = output_shape
        return cost

    def __getnewargs__(self):
        """Let the object be copied and pickled."""
        return (self.output_shape, *self)


def conv_cost(input_shape, filters, filter_size, strides=1, padding="VALID"):
    """Return parameters, multiplications and activation bytes of a 2D convolution.

    Derived in Chapter 2, Convolutional layers.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height and width in pixels, and channels, of one image.
    filters : int
        Number of filters, one output channel each.
    filter_size : int or (int, int)
        Height and width of the filters, in pixels.
    strides : int or (int, int)
        Vertical and horizontal stride, in pixels.
    padding : {"SAME", "VALID"} or ((int, int), (int, int))
        As for `helpers.conv.conv2d`.

    Returns
    -------
    ConvCost
        ``parameters`` (biases included), ``multiplications``, ``activation_bytes`` and
        ``output_shape``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, or if no window fits.

    Examples
    --------
    >>> cost = conv_cost((150, 100, 3), filters=200, filter_size=5, padding="SAME")
    >>> cost.parameters, cost.multiplications, cost.activation_bytes
    (15200, 225000000, 12000000)
    >>> cost.output_shape
    (150, 100, 200)
    """
    *size, channels = as_shape(
        "conv_cost", "input_shape", input_shape, "height, width, channels"
    )
    filters = as_count("conv_cost", "filters", filters)
    filter_size = as_counts("conv_cost", "filter_size", filter_size, axes=2)
    strides = as_counts("conv_cost", "strides", strides, axes=2)
    padding = as_padding("conv_cost", padding, axes=2)
    rows, columns = lay_out_plane(
        "conv_cost: filter_size is {} {}", size, filter_size, strides, padding, (1, 1)
    )
    height, width = rows.outputs, columns.outputs
    weights = filter_size[0] * filter_size[1] * channels * filters
    return ConvCost(
        output_shape=(height, width, filters),
        parameters=weights + filters,
        multiplications=weights * height * width,
        activation_bytes=height * width * filters * BYTES_PER_FLOAT32,
    )
