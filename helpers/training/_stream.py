"""Training on scenes that are made as they are needed, and never seen twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from helpers._validation import as_count, as_number, show
from helpers.data import scenes
from helpers.training import _checkpoint
from helpers.training._progress import ProgressBar
from helpers.training._scene_changes import CHANGES, mirrored, resized

SCENE_SIZE = 128
LARGEST_GRADIENT = 10.0


@dataclass(frozen=True)
class StreamSettings:
    """What decides the course of a training on scenes, besides the network."""

    epochs: int
    steps: int = 200
    batch_size: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    sizes: tuple = (SCENE_SIZE,)
    changes: str = "light"
    seed: int = 0

    def __post_init__(self):
        name = "train_on_scenes"
        for argument in ("epochs", "steps", "batch_size"):
            as_count(name, argument, getattr(self, argument))
        as_number(name, "learning_rate", self.learning_rate, above=0)
        as_number(name, "weight_decay", self.weight_decay, minimum=0)
        if not self.sizes:
            raise ValueError(f"{name}: sizes must hold at least one, got none")
        for size in self.sizes:
            as_count(name, "sizes", size)
        if self.changes not in CHANGES:
            raise ValueError(
                f"{name}: changes must be {' or '.join(map(repr, CHANGES))}, got "
                f"{show(self.changes)}"
            )


def train_on_scenes(learner, *, make=scenes, folder=None, progress=True, **settings):
    """Train on scenes, as the detectors and segmenters from Chapter 11 on were.

    Every step has new scenes of the training split, half of them mirrored, in another
    light. The rate of AdamW rises for a tenth of the steps, then falls to 0 along a
    cosine.

    Parameters
    ----------
    learner : helpers.detection.Detector
        What has a ``network``, ``batch(scenes)``, which gives the arrays of a step, and
        ``loss(*batch)``, which gives a dict of the loss's parts. The network's weights
        are changed.
    make : callable, optional
        What makes them: takes the arguments of `helpers.data.scenes`, gives `Scenes`.
    folder : str or pathlib.Path, optional
        Where to keep a checkpoint of the last whole epoch. A training that was
        interrupted goes on from there; one that was finished is loaded.
    progress : bool, optional
        Show a progress bar.
    **settings
        ``epochs`` (needed), ``steps=200`` an epoch, ``batch_size=32``,
        ``learning_rate=2e-3`` (its peak), ``weight_decay=0.01``, ``sizes=(128,)``
        (scenes are resized to one of these, drawn for every step),
        ``changes="light"`` (or ``"colours"``: saturation and channels change, too) and
        ``seed=0``.

    Returns
    -------
    list of dict
        An entry an epoch: ``loss``, its parts, and ``seconds``.

    Raises
    ------
    ValueError, TypeError
        If a setting is not one of the above, or the checkpoint is of another training.
    """
    settings = StreamSettings(**settings)
    network, notes = learner.network, asdict(settings)
    keras.utils.set_random_seed(settings.seed)
    optimizer = _optimizer(settings)
    optimizer.build(network.trainable_variables)
    network.compile(optimizer, jit_compile=False)
    folder = folder and Path(folder)
    history = _checkpoint.restore(folder, network, notes) if folder else []
    bar = ProgressBar(settings.epochs) if progress else None
    if progress:
        bar.set_params({"steps": settings.steps})
    step = tf.function(
        lambda *batch: _step(learner, optimizer, batch),
        autograph=False,
        reduce_retracing=True,
    )
    for epoch in range(len(history), settings.epochs):
        start = time.perf_counter()
        figures = _epoch(learner, step, settings, make, epoch, bar)
        seconds = round(time.perf_counter() - start, 2)
        history.append(figures | {"seconds": seconds})
        if folder:
            _checkpoint.save(folder, network, notes, history)
    if progress:
        bar.close()
    return history


def _optimizer(settings):
    total = settings.epochs * settings.steps
    rise, rate = max(1, total // 10), settings.learning_rate
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 25, max(1, total - rise), warmup_target=rate, warmup_steps=rise
    )
    return keras.optimizers.AdamW(
        schedule,
        weight_decay=settings.weight_decay,
        global_clipnorm=LARGEST_GRADIENT,
    )


def _step(learner, optimizer, batch):
    """Learn from one batch; return the parts of the loss."""
    variables = learner.network.trainable_variables
    with tf.GradientTape() as tape:
        parts = learner.loss(*batch)
        total = tf.add_n(list(parts.values()))
    gradients = tape.gradient(total, variables)
    optimizer.apply_gradients(zip(gradients, variables, strict=True))
    return {"loss": total} | parts


def _epoch(learner, step, settings, make, epoch, bar):
    """Learn for an epoch; return the means of the parts of the loss.

    The next batch is made in a thread while TensorFlow learns from one.
    """
    numbers = range(epoch * settings.steps, (epoch + 1) * settings.steps)
    sums = {}
    if bar:
        bar.on_epoch_begin(epoch)
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(_batch, learner, settings, make, numbers[0])
        for done, number in enumerate(numbers, 1):
            batch = coming.result()
            if done < len(numbers):
                coming = maker.submit(_batch, learner, settings, make, number + 1)
            parts = step(*(tf.constant(each) for each in batch))
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + float(value)
            if bar:
                means = {name: value / done for name, value in sums.items()}
                bar.on_train_batch_end(done - 1, means)
    means = {name: round(value / len(numbers), 5) for name, value in sums.items()}
    if bar:
        bar.on_epoch_end(epoch, means)
    return means


def _batch(learner, settings, make, number):
    """Return the arrays of one step, which follow from the seed and its number."""
    count = settings.batch_size
    some = make(count, "train", settings.seed, SCENE_SIZE, first=number * count)
    rng = np.random.default_rng((settings.seed, number))
    some = CHANGES[settings.changes](mirrored(some, rng.random(count) < 0.5), rng)
    return learner.batch(
        resized(some, settings.sizes[rng.integers(len(settings.sizes))])
    )
