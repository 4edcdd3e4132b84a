"""Transfer: what is reused, what is new, what learns, and in which mode."""

import keras
import numpy as np
import pytest

from helpers import transfer
from helpers.pretrained import load_classifier, preprocess

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def classifier():
    return load_classifier()


@pytest.fixture
def base(classifier):
    return transfer.backbone(classifier, size=64)


def test_backbone_gives_the_classifier_s_features(classifier):
    images = preprocess(RNG.integers(0, 256, (1, 224, 224, 3), dtype=np.uint8))
    same = transfer.backbone(classifier, size=224)
    features = keras.Model(classifier.inputs, classifier.get_layer("features").output)
    np.testing.assert_allclose(same(images), features([images]), atol=1e-5)


def test_backbone_is_a_copy(classifier, base):
    before = classifier.get_layer("stem_conv").get_weights()[0]
    base.get_layer("stem_conv").set_weights([np.zeros_like(before)])
    np.testing.assert_array_equal(
        classifier.get_layer("stem_conv").get_weights()[0], before
    )


def test_head_reads_the_features(base):
    model = transfer.with_new_head(base, 5)
    w, b = model.get_layer("new_head").get_weights()
    expected = transfer.compute_features(base, IMAGES) @ w + b
    got = model(IMAGES / np.float32(255), training=False)
    np.testing.assert_allclose(got, expected, atol=1e-4)


def test_head_alone_is_the_head(base):
    features = transfer.compute_features(base, IMAGES)
    head = transfer.head_alone(features.shape[1], 2)
    model = transfer.with_new_head(base, 2)
    model.get_layer("new_head").set_weights(head.get_layer("new_head").get_weights())
    np.testing.assert_allclose(
        head(features[:, None, None]), model(IMAGES / np.float32(255)), atol=1e-4
    )


@pytest.mark.parametrize("normalization", [False, True])
def test_statistics_move_only_where_asked(base, normalization):
    model = transfer.with_new_head(base, 2)
    transfer.unfreeze_from(base, "images", normalization)
    before = base.get_layer("stem_norm").moving_mean.numpy()
    model(IMAGES / np.float32(255), training=True)
    after = base.get_layer("stem_norm").moving_mean.numpy()
    assert np.array_equal(before, after) != normalization


def test_unfreezing_counts_and_frozen_layers_stay(base):
    nothing = transfer.unfreeze_from(base, None)
    top = transfer.unfreeze_from(base, "head_conv")
    middle = transfer.unfreeze_from(base, "block_12_expand_conv")
    everything = transfer.unfreeze_from(base, "images")
    with_norms = transfer.unfreeze_from(base, "images", normalization=True)
    assert nothing == 0 < top < middle < everything < with_norms
    assert top == 320 * 1280
    norms = [w for w in base.weights if w.name in ("gamma", "beta")]
    assert with_norms - everything == sum(int(np.prod(w.shape)) for w in norms)
    assert (
        with_norms
        + sum(
            int(np.prod(w.shape)) for w in base.weights if w.name.startswith("moving")
        )
        == base.count_params()
    )
    transfer.unfreeze_from(base, "head_conv")
    assert not base.get_layer("block_16_project_conv").trainable
    assert not base.get_layer("head_norm").trainable
    assert base.get_layer("head_conv").trainable


def test_features_do_not_depend_on_the_batch(base, monkeypatch):
    whole = transfer.compute_features(base, IMAGES)
    monkeypatch.setattr(transfer, "_BATCH", 2)
    np.testing.assert_allclose(
        transfer.compute_features(base, IMAGES), whole, atol=1e-4
    )
    with pytest.raises(TypeError, match="compute_features: images must be uint8"):
        transfer.compute_features(base, IMAGES / 255)


def test_few_are_of_each_class_and_nested():
    labels = np.repeat([3, 1, 2], [5, 9, 7])
    few, more = (transfer.few_per_class(labels, n, seed=4) for n in (2, 5))
    assert np.bincount(labels[few]).tolist() == [0, 2, 2, 2]
    assert set(few) < set(more)
    assert len(set(more)) == 15
    assert set(few) != set(transfer.few_per_class(labels, 2, seed=5))
    with pytest.raises(ValueError, match="at most 5, the examples of class 3, got 6"):
        transfer.few_per_class(labels, 6)


def test_wrong_arguments_are_named(classifier, base):
    with pytest.raises(TypeError, match=r"backbone: classifier must be a keras\.Model"):
        transfer.backbone("efficientnet")
    with pytest.raises(ValueError, match="backbone: classifier must have a layer"):
        transfer.backbone(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]))
    with pytest.raises(ValueError, match="backbone: size"):
        transfer.backbone(classifier, size=16)
    with pytest.raises(ValueError, match="unfreeze_from: there is no layer 'block_99'"):
        transfer.unfreeze_from(base, "block_99")
    with pytest.raises(ValueError, match="with_new_head: num_classes"):
        transfer.with_new_head(base, 1)
