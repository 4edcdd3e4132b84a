"""Mini-batches whose order and changes follow from a seed and an epoch alone."""

import numpy as np
import tensorflow as tf

from helpers.augmentation import augment


class Batches:
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


def as_dataset(get, length):
    """Return a `tf.data.Dataset` of batches, the next one made ready meanwhile.

    How many are made ready is not left to TensorFlow to tune. It does that in a thread
    that sleeps ever longer, and deleting the data set waits until it wakes: a training
    took up to half as long again, asleep.

    Parameters
    ----------
    get : callable
        Takes a batch's number, and returns an array or a tuple of arrays.
    length : int
        Number of batches.
    """
    signature = tf.nest.map_structure(
        lambda part: tf.TensorSpec((None, *part.shape[1:]), part.dtype), get(0)
    )
    dataset = tf.data.Dataset.from_generator(
        lambda: map(get, range(length)), output_signature=signature
    )
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(length))
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.prefetch(1).with_options(options)


def scaled(images):
    """Return float32 images: unsigned bytes divided by 255, floats as they are."""
    if images.dtype == np.uint8:
        return images.astype(np.float32) / np.float32(255)
    return np.asarray(images, np.float32)
