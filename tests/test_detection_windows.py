"""The sliding window, the localizer, and what every detector refuses."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.data import scenes
from helpers.detection import (
    localizer,
    ssd,
    two_stage,
    window_classifier,
    window_objects,
    yolo,
)
from helpers.detection._anchors import encode
from helpers.detection._localizer import BATCH, paired_iou, single_objects
from helpers.detection._tensors import decode
from helpers.detection._windows import SCALES, WINDOW, _grid, _level

BUILDERS = {
    "localizer": localizer,
    "ssd": ssd,
    "two_stage": two_stage,
    "window_classifier": window_classifier,
    "yolo": yolo,
}


@pytest.fixture(scope="module")
def learners():
    keras.utils.set_random_seed(0)
    return {name: build() for name, build in BUILDERS.items()}


@pytest.fixture(scope="module")
def sliding(learners):
    return learners["window_classifier"].detector()


# Windows


def right(pixels):
    return np.float32([pixels, 0, pixels, 0])


def test_which_object_a_window_answers_for():
    windows = np.float32([[0, 0, 32, 32]])
    centred = np.float32([[4, 6, 28, 26]])
    assert window_objects(windows, centred).tolist() == [0]
    assert window_objects(windows, centred + right(6)).tolist() == [-1]
    small = np.float32([[10, 10, 22, 22]])
    assert window_objects(windows, small).tolist() == [-1]
    large = np.float32([[0, -8, 32, 40]])
    assert window_objects(windows, large).tolist() == [-1]
    both = np.concatenate([centred + right(4), centred])
    assert window_objects(windows, both).tolist() == [1]
    assert window_objects(windows, np.empty((0, 4))).tolist() == [-1]


def test_nearly_every_object_has_a_window_that_answers_for_it():
    some = scenes(100)
    windows = np.concatenate([_grid((128, 128), scale) for scale in SCALES])
    answered = total = 0
    for boxes in some.boxes:
        answered += len(set(window_objects(windows, boxes)) - {-1})
        total += len(boxes)
    assert answered / total > 0.9


@pytest.mark.parametrize("size", [(128, 128), (96, 160)])
def test_there_is_an_answer_for_every_window(sliding, size):
    boxes, scores = sliding.candidates(np.zeros((2, *size, 3), np.uint8))
    count = len(sliding.windows(size))
    assert boxes.shape == (2, count, 4)
    assert scores.shape == (2, count, 10)


@pytest.mark.parametrize("scale", SCALES)
def test_windows_lie_where_the_network_looks(sliding, scale):
    # A light square, on a level of its own, at the place of one window.
    level = _level(np.zeros((1, 128, 128, 3), np.float32), scale)
    windows = _grid((128, 128), scale)
    cells = int(np.sqrt(len(windows)))
    row, column = cells // 2, cells // 3
    assert level.shape[1] == 4 * (cells - 1) + WINDOW + (level.shape[1] - WINDOW) % 4
    window = windows[row * cells + column]
    exact = (4 * np.array([column, row]) - 8) * 128 / round(128 / scale)
    np.testing.assert_allclose(window[:2], exact, rtol=1e-5)
    np.testing.assert_allclose(
        window[2:] - window[:2], WINDOW * 128 / round(128 / scale), rtol=1e-5
    )


def test_one_pass_says_what_crops_say(sliding):
    image = scenes(1).images / np.float32(255)
    maps = sliding.everywhere(_level(image, 1.0), training=False)
    row, column = 12, 9
    crop = _level(image, 1.0)[:, 4 * row :, 4 * column :][:, :WINDOW, :WINDOW]
    alone = sliding.everywhere(crop, training=False)[0, 0, 0]
    # A crop ends in zeros where the pass sees what lies around: nearly the same.
    assert np.corrcoef(alone, maps[0, row, column])[0, 1] > 0.8


def test_drawn_windows_carry_what_they_hold(learners):
    some = scenes(8)
    some = some._replace(images=some.images / np.float32(255))
    windows, labels, offsets = learners["window_classifier"].batch(some)
    assert windows.shape == (256, 32, 32, 3)
    assert labels.min() == -1
    assert (labels >= 0).mean() > 0.1
    assert not offsets[labels < 0].any()
    square = np.float32([[0, 0, 32, 32]])
    boxes = decode(offsets[labels >= 0], square).numpy()
    longer = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) / 32
    assert longer.min() > 0.54
    assert longer.max() < 0.96
    again = learners["window_classifier"].batch(some)
    np.testing.assert_array_equal(windows, again[0])


# Localizer


def test_only_scenes_with_one_object_are_learned_from(learners):
    some = scenes(40)
    single = [n for n, boxes in enumerate(some.boxes) if len(boxes) == 1]
    images, labels, boxes = learners["localizer"].batch(some)
    assert images.shape == (BATCH, 128, 128, 3)
    np.testing.assert_array_equal(images[0], some.images[single[0]])
    wanted = some.boxes[single[0]][0] / 128
    centre = (wanted[:2] + wanted[2:]) / 2
    np.testing.assert_allclose(
        boxes[0], [*centre, *(wanted[2:] - wanted[:2])], rtol=1e-5
    )
    assert labels[0] == some.labels[single[0]][0]


def test_no_scene_with_one_object(learners):
    none = scenes(1)
    assert len(none.boxes[0]) == 2
    assert [len(part) for part in single_objects(none)] == [0, 0, 0]
    with pytest.raises(ValueError, match="no scene holds a single object"):
        learners["localizer"].batch(none)
    with pytest.raises(ValueError, match="no scene holds a single object"):
        learners["localizer"].evaluate(none)


def test_iou_row_by_row():
    one = np.float32([[0, 0, 10, 10], [0, 0, 10, 10]])
    other = np.float32([[0, 0, 10, 5], [20, 20, 30, 30]])
    assert paired_iou(one, other).tolist() == [0.5, 0]


def test_boxes_of_the_localizer_lie_in_order(learners):
    boxes, probabilities = learners["localizer"].locate(scenes(3).images)
    assert (boxes[:, 2:] >= boxes[:, :2]).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


# All of them


@pytest.mark.parametrize("name", BUILDERS)
def test_losses_and_gradients_are_finite(learners, name):
    learner = learners[name]
    some = scenes(40)
    empty = 0 if name == "localizer" else 1
    some = some._replace(
        images=some.images / np.float32(255),
        boxes=[np.empty((0, 4), np.float32)] * empty + some.boxes[empty:],
        labels=[np.empty(0, np.int64)] * empty + some.labels[empty:],
    )
    with tf.GradientTape() as tape:
        parts = learner.loss(*learner.batch(some))
        total = tf.add_n(list(parts.values()))
    variables = learner.network.trainable_variables
    gradients = tape.gradient(total, variables)
    assert np.isfinite(total)
    for gradient, variable in zip(gradients, variables, strict=True):
        assert gradient is not None, variable.path
        assert np.isfinite(gradient).all(), variable.path


@pytest.mark.parametrize("name", ["ssd", "two_stage", "yolo"])
def test_scenes_without_any_object(learners, name):
    learner, some = learners[name], scenes(2)
    nothing = some._replace(
        images=some.images / np.float32(255),
        boxes=[np.empty((0, 4), np.float32)] * 2,
        labels=[np.empty(0, np.int64)] * 2,
    )
    parts = learner.loss(*learner.batch(nothing))
    assert all(np.isfinite(part) for part in parts.values())
    assert not float(parts["boxes"])


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((128, 128, 3)), r"images must have the axes"),
        (np.zeros((1, 128, 128, 1)), "images must have 3 channels"),
        (np.zeros((1, 100, 128, 3)), "images must have sides that 16 divides"),
        (np.full((1, 32, 32, 3), 255.0), "floats from 0 to 1, got 255.0 to 255.0"),
        (np.full((1, 32, 32, 3), np.nan), "floats from 0 to 1, got nan"),
        (np.zeros((0, 32, 32, 3)), "images"),
    ],
)
def test_bad_images_are_refused(learners, images, message):
    for name in ("yolo", "ssd", "two_stage"):
        with pytest.raises(ValueError, match=message):
            learners[name].detect(images)


def test_bad_thresholds_are_refused(learners):
    images = np.zeros((1, 128, 128, 3))
    with pytest.raises(ValueError, match="detect: score_threshold must"):
        learners["yolo"].detect(images, score_threshold=1.5)
    with pytest.raises(ValueError, match="iou_threshold must"):
        learners["yolo"].detect(images, iou_threshold=-1)
    with pytest.raises(ValueError, match="locate: images must have 128 × 128 pixels"):
        learners["localizer"].locate(np.zeros((1, 64, 64, 3)))


def test_encoded_squares_are_whole():
    box = np.float32([[3, 4, 20, 30]])
    window = np.float32([[0, 0, 32, 32]])
    np.testing.assert_allclose(decode(encode(box, window), window), box, atol=1e-4)


def test_a_localizer_takes_over_the_lower_layers(learners):
    detector = learners["yolo"]
    found = localizer(trained=detector).network.get_layer("backbone")
    for layer in found.layers:
        theirs = (
            detector.network.get_layer(layer.name).get_weights()
            if layer.weights
            else []
        )
        for ours, other in zip(layer.get_weights(), theirs, strict=True):
            np.testing.assert_array_equal(ours, other)
    assert found.count_params() > 500_000
