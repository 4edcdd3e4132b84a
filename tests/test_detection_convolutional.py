"""Dense heads as convolutions: the same numbers, and a grid of them."""

import keras
import numpy as np
import pytest
from keras import layers

from helpers.architectures import fashion_cnn, resnet34, se_resnet50, vgg16
from helpers.detection import to_convolutional
from helpers.small_networks import accurate, compact
from helpers.training import load_trained


def vgg_like():
    """The curriculum's case: a 7×7 map of 100 channels, read by 200 neurons."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 3)),
            layers.Conv2D(100, 3, strides=4, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(200, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10),
            layers.BatchNormalization(),
            layers.Softmax(),
        ]
    )


def shrunk(builder):
    return lambda: builder((64, 64, 3), num_classes=7)


BUILDERS = {
    "compact": compact,
    "accurate": accurate,
    "fashion_cnn": fashion_cnn,
    "vgg16": shrunk(vgg16),
    "resnet34": shrunk(resnet34),
    "se_resnet50": shrunk(se_resnet50),
    "with batch normalization": vgg_like,
}


@pytest.mark.parametrize("name", BUILDERS)
def test_the_same_numbers_at_the_size_of_training(name):
    keras.utils.set_random_seed(1)
    model = BUILDERS[name]()
    images = np.random.default_rng(0).random((2, *model.input_shape[1:]), np.float32)
    everywhere = to_convolutional(model)
    found = everywhere(images, training=False)
    assert tuple(found.shape) == (2, 1, 1, model.output_shape[1])
    expected = model(images, training=False)
    np.testing.assert_allclose(found[:, 0, 0], expected, rtol=2e-3, atol=1e-5)
    assert everywhere.count_params() == model.count_params()


def test_the_first_dense_layer_becomes_a_filter_as_large_as_its_map():
    everywhere = to_convolutional(vgg_like())
    found = [one for one in everywhere.layers if isinstance(one, layers.Conv2D)]
    first, second = found[-2:]
    assert (first.kernel_size, first.filters, first.padding) == ((7, 7), 200, "valid")
    assert first.count_params() == 7 * 7 * 100 * 200 + 200 == 980_200
    assert second.kernel_size == (1, 1)


def test_larger_images_give_a_grid_of_answers():
    """Far from the edges, where padding differs, a place answers as its crop does."""
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3, activation="relu"),  # VALID: crops see no zeros
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(6, activation="relu"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    image = np.random.default_rng(0).random((1, 30, 26, 1), np.float32)
    grid = to_convolutional(model)(image)
    assert tuple(grid.shape) == (1, 10, 8, 3)
    for row, column in np.ndindex(10, 8):
        crop = image[:, 2 * row : 2 * row + 12, 2 * column : 2 * column + 12]
        np.testing.assert_allclose(grid[:, row, column], model(crop), atol=1e-5)


def test_224_to_448_as_in_the_curriculum():
    model = keras.Sequential(
        [
            keras.Input((224, 224, 1)),
            layers.AveragePooling2D(32),
            layers.Flatten(),
            layers.Dense(5),
        ]
    )
    assert to_convolutional(model)(np.zeros((1, 448, 448, 1))).shape == (1, 8, 8, 5)


def test_the_weights_are_copies():
    model = load_trained("compact")
    everywhere = to_convolutional(model)
    before = [weight.copy() for weight in model.get_weights()]
    everywhere.set_weights([0 * weight for weight in everywhere.get_weights()])
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def chain(*head, size=(8, 8, 1)):
    return keras.Sequential([keras.Input(size), layers.Conv2D(2, 3), *head])


@pytest.mark.parametrize(
    ("model", "kind", "message"),
    [
        ("compact", TypeError, "must be a built Keras model"),
        (keras.Sequential([layers.Dense(3)]), TypeError, "must be a built Keras model"),
        (chain(), ValueError, "must go from images"),
        (keras.Sequential([keras.Input((4,)), layers.Dense(3)]), ValueError, "images"),
        (
            chain(
                layers.GlobalAveragePooling2D(), layers.Dense(3), size=(None, None, 1)
            ),
            ValueError,
            "known height and width",
        ),
        (
            chain(layers.Flatten(), layers.BatchNormalization(), layers.Dense(3)),
            ValueError,
            "BatchNormalization, in its head",
        ),
        (
            chain(layers.Flatten(), layers.LayerNormalization(), layers.Dense(3)),
            ValueError,
            "LayerNormalization, in its head",
        ),
    ],
)
def test_what_cannot_be_converted_is_refused(model, kind, message):
    with pytest.raises(kind, match=message):
        to_convolutional(model)
