"""What each kind of layer costs, and what it does to the receptive field.

A rule is found by the layer's class, or by a parent whose ``call`` the class has not
changed. Fields are ``(sizes, strides)``, one of each for each axis in space, in pixels
of the input; after a layer that sees everything the stride is 0: moving on shows
nothing new.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, prod

from keras import layers

from helpers import layers as ours


@dataclass(frozen=True)
class Rule:
    """What a kind of layer does; each function takes the step.

    Attributes
    ----------
    multiply_adds : callable
        From the step to a number.
    field : callable
        From the step and the merged field of its inputs to the field of its outputs.
    view : bool
        Whether the answer is the input in another shape, in the same memory.
    view_at_inference : bool
        Whether it is so except in training.
    """

    multiply_adds: Callable
    field: Callable
    view: bool = False
    view_at_inference: bool = False


def rule_for(operation):
    """Return the rule of a layer or operation, or None."""
    kind = type(operation)
    if getattr(operation, "data_format", None) == "channels_first":
        return None
    for parent in kind.__mro__:
        if parent in RULES and parent.call is kind.call:
            return RULES[parent]
    if kind.__module__.startswith("keras.src.ops."):
        from helpers.accounting._operations import OPERATIONS

        return OPERATIONS.get(kind.__name__)
    return None


# Multiply-adds: the products with weights. Biases, activations, normalization,
# pooling and sums of maps are not counted, as in the papers.


def nothing(step):
    """Return 0."""
    return 0


def places(step):
    """Return the number of positions of the output, over the batch."""
    return prod(step.outputs[0].shape[:-1])


def convolution(step):
    """Return the multiply-adds of a convolution, grouped or not."""
    layer, channels = step.operation, step.inputs[0].shape[-1]
    taps = prod(layer.kernel_size) * channels // layer.groups
    return places(step) * taps * layer.filters


def depthwise(step):
    """Return the multiply-adds of a filter or more for each map."""
    return prod(step.outputs[0].shape) * prod(step.operation.kernel_size)


def separable(step):
    """Return the multiply-adds of a depthwise convolution and a 1×1 one."""
    layer = step.operation
    maps = step.inputs[0].shape[-1] * layer.depth_multiplier
    return places(step) * maps * (prod(layer.kernel_size) + layer.filters)


def transposed(step):
    """Return the multiply-adds of each input pixel with the whole filter."""
    layer = step.operation
    return prod(step.inputs[0].shape) * prod(layer.kernel_size) * layer.filters


def dense(step):
    """Return the multiply-adds of a dense layer."""
    return places(step) * step.inputs[0].shape[-1] * step.operation.units


def partial_convolution(step):
    """Return the multiply-adds of the connections that exist."""
    layer = step.operation
    pairs = sum(len(sources) for sources in layer.connections)
    return places(step) * prod(layer.kernel_size) * pairs


def subsampling(step):
    """Return one multiply-add, with the coefficient, for each output."""
    return prod(step.outputs[0].shape)


def distances(step):
    """Return one square for each feature and class."""
    return prod(step.inputs[0].shape) * step.operation.units


# Receptive fields


def same(step, field):
    """Return the field: each output sees what the input at its place sees."""
    return field


def moved(step, field):
    """Return the field behind a change of shape, or None where pixels move about."""
    before, after = step.inputs[0].shape, step.outputs[0].shape
    if field is None or not any(field[1]):
        return field
    if len(after) == 2:
        return everything(step, field)
    space = slice(1, 1 + len(field[0]))
    return field if before[space] == after[space] else None


def everything(step, field):
    """Return the field of outputs that see the whole map."""
    if field is None:
        return None
    sizes, strides = field
    sides = step.inputs[0].shape[1 : 1 + len(sizes)]
    if len(sides) < len(sizes):
        return field
    return (
        tuple(
            size + (side - 1) * stride
            for size, side, stride in zip(sizes, sides, strides, strict=True)
        ),
        (0,) * len(sizes),
    )


def window(taps, strides, dilations=None):
    """Return a rule's field function for windows of so many taps along each axis."""

    def field_behind(step, field):
        if field is None or len(field[0]) != len(taps):
            return None
        sizes, pixel = field
        spread = dilations or (1,) * len(taps)
        return (
            tuple(
                size + (tap - 1) * rate * unit
                for size, tap, rate, unit in zip(
                    sizes, taps, spread, pixel, strict=True
                )
            ),
            tuple(unit * stride for unit, stride in zip(pixel, strides, strict=True)),
        )

    return field_behind


