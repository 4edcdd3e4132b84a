"""A class for each pixel: networks, losses, and sizes that do not fit."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.conv import conv2d_transpose
from helpers.data import nuclei, nuclei_tiles, scenes
from helpers.segmentation import (
    Segmenter,
    class_maps,
    cross_entropy,
    dice_loss,
    edged_maps,
    fcn8,
    fcn16,
    fcn32,
    fcn_family,
    nuclei_unet,
    unet,
)
from helpers.segmentation._fcn import _twice
from helpers.segmentation._segmenter import filled_up
from helpers.upsampling import bilinear_filters


@pytest.fixture(scope="module")
def family():
    keras.utils.set_random_seed(0)
    return fcn_family()


@pytest.fixture(scope="module")
def small_unet():
    keras.utils.set_random_seed(0)
    return unet()


def in_floats(some):
    return some._replace(images=some.images / np.float32(255))


# Truth


def test_class_maps_name_the_items():
    some = scenes(5)
    for image, mask, labels in zip(
        class_maps(some), some.masks, some.labels, strict=True
    ):
        assert not image[mask == 0].any()
        for number, label in enumerate(labels, 1):
            assert (image[mask == number] == label + 1).all()


def test_a_scene_without_items_is_all_photograph():
    some = scenes(2)
    empty = some._replace(
        masks=np.zeros_like(some.masks), labels=[np.empty(0, np.int64)] * 2
    )
    assert not class_maps(empty).any()


# Losses


def test_cross_entropy_is_that_of_keras():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(2, 5, 4, 3)).astype(np.float32)
    labels = rng.integers(0, 3, (2, 5, 4))
    wanted = keras.losses.sparse_categorical_crossentropy(
        labels, logits, from_logits=True
    )
    np.testing.assert_allclose(
        cross_entropy(labels, logits), np.mean(wanted), rtol=1e-5
    )
    labels[0, 0] = 255
    some = np.delete(wanted.numpy().reshape(-1), range(4))
    np.testing.assert_allclose(cross_entropy(labels, logits), some.mean(), rtol=1e-5)


def test_dice_by_hand():
    # Class 0 has two pixels of four, the network gives it three at equal odds or sure.
    shares = np.log([[[[0.5, 0.5], [1.0, 1e-9], [1.0, 1e-9], [0.5, 0.5]]]])
    labels = [[[0, 0, 1, 1]]]
    zero, one = 2 * 1.5 / (2 + 3), 2 * 0.5 / (2 + 1)
    wanted = 1 - (zero + one) / 2
    np.testing.assert_allclose(dice_loss(labels, np.float32(shares)), wanted, rtol=1e-5)


def test_ignored_pixels_change_no_loss():
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(1, 4, 4, 3)).astype(np.float32)
    labels = rng.integers(0, 3, (1, 4, 4))
    labels[0, 1:3] = 255
    other = logits.copy()
    other[0, 1:3] = rng.normal(size=(2, 4, 3))
    for loss in (cross_entropy, dice_loss):
        assert float(loss(labels, logits)) == float(loss(labels, other))


def test_nothing_counts():
    labels, logits = np.full((1, 2, 2), 255), np.ones((1, 2, 2, 3), np.float32)
    assert float(cross_entropy(labels, logits)) == 0
    assert float(dice_loss(labels, logits)) == 0


# Networks


def test_learned_upsampling_begins_bilinear():
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(1, 4, 5, 3)).astype(np.float32)
    inputs = keras.Input((None, None, 3))
    found = keras.Model(inputs, _twice(inputs))(maps)
    wanted = conv2d_transpose(maps, bilinear_filters(2, 3).astype(np.float32), 2)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("size", [(32, 32), (64, 96)])
def test_the_three_answer_for_every_pixel(family, size):
    for maps in family.network(np.zeros((2, *size, 3), np.float32)):
        assert maps.shape == (2, *size, 11)


def test_coarse_members_change_slowly(family):
    image = np.random.default_rng(0).random((1, 64, 64, 3), np.float32)
    for name, factor in (("fcn32", 32), ("fcn16", 16), ("fcn8", 8)):
        logits = family.members[name].network(image).numpy()
        # Bilinear between pixels of the coarse map: no bend within half a cell.
        inner = logits[:, factor // 2 : factor // 2 + factor - 1]
        bends = np.diff(inner, n=2, axis=1)
        assert np.abs(bends).max() < 1e-4 * np.abs(logits).max() + 1e-5, name


def test_members_share_their_weights(family):
    ours = {id(weight) for weight in family.network.weights}
    for name, member in family.members.items():
        assert {id(weight) for weight in member.network.weights} <= ours, name
    sizes = [member.network.count_params() for member in family.members.values()]
    assert sizes == sorted(sizes)
    assert family.network.count_params() < 800_000


def test_scores_can_look_around():
    small, large = fcn_family(), fcn_family(looking=8)
    around = 9 * 8 * (128 + 128 + 64) + 3 * 4 * 8  # convolutions and normalizations
    scores = 11 * (3 * 8 - 128 - 128 - 64)
    more = large.network.count_params() - small.network.count_params()
    assert more == around + scores
    with pytest.raises(ValueError, match="fcn_family: looking must be"):
        fcn_family(looking=-1)


def test_shares_weigh_the_losses():
    keras.utils.set_random_seed(0)
    family = fcn_family()
    some = in_floats(scenes(1))
    batch = family.batch(some)
    each = []
    for shares in np.eye(3):
        family.shares = tuple(shares)
        each.append(float(family.loss(*batch)["pixels"]))
    family.shares = (0.25, 0.5, 1.0)
    wanted = np.dot(family.shares, each)
    np.testing.assert_allclose(family.loss(*batch)["pixels"], wanted, rtol=1e-5)


def test_a_family_begins_with_another_network_s_lower_layers(family):
    other = fcn_family(trained=family, looking=8)
    for name in ("stage1_convolution", "stage4_unit1"):
        ours, theirs = (
            each.network.get_layer(name).get_weights() for each in (other, family)
        )
        for one, two in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("build", [fcn8, fcn16, fcn32])
def test_each_can_be_had_alone(build):
    alone = build(("nothing", "thing"))
    assert alone.network.output_shape == (None, None, None, 2)
    assert alone.network.name == build.__name__


@pytest.mark.parametrize("size", [(40, 50), (31, 64), (1, 1)])
def test_sizes_that_do_not_fit_are_filled_up_and_cropped(small_unet, size):
    image = np.random.default_rng(0).random((1, *size, 3))
    found = small_unet.segment(image)
    assert found.shape == (1, *size)
    whole = filled_up(image.astype(np.float32), 16)
    assert all(side % 16 == 0 for side in whole.shape[1:3])
    np.testing.assert_array_equal(
        found, small_unet.segment(whole)[:, : size[0], : size[1]]
    )


@pytest.mark.parametrize("size", [(32, 48), (40, 50)])
def test_flipped_answers_are_averaged(small_unet, size):
    image = np.random.default_rng(0).random((1, *size, 3))
    whole = filled_up(image.astype(np.float32), small_unet.stride)
    one, other = (
        tf.nn.softmax(small_unet.network(each)).numpy()
        for each in (whole, whole[:, :, ::-1])
    )
    wanted = (one + other[:, :, ::-1]).argmax(axis=-1)
    found = small_unet.segment(image, flip=True)
    np.testing.assert_array_equal(found, wanted[:, : size[0], : size[1]])


@pytest.mark.parametrize("which", ["family", "small_unet"])
def test_losses_and_gradients_are_finite(which, request):
    learner = request.getfixturevalue(which)
    some = in_floats(scenes(4))
    with tf.GradientTape() as tape:
        parts = learner.loss(*learner.batch(some))
        total = tf.add_n(list(parts.values()))
    gradients = tape.gradient(total, learner.network.trainable_variables)
    assert set(parts) == {"pixels", "classes"}
    assert all(np.isfinite(gradient).all() for gradient in gradients)


def test_grey_images(request):
    network = unet(("nothing", "nucleus"), channels=1)
    assert network.segment(np.zeros((1, 16, 16, 1))).shape == (1, 16, 16)
    with pytest.raises(ValueError, match="segment: images must have 1 channel, got"):
        network.segment(np.zeros((1, 16, 16, 3)))
    with pytest.raises(ValueError, match="segment: images must have the axes"):
        network.segment(np.zeros((16, 16, 1)))


def test_the_figure_is_over_all_pixels():
    some = scenes(60)

    class Right:
        """Answer with the truth, but for the first class."""

        def segment(self, images, flip):
            answer = class_maps(some).astype(np.int64)
            assert len(answer) == len(images)
            return np.where(answer == 1, 0, answer)

    learner = unet()
    learner.segment = Right().segment
    reached = Segmenter.evaluate(learner, some)["mean_iou"]
    background = class_maps(some) == 0
    tops = class_maps(some) == 1
    wanted = (background.sum() / (background | tops).sum() + 0 + 9) / 11
    np.testing.assert_allclose(reached, wanted)


# Nuclei


def test_edges_by_hand():
    numbers = np.zeros((1, 5, 7), np.uint8)
    numbers[0, 1:4, 1:4], numbers[0, 1:4, 4:6] = 1, 2
    assert edged_maps(numbers)[0].tolist() == [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 2, 2, 2, 2, 2, 0],
        [0, 2, 1, 2, 2, 2, 0],
        [0, 2, 2, 2, 2, 2, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ]


def test_without_their_edges_no_two_nuclei_touch():
    numbers = nuclei()[1]
    inside = np.where(edged_maps([numbers])[0] == 1, numbers, 0)
    for one, other in ((inside[1:], inside[:-1]), (inside[:, 1:], inside[:, :-1])):
        assert ((one == other) | (one == 0) | (other == 0)).all()
    touch = (numbers[1:] != numbers[:-1]) & (numbers[1:] > 0) & (numbers[:-1] > 0)
    assert touch.any()


def test_nuclei_are_learned_and_judged_with_their_edges():
    keras.utils.set_random_seed(0)
    learner = nuclei_unet()
    tiles = nuclei_tiles(2, size=64)
    images, truth = learner.batch(tiles)
    assert images.shape == (2, 64, 64, 1)
    assert set(np.unique(truth)) == {0, 1, 2}
    learner.segment = lambda images, flip: truth.astype(np.int64)
    assert learner.evaluate(tiles) == {"mean_iou": 1, "nuclei_mean_iou": 1}
    learner.segment = lambda images, flip: np.minimum(truth, 1).astype(np.int64)
    assert learner.evaluate(tiles)["mean_iou"] < 0.7
    assert learner.evaluate(tiles)["nuclei_mean_iou"] == 1


def test_a_tile_without_nuclei_has_finite_losses():
    keras.utils.set_random_seed(0)
    learner, tiles = nuclei_unet(), in_floats(nuclei_tiles(2, size=32))
    empty = tiles._replace(masks=np.zeros_like(tiles.masks))
    parts = learner.loss(*learner.batch(empty))
    assert all(np.isfinite(value) for value in parts.values())


# Bad input


def test_masks_of_another_size_are_refused():
    some = scenes(1)
    with pytest.raises(ValueError, match=r"class_maps: masks must have the size of .*"):
        class_maps(some._replace(masks=some.masks[:, :64]))


def test_an_item_without_a_label_is_refused():
    some = scenes(1)
    with pytest.raises(ValueError, match=r"class_maps: a mask holds item 2, .* has 1"):
        class_maps(some._replace(labels=[some.labels[0][:1]]))


def test_unknown_classes_are_refused(family):
    some = in_floats(scenes(1))
    unknown = some._replace(labels=[some.labels[0] + 10])
    for use in (family.batch, family.members["fcn8"].evaluate):
        with pytest.raises(ValueError, match=r"\w+: scenes hold the class .*0 to 10"):
            use(unknown)


def test_sizes_to_learn_from_that_the_stride_does_not_divide_are_refused(family):
    some = in_floats(scenes(1, size=100))
    with pytest.raises(ValueError, match=r"batch: .* that 32 divides, got 100×100"):
        family.batch(some)


@pytest.mark.parametrize("loss", [cross_entropy, dice_loss])
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (
            np.zeros((1, 2, 3)),
            r"labels must have the size .*, \(1, 2, 2\), got",
        ),
        (np.zeros((2, 2)), r"labels must have the size of the logits"),
        (np.full((1, 2, 2), 3), r"labels must be 0 to 2, or 255 to be left out, got 3"),
        (np.full((1, 2, 2), -1), r"labels must be 0 to 2, .* got -1"),
    ],
)
def test_labels_that_do_not_fit_are_refused(loss, labels, message):
    logits = np.zeros((1, 2, 2, 3), np.float32)
    with pytest.raises(ValueError, match=f"{loss.__name__}: {message}"):
        loss(labels, logits)
