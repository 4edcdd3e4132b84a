"""Normalization that Keras lacks."""

from keras import ops

from helpers._validation import as_count, as_number
from helpers.layers._base import MapsLayer, at_least_float32, maps_shape, register


@register
class LocalResponseNormalization(MapsLayer):
    r"""Let strong activations inhibit the same position in neighbouring maps.

    Derived in Chapter 6, LeNet-5 to GoogLeNet: each activation is divided,

    .. math:: b_i = a_i \left(k + \alpha \sum_j a_j^2\right)^{-\beta},

    where the sum runs over the maps from :math:`i - r` to :math:`i + r` that exist.

    Parameters
    ----------
    depth_radius : int
        The r of the sum, in channels: its window is 2r + 1 wide. (In the paper's
        equation n is the window's width: its n = 5 is `depth_radius` = 2.)
    bias : float
        The k of the equation; positive, or maps of zeros would give NaN.
    alpha : float
        Weight of the sum of squares, not of their mean: Caffe and PyTorch divide theirs
        by the width of the window, TensorFlow and this layer do not.
    beta : float
        The exponent.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of the kind above; when the layer is built, if
        the input is not feature maps.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional
    neural networks", 2012, section 3.3.

    Examples
    --------
    A strong map keeps its weak neighbour down:

    >>> import numpy as np
    >>> normalize = LocalResponseNormalization(depth_radius=1, beta=1.0)
    >>> alone, beside = np.array([[1, 0], [1, 3]], np.float32).reshape(2, 1, 1, 1, 2)
    >>> [round(float(normalize(maps)[0, 0, 0, 0]), 2) for maps in (alone, beside)]
    [0.5, 0.09]
    """

    def __init__(self, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, **kwargs):
        super().__init__(**kwargs)
        name = "LocalResponseNormalization"
        self.depth_radius = as_count(name, "depth_radius", depth_radius)
        self.bias = as_number(name, "bias", bias, above=0)
        self.alpha = as_number(name, "alpha", alpha, minimum=0)
        self.beta = as_number(name, "beta", beta)

    def call(self, inputs):
        """Return the normalized maps."""
        maps = at_least_float32(inputs)
        channels = ops.arange(maps.shape[-1])
        # A product with a band of ones sums the neighbours: several times faster than
        # adding shifted maps, at any radius.
        near = ops.abs(channels[:, None] - channels) <= self.depth_radius
        window_sum = ops.matmul(ops.square(maps), ops.cast(near, maps.dtype))
        scale = ops.power(self.bias + self.alpha * window_sum, -self.beta)
        return ops.cast(maps * scale, inputs.dtype)

    def compute_output_shape(self, input_shape):
        """Return the same shape."""
        return maps_shape("LocalResponseNormalization", input_shape)

    def get_config(self):
        """Return what the layer is made from."""
        return {
            **super().get_config(),
            "depth_radius": self.depth_radius,
            "bias": self.bias,
            "alpha": self.alpha,
            "beta": self.beta,
        }
