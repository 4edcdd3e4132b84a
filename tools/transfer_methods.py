"""Ways to train on few images: what `tools.transfer_study` compares."""

import time

import keras
import numpy as np

from helpers.data import tree_crowns
from helpers.data.colour_images import TREE_VALIDATION
from helpers.pretrained import _efficientnet, load_classifier
from helpers.small_networks import compact
from helpers.training import predict
from helpers.training._batches import Batches, as_dataset
from helpers.training._loop import Settings, _compile
from helpers.transfer import (
    HEAD,
    backbone,
    compute_features,
    few_per_class,
    head_alone,
    unfreeze_from,
    with_new_head,
)

SIZE = 96
SMALL_SIZE = 48
WEIGHT_DECAY = 0.01
SHOWN = 1024  # images shown in a training, repeats counted
BATCH = 16
TESTED = ("validation", "test", "elsewhere")
MOMENTUM = 0.9  # of batch normalization from scratch; 0.99 would need more steps
SETTLE = 24  # batches that only its averages learn from
UPPER = "block_12_expand_conv"  # where fine-tuning begins, as a rule

# Peak learning rates, chosen on the validation strip with seed 0: that of fine-tuning
# with 40 and 150 images a class, that of the head with 40. Others are usual ones.
RATES = {"features": 3e-3, "fine-tuned": 1e-4, "from scratch": 3e-3, "small": 3e-3}
# How many times the budget; the small network is cheap.
TIMES = {"small": 8}


