"""The classic networks in small: what they are known for is really in them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.layers import InceptionModule, LocalResponseNormalization
from helpers.small_classics import small_alexnet, small_googlenet, small_vgg

BUILDERS = [small_alexnet, small_vgg, small_googlenet]


@pytest.fixture(scope="module")
def digits():
    return np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype("float32")


@pytest.mark.parametrize("build", BUILDERS)
def test_answers_are_probabilities(build, digits):
    answers = np.asarray(build()(digits))
    assert answers.shape == (4, 10)
    assert np.allclose(answers.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("build", BUILDERS)
def test_about_a_hundred_thousand_parameters(build):
    assert 90_000 < build().count_params() < 120_000


@pytest.mark.parametrize("build", BUILDERS)
def test_other_images_and_classes(build):
    assert build((20, 24, 3), num_classes=7).output_shape == (None, 7)


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize("wrong", [0, -1, 2.5, "ten"])
def test_wrong_number_of_classes_is_refused(build, wrong):
    with pytest.raises((TypeError, ValueError), match=f"{build.__name__}: num_classes"):
        build(num_classes=wrong)


def test_too_small_for_the_poolings_of_vgg():
    with pytest.raises(ValueError, match="at least 8 pixels"):
        small_vgg((7, 28, 1))


@pytest.mark.parametrize("build", BUILDERS)
def test_each_weight_gets_a_gradient(build, digits):
    keras.utils.set_random_seed(1)
    model = build()
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(tf.math.log(model(digits)[:, 3] + 1e-9))
    gradients = tape.gradient(loss, model.trainable_variables)
    assert all(g is not None and np.isfinite(g).all() for g in gradients)
    assert all(float(tf.norm(g)) > 0 for g in gradients)


def test_halves_of_alexnet_do_not_see_each_other():
    model = small_alexnet()
    convolutions = [la for la in model.layers if isinstance(la, keras.layers.Conv2D)]
    shapes = [tuple(la.kernel.shape) for la in convolutions]
    assert shapes.count((5, 5, 16, 32)) == 2
    norms = [la for la in model.layers if isinstance(la, LocalResponseNormalization)]
    assert [la.depth_radius for la in norms] == [2, 2]


def test_vgg_has_only_small_filters_and_googlenet_four_modules():
    for layer in small_vgg().layers:
        if isinstance(layer, keras.layers.Conv2D):
            assert layer.kernel_size == (3, 3)
    modules = [la for la in small_googlenet().layers if isinstance(la, InceptionModule)]
    assert len(modules) == 4
