import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from keras_layers import (
    POLICIES,
    dtype_policy,
    forward,
    image_data_format,
    reloaded,
)

from helpers.layers import (
    BilinearUpsampling2D,
    DepthwiseMaxPool2D,
    LocalResponseNormalization,
)

LAYERS = {
    "pool": (DepthwiseMaxPool2D, {"pool_size": 3}),
    "upsample": (BilinearUpsampling2D, {"factor": (2, 3)}),
    "normalize": (LocalResponseNormalization, {"depth_radius": 2, "alpha": 0.5}),
}
each_layer = pytest.mark.parametrize(
    ("layer_class", "arguments"), LAYERS.values(), ids=LAYERS
)


def random_maps(*shape, dtype="float32", seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def normalized_one_by_one(maps, radius, bias, alpha, beta):
    """The equation, loop for loop, in float64."""
    answer = np.zeros(maps.shape)
    for i in range(maps.shape[-1]):
        near = maps[..., max(0, i - radius) : i + radius + 1].astype("float64")
        answer[..., i] = maps[..., i] / (bias + alpha * (near**2).sum(-1)) ** beta
    return answer


# Against TensorFlow and the equations


def test_pool_is_tensorflows():
    maps = random_maps(2, 5, 4, 12)
    window = (1, 1, 1, 4)
    theirs = tf.nn.max_pool(maps, ksize=window, strides=window, padding="VALID")
    np.testing.assert_array_equal(DepthwiseMaxPool2D(4)(maps), theirs)


@given(
    arrays(
        "float64", (1, 2, 2, 6), elements=st.floats(-1e6, 1e6, allow_subnormal=False)
    ),
    st.sampled_from([1, 2, 3, 6]),
)
@settings(deadline=None, max_examples=25)
def test_pool_keeps_a_value_that_no_other_of_its_group_passes(maps, pool_size):
    pooled = np.array(DepthwiseMaxPool2D(pool_size, dtype="float64")(maps))
    groups = np.split(maps, 6 // pool_size, axis=-1)
    for index, group in enumerate(groups):
        assert (pooled[..., index, None] >= group).all()
        assert (pooled[..., index, None] == group).any(axis=-1).all()


@pytest.mark.parametrize("factor", [1, 2, 3, (4, 1), (1, 8), (3, 5)])
@pytest.mark.parametrize("size", [(1, 1), (1, 4), (5, 2)])
def test_upsampling_is_tensorflows(factor, size):
    maps = random_maps(2, *size, 3)
    vertical, horizontal = (factor, factor) if isinstance(factor, int) else factor
    theirs = tf.image.resize(maps, (size[0] * vertical, size[1] * horizontal))
    ours = BilinearUpsampling2D(factor)(maps)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"depth_radius": 2, "bias": 2.0, "alpha": 1e-4, "beta": 0.75},
        {"depth_radius": 1, "beta": -0.5},
        {"depth_radius": 50, "alpha": 0.0},
    ],
)
def test_normalization_is_tensorflows_and_the_equation(arguments):
    maps = 3 * random_maps(2, 3, 4, 13)
    ours = LocalResponseNormalization(**arguments)(maps)
    np.testing.assert_allclose(
        ours, tf.nn.local_response_normalization(maps, **arguments), rtol=1e-5
    )
    defaults = {"depth_radius": 5, "bias": 1, "alpha": 1, "beta": 0.5} | arguments
    equation = normalized_one_by_one(maps, *defaults.values())
    np.testing.assert_allclose(ours, equation, rtol=1e-5)


@pytest.mark.parametrize("depth_radius", [1, 2, 5])
def test_normalization_in_float64_is_the_equation(depth_radius):
    # TensorFlow's own operation takes no float64.
    maps = random_maps(1, 3, 2, 9, dtype="float64")
    ours = LocalResponseNormalization(depth_radius, 2.0, 0.3, 0.75, dtype="float64")
    equation = normalized_one_by_one(maps, depth_radius, 2.0, 0.3, 0.75)
    np.testing.assert_allclose(ours(maps), equation, rtol=1e-13)


def test_upsampling_in_float64_loses_nothing():
    maps = random_maps(1, 3, 2, 1, dtype="float64")
    ours = np.array(BilinearUpsampling2D(2, dtype="float64")(maps))
    # The second row is a quarter of the way from the first to the second pixel.
    inner = ours[0, 1, :, 0]
    rows = 0.75 * maps[0, 0, :, 0] + 0.25 * maps[0, 1, :, 0]
    wanted = [rows[0], 0.75 * rows[0] + 0.25 * rows[1]]
    wanted += [0.25 * rows[0] + 0.75 * rows[1], rows[1]]
    np.testing.assert_allclose(inner, wanted, rtol=1e-14)


# Gradients


@each_layer
def test_gradient_is_the_difference_quotient(layer_class, arguments):
    layer = layer_class(**arguments, dtype="float64")
    maps = tf.constant(random_maps(1, 2, 3, 6, dtype="float64"))
    weights = random_maps(*layer.compute_output_shape(maps.shape), dtype="float64")
    with tf.device("CPU"):
        theory, numeric = tf.test.compute_gradient(
            lambda inputs: tf.reduce_sum(layer(inputs) * weights), [maps], delta=1e-5
        )
    np.testing.assert_allclose(theory[0], numeric[0], atol=1e-8)
    assert np.abs(theory[0]).max() > 0


# Saving, policies, unknown sizes


