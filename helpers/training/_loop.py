"""The book's one training function."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np

from helpers._validation import as_count, as_number
from helpers.training import _checkpoint
from helpers.training._batches import Batches, as_dataset, scaled
from helpers.training._checks import as_labelled
from helpers.training._progress import ProgressBar

OPTIMIZERS = {
    "adamw": keras.optimizers.AdamW,
    "sgd": lambda *args, **kwargs: keras.optimizers.SGD(
        *args, momentum=0.9, nesterov=True, **kwargs
    ),
}
SCHEDULES = ("constant", "one_cycle")
EVALUATION_BATCH = 500
# Steps that TensorFlow makes before it is Python's turn again: less waiting.
STEPS_PER_EXECUTION = 8


@dataclass(frozen=True)
class Settings:
    """What decides a training's course, besides the model and the data."""

    epochs: int
    batch_size: int = 64
    optimizer: str = "adamw"
    learning_rate: float = 1e-3
    schedule: str = "constant"
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    augmentation: dict | None = None
    seed: int = 0

    def __post_init__(self):
        as_count("train", "epochs", self.epochs)
        as_count("train", "batch_size", self.batch_size)
        as_number("train", "learning_rate", self.learning_rate, above=0)
        as_number("train", "weight_decay", self.weight_decay, minimum=0)
        as_number("train", "label_smoothing", self.label_smoothing, 0, 0.9)
        for name, known in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
            value = getattr(self, name)
            if value not in known:
                raise ValueError(
                    f"train: {name} must be {' or '.join(map(repr, known))}, "
                    f"got {value!r}"
                )


def train(
    model, images, labels, *, validation=None, folder=None, progress=True, **settings
):
    """Train a classifier; used from the chapter *A first CNN* on.

    Used from Chapter 5 on.

    Parameters
    ----------
    model : keras.Model
        One input ``[batch, height, width, channels]``, one output
        ``[batch, classes]``: probabilities or logits.
        Its weights are changed. Build it after ``keras.utils.set_random_seed`` for
        weights that can be had again.
    images : array_like
        ``[images, height, width, channels]``. uint8 is divided by 255 on the way,
        floats are taken as they are.
    labels : array_like
        Integers ``[images]``, from 0 to the model's classes less 1; each class has an
        image.
    validation : tuple of array_like, optional
        Images and labels to be scored after each epoch.
    folder : str or pathlib.Path, optional
        Where to keep a checkpoint of the last whole epoch. A training that was
        interrupted goes on from there; one that was finished is loaded.
    progress : bool, optional
        Show a progress bar.
    **settings
        ``epochs`` (needed), ``batch_size=64``, ``optimizer="adamw"`` or ``"sgd"``
        (Nesterov momentum 0.9), ``learning_rate=1e-3`` (its peak),
        ``schedule="constant"`` or ``"one_cycle"`` (up for the first fifth of the
        steps, then down to 0 along a cosine), ``weight_decay=0``,
        ``label_smoothing=0``, ``augmentation`` (a dict for
        `helpers.augmentation.augment`), ``seed=0``.

    Returns
    -------
    list of dict
        An entry an epoch: ``loss`` and ``accuracy`` over the training images while
        they were learned from, ``seconds``, and with `validation`, ``val_loss`` and
        ``val_accuracy``. JSON can hold it.

    Raises
    ------
    ValueError, TypeError
        If labels are out of range, a class has no image, a pixel is not finite, the
        shapes do not fit, or a setting is not one of the above.

    Notes
    -----
    The order of the images, their augmentation and dropout follow from the seed and
    the epoch. A training that was resumed ends in the same weights as one that was
    not, on the same machine and library; elsewhere sums are rounded otherwise.

    Examples
    --------
    >>> import keras
    >>> from helpers.data import digits
    >>> from helpers.training import train
    >>> keras.utils.set_random_seed(0)
    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 1)),
    ...     keras.layers.Flatten(),
    ...     keras.layers.Dense(10, activation="softmax"),
    ... ])
    >>> data = digits()
    >>> history = train(model, data.train_images / 16, data.train_labels,
    ...                 epochs=5, learning_rate=0.01, progress=False)
    >>> len(history), history[-1]["accuracy"] > 0.9
    (5, True)
    """
    settings = Settings(**settings)
    images, labels = as_labelled("train", model, images, labels)
    if validation is not None:
        validation = as_labelled("train", model, *validation, every_class=False)
    keras.utils.set_random_seed(settings.seed)
    _compile(model, settings, images)
    notes = asdict(settings) | {"images": len(images)}
    keeper = _Keeper(folder and Path(folder), notes)
    bar = ProgressBar(settings.epochs) if progress else None
    callbacks = [keeper, bar] if progress else [keeper]
    for epoch in range(len(keeper.restore(model)), settings.epochs):
        # A data set for each epoch: Keras alone decides when it asks one for the next.
        _fit_epoch(model, images, labels, validation, settings, epoch, callbacks)
    if progress:
        bar.close()
    return keeper.history


