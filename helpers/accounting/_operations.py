"""Rules for the operations of ``keras.ops`` that layers are made of."""

from math import prod

from helpers.accounting._rules import Rule, everything, moved, nothing, same, window


def _weights(step):
    """Return the shape of the second argument of a convolution or product."""
    args, kwargs = step.arguments
    named = kwargs.get("kernel", kwargs.get("x2"))
    return tuple((named if named is not None else args[1]).shape)


def _matmul(step):
    *_, rows, columns = (1, 1, *_weights(step))
    first = step.inputs[0].shape
    if first[-1] == rows:
        return prod(step.outputs[0].shape) * rows
    return prod(first) * columns


def _product_field(step, field):
    """Return the field behind a product with weights; one of two maps mixes places."""
    return moved(step, field) if len(step.inputs) == 1 else None


def _convolution(step):
    *taps, channels, _ = _weights(step)
    return prod(step.outputs[0].shape) * prod(taps) * channels


def _depthwise(step):
    *taps, _, _ = _weights(step)
    return prod(step.outputs[0].shape) * prod(taps)


def _numbers(value, axes):
    return (value,) * axes if isinstance(value, int) else tuple(value)


def _convolution_window(step, field):
    taps = _weights(step)[:-2]
    operation, axes = step.operation, len(taps)
    return window(
        taps,
        _numbers(operation.strides, axes),
        _numbers(operation.dilation_rate, axes),
    )(step, field)


def _pooling_window(step, field):
    operation, axes = step.operation, len(step.inputs[0].shape) - 2
    pool_size = _numbers(operation.pool_size, axes)
    strides = operation.strides
    strides = pool_size if strides is None else _numbers(strides, axes)
    return window(pool_size, strides)(step, field)


def _reduction_field(step, field):
    """Return the field behind a mean or the like: over space, or over the maps."""
    if field is None:
        return None
    rank, axis = len(step.inputs[0].shape), step.operation.axis
    axes = range(rank) if axis is None else _numbers(axis, 1)
    reduced = {one % rank for one in axes}
    space = set(range(1, 1 + len(field[0])))
    if reduced >= space:
        return everything(step, field)
    return None if reduced & space else field


def _named(rule, *names):
    return dict.fromkeys(names, rule)


OPERATIONS = {
    **_named(
        Rule(nothing, same),
        *("Absolute", "Add", "Average", "Cast", "Clip", "Concatenate", "Divide"),
        *("Elu", "Exp", "Gelu", "HardSigmoid", "HardSilu", "HardTanh", "LeakyRelu"),
        *("Log", "LogSoftmax", "Maximum", "Minimum", "Multiply", "Negative", "Pad"),
        *("Power", "Relu", "Relu6", "Rsqrt", "Selu", "Sigmoid", "Silu", "Softmax"),
        *("Softplus", "Softsign", "Sqrt", "Square", "Subtract", "Tanh", "TrueDivide"),
    ),
    **_named(Rule(nothing, _reduction_field), "Max", "Mean", "Min", "Sum"),
    **_named(Rule(nothing, _pooling_window), "AveragePool", "MaxPool"),
    **_named(Rule(nothing, moved, view=True), "ExpandDims", "Reshape", "Squeeze"),
    **_named(Rule(nothing, moved), "GetItem", "Split", "Stack", "Transpose"),
    "Matmul": Rule(_matmul, _product_field),
    "Conv": Rule(_convolution, _convolution_window),
    "DepthwiseConv": Rule(_depthwise, _convolution_window),
}
