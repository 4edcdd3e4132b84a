"""The account of a model: rows, blocks and totals."""

from fractions import Fraction
from math import ceil

from helpers._validation import as_count
from helpers.accounting._graph import Graph
from helpers.accounting._memory import inference_peak, size, training_bytes
from helpers.accounting._report import Account, Row, Totals


def account(model, batch_size=1, bytes_per_value=4):
    """Return what a model costs, layer by layer, and what each layer sees.

    Used from Chapter 5 on; Chapter 2 counts the same by hand. One row is one call of a
    layer. Nested models are opened up, and so are layers that are made of layers, such
    as `ResidualUnit`: their rows are named ``unit/layer``. `blocks` has the same
    account with one row for each layer of the model itself.

    Parameters
    ----------
    model : keras.Model
        A functional or sequential model whose input sizes are known; the batch may be
        free. It may be made inside ``with weightless():``.
    batch_size : int
        Images at a time; multiplies multiply-adds and memory.
    bytes_per_value : int
        Of an activation: 4 for float32, 2 for float16.

    Returns
    -------
    Account
        ``rows``, ``blocks``, ``totals``, ``unknown`` and ``to_dict()``; a table in a
        notebook.

    Raises
    ------
    TypeError
        If the model is not functional or sequential, or a number is not an int.
    ValueError
        If an input size is unknown, or a number is not positive.

    Notes
    -----
    - Parameters that a second call shares are counted at the first.
    - Multiply-adds are products with weights: of convolutions, at every position, those
      with padded zeros included, and of dense layers. Biases, normalization,
      activations, pooling and sums count nothing, as in the papers.
    - Activation bytes of a row are those of its output; a view, such as `Flatten`'s,
      takes none. Training keeps every output and the images; inference frees an output
      after its last use, and the total is the peak. Both leave out weights, gradients
      and what a layer needs for itself.
    - The receptive field is the largest over all paths from the input, padding
      included: it can exceed the image. Behind a global pooling, as in squeeze and
      excitation, it spans the whole map. Normalization over groups or layers is taken
      as if it saw no neighbours. A stride below 1 is that of enlarged maps.
    - A layer that can neither be opened nor is known is listed in ``unknown``; its
      multiply-adds and everything behind its field are None.

    References
    ----------
    Araujo, Norris and Sim, "Computing receptive fields of convolutional neural
    networks", Distill, 2019, https://distill.pub/2019/computing-receptive-fields

    Examples
    --------
    >>> from helpers.architectures import lenet5
    >>> costs = account(lenet5())
    >>> costs.totals.trainable_parameters, costs.totals.multiply_adds
    (60000, 328096)
    >>> costs.row("S4").receptive_field, costs.row("S4").stride
    (16, 4)
    """
    batch_size = as_count("account", "batch_size", batch_size)
    bytes_per_value = as_count("account", "bytes_per_value", bytes_per_value)
    graph = Graph(model, batch_size)
    for step in graph.steps:
        _see(step)
    rows = [
        *(_input_row(*one, bytes_per_value) for one in _named_inputs(graph)),
        *(_row(step, bytes_per_value) for step in graph.steps),
    ]
    known = [row.multiply_adds for row in rows if row.multiply_adds is not None]
    totals = Totals(
        parameters=_count(model.weights),
        trainable_parameters=_count(model.trainable_weights),
        multiply_adds=sum(known),
        activation_bytes_inference=inference_peak(graph, bytes_per_value),
        activation_bytes_training=training_bytes(graph, bytes_per_value),
    )
    return Account(model.name, rows, totals, batch_size)


def _count(weights):
    return sum(one.shape.num_elements() for one in weights)


def _named_inputs(graph):
    return zip(graph.input_names, graph.inputs, strict=True)


def _see(step):
    """Set what the outputs of a step see, from what its inputs see."""
    field = None
    if step.rule is not None:
        fields = [value.field for value in step.inputs]
        field = step.rule.field(step, _merged(fields))
        if step.rule.view:
            step.outputs[0].storage = step.inputs[0].storage
    for value in step.outputs:
        value.field = field


def _merged(fields):
    """Return the largest of several fields along each axis."""
    if None in fields or len({len(sizes) for sizes, _ in fields}) != 1:
        return None
    sizes, strides = zip(*fields, strict=True)
    return (
        tuple(max(one) for one in zip(*sizes, strict=True)),
        tuple(max(one) for one in zip(*strides, strict=True)),
    )


def _input_row(name, value, bytes_per_value):
    receptive_field, stride = _shown(value.field)
    return Row(
        name=name,
        block=name,
        kind="InputLayer",
        output_shape=value.shape,
        parameters=0,
        multiply_adds=0,
        activation_bytes=size(value, bytes_per_value),
        receptive_field=receptive_field,
        stride=stride,
    )


def _row(step, bytes_per_value):
    receptive_field, stride = _shown(step.outputs[0].field)
    view = step.rule is not None and step.rule.view
    bytes_of_outputs = sum(size(one, bytes_per_value) for one in step.outputs)
    return Row(
        name=step.path,
        block=step.block,
        kind=step.kind,
        output_shape=step.outputs[0].shape,
        parameters=step.parameters,
        multiply_adds=None if step.rule is None else step.rule.multiply_adds(step),
        activation_bytes=0 if view else bytes_of_outputs,
        receptive_field=receptive_field,
        stride=stride,
    )


def _shown(field):
    """Return a receptive field and a stride, as one number where both axes agree."""
    if not field or not field[0]:
        return None, None
    sizes, strides = field
    return _one([ceil(size) for size in sizes]), _one([*map(_plain, strides)])


def _one(numbers):
    return numbers[0] if len(set(numbers)) == 1 else tuple(numbers)


def _plain(stride):
    """Return a stride as an int, as a float if it is a fraction, or None for 0."""
    if isinstance(stride, Fraction) and stride.denominator > 1:
        return float(stride)
    return int(stride) or None
