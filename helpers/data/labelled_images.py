"""Sets of small grey images with a class each: clothes and handwritten digits."""

from typing import NamedTuple

import numpy as np

from helpers.data._elsewhere import PARTS, full_set
from helpers.data._files import data_path

FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
DIGIT_CLASSES = tuple("0123456789")


class LabelledImages(NamedTuple):
    """A data set: images and labels for training and for testing.

    Attributes
    ----------
    train_images, test_images : numpy.ndarray
        uint8 ``[images, height, width, channels]``. Grey sets have one channel, and 0
        is the background; colour photographs have three.
    train_labels, test_labels : numpy.ndarray
        uint8 ``[images]``, an index into `class_names`.
    class_names : tuple of str
        The classes, in the order of their labels.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]


def fashion_mnist(subset=True):
    """Load Fashion-MNIST; used from the chapter *Pooling layers* on.

    Used from Chapter 3 on.

    Parameters
    ----------
    subset : bool, optional
        Load what ships with the book: all 10,000 test images, and of the training
        images the first 1,200 of each class, in their own order. With False, all
        60,000 training images: from Debian's package ``dataset-fashion-mnist``, from
        Keras' cache or from this book's, whichever is there, or else by a download of
        31 MB.

    Returns
    -------
    LabelledImages
        ``train_images, train_labels, test_images, test_labels, class_names``: uint8
        images of 28×28 pixels in 0..255, 10 classes.

    Raises
    ------
    DataError
        If the file is missing or damaged, or the full set neither here nor within
        reach: see `data_path`.

    References
    ----------
    Xiao, Rasul, Vollgraf: "Fashion-MNIST: a Novel Image Dataset for Benchmarking
    Machine Learning Algorithms", arXiv:1708.07747, 2017.

    Examples
    --------
    >>> from helpers.data import fashion_mnist
    >>> fashion = fashion_mnist()
    >>> fashion.train_images.shape, fashion.test_images.shape
    ((12000, 28, 28, 1), (10000, 28, 28, 1))
    >>> fashion.class_names[fashion.test_labels[0]]
    'Ankle boot'
    """
    return _load("fashion_mnist.npz", "fashion-mnist", subset, FASHION_CLASSES)


def mnist(subset=True):
    """Load handwritten digits of MNIST; used from *LeNet-5 to GoogLeNet* on.

    Used in Chapters 6 and 17.

    Parameters
    ----------
    subset : bool, optional
        Load what ships with the book: 400 training and 100 test images a digit, all
        from MNIST's training set. With False, the full 60,000 and 10,000: from Keras'
        cache or this book's, whichever is there, or else by a download of 11 MB.

    Returns
    -------
    LabelledImages
        ``train_images, train_labels, test_images, test_labels, class_names``: uint8
        images of 28×28 pixels in 0..255, 10 classes.

    Raises
    ------
    DataError
        If the file is missing or damaged, or the full set neither here nor within
        reach: see `data_path`.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document
    recognition", Proceedings of the IEEE 86(11), 1998.

    Examples
    --------
    >>> from helpers.data import mnist
    >>> digits = mnist()
    >>> digits.train_images.shape, digits.test_images.shape
    ((4000, 28, 28, 1), (1000, 28, 28, 1))
    >>> digits.test_labels[:12].tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    """
    return _load("mnist_5000.npz", "mnist", subset, DIGIT_CLASSES)


def digits():
    """Load scikit-learn's handwritten digits of 8×8 pixels.

    Returns
    -------
    LabelledImages
        ``train_images, train_labels, test_images, test_labels, class_names``: uint8
        images of 8×8 pixels in 0..16, 10 classes. The last 297 of 1,797 are for
        testing.

    Raises
    ------
    DataError
        If the file is missing or damaged: see `data_path`.

    Examples
    --------
    >>> from helpers.data import digits
    >>> digits().train_images.shape
    (1500, 8, 8, 1)
    """
    return _load("digits.npz", None, True, DIGIT_CLASSES)


def _load(file, full_name, subset, class_names):
    """Read the packed file, or the full set of that name, and add the channel axis."""
    if not isinstance(subset, (bool, np.bool_)):
        caller = full_name.replace("-", "_")
        raise TypeError(f"{caller}: subset must be True or False, not {subset!r}")
    if subset:
        with np.load(data_path(file)) as archive:
            arrays = [archive[part] for part in PARTS]
    else:
        arrays = full_set(full_name)
    train_images, train_labels, test_images, test_labels = map(np.array, arrays)
    return LabelledImages(
        train_images[..., np.newaxis],
        train_labels,
        test_images[..., np.newaxis],
        test_labels,
        class_names,
    )
