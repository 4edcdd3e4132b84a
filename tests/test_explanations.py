"""Maps that explain: Grad-CAM by hand, occlusion by hand, and how they are checked."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.explanations import (
    grad_cam,
    occluded,
    occlusion_map,
    randomized,
    rank_correlation,
)


@pytest.fixture(scope="module")
def small():
    """Two convolutions, global average pooling, a dense layer."""
    keras.utils.set_random_seed(1)
    images = keras.Input((12, 10, 3))
    maps = keras.layers.Conv2D(4, 3, strides=2, activation="relu", name="low")(images)
    maps = keras.layers.BatchNormalization(name="norm")(maps)
    maps = keras.layers.Conv2D(5, 3, padding="same", name="high")(maps)
    features = keras.layers.GlobalAveragePooling2D(name="features")(maps)
    return keras.Model(images, keras.layers.Dense(3, name="logits")(features))


@pytest.fixture
def images():
    return np.random.default_rng(0).normal(size=(3, 12, 10, 3)).astype("float32")


# Grad-CAM


def test_a_network_small_enough_to_work_by_hand():
    """One 2×2 image, two maps, and a score whose gradient differs from place to place.

    The score is sum(m0²) / 2 - 3 sum(m1), so that its gradient is m0 and -3.
    """
    images = keras.Input((2, 2, 2))
    maps = keras.layers.Identity(name="maps")(images)
    first, second = maps[..., :1], maps[..., 1:]
    score = keras.ops.sum(first**2, axis=(1, 2)) / 2 - 3 * keras.ops.sum(
        second, axis=(1, 2)
    )
    model = keras.Model(images, keras.ops.concatenate([score, 0 * score], axis=-1))
    m0, m1 = np.array([[1, 2], [3, 6]]), np.array([[0, 1], [1, 0]])
    image = np.stack([m0, m1], axis=-1)[None].astype("float32")
    by_hand = 3 * m0 - 3 * m1  # the mean of 1, 2, 3, 6 is 3
    found = grad_cam(model, image, "maps", class_id=0, relu=False)
    np.testing.assert_allclose(found, [by_hand])
    negative = grad_cam(model, -image, "maps", class_id=0)
    np.testing.assert_allclose(negative, [np.maximum(3 * m0 + 3 * m1, 0)])
    assert not grad_cam(model, image, "maps", class_id=1).any()


def test_where_pooling_and_a_dense_layer_follow_it_is_cam(small, images):
    """CAM weighs each map by the dense layer's weight; Grad-CAM by that over h·w."""
    kernel, _ = small.get_layer("logits").get_weights()
    high = keras.Model(small.input, small.get_layer("high").output)(images).numpy()
    for class_id in range(3):
        cam = high @ kernel[:, class_id]
        found = grad_cam(small, images, "high", class_id, relu=False)
        np.testing.assert_allclose(found, cam / cam[0].size, atol=1e-6)
        np.testing.assert_allclose(
            grad_cam(small, images, "high", class_id), np.maximum(found, 0)
        )


def test_gradients_are_those_of_finite_differences(small, images):
    layers = small.layers
    low = keras.Model(small.input, small.get_layer("low").output)(images[:1]).numpy()

    def score(maps):
        for layer in layers[layers.index(small.get_layer("low")) + 1 :]:
            maps = layer(maps)
        return maps.numpy()[0, 2]

    weights, step = np.zeros(4), 1e-2
    for k in range(4):
        raised = low.copy()
        raised[..., k] += step  # all places at once: the sum of their gradients
        weights[k] = (score(raised) - score(low)) / step / low[0, ..., k].size
    expected = low[0] @ weights
    found = grad_cam(small, images[:1], "low", 2, relu=False)[0]
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_each_image_of_a_batch_is_explained_by_itself(small, images):
    many = np.concatenate([images] * 15)  # more than goes through at once
    found = grad_cam(small, many, "low", 1)
    assert found.shape == (45, 5, 4)
    for index, image in enumerate(images):
        alone = grad_cam(small, image[None], "low", 1)[0]
        np.testing.assert_allclose(found[index], alone, atol=1e-6)
    assert found.min() == 0
    mixed = grad_cam(small, images, "low", [0, 1, 2])
    for index, class_id in enumerate((0, 1, 2)):
        expected = grad_cam(small, images, "low", class_id)[index]
        np.testing.assert_allclose(mixed[index], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"layer": "middle"}, ValueError, "layer must be one of .*'logits'"),
        ({"layer": 2}, TypeError, "layer must be a layer's name"),
        ({"layer": "features"}, ValueError, "must give feature maps"),
        ({"class_id": 3}, ValueError, "class_id must be .* of at most 2"),
        ({"class_id": -1}, ValueError, "class_id must be"),
        ({"class_id": 1.0}, TypeError, "class_id must be"),
        ({"class_id": [0, 1]}, ValueError, "one for each of the 3 images"),
        ({"class_id": [0, 1, 5]}, ValueError, "class_id must be"),
        ({"images": np.zeros((12, 10, 3))}, ValueError, "images must have the axes"),
        ({"images": "abc"}, TypeError, "images must hold"),
    ],
)
def test_bad_arguments_are_refused(small, images, changed, error, words):
    arguments = {"images": images, "layer": "low", "class_id": 0} | changed
    with pytest.raises(error, match=f"^grad_cam: .*{words}"):
        grad_cam(small, **arguments)


