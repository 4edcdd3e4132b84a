"""The one loop: the same for a process alone and for a worker among others."""

import keras
import tensorflow as tf

from helpers.training import _checkpoint
from helpers.training._batches import scaled


def compiled(model, job):
    """Give a model the job's optimizer, with all its variables."""
    optimizer = keras.optimizers.SGD(job.learning_rate, momentum=job.momentum)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, jit_compile=False)
    return model


def step_function(strategy, model, job):
    """Return a function that learns from one batch, or from this worker's share.

    The share's losses are *summed* and divided by the size of the whole batch, so that
    the sum over all workers is the mean over the batch. Keras' optimizer adds up the
    gradients of all workers before it applies them.
    """

    def learn(images, labels):
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(
                labels, model(images, training=True), job.from_logits
            )
            loss = tf.reduce_sum(losses) / job.batch_size
        gradients = tape.gradient(loss, model.trainable_variables)
        model.optimizer.apply(gradients, model.trainable_variables)
        context = tf.distribute.get_replica_context()
        return context.all_reduce(tf.distribute.ReduceOp.SUM, loss)

    shape = [None, *model.input_shape[1:]]
    signature = [tf.TensorSpec(shape), tf.TensorSpec([None], tf.int64)]

    @tf.function(input_signature=signature, jit_compile=False)
    def step(images, labels):
        return strategy.run(learn, args=(images, labels))

    return step


def train_steps(strategy, model, images, labels, job, share, folder=None, note=None):
    """Train from the last checkpoint on; return the loss of each step.

    Parameters
    ----------
    strategy : tf.distribute.Strategy
    model : keras.Model
        Compiled, made in the strategy's scope.
    images, labels : ndarray
    job : Job
    share : slice
        Which part of each batch is this process's.
    folder : pathlib.Path, optional
        Where the checkpoint lies.
    note : callable, optional
        Called with step, losses so far, after each step.
    """
    step = step_function(strategy, model, job)
    losses = _checkpoint.restore(folder, model, _settings(job)) if folder else []
    for number in range(len(losses), job.steps):
        mine = job.indices(number, len(images))[share]
        batch = tf.constant(scaled(images[mine])), tf.constant(labels[mine], tf.int64)
        losses.append(float(step(*batch)))
        if note:
            note(number + 1, losses)
    return losses


def save(folder, model, job, losses):
    """Write a checkpoint."""
    _checkpoint.save(folder, model, _settings(job), losses)


def load(folder, model, job):
    """Load the last checkpoint; return the loss of each step up to it."""
    return _checkpoint.restore(folder, model, _settings(job))


def _settings(job):
    # More steps, or another rhythm of saving, may follow on the same checkpoint.
    return {
        name: getattr(job, name)
        for name in ("batch_size", "learning_rate", "momentum", "seed")
    }
