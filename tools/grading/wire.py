"""Values as messages: what the walled-off child and the grader say to each other.

Both sides run this module. The grader trusts none of what it reads: only plain values
come out of a message, never an object whose methods a student wrote.
"""

import base64
import json
import math
import struct

import numpy as np

LARGEST = 64 << 20
DEEPEST = 40
PLAIN = (type(None), bool, int, float, str)
KINDS = "?biufcU"
LENGTH = struct.Struct(">I")


class BadMessage(Exception):
    """What was read is no message."""


def frame(message):
    """Return a message as bytes, its length in front.

    Raises
    ------
    BadMessage
        If it is larger than `LARGEST`.
    """
    content = json.dumps(message).encode()
    if len(content) > LARGEST:
        raise BadMessage(f"an answer of {len(content) >> 20} MB is too large")
    return LENGTH.pack(len(content)) + content


def parse(content):
    """Return the message that these bytes hold.

    Raises
    ------
    BadMessage
        If they hold none.
    """
    try:
        message = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadMessage("what came back is no message") from error
    if not isinstance(message, dict):
        raise BadMessage("what came back is no message")
    return message


def pack(value, keep, depth=0):
    """Return a value in a form that JSON can hold.

    Parameters
    ----------
    value : object
        Numbers, text, arrays, and lists, tuples, sets and dicts of them.
    keep : callable
        Takes any other object and returns a dict that stands for it.
    depth : int, optional
        How deep in other values this one lies.
    """
    if depth > DEEPEST:
        raise BadMessage("a value is nested too deeply")
    if value is ...:
        return {"ellipsis": []}
    if type(value) in PLAIN:
        return value
    if isinstance(value, np.generic):
        return {"scalar": _pack_array(np.asarray(value), keep)}
    if isinstance(value, np.ndarray) or _is_tensor(value):
        return {"array": _pack_array(np.asarray(value), keep)}
    for kind in (list, tuple, set, frozenset):
        if type(value) is kind:
            items = [pack(each, keep, depth + 1) for each in value]
            return {"set" if kind is frozenset else kind.__name__: items}
    if type(value) is dict:
        items = [
            [pack(each, keep, depth + 1) for each in pair] for pair in value.items()
        ]
        return {"dict": items}
    return {"object": keep(value)}


def _is_tensor(value):
    return hasattr(value, "__array__") and hasattr(value, "dtype")


def _pack_array(array, keep):
    if array.dtype.kind not in KINDS:
        return {"object": keep(array)}
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "data": data}


def unpack(message, find, depth=0):
    """Return the value that `pack` made a message of.

    Parameters
    ----------
    message : object
        What `parse` gave, or a part of it.
    find : callable
        Takes what stands for an object and returns the object.
    depth : int, optional
        How deep in other values this one lies.

    Raises
    ------
    BadMessage
        If `pack` cannot have made it.
    """
    if depth > DEEPEST:
        raise BadMessage("a value is nested too deeply")
    if type(message) in PLAIN:
        return message
    if type(message) is not dict or len(message) != 1:
        raise BadMessage("a value is in no known form")
    ((kind, content),) = message.items()
    try:
        return _unpack_kind(kind, content, find, depth)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise BadMessage("a value is in no known form") from error


def _unpack_kind(kind, content, find, depth):
    if kind == "object":
        return find(content)
    if kind == "ellipsis":
        return ...
    if kind in ("array", "scalar"):
        if "object" in content:
            return find(content["object"])
        array = _unpack_array(**content)
        return array[()] if kind == "scalar" else array
    if type(content) is not list:
        raise BadMessage("a value is in no known form")
    if kind == "dict":
        pairs = [[unpack(each, find, depth + 1) for each in pair] for pair in content]
        return dict(pairs)
    makers = {"list": list, "tuple": tuple, "set": set}
    return makers[kind](unpack(each, find, depth + 1) for each in content)


def _unpack_array(dtype, shape, data):
    dtype = np.dtype(str(dtype))
    if dtype.kind not in KINDS:
        raise BadMessage("an array holds neither numbers nor text")
    if not all(type(size) is int and size >= 0 for size in shape):
        raise BadMessage("an array has no proper shape")
    content = base64.b64decode(data, validate=True)
    if math.prod(shape) * dtype.itemsize != len(content):
        raise BadMessage("an array is not of the size that it claims")
    return np.frombuffer(content, dtype).reshape(shape).copy()
