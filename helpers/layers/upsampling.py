"""Upsampling with fixed weights, exact in every float type."""

from keras import ops

from helpers._validation import as_counts
from helpers.layers._base import MapsLayer, at_least_float32, maps_shape, register


@register
class BilinearUpsampling2D(MapsLayer):
    """Enlarge feature maps by whole factors, interpolating between pixels.

    Derived in Chapter 4, The convolution family. Pixels are small squares whose centres
    are at 0.5, 1.5, …, and beyond the outermost centres the border pixel is repeated,
    as in ``tf.image.resize``. That function computes in float32 whatever it is given;
    this layer keeps float64.

    Parameters
    ----------
    factor : int or (int, int)
        How many times taller and wider the maps become.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If `factor` is not a positive int or two of them; when the layer is built, if
        the input is not feature maps.

    Examples
    --------
    >>> import numpy as np
    >>> maps = np.array([0, 4], np.float32).reshape(1, 1, 2, 1)
    >>> np.array(BilinearUpsampling2D(factor=(1, 2))(maps)).ravel().tolist()
    [0.0, 1.0, 3.0, 4.0]
    """

    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = as_counts("BilinearUpsampling2D", "factor", factor, axes=2)

    def call(self, inputs):
        """Return the enlarged maps."""
        maps = at_least_float32(inputs)
        for axis, factor in zip((1, 2), self.factor, strict=True):
            maps = _stretch(maps, factor, axis)
        return ops.cast(maps, inputs.dtype)

    def compute_output_shape(self, input_shape):
        """Return the enlarged shape; an unknown side stays unknown."""
        batch, *sides, channels = maps_shape("BilinearUpsampling2D", input_shape)
        enlarged = [
            None if side is None else side * factor
            for side, factor in zip(sides, self.factor, strict=True)
        ]
        return (batch, *enlarged, channels)

    def get_config(self):
        """Return what the layer is made from."""
        return {**super().get_config(), "factor": self.factor}


def _stretch(maps, factor, axis):
    """Enlarge along one axis.

    Each pixel becomes `factor` pixels, and the one at a given place among them mixes
    the same two inputs in the same proportion for every pixel: so the answer is
    `factor` weighted sums of whole maps, interleaved.
    """
    if factor == 1:
        return maps
    shape = ops.shape(maps)
    first, last = _slice(maps, axis, 0, 1), _slice(maps, axis, -1, None)
    earlier = ops.concatenate([first, _slice(maps, axis, 0, -1)], axis)
    later = ops.concatenate([_slice(maps, axis, 1, None), last], axis)
    places = []
    for place in range(factor):
        # Distance of the new pixel's centre from the old one's, in old pixels.
        offset = (place + 0.5) / factor - 0.5
        neighbour = earlier if offset < 0 else later
        places.append(maps + abs(offset) * (neighbour - maps))
    interleaved = ops.stack(places, axis + 1)
    return ops.reshape(
        interleaved, (*shape[:axis], shape[axis] * factor, *shape[axis + 1 :])
    )


def _slice(maps, axis, start, stop):
    return maps[(slice(None),) * axis + (slice(start, stop),)]
