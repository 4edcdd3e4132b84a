"""Mini-batches whose order and changes follow from a seed and an epoch alone."""

import keras
import numpy as np

from helpers.augmentation import augment


class Batches(keras.utils.PyDataset):
    """One epoch's shuffled, augmented mini-batches of images and one-hot labels.

    The order of an epoch, and the changes of each of its batches, are drawn from
    generators seeded with the seed, the epoch and the batch. A training that resumes
    at an epoch so meets what it would have met.

    Parameters
    ----------
    images : numpy.ndarray
        ``[images, height, width, channels]``; uint8 is divided by 255 batch by batch,
        floats are taken as they are.
    labels : numpy.ndarray
        ``[images]``, integers.
    num_classes, batch_size, seed : int
        The last batch of an epoch, if it is not full, is left out.
    augmentation : dict
        What `helpers.augmentation.augment` takes.
    epoch : int
        Number of the epoch, from 0.
    """

    def __init__(
        self, images, labels, num_classes, batch_size, seed, augmentation=(), epoch=0
    ):
        super().__init__()
        self.images, self.labels = images, labels
        self.one_hot = np.eye(num_classes, dtype=np.float32)
        self.batch_size = min(batch_size, len(images))
        self.seed, self.epoch = seed, epoch
        self.augmentation = dict(augmentation)
        rng = np.random.default_rng((seed, epoch, 0))
        self.order = rng.permutation(len(images))

    def __len__(self):
        """Return the number of batches in an epoch."""
        return len(self.images) // self.batch_size

    def __getitem__(self, index):
        """Return one batch: images and one-hot labels."""
        start = index * self.batch_size
        chosen = self.order[start : start + self.batch_size]
        images = self.images[chosen]
        if self.augmentation:
            rng = np.random.default_rng((self.seed, self.epoch, index + 1))
            images = augment(images, rng, **self.augmentation)
        return scaled(images), self.one_hot[self.labels[chosen]]


def scaled(images):
    """Return float32 images: unsigned bytes divided by 255, floats as they are."""
    if images.dtype == np.uint8:
        return images.astype(np.float32) / np.float32(255)
    return np.asarray(images, np.float32)
