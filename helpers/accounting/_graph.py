"""A model as a list of steps: each layer's call, in the order in which Keras runs them.

Nested models are followed inside. So is any other layer without a rule of its own: its
``call`` is run on symbolic tensors, which shows the layers and operations it is made
of. A layer that does not allow this is kept as one step, and marked as unknown.
"""

import contextlib
import re
from dataclasses import dataclass

import keras

from helpers.accounting._rules import rule_for


@dataclass(eq=False)
class Value:
    """A tensor: its shape, what it sees of the input, and the step that made it.

    `keras_tensor` stands for it in calls. A view has the memory of `storage`.
    """

    keras_tensor: keras.KerasTensor
    field: tuple | None = None
    storage: "Value" = None

    def __post_init__(self):
        self.storage = self.storage or self

    @property
    def shape(self):
        """Lengths of the axes, the batch first."""
        return tuple(self.keras_tensor.shape)


@dataclass(eq=False)
class Step:
    """One call of a layer or operation."""

    path: str
    block: str
    operation: keras.Operation
    rule: object
    inputs: list
    outputs: list
    arguments: tuple
    parameters: int = 0

    @property
    def kind(self):
        """Name of the layer's class."""
        return type(self.operation).__name__


class Graph:
    """The steps of a model for a batch of a given size."""

    def __init__(self, model, batch_size):
        self.steps = []
        self.values = {}
        self.counted = set()
        self.calls = {}
        function = as_function(model)
        self.inputs = [self._input(one, batch_size) for one in function.inputs]
        self.input_names = [
            one._keras_history.operation.name for one in function.inputs
        ]
        self.outputs = self._walk(function, self.inputs, (), model)

    def _input(self, reference, batch_size):
        if None in reference.shape[1:]:
            raise ValueError(
                "account: model must have inputs of known size, got one of shape "
                f"{tuple(reference.shape)}; build it with a fixed input_shape"
            )
        value = self._value(
            keras.KerasTensor((batch_size, *reference.shape[1:]), reference.dtype)
        )
        axes = len(value.shape) - 2
        value.field = ((1,) * axes, (1,) * axes)
        return value

    def _value(self, keras_tensor):
        value = self.values[id(keras_tensor)] = Value(keras_tensor)
        return value

    def _walk(self, function, inputs, path, owner):
        """Add the steps of a function; return the values that it gives."""
        tensors = {
            id(reference): value.keras_tensor
            for reference, value in zip(function.inputs, inputs, strict=True)
        }
        for depth in sorted(function._nodes_by_depth, reverse=True):
            for node in function._nodes_by_depth[depth]:
                known = all(id(one) in tensors for one in node.input_tensors)
                if node.is_input or not known:
                    continue
                arguments = node.arguments.fill_in(tensors)
                sources = [
                    self.values[id(tensors[id(one)])] for one in node.input_tensors
                ]
                results = self._run(node, sources, arguments, path)
                for reference, value in zip(node.outputs, results, strict=True):
                    tensors[id(reference)] = value.keras_tensor
        return [self.values[id(tensors[id(one)])] for one in function.outputs]

    def _run(self, node, sources, arguments, path):
        operation = node.operation
        path = (*path, self._name(operation, path))
        rule = rule_for(operation)
        if rule is None:
            inside = self._inside(operation, sources, arguments)
            if inside is not None:
                return self._open(operation, inside, sources, path)
        results = [self._value(one) for one in _outputs(node, arguments)]
        step = Step(
            path="/".join(path),
            block=path[0],
            operation=operation,
            rule=rule,
            inputs=sources,
            outputs=results,
            arguments=arguments,
        )
        step.parameters = self._count(_variables(operation, arguments))
        self.steps.append(step)
        return results

    def _name(self, operation, path):
        """Return a name for a call, with its number if it is not the first."""
        name = operation.name
        if not isinstance(operation, keras.layers.Layer):
            name = re.sub(r"_\d+$", "", name)
        calls = self.calls[(path, name)] = self.calls.get((path, name), 0) + 1
        return name if calls == 1 else f"{name}#{calls}"

    def _count(self, variables):
        """Return the sizes of those variables that were not counted before."""
        fresh = {id(one): one for one in variables if id(one) not in self.counted}
        self.counted.update(fresh)
        return sum(one.shape.num_elements() for one in fresh.values())

    def _open(self, layer, function, sources, path):
        first = len(self.steps)
        results = self._walk(function, sources, path, layer)
        left = self._count(layer.weights)
        if left and len(self.steps) > first:
            # Weights that the operations were given in some other form.
            self.steps[-1].parameters += left
        return results

    def _inside(self, operation, sources, arguments):
        """Return what a layer is made of, as a function, or None if it hides it."""
        if not isinstance(operation, keras.layers.Layer):
            return None
        with contextlib.suppress(TypeError):
            return as_function(operation)
        tensors = [value.keras_tensor for value in sources]
        args, kwargs = arguments
        # Whatever a foreign layer raises here says that it cannot be opened.
        with contextlib.suppress(Exception), _no_trace(operation):
            return keras.Function(tensors, operation.call(*args, **kwargs))
        return None


def as_function(model):
    """Return the graph of a functional or sequential model."""
    if isinstance(model, keras.Sequential):
        if model._functional is None:
            raise ValueError(
                "account: model must be built, got a Sequential model of unknown "
                "input; begin it with keras.Input(shape)"
            )
        return model._functional
    if not isinstance(model, keras.Function):
        raise TypeError(
            "account: model must be a functional or sequential Keras model, "
            f"got {type(model).__name__}"
        )
    return model


@contextlib.contextmanager
def _no_trace(layer):
    """Leave no trace of symbolic calls on the layers inside a layer."""
    operations = layer._flatten_layers()
    before = [
        (nodes, len(nodes))
        for one in operations
        for nodes in (one._inbound_nodes, one._outbound_nodes)
    ]
    try:
        yield
    finally:
        for nodes, length in before:
            del nodes[length:]


def _outputs(node, arguments):
    """Return the symbolic results of a call."""
    args, kwargs = arguments
    return keras.tree.flatten(node.operation.compute_output_spec(*args, **kwargs))


def _variables(operation, arguments):
    if isinstance(operation, keras.layers.Layer):
        return operation.weights
    return [
        one for one in keras.tree.flatten(arguments) if isinstance(one, keras.Variable)
    ]
