"""From a classifier to detectors: where things are, and not only what.

It needs Keras with TensorFlow behind it.
"""

from helpers.detection._convolutional import to_convolutional

__all__ = ["to_convolutional"]
