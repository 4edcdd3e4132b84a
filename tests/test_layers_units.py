"""The layers that are made of layers, against the same sums in plain TensorFlow."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_layers import (
    POLICIES,
    dtype_policy,
    forward,
    image_data_format,
    reloaded,
)
from keras_layers import scatter_weights as scatter

from helpers.layers import (
    BottleneckUnit,
    InceptionModule,
    ResidualUnit,
    SeparableUnit,
    SqueezeExcite,
)

SIX = (3, 2, 4, 1, 2, 5)
UNITS = {
    "inception": (InceptionModule, {"filters": SIX, "activation": "tanh"}),
    "residual, same shape": (ResidualUnit, {"filters": 8}),
    "residual, other shape": (ResidualUnit, {"filters": 6, "strides": (2, 1)}),
    "plain": (ResidualUnit, {"filters": 8, "use_shortcut": False}),
    "residual, squeezed": (ResidualUnit, {"filters": 8, "squeeze_ratio": 4}),
    "bottleneck": (BottleneckUnit, {"filters": 4, "strides": (2, 2)}),
    "bottleneck, same shape": (BottleneckUnit, {"filters": 2, "squeeze_ratio": 2}),
    "separable": (SeparableUnit, {"filters": (6, 10), "strides": (2, 2)}),
    "separable, same": (SeparableUnit, {"filters": (8,), "activate_first": False}),
    "squeeze": (SqueezeExcite, {"ratio": 4, "use_bias": False}),
}
each_unit = pytest.mark.parametrize(
    ("unit_class", "arguments"), UNITS.values(), ids=UNITS
)


def random_maps(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def built(unit, channels=8):
    unit.build((None, None, None, channels))
    scatter(unit)
    return unit, {
        weight.path.removeprefix(f"{unit.name}/"): weight.numpy()
        for weight in unit.weights
    }


class Sums:
    """Layers in plain TensorFlow, with weights found by path."""

    def __init__(self, weights):
        self.weights = weights

    def conv(self, maps, name, strides=1):
        maps = tf.nn.conv2d(maps, self.weights[f"{name}/kernel"], strides, "SAME")
        return maps + self.weights.get(f"{name}/bias", 0)

    def norm(self, maps, name):
        gamma, beta, mean, variance = (
            self.weights[f"{name}_norm/{which}"]
            for which in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        return tf.nn.batch_normalization(maps, mean, variance, beta, gamma, 1e-3)

    def conv_norm(self, maps, name, strides=1):
        return self.norm(self.conv(maps, name, strides), name)

    def separable_norm(self, maps, name):
        depthwise = self.weights[f"{name}/depthwise_kernel"]
        pointwise = self.weights[f"{name}/pointwise_kernel"]
        return self.norm(
            tf.nn.separable_conv2d(maps, depthwise, pointwise, [1] * 4, "SAME"), name
        )


# Against plain TensorFlow


@pytest.mark.parametrize(("filters", "strides"), [(8, 1), (6, 1), (8, 2), (6, (2, 1))])
def test_residual_unit(filters, strides):
    unit, weights = built(ResidualUnit(filters, strides))
    sums, maps = Sums(weights), random_maps(2, 8, 6, 8)
    branch = tf.nn.relu(sums.conv_norm(maps, "conv1", strides))
    branch = sums.conv_norm(branch, "conv2")
    changes = (filters, strides) != (8, 1)
    shortcut = sums.conv_norm(maps, "shortcut", strides) if changes else maps
    assert ("shortcut/kernel" in weights) == changes
    np.testing.assert_allclose(unit(maps), tf.nn.relu(branch + shortcut), atol=1e-4)


def test_bottleneck_unit_strides_in_its_3x3_convolution():
    unit, weights = built(BottleneckUnit(4, strides=2))
    sums, maps = Sums(weights), random_maps(2, 8, 6, 8)
    branch = tf.nn.relu(sums.conv_norm(maps, "conv1"))
    branch = tf.nn.relu(sums.conv_norm(branch, "conv2", strides=2))
    branch = sums.conv_norm(branch, "conv3")
    shortcut = sums.conv_norm(maps, "shortcut", strides=2)
    np.testing.assert_allclose(unit(maps), tf.nn.relu(branch + shortcut), atol=1e-4)
    assert unit(maps).shape == (2, 4, 3, 16)


@pytest.mark.parametrize("use_bias", [True, False])
def test_squeeze_excite(use_bias):
    layer, weights = built(SqueezeExcite(ratio=4, use_bias=use_bias))
    maps = random_maps(2, 5, 3, 8)
    neurons = maps.mean(axis=(1, 2)) @ weights["reduce/kernel"]
    neurons = np.maximum(neurons + weights.get("reduce/bias", 0), 0)
    logits = neurons @ weights["gates/kernel"] + weights.get("gates/bias", 0)
    gates = 1 / (1 + np.exp(-logits))
    np.testing.assert_allclose(layer.gates(maps)[:, 0, 0], gates, rtol=1e-5)
    np.testing.assert_allclose(layer(maps), maps * gates[:, None, None], rtol=1e-5)


def test_squeezed_residual_unit_recalibrates_its_branch():
    unit, weights = built(ResidualUnit(8, squeeze_ratio=4))
    sums, maps = Sums(weights), random_maps(2, 4, 4, 8)
    branch = tf.nn.relu(sums.conv_norm(maps, "conv1"))
    branch = sums.conv_norm(branch, "conv2")
    neurons = tf.reduce_mean(branch, axis=(1, 2)) @ weights["squeeze/reduce/kernel"]
    neurons = tf.nn.relu(neurons + weights["squeeze/reduce/bias"])
    logits = neurons @ weights["squeeze/gates/kernel"] + weights["squeeze/gates/bias"]
    wanted = tf.nn.relu(maps + branch * tf.sigmoid(logits)[:, None, None])
    np.testing.assert_allclose(unit(maps), wanted, atol=1e-4)


def test_inception_module():
    module, weights = built(InceptionModule(SIX))
    sums, maps = Sums(weights), random_maps(2, 5, 6, 8)

    def conv(maps, name):
        return tf.nn.relu(sums.conv(maps, name))

    wanted = [
        conv(maps, "conv1x1"),
        conv(conv(maps, "reduce3x3"), "conv3x3"),
        conv(conv(maps, "reduce5x5"), "conv5x5"),
        conv(tf.nn.max_pool2d(maps, 3, 1, "SAME"), "project"),
    ]
    np.testing.assert_allclose(module(maps), tf.concat(wanted, -1), atol=1e-5)
    sizes = {"conv1x1": 1, "reduce3x3": 1, "conv3x3": 3, "reduce5x5": 1, "conv5x5": 5}
    for name, size in sizes.items():
        assert weights[f"{name}/kernel"].shape[:2] == (size, size)


@pytest.mark.parametrize("activate_first", [True, False])
@pytest.mark.parametrize(("filters", "strides"), [((8, 8, 8), 1), (6, 2), ((6, 10), 2)])
def test_separable_unit(filters, strides, activate_first):
    unit, weights = built(SeparableUnit(filters, strides, "relu", activate_first))
    sums, maps = Sums(weights), random_maps(2, 7, 6, 8)
    branch = maps
    for number in range(1, len(unit.filters) + 1):
        if activate_first or number > 1:
            branch = tf.nn.relu(branch)
        branch = sums.separable_norm(branch, f"conv{number}")
    shortcut = maps
    if strides > 1:
        branch = tf.nn.max_pool2d(branch, 3, strides, "SAME")
        shortcut = sums.conv_norm(maps, "shortcut", strides)
    np.testing.assert_allclose(unit(maps), branch + shortcut, atol=1e-4)
    assert unit.filters == (filters if isinstance(filters, tuple) else (6, 6))


# What the units promise


@pytest.mark.parametrize("unit_class", [ResidualUnit, BottleneckUnit])
def test_zero_scale_starts_as_the_shortcut(unit_class):
    filters = 8 if unit_class is ResidualUnit else 2
    maps = random_maps(2, 4, 4, 8)
    unit = unit_class(filters, last_gamma_initializer="zeros")
    np.testing.assert_allclose(unit(maps), np.maximum(maps, 0))
    assert np.abs(unit_class(filters)(maps) - np.maximum(maps, 0)).max() > 0.1
    plain = unit_class(filters, last_gamma_initializer="zeros", use_shortcut=False)
    np.testing.assert_allclose(plain(maps), np.zeros_like(maps))


def test_gates_only_attenuate():
    layer, _ = built(SqueezeExcite(ratio=2))
    maps = 10 * random_maps(4, 3, 3, 8)
    assert (np.abs(layer(maps)) < np.abs(maps)).all()


def test_convolutions_start_with_different_weights():
    unit = ResidualUnit(8, kernel_initializer=keras.initializers.HeUniform())
    unit.build((None, None, None, 8))
    first, second = (one for one in unit.weights if one.path.endswith("kernel"))
    assert np.abs(first.numpy() - second.numpy()).max() > 0.1


@each_unit
@pytest.mark.parametrize("policy", POLICIES)
def test_saved_and_loaded_under_another_policy(unit_class, arguments, policy, tmp_path):
    with dtype_policy(policy):
        unit = unit_class(**arguments, name="this_one")
    later = "mixed_float16" if policy == "float32" else "float32"
    twin = reloaded(unit, 8, tmp_path, later)
    assert twin.get_config() | arguments == twin.get_config()
    assert twin.count_params() == unit.count_params() > 0


def test_policy_may_change_between_making_and_building():
    with dtype_policy("mixed_float16"):
        unit = ResidualUnit(6)
    unit.build((None, 4, 4, 8))
    assert {one.dtype_policy.name for one in unit._flatten_layers()} == {
        "mixed_float16"
    }


@each_unit
def test_float16_is_near_float32(unit_class, arguments):
    maps = random_maps(2, 4, 6, 8)
    single, _ = built(unit_class(**arguments))
    half, _ = built(unit_class(**arguments, dtype="mixed_float16"))
    half.set_weights(single.get_weights())
    assert half(maps).dtype == "float16"
    np.testing.assert_allclose(half(maps), single(maps), rtol=0.02, atol=0.02)


@each_unit
def test_unknown_sizes(unit_class, arguments):
    unit = unit_class(**arguments)
    inputs = keras.Input((None, None, 8))
    outputs = unit(inputs)
    assert outputs.shape[:3] == (None, None, None)
    model = keras.Model(inputs, outputs)
    for shape in [(1, 3, 5, 8), (2, 8, 4, 8)]:
        answer = forward(model, random_maps(*shape))
        assert answer.shape == unit.compute_output_shape(shape)
        assert answer.shape == unit_class(**arguments).compute_output_shape(shape)
        assert answer.shape[-1] == outputs.shape[-1]


@each_unit
def test_every_weight_trains(unit_class, arguments):
    unit = unit_class(**arguments)
    inputs = keras.Input((6, 6, 8))
    model = keras.Model(inputs, unit(inputs))
    scatter(model)
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    before = [weight.numpy() for weight in unit.trainable_weights]
    outputs = random_maps(4, *model.output_shape[1:], seed=1)
    model.fit(random_maps(4, 6, 6, 8), outputs, verbose=0)
    for was, weight in zip(before, unit.trainable_weights, strict=True):
        assert np.abs(was - weight.numpy()).max() > 0, weight.path
    unit.trainable = False
    assert unit.trainable_weights == []


def test_regular_batch_norm_statistics_move_in_training_only():
    unit, _ = built(ResidualUnit(8))
    means = [one for one in unit.weights if one.path.endswith("moving_mean")]
    before = [one.numpy() for one in means]
    unit(random_maps(2, 4, 4, 8))
    assert all((a == b.numpy()).all() for a, b in zip(before, means, strict=True))
    unit(random_maps(2, 4, 4, 8), training=True)
    assert all((a != b.numpy()).any() for a, b in zip(before, means, strict=True))


# Bad input

BAD = [
    (InceptionModule, {"filters": (1, 2, 3)}, ValueError, "filters must be six"),
    (InceptionModule, {"filters": 64}, TypeError, "filters must be six"),
    (InceptionModule, {"filters": (1, 2, 3, 4, 5, 0)}, ValueError, r"filters\[5\]"),
    (ResidualUnit, {"filters": 0}, ValueError, "filters must be a positive int"),
    (ResidualUnit, {"filters": 8.0}, TypeError, "filters must be a positive int"),
    (ResidualUnit, {"filters": 8, "strides": 0}, ValueError, "strides must be a"),
    (ResidualUnit, {"filters": 8, "squeeze_ratio": 0}, ValueError, "squeeze_ratio"),
    (BottleneckUnit, {"filters": True}, TypeError, "filters must be a positive int"),
    (BottleneckUnit, {"filters": 2, "strides": (1, 2, 3)}, ValueError, "strides"),
    (SeparableUnit, {"filters": ()}, ValueError, "filters must be a positive int or"),
    (SeparableUnit, {"filters": (8, -1)}, ValueError, r"filters\[1\] must be"),
    (SeparableUnit, {"filters": "8"}, TypeError, "filters must be a positive int"),
    (SqueezeExcite, {"ratio": 0}, ValueError, "ratio must be a positive int"),
    (SqueezeExcite, {"ratio": 0.5}, TypeError, "ratio must be a positive int"),
]


@pytest.mark.parametrize(("unit_class", "arguments", "error", "words"), BAD)
def test_bad_arguments_are_refused(unit_class, arguments, error, words):
    with pytest.raises(error, match=f"{unit_class.__name__}: {words}"):
        unit_class(**arguments)


@each_unit
@pytest.mark.parametrize(
    "shape", [(None, 4, 8), (None, 2, 4, 4, 8), (None, 4, 4, None)]
)
def test_no_feature_maps_are_refused(unit_class, arguments, shape):
    with pytest.raises(ValueError, match=rf"{unit_class.__name__}: .*channels"):
        unit_class(**arguments)(keras.Input(batch_shape=shape))
    with pytest.raises(ValueError, match=rf"{unit_class.__name__}: .*channels"):
        unit_class(**arguments).compute_output_shape(shape)


@pytest.mark.parametrize("layer", [SqueezeExcite(3), ResidualUnit(8, squeeze_ratio=3)])
def test_ratio_must_divide(layer):
    with pytest.raises(ValueError, match="must divide the 8 input channels, got 3"):
        layer.build((None, 4, 4, 8))


@each_unit
def test_channels_first_is_refused(unit_class, arguments):
    with (
        image_data_format("channels_first"),
        pytest.raises(ValueError, match='must be "channels_last"'),
    ):
        unit_class(**arguments)
