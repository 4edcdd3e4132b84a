"""Scenes in other light, in a mirror and in other sizes: boxes and masks go along."""

import numpy as np
import tensorflow as tf

from helpers.training._batches import scaled

LIGHT = 0.25  # how far brightness and each colour may move, either way
GREY = 0.3, 0.6, 0.1  # about how bright red, green and blue look
SATURATION = 0.5, 2.0  # how much further from grey, at least and at most
STRONGER_LIGHT = 0.35
CURVE = 0.3  # how far the logarithm of a power of all values may move, either way


def mirrored(scenes, which):
    """Return scenes of which some, ``which[scenes]``, are turned left to right."""
    width = scenes.images.shape[2]
    images, masks = scenes.images.copy(), scenes.masks.copy()
    images[which], masks[which] = images[which, :, ::-1], masks[which, :, ::-1]
    boxes = [
        _turned(own, width) if turned else own
        for own, turned in zip(scenes.boxes, which, strict=True)
    ]
    return scenes._replace(images=images, masks=masks, boxes=boxes)


def _turned(boxes, width):
    x_min, y_min, x_max, y_max = boxes.T
    return np.stack([width - x_max, y_min, width - x_min, y_max], axis=1)


def lit(scenes, rng):
    """Return scenes in other light: floats, each scene's colours times numbers."""
    images = scaled(scenes.images)
    each = len(images), 1, 1, images.shape[-1]
    times = 1 + rng.uniform(-LIGHT, LIGHT, each).astype(np.float32)
    return scenes._replace(images=np.minimum(images * times, 1))


def recoloured(scenes, rng):
    """Return scenes in other colours: floats, more or less grey, channels exchanged.

    What a photograph shows has some colours and not others; items are tinted by
    chance. So other colours tell a network that only shapes and folds count.
    """
    images = scaled(scenes.images)
    each = len(images), 1, 1, 1
    grey = (images @ np.float32(GREY))[..., np.newaxis]
    images = grey + (images - grey) * rng.uniform(*SATURATION, each).astype(np.float32)
    images = np.stack([one[..., rng.permutation(3)] for one in images])
    light = rng.uniform(-STRONGER_LIGHT, STRONGER_LIGHT, (len(images), 1, 1, 3))
    images *= 1 + light.astype(np.float32)
    powers = np.exp(rng.uniform(-CURVE, CURVE, each)).astype(np.float32)
    return scenes._replace(images=np.clip(images, 0, 1) ** powers)


def resized(scenes, size):
    """Return scenes, of images in floats, in another size."""
    old = scenes.images.shape[1]
    if old == size:
        return scenes
    images = tf.image.resize(scenes.images, (size, size), antialias=True).numpy()
    masks = tf.image.resize(scenes.masks[..., np.newaxis], (size, size), "nearest")
    boxes = [own * np.float32(size / old) for own in scenes.boxes]
    return scenes._replace(images=images, masks=masks.numpy()[..., 0], boxes=boxes)


CHANGES = {"light": lit, "colours": recoloured}  # of a training, by name


def seed_of(scenes):
    """Return a seed that follows from the scenes, for what is drawn from them."""
    return int(scenes.masks.astype(np.uint64).sum())