class Study:
    """The data, the features, and one method for each way to train."""

    def __init__(self):
        found = tree_crowns(SIZE)
        far = tree_crowns(SIZE, elsewhere=True)
        known = slice(0, -TREE_VALIDATION)
        held = slice(-TREE_VALIDATION, None)
        self.images = {
            "train": found.train_images[known],
            "validation": found.train_images[held],
            "test": found.test_images,
            "elsewhere": far.test_images,
        }
        self.labels = {
            "train": found.train_labels[known],
            "validation": found.train_labels[held],
            "test": found.test_labels,
            "elsewhere": far.test_labels,
        }
        self.models = {}
        self.classifier = load_classifier()
        base = backbone(self.classifier, SIZE)
        self.features = {
            split: compute_features(base, images)[:, None, None]
            for split, images in self.images.items()
        }

    def drawn(self, count, seed, shown):
        """Return indices of the images that are shown, each about as often."""
        few = few_per_class(self.labels["train"], count, seed)
        rng = np.random.default_rng(seed)
        rounds = -(-shown // len(few))
        return np.concatenate([rng.permutation(few) for _ in range(rounds)])[:shown]

    def train(self, model, inputs, indices, rate, seed, augmentation=()):
        """Train for one epoch over the images in `indices`, from a fresh optimizer.

        As `helpers.training.train` does it, but a model is compiled only once: for
        trainings as short as these, that takes longer than the training.
        """
        keras.utils.set_random_seed(seed)
        if not getattr(model, "compiled", False):
            settings = Settings(
                epochs=1,
                batch_size=BATCH,
                learning_rate=rate,
                schedule="one_cycle",
                weight_decay=WEIGHT_DECAY,
            )
            _compile(model, settings, inputs[indices])
        for variable in model.optimizer.variables:
            if variable.path.rsplit("/")[-1] != "learning_rate":
                variable.assign(np.zeros(variable.shape, variable.dtype))
        labels = self.labels["train"][indices]
        batches = Batches(inputs[indices], labels, 2, BATCH, seed, augmentation)
        data = as_dataset(batches.__getitem__, len(batches))
        model.fit(data, epochs=1, shuffle=False, verbose=0)

    def reused(self, name, build):
        """Return the model of that name, made once, with its first weights."""
        if name not in self.models:
            model = build()
            self.models[name] = model, model.get_weights()
            return model
        model, weights = self.models[name]
        model.set_weights(weights)
        return model

    def head(self, count, seed, rate, shown):
        """Train the head alone, on stored features."""
        keras.utils.set_random_seed(seed)
        fresh = head_alone(self.features["train"].shape[-1], 2)
        head = self.reused(f"head {shown}", lambda: fresh)
        head.set_weights(fresh.get_weights())
        indices = self.drawn(count, seed, shown)
        self.train(head, self.features["train"], indices, rate, seed)
        return head

    def fine_tuned(self, count, seed, rate):
        """Train the head on features, then it and the backbone's upper layers."""
        head = self.head(count, seed, RATES["features"], SHOWN // 2)

        def build():
            base = backbone(self.classifier, SIZE)
            model = with_new_head(base, 2)
            unfreeze_from(base, UPPER)
            return model

        model = self.reused(f"fine-tuned {rate}", build)
        model.get_layer(HEAD).set_weights(head.get_layer(HEAD).get_weights())
        self.learn(model, count, seed, rate, SHOWN // 2)
        return model

    def learn(self, model, count, seed, rate, shown):
        """Show training images to a model, mirrored at random."""
        images = self.images["train"]
        if images.shape[1] != model.input_shape[1]:
            images = smaller(images)
        indices = self.drawn(count, seed, shown)
        self.train(model, images, indices, rate, seed, {"flip": True})

    def from_scratch(self, count, seed, rate):
        """Train the backbone's network and a head from random weights."""
        keras.utils.set_random_seed(seed)
        base = backbone(_efficientnet.build(), SIZE)
        fresh = with_new_head(base, 2)
        for layer in base.layers:
            if hasattr(layer, "momentum"):
                layer.momentum = MOMENTUM
        model = self.reused("scratch", lambda: fresh)
        model.set_weights(fresh.get_weights())
        self.learn(model, count, seed, rate, SHOWN)
        # The averages lag behind weights that changed much: let them catch up.
        for batch in np.split(self.drawn(count, seed, SETTLE * BATCH), SETTLE):
            model(self.images["train"][batch] / np.float32(255), training=True)
        return model

    def small(self, count, seed, rate):
        """Train the small CNN from random weights."""
        keras.utils.set_random_seed(seed)
        fresh = compact((SMALL_SIZE, SMALL_SIZE, 3), 2)
        model = self.reused("small", lambda: fresh)
        model.set_weights(fresh.get_weights())
        self.learn(model, count, seed, rate, TIMES["small"] * SHOWN)
        return model

    def run(self, method, count, seed, rate=None, splits=TESTED):
        """Train by a method; return what it reaches and its answers on the test."""
        rate = RATES.get(method) if rate is None else rate
        start = time.perf_counter()
        model = {
            "features": lambda: self.head(count, seed, rate, SHOWN),
            "fine-tuned": lambda: self.fine_tuned(count, seed, rate),
            "from scratch": lambda: self.from_scratch(count, seed, rate),
            "small": lambda: self.small(count, seed, rate),
        }[method]()
        return self.tested(model, time.perf_counter() - start, splits)

    def tested(self, model, seconds, splits=TESTED):
        """Return a model's accuracies, and its answers on the test images."""
        figures = {"seconds": round(seconds, 1)}
        for split in splits:
            inputs = self.inputs(model, split)
            chances = predict(model, inputs)
            right = chances.argmax(axis=1) == self.labels[split]
            figures[split] = round(float(right.mean()), 4)
            if split == "test":
                percent = np.round(100 * chances[:, 1]).astype(int)
                figures["crown_percent"] = " ".join(map(str, percent))
        return figures

    def inputs(self, model, split):
        """Return what a model takes: features, images or smaller images."""
        if model.input_shape[1] == 1:
            return self.features[split]
        if model.input_shape[1] == SIZE:
            return self.images[split]
        return smaller(self.images[split])


def smaller(images):
    """Halve the sides: each pixel is the mean of four."""
    batch, height, width, channels = images.shape
    blocks = images.reshape(batch, height // 2, 2, width // 2, 2, channels)
    return np.round(blocks.mean(axis=(2, 4))).astype(np.uint8)
