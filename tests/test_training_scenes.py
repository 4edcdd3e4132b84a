"""Training on scenes: the same course each time, also after an interruption."""

import numpy as np
import pytest
import tensorflow as tf

from helpers.data import scenes
from helpers.training import held_out_scenes, recipe, scene_recipes, train_on_scenes
from helpers.training._scene_changes import lit, mirrored, recoloured, resized

SETTINGS = {"steps": 2, "batch_size": 2, "progress": False}


def around(masks, number):
    """Return the box around an object's pixels."""
    rows, columns = np.nonzero(masks == number)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


# Changes of scenes


def test_mirrored_boxes_still_fit_their_pixels():
    some = scenes(4)
    which = np.array([True, False, True, False])
    turned = mirrored(some, which)
    for n, boxes in enumerate(turned.boxes):
        for number, box in enumerate(boxes, 1):
            assert tuple(box) == around(turned.masks[n], number)
    np.testing.assert_array_equal(turned.images[0], some.images[0][:, ::-1])
    np.testing.assert_array_equal(turned.images[1], some.images[1])
    again = mirrored(turned, which)
    np.testing.assert_array_equal(again.images, some.images)
    np.testing.assert_array_equal(
        np.concatenate(again.boxes), np.concatenate(some.boxes)
    )


def test_mirroring_leaves_the_scenes_alone():
    some = scenes(2)
    before = some.images.copy()
    mirrored(some, np.array([True, True]))
    np.testing.assert_array_equal(some.images, before)


def test_light_changes_colours_and_nothing_else():
    some = scenes(3)
    changed = lit(some, np.random.default_rng(0))
    assert changed.images.dtype == np.float32
    assert 0 <= changed.images.min() <= changed.images.max() <= 1
    times = changed.images / np.maximum(some.images, 1) * 255
    dark = (some.images > 60) & (some.images < 180)
    for one, where in zip(times, dark, strict=True):
        for channel in range(3):
            values = one[..., channel][where[..., channel]]
            assert np.ptp(values) < 1e-3
            assert 0.75 <= values.mean() <= 1.25


def test_other_colours_keep_shapes():
    some = scenes(24)
    changed = recoloured(some, np.random.default_rng(0))
    assert changed.masks is some.masks
    assert changed.boxes is some.boxes
    assert changed.images.dtype == np.float32
    assert changed.images.min() >= 0
    assert changed.images.max() <= 1
    before, after = some.images.mean((1, 2)), changed.images.mean((1, 2))
    kept = (np.argsort(before) == np.argsort(after)).all(axis=1)
    assert 0 < kept.sum() < 12  # of six orders of the channels, one is the old one
    again = recoloured(some, np.random.default_rng(0))
    np.testing.assert_array_equal(changed.images, again.images)


def test_what_is_brighter_stays_brighter_in_other_colours():
    steps = np.repeat(np.arange(0, 256, 15, np.uint8)[:, np.newaxis], 3, axis=1)
    some = scenes(8)
    grey = some._replace(images=np.tile(steps, (8, 1, 1, 1)))
    changed = recoloured(grey, np.random.default_rng(1)).images
    assert (np.diff(changed, axis=2) >= 0).all()
    assert len(np.unique(changed[:, 0, 5], axis=0)) == 8  # each in its own light


@pytest.mark.parametrize("size", [96, 192])
def test_resized_boxes_still_fit_their_pixels(size):
    some = lit(scenes(4), np.random.default_rng(0))
    other = resized(some, size)
    assert other.images.shape == (4, size, size, 3)
    assert other.masks.shape == (4, size, size)
    for n, boxes in enumerate(other.boxes):
        for number, box in enumerate(boxes, 1):
            np.testing.assert_allclose(box, around(other.masks[n], number), atol=2)
    assert resized(some, 128) is some


# Course


def weights_after(epochs, folder, **settings):
    learner = recipe("window_classifier").build()
    history = train_on_scenes(
        learner, epochs=epochs, folder=folder, **SETTINGS | settings
    )
    return learner.network.get_weights(), history


def test_a_training_goes_on_where_it_stopped(tmp_path, monkeypatch):
    whole, history = weights_after(3, None)
    assert [sorted(epoch) for epoch in history] == [
        ["boxes", "classes", "loss", "objectness", "seconds"]
    ] * 3
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path, monkeypatch)
    monkeypatch.undo()
    resumed, again = weights_after(3, tmp_path)
    assert [epoch["loss"] for epoch in again] == pytest.approx(
        [epoch["loss"] for epoch in history], rel=1e-4
    )
    for one, other in zip(whole, resumed, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
    # Finished: loaded, not trained again.
    loaded, _ = weights_after(3, tmp_path)
    for one, other in zip(resumed, loaded, strict=True):
        np.testing.assert_array_equal(one, other)


def interrupted(folder, monkeypatch):
    """Train until the second epoch's first batch."""
    learner = recipe("window_classifier").build()
    batch, made = learner.batch, []

    def broken(scenes):
        made.append(scenes)
        if len(made) > 2:
            raise KeyboardInterrupt
        return batch(scenes)

    monkeypatch.setattr(learner, "batch", broken)
    train_on_scenes(learner, epochs=3, folder=folder, **SETTINGS)


def test_another_training_in_the_same_folder_is_refused(tmp_path):
    weights_after(1, tmp_path)
    with pytest.raises(ValueError, match="made with seed = 0, not 1"):
        weights_after(1, tmp_path, seed=1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "train_on_scenes: epochs must"),
        ({"epochs": 1, "learning_rate": 0}, "train_on_scenes: learning_rate must"),
        ({"epochs": 1, "sizes": (0,)}, "train_on_scenes: sizes must"),
        ({"epochs": 1, "sizes": ()}, "train_on_scenes: sizes must"),
        ({"epochs": 1, "changes": "hue"}, "train_on_scenes: changes must"),
    ],
)
def test_bad_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        train_on_scenes(None, **settings)


def test_learning_lowers_the_loss_on_what_was_learned():
    learner = recipe("window_classifier").build()
    some = lit(scenes(6), np.random.default_rng(0))
    batch = learner.batch(some)
    before = float(tf.add_n(list(learner.loss(*batch).values())))
    history = train_on_scenes(
        learner, epochs=1, steps=40, batch_size=6, learning_rate=3e-3, progress=False
    )
    after = float(tf.add_n(list(learner.loss(*batch).values())))
    assert after < 0.8 * before
    assert history[0]["loss"] > after


# Recipes


def test_every_learner_of_a_recipe_can_be_built_and_tested():
    for name, entry in scene_recipes().items():
        learner = recipe(name).build(seed=1)
        assert learner.network.count_params() < 1_000_000
        assert entry.training["epochs"] > 0
        assert callable(learner.batch)
        assert callable(learner.loss)
        assert callable(learner.evaluate)


def test_held_out_scenes_are_of_the_test_split():
    some, every = held_out_scenes(3), scenes(3, "test", seed=1)
    np.testing.assert_array_equal(some.images, every.images)
