"""Keras layers that the book derives and Keras lacks.

Each takes feature maps [batch, height, width, channels], is registered, so that a model
with it can be saved as ``.keras`` and loaded again once this package is imported, and
works under ``mixed_float16``. Needs TensorFlow as the backend of Keras.
"""

from helpers.layers.euclidean import EuclideanOutput
from helpers.layers.inception import InceptionModule
from helpers.layers.normalization import LocalResponseNormalization
from helpers.layers.partial import PartialConv2D
from helpers.layers.pooling import DepthwiseMaxPool2D
from helpers.layers.residual import BottleneckUnit, ResidualUnit
from helpers.layers.separable import SeparableUnit
from helpers.layers.squashing import FanInUniform, scaled_tanh, softmin
from helpers.layers.squeeze import SqueezeExcite
from helpers.layers.subsampling import TrainedSubsampling
from helpers.layers.upsampling import BilinearUpsampling2D

__all__ = [
    "BilinearUpsampling2D",
    "BottleneckUnit",
    "DepthwiseMaxPool2D",
    "EuclideanOutput",
    "FanInUniform",
    "InceptionModule",
    "LocalResponseNormalization",
    "PartialConv2D",
    "ResidualUnit",
    "SeparableUnit",
    "SqueezeExcite",
    "TrainedSubsampling",
    "scaled_tanh",
    "softmin",
]
