"""A trained network with 8-bit weights and activations, as telephones run it.

TensorFlow's converter and interpreter do the work; they are imported when needed.
"""

import contextlib
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np

from helpers._validation import as_array

_IMAGES = ("images, height, width, channels",)
#: What `convert` can make of weights and activations.
KINDS = ("float32", "float16", "int8")


def convert(model, kind="int8", examples=None):
    """Return a model as the bytes of a TFLite file; used in Chapter 16.

    Parameters
    ----------
    model : keras.Model
        One input, ``[batch, height, width, channels]``.
    kind : str, optional
        ``"int8"``: weights, activations, input and output are 8-bit integers;
        ``"float16"``: only the weights are stored with 16 bits; ``"float32"``.
    examples : ndarray, optional
        Images as the model takes them, a hundred or so, to find the range of each
        layer's outputs. Needed for ``"int8"``.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError, TypeError
        If `kind` is none of the three, or if examples are missing or unfit.
    """
    if kind not in KINDS:
        raise ValueError(f"convert: kind must be one of {KINDS}, got {kind!r}")
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder, _quiet():
        model.export(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if kind != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if kind == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if kind == "int8":
            if examples is None:
                raise ValueError("convert: examples are needed for int8")
            examples = as_array("convert", "examples", examples, _IMAGES)
            examples = examples.astype(np.float32, copy=False)
            converter.representative_dataset = lambda: ([one[None]] for one in examples)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = tf.int8
            converter.inference_output_type = tf.int8
        return converter.convert()


class Interpreter:
    """A TFLite model that can be called; used in Chapter 16.

    Parameters
    ----------
    content : bytes
        What `convert` gave.
    batch_size : int, optional
        Images in each call.
    threads : int, optional
    """

    def __init__(self, content, batch_size=1, threads=1):
        import tensorflow as tf

        with _quiet():
            self.inner = tf.lite.Interpreter(model_content=content, num_threads=threads)
            (given,) = self.inner.get_input_details()
            shape = (batch_size, *given["shape"][1:])
            self.inner.resize_tensor_input(given["index"], shape)
            self.inner.allocate_tensors()
        (self.input,) = self.inner.get_input_details()
        (self.output,) = self.inner.get_output_details()
        self.batch_size = batch_size

    def __call__(self, images):
        """Return the answers to one batch of float images, as floats."""
        self.inner.set_tensor(self.input["index"], _into(images, self.input))
        self.inner.invoke()
        return _out_of(self.inner.get_tensor(self.output["index"]), self.output)

    def predict(self, images):
        """Return the answers to any number of images that the batch size divides."""
        images = as_array("predict", "images", images, _IMAGES)
        if len(images) % self.batch_size:
            raise ValueError(
                f"predict: the number of images must divide by {self.batch_size}, "
                f"got {len(images)}"
            )
        starts = range(0, len(images), self.batch_size)
        parts = [self(images[start : start + self.batch_size]) for start in starts]
        return np.concatenate(parts)


def _into(images, details):
    images = np.asarray(images, np.float32)
    if details["dtype"] is not np.int8:
        return images
    scale, zero_point = details["quantization"]
    return np.clip(np.rint(images / scale) + zero_point, -128, 127).astype(np.int8)


def _out_of(answers, details):
    if details["dtype"] is not np.int8:
        return answers
    scale, zero_point = details["quantization"]
    return np.float32(scale) * (answers.astype(np.float32) - zero_point)


@contextlib.contextmanager
def _quiet():
    """Keep out of a notebook what TensorFlow notes on the way."""
    import tensorflow as tf

    logger = tf.get_logger()
    level, kept = logger.level, os.dup(2)
    logger.setLevel("ERROR")
    with warnings.catch_warnings(), Path(os.devnull).open("wb") as nowhere:
        # Of its successor, LiteRT, which is a package of its own.
        warnings.filterwarnings("ignore", message=".*tf.lite.Interpreter is deprec.*")
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            logger.setLevel(level)
