"""Five remedies for a device whose memory is too small, on one network."""

from dataclasses import dataclass

import keras
from keras import layers as keras_layers

from helpers._validation import as_count

#: Shape of the photographs.
SHAPE = (128, 128, 3)

#: How many classes they have.
CLASSES = 10

_MAPS = 16


@dataclass(frozen=True)
class Remedy:
    """How a network is trained, and on how many devices.

    Attributes
    ----------
    batch_size : int
        Images in a step, over all devices.
    stride : int
        Of the first layer.
    layers : int
        Convolutional layers.
    dtype : str
        ``"float32"``, ``"mixed_float16"`` or ``"mixed_bfloat16"``.
    devices : int
        Each takes an equal share of the batch.
    """

    batch_size: int = 32
    stride: int = 1
    layers: int = 8
    dtype: str = "float32"
    devices: int = 1

    @property
    def share(self):
        """Images in a step on one device."""
        return self.batch_size // self.devices

    @property
    def bytes_per_value(self):
        """Bytes of a layer's output."""
        return 4 if self.dtype == "float32" else 2

    def build(self):
        """Return the network."""
        return plain_stack(self.layers, self.stride, self.dtype)


#: The network as it is, and under five remedies, by name; used in Chapter 16.
REMEDIES = {
    "as it is": Remedy(),
    "smaller batches": Remedy(batch_size=8),
    "larger strides": Remedy(stride=2),
    "fewer layers": Remedy(layers=4),
    "bfloat16": Remedy(dtype="mixed_bfloat16"),
    "float16": Remedy(dtype="mixed_float16"),
    "two devices": Remedy(devices=2),
}


def plain_stack(layers=8, stride=1, dtype="float32"):
    """Build the stack of 3×3 layers that Chapter 16 tries its remedies on.

    Parameters
    ----------
    layers : int, optional
        Convolutional layers of 16 maps, each with a ReLU.
    stride : int, optional
        Of the first of them; the others have 1.
    dtype : str, optional
        Keras' policy for all layers but the last.

    Returns
    -------
    keras.Model
        From photographs of 128×128 to ten probabilities.

    Raises
    ------
    TypeError, ValueError
        If a number is not a positive int.

    Examples
    --------
    >>> from helpers.accounting import account
    >>> account(plain_stack(), batch_size=32).totals.activation_bytes_training
    274730240
    """
    layers = as_count("plain_stack", "layers", layers)
    stride = as_count("plain_stack", "stride", stride)
    images = maps = keras.Input(SHAPE)
    for layer in range(layers):
        maps = keras_layers.Conv2D(
            _MAPS,
            3,
            strides=1 if layer else stride,
            padding="same",
            activation="relu",
            kernel_initializer="he_normal",
            dtype=dtype,
        )(maps)
    maps = keras_layers.GlobalAveragePooling2D(dtype=dtype)(maps)
    scores = keras_layers.Dense(CLASSES, activation="softmax", dtype="float32")(maps)
    return keras.Model(images, scores, name="plain_stack")
