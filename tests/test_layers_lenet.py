import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_layers import POLICIES, dtype_policy, forward, reloaded, scatter_weights

from helpers.layers import (
    EuclideanOutput,
    FanInUniform,
    PartialConv2D,
    TrainedSubsampling,
    scaled_tanh,
    softmin,
)

CONNECTIONS = ((0, 2), (1,), (0, 1, 2), (2, 0))


def random_maps(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


# Against the paper's words, in NumPy


def test_subsampling_sums_four_inputs():
    layer = TrainedSubsampling()
    layer.build((None, 5, 6, 3))
    scatter_weights(layer)
    coefficient, bias = layer.coefficient.numpy(), layer.bias.numpy()
    maps = random_maps(2, 5, 6, 3)
    sums = np.zeros((2, 2, 3, 3))
    for row in range(2):
        for column in range(3):
            window = maps[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            sums[:, row, column] = window.sum(axis=(1, 2))
    wanted = 1.7159 * np.tanh(2 / 3 * (coefficient * sums + bias))
    np.testing.assert_allclose(layer(maps), wanted, rtol=1e-5, atol=1e-6)
    assert layer.count_params() == 6


def test_subsampling_begins_as_a_mean():
    maps = random_maps(1, 6, 6, 2)
    layer = TrainedSubsampling((3, 2), activation="linear")
    theirs = tf.nn.avg_pool2d(maps, (3, 2), (3, 2), "VALID")
    np.testing.assert_allclose(layer(maps), theirs, atol=1e-6)


def test_partial_convolution_is_a_convolution_of_each_filters_maps():
    layer = PartialConv2D(CONNECTIONS, (3, 2), activation="relu")
    maps = random_maps(2, 5, 6, 3)
    layer(maps)
    scatter_weights(layer)
    first = 0
    for number, sources in enumerate(CONNECTIONS):
        kernel = layer.kernel.numpy()[..., first : first + len(sources), None]
        first += len(sources)
        alone = tf.nn.conv2d(maps[..., list(sources)], kernel, 1, "VALID")
        wanted = tf.nn.relu(alone[..., 0] + layer.bias.numpy()[number])
        np.testing.assert_allclose(layer(maps)[..., number], wanted, atol=1e-5)
    assert layer.count_params() == 3 * 2 * 8 + 4


def test_partial_convolution_has_no_gradient_beyond_its_connections():
    layer = PartialConv2D(CONNECTIONS, 3)
    maps = tf.constant(random_maps(1, 3, 3, 3))
    with tf.GradientTape() as tape:
        tape.watch(maps)
        answer = layer(maps)[..., 1]
    seen = np.abs(tape.gradient(answer, maps)).max(axis=(0, 1, 2))
    assert [bool(one) for one in seen > 0] == [False, True, False]


def test_partial_filters_are_drawn_for_their_own_fan_in():
    layer = PartialConv2D([(0,), (0, 1, 2, 3)], 5, kernel_initializer=FanInUniform())
    layer.build((None, 8, 8, 4))
    kernel = np.abs(layer.kernel.numpy())
    assert 0.8 * 2.4 / 25 < kernel[..., 0].max() <= 2.4 / 25
    assert 0.8 * 2.4 / 100 < kernel[..., 1:].max() <= 2.4 / 100


def test_fan_in_initializer_is_repeatable_with_a_seed():
    assert FanInUniform(seed=1).get_config() == {"scale": 2.4, "seed": 1}
    first, again = (np.array(FanInUniform(seed=1)((4, 3))) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_output_is_the_squared_distance():
    codes = np.random.default_rng(0).choice([-1, 1], (4, 6))
    features = random_maps(3, 6)
    wanted = [[((one - code) ** 2).sum() for code in codes] for one in features]
    output = EuclideanOutput(4, codes)
    np.testing.assert_allclose(output(features), wanted, rtol=1e-5)
    assert output.trainable_weights == []
    np.testing.assert_array_equal(
        output(codes.astype("float32")).numpy().argmin(1), [*range(4)]
    )


def test_drawn_codes_are_the_same_each_time_and_of_both_signs():
    first, again = EuclideanOutput(30), EuclideanOutput(30)
    first.build((None, 40))
    again.build((None, 40))
    np.testing.assert_array_equal(first.codes, again.codes)
    assert set(np.unique(first.codes)) == {-1, 1}
    assert abs(np.mean(first.codes)) < 0.1


def test_scaled_tanh_has_the_papers_properties():
    points = tf.constant(np.linspace(-3, 3, 6001))
    with tf.GradientTape() as outer:
        outer.watch(points)
        with tf.GradientTape() as inner:
            inner.watch(points)
            values = scaled_tanh(points)
        slopes = inner.gradient(values, points)
    bends = np.abs(outer.gradient(slopes, points))
    assert float(scaled_tanh(1.0)) == pytest.approx(1, abs=1e-4)
    assert abs(abs(points[int(bends.argmax())]) - 1) < 0.02


def test_softmin_of_large_distances():
    distances = np.array([[0.0, 6000.0, 10.0]], "float32")
    wanted = np.array([[1, 0, np.exp(-1)]]) / (1 + np.exp(-1))
    np.testing.assert_allclose(softmin(distances), wanted, atol=1e-6)
    np.testing.assert_allclose(softmin(distances / 10, 1.0), wanted, atol=1e-6)


# Saving


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("layer_class", "arguments"),
    [
        (TrainedSubsampling, {"pool_size": (2, 3)}),
        (PartialConv2D, {"connections": CONNECTIONS, "kernel_size": (3, 3)}),
    ],
)
def test_saved_and_loaded_under_another_policy(
    layer_class, arguments, policy, tmp_path
):
    with dtype_policy(policy):
        layer = layer_class(**arguments, name="this_one")
    later = "mixed_float16" if policy == "float32" else "float32"
    twin = reloaded(layer, 3, tmp_path, later)
    assert twin.get_config() | arguments == twin.get_config()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("codes", [None, [[1, -1, 1], [0.5, 0, -1]]])
def test_output_saved_and_loaded(policy, codes, tmp_path):
    features = random_maps(4, 3)
    with dtype_policy(policy):
        inputs = keras.Input((3,))
        distances = EuclideanOutput(2, codes, name="output")(inputs)
        model = keras.Model(inputs, keras.layers.Activation(softmin)(distances))
        before = forward(model, features)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(forward(loaded, features), before)
    assert (
        loaded.get_layer("output").get_config()
        == model.get_layer("output").get_config()
    )


# Bad input

BAD = [
    (TrainedSubsampling, (0,), ValueError, "pool_size must be a positive int"),
    (PartialConv2D, ([], 3), ValueError, "connections must be a list of lists"),
    (PartialConv2D, ([(0,), ()], 3), ValueError, "connections must be a list of lists"),
    (PartialConv2D, ([(0, 0)], 3), ValueError, "connections must be .* different"),
    (PartialConv2D, ([(-1, 0)], 3), ValueError, "connections must be a list of lists"),
    (PartialConv2D, ([0, 1], 3), TypeError, "connections must be a list of lists"),
    (PartialConv2D, ([(0.0,)], 3), TypeError, "connections must be a list of lists"),
    (PartialConv2D, (CONNECTIONS, 0), ValueError, "kernel_size must be a positive"),
    (EuclideanOutput, (0,), ValueError, "units must be a positive int"),
    (EuclideanOutput, (3, [[1, 1]]), ValueError, "codes must have a row for each of"),
    (EuclideanOutput, (1, [1, 1]), ValueError, "codes must have the axes"),
]


@pytest.mark.parametrize(("layer_class", "arguments", "error", "words"), BAD)
def test_bad_arguments_are_refused(layer_class, arguments, error, words):
    with pytest.raises(error, match=f"{layer_class.__name__}: {words}"):
        layer_class(*arguments)


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (TrainedSubsampling(), (1, 1, 4, 2), "at least as large as pool_size"),
        (TrainedSubsampling(), (1, 4, 2), "got 3 axes"),
        (PartialConv2D([(0, 3)], 3), (1, 5, 5, 3), "maps 0 to 2 of the input, got 3"),
        (PartialConv2D([(0,)], 3), (1, 5, 2, 3), "at least as large as kernel_size"),
        (EuclideanOutput(2), (1, 2, 3), "must have the axes"),
        (EuclideanOutput(1, [[1, 1]]), (1, 3), "codes of 2 features"),
    ],
)
def test_bad_shapes_are_refused(layer, shape, words):
    with pytest.raises(ValueError, match=f"{type(layer).__name__}: .*{words}"):
        layer(np.zeros(shape, "float32"))