# Occlusion


def test_squares_cover_what_they_should():
    image = np.random.default_rng(0).uniform(1, 2, (7, 9, 2))
    copies = occluded(image, size=3, stride=2, fill=-1)
    assert copies.shape == (3, 4, 7, 9, 2)
    for row in range(3):
        for column in range(4):
            inside = np.zeros((7, 9), bool)
            inside[2 * row : 2 * row + 3, 2 * column : 2 * column + 3] = True
            assert (copies[row, column][inside] == -1).all()
            np.testing.assert_array_equal(copies[row, column][~inside], image[~inside])
    assert (image >= 1).all()


def test_map_is_the_loss_of_probability_square_by_square(small, images):
    def probability(image):
        logits = small(image[None]).numpy()[0]
        return np.exp(logits[1]) / np.exp(logits).sum()

    found = occlusion_map(small, images[0], 1, size=4, stride=3, fill=0.5)
    assert found.shape == (3, 3)
    for row in range(3):
        for column in range(3):
            covered = images[0].copy()
            covered[3 * row : 3 * row + 4, 3 * column : 3 * column + 4] = 0.5
            expected = probability(images[0]) - probability(covered)
            assert found[row, column] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"size": 11}, ValueError, "size must be at most the image's, 12 × 10"),
        ({"size": 0}, ValueError, "size must be a positive int"),
        ({"stride": 0.5}, TypeError, "stride must be"),
        ({"fill": np.nan}, ValueError, "fill must be"),
        ({"image": np.zeros((2, 12, 10, 3))}, ValueError, "image must have the axes"),
    ],
)
def test_bad_squares_are_refused(images, changed, error, words):
    arguments = {"image": images[0], "size": 4, "stride": 4} | changed
    with pytest.raises(error, match=f"^occluded: .*{words}"):
        occluded(**arguments)


# The check of the maps


def test_layers_below_stay_and_the_others_start_anew(small):
    before = small.get_weights()
    copy = randomized(small, "high")
    for name, is_same in (("low", True), ("norm", True), ("high", False)):
        old, new = small.get_layer(name).weights[0], copy.get_layer(name).weights[0]
        assert np.array_equal(old, new) == is_same
    assert not np.array_equal(
        small.get_layer("logits").kernel, copy.get_layer("logits").kernel
    )
    for old, new in zip(before, small.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_seed_decides_the_new_weights(small):
    first, again = randomized(small, "low", seed=3), randomized(small, "high", seed=3)
    np.testing.assert_array_equal(
        first.get_layer("logits").kernel, again.get_layer("logits").kernel
    )
    other = randomized(small, "high", seed=4)
    assert not np.array_equal(
        other.get_layer("high").kernel, again.get_layer("high").kernel
    )


def test_unknown_layers_are_refused(small):
    with pytest.raises(ValueError, match="randomized: layer must be one of"):
        randomized(small, "top")


def spearman(a, b):
    """Ranks by counting, then Pearson's correlation by its formula."""
    ranks = [
        [sum(v < x for v in each) + sum(v == x for v in each) / 2 for x in each]
        for each in (a, b)
    ]
    x, y = (np.array(r) - np.mean(r) for r in ranks)
    return (x @ y) / np.sqrt((x @ x) * (y @ y))


@settings(deadline=None)  # a busy machine is no mistake
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=9)
)
def test_rank_correlation_is_its_definition(pairs):
    a, b = np.array(pairs).T
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        assert np.isnan(rank_correlation(a, b))
    else:
        assert rank_correlation(a, b) == pytest.approx(spearman(a, b), abs=1e-9)
        rising = rank_correlation(np.exp(a), 3 * b + 1)
        assert rising == pytest.approx(rank_correlation(a, b), abs=1e-9)


def test_maps_of_any_shape_are_compared():
    a = np.arange(12.0).reshape(3, 4)
    assert rank_correlation(a, a) == pytest.approx(1)
    assert rank_correlation(a, -a) == pytest.approx(-1)
    with pytest.raises(ValueError, match="b must have the shape of a"):
        rank_correlation(a, a.T)
    with pytest.raises(ValueError, match="must be finite"):
        rank_correlation(a, np.full_like(a, np.nan))
