"""A small network that tells people from what is behind them, as telephones run it."""

import numpy as np
import tensorflow as tf

from helpers.data import data_path
from helpers.lite import Interpreter
from helpers.pretrained._photograph import as_photograph

MODEL = "pretrained/selfie_segmentation.tflite"
SIDE = 256  # of the image that it takes, and of the mask that it gives


class PersonSegmenter:
    """What tells people from the rest; `load_person_segmenter` makes one.

    Parameters
    ----------
    content : bytes
        A TFLite model from RGB in 0..1 ``[1, 256, 256, 3]`` to ``[1, 256, 256, 1]``.
    """

    def __init__(self, content):
        self._network = Interpreter(content)

    def __call__(self, image):
        """Return how likely each pixel belongs to a person.

        Parameters
        ----------
        image : array_like or PIL.Image.Image
            A photograph in colour or grey, 32 pixels or more on each side. It is scaled
            to a square, whatever its shape.

        Returns
        -------
        ndarray of float32, shape (height, width)
            From 0 to 1, interpolated between the 256×256 answers of the network.

        Raises
        ------
        TypeError, ValueError
            If it is no photograph.
        """
        photograph = as_photograph("person segmenter", image)
        square = tf.image.resize(photograph[np.newaxis] / np.float32(255), (SIDE, SIDE))
        shares = self._network(square.numpy())
        return tf.image.resize(shares, photograph.shape[:2]).numpy()[0, :, :, 0]


def load_person_segmenter():
    """Return a network that was trained to tell people from what is behind them.

    Used in Chapter 14, Semantic segmentation. It is MediaPipe's Selfie Segmentation,
    made for one or few people less than two metres from the camera.

    Returns
    -------
    PersonSegmenter
        ``segmenter(photograph)`` gives a number from 0 to 1 for each pixel.

    Raises
    ------
    DataError
        If the model is missing or damaged. It is not parsed then.

    Examples
    --------
    >>> from helpers.data import photograph
    >>> from helpers.pretrained import load_person_segmenter
    >>> shares = load_person_segmenter()(photograph("astronaut"))
    >>> shares.shape, bool(shares[200, 200] > 0.9), bool(shares[20, 20] < 0.1)
    ((512, 512), True, True)
    """
    return PersonSegmenter(data_path(MODEL).read_bytes())