@each_layer
@pytest.mark.parametrize("policy", POLICIES)
def test_saved_and_loaded_under_another_policy(
    layer_class, arguments, policy, tmp_path
):
    with dtype_policy(policy):
        layer = layer_class(**arguments, name="this_one")
        assert layer.trainable
    later = "mixed_float16" if policy == "float32" else "float32"
    twin = reloaded(layer, 6, tmp_path, later)
    assert twin.get_config() | arguments == twin.get_config()


@each_layer
def test_float16_is_near_float32(layer_class, arguments):
    maps = 100 * random_maps(2, 4, 3, 6)
    half = layer_class(**arguments, dtype="mixed_float16")(maps)
    assert half.dtype == "float16"
    single = np.array(layer_class(**arguments)(maps))
    np.testing.assert_allclose(half, single, rtol=5e-3, atol=0.1)


def test_normalization_in_float16_does_not_overflow():
    # 300² is more than float16 can hold.
    maps = np.full((1, 1, 1, 4), 300.0)
    half = LocalResponseNormalization(dtype="mixed_float16")(maps)
    np.testing.assert_allclose(half, 0.5, rtol=1e-3)


@each_layer
def test_unknown_sizes(layer_class, arguments):
    layer = layer_class(**arguments)
    inputs = keras.Input((None, None, 6))
    outputs = layer(inputs)
    assert outputs.shape[:3] == (None, None, None)
    model = keras.Model(inputs, outputs)
    for shape in [(1, 3, 5, 6), (2, 7, 4, 6)]:
        answer = forward(model, random_maps(*shape))
        assert answer.shape == layer.compute_output_shape(shape)
        assert answer.shape[-1] == outputs.shape[-1]
        np.testing.assert_allclose(answer, layer(random_maps(*shape)), rtol=1e-6)


@each_layer
def test_trains_inside_a_compiled_model(layer_class, arguments):
    model = keras.Sequential(
        [
            keras.Input((None, None, 2)),
            keras.layers.Conv2D(6, 1),
            layer_class(**arguments),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1),
        ]
    )
    model.compile("adam", "mse")
    before = np.array(model.layers[0].kernel)
    model.fit(random_maps(4, 3, 5, 2), random_maps(4, 1), verbose=0)
    # Below a maximum over channels, a filter that nowhere gives it stays as it is.
    assert (before != model.layers[0].kernel).any()


# Bad input

BAD_ARGUMENTS = [
    (DepthwiseMaxPool2D, (0,), ValueError, "pool_size must be a positive int, got 0"),
    (DepthwiseMaxPool2D, (2.0,), TypeError, "pool_size must be a positive int"),
    (DepthwiseMaxPool2D, (True,), TypeError, "pool_size must be a positive int"),
    (BilinearUpsampling2D, (0,), ValueError, "factor must be a positive int"),
    (BilinearUpsampling2D, (1.5,), TypeError, "factor must be a positive int"),
    (BilinearUpsampling2D, ((1, 2, 3),), ValueError, "factor must be .* 2 of them"),
    (LocalResponseNormalization, (0,), ValueError, "depth_radius must be a positive"),
    (LocalResponseNormalization, (2, 0), ValueError, "bias must be .* above 0"),
    (LocalResponseNormalization, (2, 1, -1), ValueError, "alpha must be .* at least 0"),
    (LocalResponseNormalization, (2, 1, 1, "1"), TypeError, "beta must be a finite"),
]


@pytest.mark.parametrize(("layer_class", "arguments", "error", "words"), BAD_ARGUMENTS)
def test_bad_arguments_are_refused(layer_class, arguments, error, words):
    with pytest.raises(error, match=f"{layer_class.__name__}: {words}"):
        layer_class(*arguments)


@each_layer
@pytest.mark.parametrize("shape", [(4, 4, 6), (1, 2, 4, 4, 6), (6,)])
def test_another_number_of_axes_is_refused(layer_class, arguments, shape):
    with pytest.raises(ValueError, match=rf"{layer_class.__name__}: .* got \d axes"):
        layer_class(**arguments)(np.zeros(shape, "float32"))
    layer = layer_class(**arguments)
    layer(np.zeros((1, 4, 4, 6), "float32"))
    with pytest.raises(ValueError, match="expected ndim=4"):
        layer(np.zeros(shape, "float32"))


@each_layer
def test_unknown_channels_are_refused(layer_class, arguments):
    with pytest.raises(ValueError, match="known number of channels"):
        layer_class(**arguments)(keras.Input((4, 4, None)))


@each_layer
def test_another_number_of_channels_later_is_refused(layer_class, arguments):
    layer = layer_class(**arguments)
    layer(np.zeros((1, 4, 4, 6), "float32"))
    with pytest.raises(ValueError, match="expected axis -1"):
        layer(np.zeros((1, 4, 4, 9), "float32"))


def test_pool_size_must_divide():
    with pytest.raises(ValueError, match="must divide the 6 input channels, got 4"):
        DepthwiseMaxPool2D(4)(np.zeros((1, 2, 2, 6), "float32"))
    with pytest.raises(ValueError, match="must divide the 6 input channels, got 4"):
        DepthwiseMaxPool2D(4).compute_output_shape((None, 2, 2, 6))


@each_layer
def test_channels_first_is_refused(layer_class, arguments):
    with (
        image_data_format("channels_first"),
        pytest.raises(ValueError, match='must be "channels_last"'),
    ):
        layer_class(**arguments)


@each_layer
def test_registered_for_every_process(layer_class, arguments):
    name = f"seeing_with_convolutions>{layer_class.__name__}"
    assert keras.saving.get_registered_object(name) is layer_class
