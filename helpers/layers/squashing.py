"""LeNet-5's squashing function, its first weights, and distances as probabilities.

Derived in Chapter 6, *LeNet-5 to GoogLeNet*, from LeCun, Bottou, Bengio
and Haffner, "Gradient-based learning applied to document recognition", 1998,
http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
"""

import keras
import numpy as np
from keras import ops

from helpers.layers._base import register


@register
def scaled_tanh(inputs):
    """Return 1.7159 · tanh(2/3 · inputs): LeNet-5's squashing function.

    Derived in Chapter 6. It takes 1 to 1 and −1 to −1, where its second derivative is
    largest.

    >>> round(float(scaled_tanh(1.0)), 3)
    1.0
    """
    return 1.7159 * ops.tanh(inputs * (2 / 3))


@register
def softmin(distances, temperature=10.0):
    """Return probabilities from distances: the nearest class is the most probable.

    For the LeNet-5 of Chapter 6. With cross-entropy and a temperature of 1 this is the
    paper's second criterion, without the constant that stands for images of no class.
    But squared distances over 84 features differ by dozens, which makes probabilities
    of 0 and 1: a digit that is just right teaches nothing more. Divided by 10 they
    leave something to learn.

    >>> np.array(softmin(np.array([0.0, 50.0]))).round(2)
    array([0.99, 0.01])
    """
    return ops.softmax(distances / -temperature)


@register
class FanInUniform(keras.initializers.Initializer):
    """Draw weights uniformly from ±scale / fan-in, as the paper of Chapter 6 does.

    Parameters
    ----------
    scale : float
        2.4 in the paper.
    seed : int, optional
        For repeatable draws.
    """

    def __init__(self, scale=2.4, seed=None):
        self.scale, self.seed = scale, seed

    def __call__(self, shape, dtype=None):
        """Return weights of a shape whose axes but the last are the fan-in."""
        limit = self.scale / np.prod(shape[:-1])
        return keras.random.uniform(shape, -limit, limit, dtype=dtype, seed=self.seed)

    def get_config(self):
        """Return what the initializer is made from."""
        return {"scale": self.scale, "seed": self.seed}
