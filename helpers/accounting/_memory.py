"""Activation memory, from what is alive when."""

from math import prod


def values_of(graph):
    """Return every value of a graph, the inputs first."""
    return [*graph.inputs, *(one for step in graph.steps for one in step.outputs)]


def size(value, bytes_per_value):
    """Return the bytes of a value's memory."""
    return prod(value.shape) * bytes_per_value


def training_bytes(graph, bytes_per_value):
    """Return the memory of all values, which the backward pass will look at."""
    storages = {id(one.storage): one.storage for one in values_of(graph)}
    return sum(size(one, bytes_per_value) for one in storages.values())


def inference_peak(graph, bytes_per_value):
    """Return the most memory that values in use take at any step.

    A value is in use from the step that makes it to the last one that reads it; the
    answers of the model are to the end. In inference, dropout is a view.
    """
    storage = _storages(graph)
    last_read = {}
    for number, step in enumerate(graph.steps):
        for value in (*step.outputs, *step.inputs):
            last_read[id(storage[id(value)])] = number
    for value in graph.outputs:
        last_read[id(storage[id(value)])] = len(graph.steps)
    alive = {id(one): size(one, bytes_per_value) for one in graph.inputs}
    peak = now = sum(alive.values())
    for number, step in enumerate(graph.steps):
        for value in step.outputs:
            if storage[id(value)] is value:
                alive[id(value)] = size(value, bytes_per_value)
                now += alive[id(value)]
        peak = max(peak, now)
        for key in [one for one in alive if last_read.get(one, -1) <= number]:
            now -= alive.pop(key)
    return peak


def _storages(graph):
    """Return, for each value, the value whose memory it is in."""
    storage = {id(one): one for one in values_of(graph)}
    for step in graph.steps:
        rule = step.rule
        if rule is not None and (rule.view or rule.view_at_inference):
            storage[id(step.outputs[0])] = storage[id(step.inputs[0])]
    return storage
