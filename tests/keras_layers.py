"""What the tests of the Keras layers share: a trip through a file, and its checks."""

import contextlib

import keras
import numpy as np
import tensorflow as tf

POLICIES = ("float32", "mixed_float16", "float64", "mixed_bfloat16")


@contextlib.contextmanager
def dtype_policy(name):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@contextlib.contextmanager
def image_data_format(name):
    keras.config.set_image_data_format(name)
    try:
        yield
    finally:
        keras.config.set_image_data_format("channels_last")


def scatter_weights(layer, seed=0):
    """Move every weight off its initial value, statistics of batch norm included."""
    random = np.random.default_rng(seed)
    for weight in layer.weights:
        if "seed" not in weight.path:
            noise = random.uniform(0.05, 0.2, weight.shape)
            weight.assign(weight + noise.astype(weight.dtype))


def forward(model, images):
    """Run a model as a graph; `predict` would have it compiled, which takes longer."""
    images = np.asarray(images, "float32")

    @tf.function(input_signature=[tf.TensorSpec(model.inputs[0].shape)])
    def run(images):
        return model(images, training=False)

    return keras.tree.map_structure(np.array, run(images))


def reloaded(layer, channels, folder, later_policy="float32", images=None):
    """Save a model with this layer, load it under another policy, compare outputs.

    Returns the loaded layer.
    """
    inputs = keras.Input((None, None, channels))
    model = keras.Model(inputs, layer(inputs))
    scatter_weights(model)
    if images is None:
        shape = (2, 8, 12, channels)
        images = np.random.default_rng(1).normal(size=shape).astype("float32")
    before = forward(model, images)
    assert np.isfinite(before).all()
    model.save(folder / "model.keras")
    with dtype_policy(later_policy):
        loaded = keras.models.load_model(folder / "model.keras")
        after = forward(loaded, images)
    assert after.dtype == before.dtype
    np.testing.assert_array_equal(after, before)
    (twin,) = [one for one in loaded.layers if one.name == layer.name]
    assert twin.get_config() == layer.get_config()
    for mine, theirs in zip(
        layer._flatten_layers(), twin._flatten_layers(), strict=True
    ):
        assert mine.dtype_policy.name == theirs.dtype_policy.name
        assert layer.dtype_policy.name == mine.dtype_policy.name
    return twin
