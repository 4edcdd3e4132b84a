"""Make the detector of ``data/`` from the frozen graph that it comes from.

``python -m tools.pack_pretrained FROZEN_GRAPH [TO]``: the 32-bit constants of the graph
become 16-bit ones, which halves the file. The result is the same with each call.
`helpers.pretrained` widens them again when it loads the graph.
"""

import sys
from pathlib import Path

import numpy as np

SMALLEST = 64  # values; smaller constants, such as thresholds, keep their 32 bits
TARGET = Path(__file__).parents[1] / "data" / "pretrained" / "coco_ssd.pb"


def main(arguments):
    source, *rest = map(Path, arguments)
    target = rest[0] if rest else TARGET
    target.write_bytes(narrow(source.read_bytes()))
    print(f"{target}: {target.stat().st_size:,} bytes")


def narrow(contents):
    """Return a serialized graph with its large 32-bit constants in 16 bits."""
    import tensorflow as tf

    graph = tf.compat.v1.GraphDef()
    graph.ParseFromString(contents)
    for node in graph.node:
        if node.op != "Const":  # to ask another for its value would give it one
            continue
        value = node.attr["value"].tensor
        exact = tf.make_ndarray(value)
        if exact.dtype != np.float32 or exact.size < SMALLEST:
            continue
        with np.errstate(over="ignore"):
            half = exact.astype(np.float16)
        if not np.isfinite(half).all():
            raise ValueError(f"{node.name} holds values that no 16-bit float holds")
        value.CopyFrom(tf.make_tensor_proto(half))
        node.attr["dtype"].type = tf.float16.as_datatype_enum
    return graph.SerializeToString(deterministic=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
