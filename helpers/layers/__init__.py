"""Keras layers that the book derives and Keras lacks.

Each takes feature maps [batch, height, width, channels], is registered, so that a model
with it can be saved as ``.keras`` and loaded again once this package is imported, and
works under ``mixed_float16``. Needs TensorFlow as the backend of Keras.
"""

from helpers.layers.normalization import LocalResponseNormalization
from helpers.layers.pooling import DepthwiseMaxPool2D
from helpers.layers.upsampling import BilinearUpsampling2D

__all__ = [
    "BilinearUpsampling2D",
    "DepthwiseMaxPool2D",
    "LocalResponseNormalization",
]