def evaluate(model, images, labels, flip=False):
    """Return a model's share of right answers and its mean cross-entropy.

    Used in Chapters 5, 6 and 8.

    Parameters
    ----------
    model : keras.Model
        As for `train`.
    images, labels : array_like
        As for `train`; a class may be absent.
    flip : bool, optional
        Average each image's probabilities with those of its mirror image. It costs
        twice the time, and is to be said beside the figure.

    Returns
    -------
    dict
        ``accuracy`` and ``loss``.
    """
    images, labels = as_labelled("evaluate", model, images, labels, every_class=False)
    probabilities = predict(model, images, flip)
    right = probabilities[np.arange(len(labels)), labels]
    return {
        "accuracy": float(np.mean(probabilities.argmax(axis=1) == labels)),
        "loss": float(-np.log(np.maximum(right, 1e-12)).mean()),
    }


def predict(model, images, flip=False):
    """Return class probabilities ``[images, classes]``; `flip` as in `evaluate`.

    Used from Chapter 5 on.
    """
    images = np.asarray(images)
    # Called as it is, the model needs no tracing: that costs more than it saves here.
    answers = np.concatenate(
        [np.asarray(model(scaled(part), training=False)) for part in _slices(images)]
    )
    if not _are_probabilities(answers[:4]):
        answers = np.asarray(keras.ops.softmax(answers))
    if flip:
        answers = (answers + predict(model, images[:, :, ::-1])) / 2
    return answers


def gives_probabilities(model, images):
    """Tell whether a model's answers to a few images are probabilities, or logits."""
    return _are_probabilities(model(scaled(images[:4]), training=False))


def _are_probabilities(answers):
    answers = np.asarray(answers, np.float64)
    return bool((answers >= 0).all() and np.allclose(answers.sum(axis=1), 1, atol=1e-3))


def _fit_epoch(model, images, labels, validation, settings, epoch, callbacks):
    batches = Batches(
        images,
        labels,
        model.output_shape[1],
        settings.batch_size,
        settings.seed,
        settings.augmentation or {},
        epoch,
    )
    if validation is not None:
        held_out, answers = validation
        each = map(_slices, (scaled(held_out), batches.one_hot[answers]))
        parts = list(zip(*each, strict=True))
        validation = as_dataset(parts.__getitem__, len(parts))
    model.fit(
        as_dataset(batches.__getitem__, len(batches)),
        epochs=epoch + 1,
        initial_epoch=epoch,
        validation_data=validation,
        shuffle=False,
        callbacks=callbacks,
        verbose=0,
    )


def _slices(array):
    """Return the array in parts that are evaluated at once."""
    starts = range(0, len(array), EVALUATION_BATCH)
    return [array[start : start + EVALUATION_BATCH] for start in starts]


class _Keeper(keras.callbacks.Callback):
    """Note each epoch, and leave a checkpoint of it."""

    def __init__(self, folder, notes):
        super().__init__()
        self.folder, self.notes = folder, notes
        self.history = []

    def restore(self, model):
        if self.folder is not None:
            self.history = _checkpoint.restore(self.folder, model, self.notes)
        return self.history

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        seconds = time.perf_counter() - self.start
        figures = {name: round(float(value), 5) for name, value in logs.items()}
        self.history.append(figures | {"seconds": round(seconds, 2)})
        if self.folder is not None:
            _checkpoint.save(self.folder, self.model, self.notes, self.history)


def _compile(model, settings, images):
    """Give the model its optimizer and loss.

    XLA is left off: on a CPU its convolutions are slower than oneDNN's.
    """
    rate = settings.learning_rate
    if settings.schedule == "one_cycle":
        steps = len(images) // min(settings.batch_size, len(images))
        total = steps * settings.epochs
        rise = max(1, total // 5)
        rate = keras.optimizers.schedules.CosineDecay(
            rate / 25, max(1, total - rise), warmup_target=rate, warmup_steps=rise
        )
    optimizer = OPTIMIZERS[settings.optimizer](rate, weight_decay=settings.weight_decay)
    optimizer.build(model.trainable_variables)
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=not gives_probabilities(model, images),
        label_smoothing=settings.label_smoothing,
    )
    model.compile(
        optimizer,
        loss,
        metrics=["accuracy"],
        jit_compile=False,
        steps_per_execution=STEPS_PER_EXECUTION,
    )
