"""Models without memory for their weights."""

import contextlib

import keras
from keras.src.backend.common import global_state

PENDING = "uninitialized_variables"


@contextlib.contextmanager
def weightless():
    """Let models that are built inside take no memory for their weights.

    Used from Chapter 6 on. Such a model has all its layers and shapes, and can be
    counted, but not used: VGG-19 is there in milliseconds instead of seconds and half a
    gigabyte.

    Examples
    --------
    >>> from helpers.architectures import vgg19
    >>> with weightless():
    ...     model = vgg19()
    >>> model.count_params()
    143667240
    """
    # Keras would make up for the weights when the next scope of its own ends.
    pending = list(global_state.get_global_attribute(PENDING) or [])
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute(PENDING, pending)
