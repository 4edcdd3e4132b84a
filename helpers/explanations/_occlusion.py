"""Occlusion: what is lost where a square covers the image."""

import keras
import numpy as np

from helpers._validation import as_array, as_count, as_number
from helpers.explanations._checks import checked_class

BATCH = 32


def occluded(image, size, stride, fill=0.0):
    """Return copies of an image, each with a square covered.

    Parameters
    ----------
    image : array_like, shape (height, width, channels)
    size : int
        Side of the square, in pixels.
    stride : int
        Distance from one square to the next, in pixels.
    fill : float, optional
        The value that covers; 0 is mid-grey for what `helpers.pretrained.preprocess`
        returns.

    Returns
    -------
    ndarray, shape (rows, columns, height, width, channels)
        The square's corner is at ``(row * stride, column * stride)``; all squares lie
        inside the image.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above, or the square is larger than the image.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.explanations import occluded
    >>> copies = occluded(np.ones((8, 12, 3)), size=4, stride=4)
    >>> copies.shape
    (2, 3, 8, 12, 3)
    """
    name = "occluded"
    image = as_array(name, "image", image, ("height, width, channels",))
    size, stride = (as_count(name, "size", size), as_count(name, "stride", stride))
    fill = as_number(name, "fill", fill)
    height, width, _ = image.shape
    if size > min(height, width):
        raise ValueError(
            f"{name}: size must be at most the image's, {height} × {width}, got {size}"
        )
    rows = (height - size) // stride + 1
    columns = (width - size) // stride + 1
    copies = np.tile(image, (rows, columns, 1, 1, 1))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            copies[row, column, top : top + size, left : left + size] = fill
    return copies


def occlusion_map(model, image, class_id, size=32, stride=16, fill=0.0):
    """Return how much of a class's probability is lost where a square covers the image.

    Derived in Chapter 9.

    Parameters
    ----------
    model : keras.Model
        From images to logits [batch, classes].
    image : array_like, shape (height, width, channels)
        One image, as the model takes it.
    class_id : int
        The class.
    size, stride, fill
        As `occluded` takes them.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Probability without a square minus probability with it, one for each place of
        the square. Negative where the square helps.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    References
    ----------
    Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV
    2014, https://arxiv.org/abs/1311.2901
    """
    name = "occlusion_map"
    class_id = checked_class(name, class_id, model)
    copies = occluded(image, size, stride, fill)
    rows, columns = copies.shape[:2]
    batch = np.concatenate([np.asarray(image)[None], *copies]).astype(np.float32)
    logits = model.predict(batch, batch_size=BATCH, verbose=0)
    probabilities = keras.ops.convert_to_numpy(keras.ops.softmax(logits))[:, class_id]
    return (probabilities[0] - probabilities[1:]).reshape(rows, columns)
