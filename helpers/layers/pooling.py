"""Pooling that Keras lacks."""

from keras import ops

from helpers._validation import as_count
from helpers.layers._base import MapsLayer, maps_shape, register


@register
class DepthwiseMaxPool2D(MapsLayer):
    """Keep the largest of every `pool_size` neighbouring channels.

    Derived in Chapter 3, Pooling layers. Height and width stay. If each group of
    channels looks for one pattern in several poses, the answer no longer depends on the
    pose. ``tf.nn.max_pool`` can pool over channels too, on a CPU, but has no gradient
    there; this layer trains on any device.

    Parameters
    ----------
    pool_size : int
        Channels in a group; must divide the number of input channels.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If `pool_size` is not a positive int; when the layer is built, if it does not
        divide the channels, or if the input is not feature maps.

    Examples
    --------
    >>> import numpy as np
    >>> maps = np.array([1, 5, 2, 7, 0, 3], np.float32).reshape(1, 1, 1, 6)
    >>> np.array(DepthwiseMaxPool2D(pool_size=3)(maps)).ravel().tolist()
    [5.0, 7.0]
    """

    def __init__(self, pool_size, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = as_count("DepthwiseMaxPool2D", "pool_size", pool_size)

    def build(self, input_shape):
        """Check the shape."""
        self.compute_output_shape(input_shape)
        super().build(input_shape)

    def call(self, inputs):
        """Return the pooled maps."""
        groups = ops.reshape(inputs, (*ops.shape(inputs)[:-1], -1, self.pool_size))
        return ops.max(groups, axis=-1)

    def compute_output_shape(self, input_shape):
        """Return the shape with fewer channels."""
        *axes, channels = maps_shape("DepthwiseMaxPool2D", input_shape)
        if channels % self.pool_size:
            raise ValueError(
                f"DepthwiseMaxPool2D: pool_size must divide the {channels} input "
                f"channels, got {self.pool_size}"
            )
        return (*axes, channels // self.pool_size)

    def get_config(self):
        """Return what the layer is made from."""
        return {**super().get_config(), "pool_size": self.pool_size}