def convolution_window(step, field):
    """Return the field behind a convolution."""
    layer = step.operation
    return window(layer.kernel_size, layer.strides, layer.dilation_rate)(step, field)


def partial_window(step, field):
    """Return the field behind LeNet-5's partial convolution."""
    kernel_size = step.operation.kernel_size
    return window(kernel_size, (1, 1))(step, field)


def pooling_window(step, field):
    """Return the field behind a pooling."""
    layer = step.operation
    pool_size = layer.pool_size
    return window(pool_size, getattr(layer, "strides", pool_size))(step, field)


def transposed_window(step, field):
    """Return the field behind a transposed convolution.

    An output pixel is touched by the filters of ``ceil(span / stride)`` neighbouring
    inputs at most, and its neighbour is a fraction of a pixel away.
    """
    layer = step.operation
    rates = layer.dilation_rate
    rates = (rates,) * layer.rank if isinstance(rates, int) else rates
    taps = [
        ceil(((size - 1) * rate + 1) / stride)
        for size, rate, stride in zip(
            layer.kernel_size, rates, layer.strides, strict=True
        )
    ]
    return window(taps, [Fraction(1, one) for one in layer.strides])(step, field)


def upsampled(step, field):
    """Return the field behind an upsampling, which looks at one pixel or at two."""
    layer = step.operation
    factors = getattr(layer, "factor", None) or getattr(layer, "size", None)
    factors = (factors,) if isinstance(factors, int) else factors
    nearest = getattr(layer, "interpolation", "nearest") == "nearest"
    nearest = nearest and not isinstance(layer, ours.BilinearUpsampling2D)
    taps = [1 if nearest or factor == 1 else 2 for factor in factors]
    return window(taps, [Fraction(1, factor) for factor in factors])(step, field)


def _rules():
    """Return the rule of each class that has one."""
    rank = ("1D", "2D", "3D")
    named = {
        Rule(convolution, convolution_window): [f"Conv{r}" for r in rank],
        Rule(depthwise, convolution_window): ["DepthwiseConv1D", "DepthwiseConv2D"],
        Rule(separable, convolution_window): ["SeparableConv1D", "SeparableConv2D"],
        Rule(transposed, transposed_window): [f"Conv{r}Transpose" for r in rank],
        Rule(dense, same): ["Dense"],
        Rule(nothing, pooling_window): [
            f"{kind}Pooling{r}" for kind in ("Max", "Average") for r in rank
        ],
        Rule(nothing, everything): [
            f"Global{kind}Pooling{r}" for kind in ("Max", "Average") for r in rank
        ],
        Rule(nothing, everything, view=True): ["Flatten"],
        Rule(nothing, moved, view=True): ["Reshape"],
        Rule(nothing, moved): ["Permute", "RepeatVector"],
        Rule(nothing, upsampled): [f"UpSampling{r}" for r in rank],
        Rule(nothing, same, view=True): ["Identity"],
        Rule(nothing, same, view_at_inference=True): DROPPED_AT_INFERENCE,
        Rule(nothing, same): FREE
        + [f"{kind}{r}" for kind in ("ZeroPadding", "Cropping") for r in rank],
    }
    rules = {
        getattr(layers, name): rule for rule, names in named.items() for name in names
    }
    return rules | {
        ours.PartialConv2D: Rule(partial_convolution, partial_window),
        ours.TrainedSubsampling: Rule(subsampling, pooling_window),
        ours.EuclideanOutput: Rule(distances, same),
        ours.BilinearUpsampling2D: Rule(nothing, upsampled),
        ours.LocalResponseNormalization: Rule(nothing, same),
        ours.DepthwiseMaxPool2D: Rule(nothing, same),
    }


DROPPED_AT_INFERENCE = [
    *("Dropout", "AlphaDropout", "SpatialDropout1D", "SpatialDropout2D"),
    *("SpatialDropout3D", "GaussianDropout", "GaussianNoise", "RandomFlip"),
    *("RandomRotation", "RandomTranslation", "RandomZoom", "RandomContrast"),
    *("RandomBrightness", "ActivityRegularization"),
]
FREE = [
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Rescaling"),
    *("BatchNormalization", "LayerNormalization", "GroupNormalization"),
    *("UnitNormalization", "Normalization", "Add", "Subtract", "Multiply", "Average"),
    *("Maximum", "Minimum", "Concatenate"),
]
RULES = _rules()
