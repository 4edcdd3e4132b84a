"""The process behind `helpers.peak_memory.training_step`."""

import json
import sys
import time

import keras
import numpy as np
import tensorflow as tf

import helpers.layers  # noqa: F401  registers the book's layers
from helpers._children import peak_resident


def main(path, batch_size, steps):
    model = keras.models.load_model(path, compile=False)
    optimizer = keras.optimizers.SGD(0.01)
    optimizer.build(model.trainable_variables)
    shape = (None, *model.input_shape[1:])

    @tf.function(
        input_signature=[tf.TensorSpec(shape), tf.TensorSpec([None], tf.int64)],
        jit_compile=False,
    )
    def step(images, labels):
        with tf.GradientTape() as tape:
            answers = tf.cast(model(images, training=True), tf.float32)
            losses = keras.losses.sparse_categorical_crossentropy(labels, answers)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    rng = np.random.default_rng(0)
    labels = rng.integers(model.output_shape[1], size=batch_size)
    step(tf.zeros((1, *shape[1:])), labels[:1])
    before, seconds = peak_resident(), []
    images = tf.constant(rng.random((batch_size, *shape[1:]), np.float32))
    for _ in range(steps):
        start = time.perf_counter()
        loss = float(step(images, labels))
        seconds.append(time.perf_counter() - start)
    found = {"peak_bytes": peak_resident() - before, "seconds": seconds, "loss": loss}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
