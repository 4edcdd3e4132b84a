"""Scenes in other light, in a mirror and in other sizes: boxes and masks go along."""

import numpy as np
import tensorflow as tf

from helpers.training._batches import scaled

LIGHT = 0.25  # how far brightness and each colour may move, either way


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


def resized(scenes, size):
    """Return scenes, of images in floats, in another size."""
    old = scenes.images.shape[1]
    if old == size:
        return scenes
    images = tf.image.resize(scenes.images, (size, size), antialias=True).numpy()
    masks = tf.image.resize(scenes.masks[..., np.newaxis], (size, size), "nearest")
    boxes = [own * np.float32(size / old) for own in scenes.boxes]
    return scenes._replace(images=images, masks=masks.numpy()[..., 0], boxes=boxes)


def seed_of(scenes):
    """Return a seed that follows from the scenes, for what is drawn from them."""
    return int(scenes.masks.astype(np.uint64).sum())
