"""What a distributed training is asked to do, and the folder that all workers share."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from helpers._validation import as_count, as_number
from helpers.distributed._worker import SETTINGS
from helpers.training._checks import as_labelled
from helpers.training._loop import gives_probabilities

MODEL, DATA = "model.keras", "data.npz"


@dataclass(frozen=True)
class Job:
    """Settings of a training that one process or several can do.

    Attributes
    ----------
    steps : int
        Batches to learn from.
    batch_size : int
        Images in a batch, over all workers.
    learning_rate, momentum : float
        Of stochastic gradient descent.
    seed : int
        Decides the order of the images.
    checkpoint_every : int
        Steps between two checkpoints.
    from_logits : bool
        Whether the model's answers are logits.
    """

    steps: int
    batch_size: int = 64
    learning_rate: float = 0.05
    momentum: float = 0.9
    seed: int = 0
    checkpoint_every: int = 10
    from_logits: bool = False

    def __post_init__(self):
        for name in ("steps", "batch_size", "checkpoint_every"):
            as_count("run_workers", name, getattr(self, name))
        as_count("run_workers", "seed", self.seed, minimum=0)
        as_number("run_workers", "learning_rate", self.learning_rate, above=0)
        as_number("run_workers", "momentum", self.momentum, 0, 1)

    def indices(self, step, images):
        """Return which of so many images make the batch of a step.

        They follow from the seed and the step alone, so that any process, whenever
        it starts, knows them.
        """
        per_epoch = images // self.batch_size
        epoch, place = divmod(step, per_epoch)
        order = np.random.default_rng((self.seed, epoch)).permutation(images)
        return order[place * self.batch_size :][: self.batch_size]


def prepare(model, images, labels, settings):
    """Return the job for a model and its data, all of it checked."""
    known = {field.name for field in fields(Job)} - {"from_logits"}
    if unknown := set(settings) - known:
        raise TypeError(
            f"run_workers: {unknown.pop()} is no setting; there are "
            f"{', '.join(sorted(known))}"
        )
    images, labels = as_labelled("run_workers", model, images, labels, False)
    if len(images) < settings.get("batch_size", Job.batch_size):
        raise ValueError(
            f"run_workers: batch_size must not exceed the {len(images)} images, got "
            f"{settings.get('batch_size', Job.batch_size)}"
        )
    job = Job(**settings, from_logits=not gives_probabilities(model, images))
    return job, images, labels


def write(folder, model, images, labels, job, **more):
    """Put all that a worker needs into a folder."""
    model.save(folder / MODEL)
    np.savez(folder / DATA, images=images, labels=labels)
    text = json.dumps({"job": asdict(job), **more})
    (folder / SETTINGS).write_text(text, encoding="utf-8")


def read(folder):
    """Return the job, images, labels and whatever else was written."""
    found = json.loads((Path(folder) / SETTINGS).read_text(encoding="utf-8"))
    with np.load(Path(folder) / DATA) as archive:
        arrays = archive["images"], archive["labels"]
    return Job(**found.pop("job")), *arrays, found
