"""What the layers share: registration, and the checks of their inputs."""

import keras

PACKAGE = "seeing_with_convolutions"
register = keras.saving.register_keras_serializable(package=PACKAGE)


def require_channels_last(function):
    """Refuse to work where Keras takes images with their channels first."""
    if keras.config.image_data_format() != "channels_last":
        raise ValueError(
            f'{function}: the image data format must be "channels_last", '
            f'got "{keras.config.image_data_format()}"; call '
            'keras.config.set_image_data_format("channels_last")'
        )


def maps_shape(function, shape):
    """Return `shape` as a tuple, or say why it is none of feature maps.

    Height, width and batch may be unknown (``None``), channels may not.
    """
    wanted = "input must have the axes [batch, height, width, channels]"
    if len(shape) != 4:
        raise ValueError(
            f"{function}: {wanted}, got {len(shape)} axes, shape {tuple(shape)}"
        )
    if shape[-1] is None:
        raise ValueError(
            f"{function}: {wanted} with a known number of channels, "
            f"got shape {tuple(shape)}"
        )
    return tuple(shape)


class MapsLayer(keras.layers.Layer):
    """A layer that takes feature maps [batch, height, width, channels]."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        require_channels_last(type(self).__name__)

    def build(self, input_shape):
        """Check the shape, and let Keras compare every later input with it."""
        *_, channels = maps_shape(type(self).__name__, input_shape)
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={-1: channels})


def at_least_float32(tensor):
    """Return the tensor in float32 if its type is narrower.

    Squares and long sums overflow float16 early: it ends at 65,504.
    """
    narrow = keras.backend.standardize_dtype(tensor.dtype) in ("float16", "bfloat16")
    return keras.ops.cast(tensor, "float32") if narrow else tensor
