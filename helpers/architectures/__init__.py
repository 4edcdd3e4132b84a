"""The networks of Chapters 5 to 8, each a short function that reads as its table.

Each takes ``input_shape`` and ``num_classes``, with the published values as defaults,
and returns an untrained functional ``keras.Model`` that gives probabilities. Under
``mixed_float16`` the last layer computes in float32, as Keras advises.
"""

from helpers.architectures._alexnet import alexnet
from helpers.architectures._fashion_cnn import fashion_cnn
from helpers.architectures._googlenet import googlenet, se_googlenet
from helpers.architectures._lenet import lenet5
from helpers.architectures._resnet import resnet34, resnet50, resnet152, se_resnet50
from helpers.architectures._vgg import vgg16, vgg19
from helpers.architectures._xception import xception

__all__ = [
    "alexnet",
    "fashion_cnn",
    "googlenet",
    "lenet5",
    "resnet34",
    "resnet50",
    "resnet152",
    "se_googlenet",
    "se_resnet50",
    "vgg16",
    "vgg19",
    "xception",
]
