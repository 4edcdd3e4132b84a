"""Training: what it refuses, that it learns, and that it goes on where it stopped."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest
from checkout import ROOT

from helpers.data import digits
from helpers.layers import softmin
from helpers.training import evaluate, predict, train
from helpers.training._batches import Batches, as_dataset

DIGITS = digits()
IMAGES = DIGITS.train_images[:300] / 16
LABELS = DIGITS.train_labels[:300]


def network(dropout=0.2, outputs=10, activation="softmax"):
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dropout(dropout),
            keras.layers.Dense(outputs, activation=activation),
        ]
    )


def fit(model, **settings):
    settings = {"epochs": 4, "progress": False, "seed": 5} | settings
    return train(model, IMAGES, LABELS, **settings)


# What is learned


def test_it_learns_and_says_how():
    model = network()
    history = fit(model, epochs=12, learning_rate=0.01, validation=(IMAGES, LABELS))
    assert [set(epoch) for epoch in history] == [
        {"loss", "accuracy", "val_loss", "val_accuracy", "seconds"}
    ] * 12
    assert history[-1]["loss"] < history[0]["loss"]
    assert history[-1]["val_accuracy"] > 0.95
    assert json.loads(json.dumps(history)) == history
    tested = evaluate(model, DIGITS.test_images / 16, DIGITS.test_labels)
    assert tested["accuracy"] > 0.8


@pytest.mark.parametrize("activation", ["softmax", None, softmin])
def test_evaluate_agrees_with_keras(activation):
    model = network(activation=activation)
    fit(model)
    tested = evaluate(model, IMAGES, LABELS)
    loss, accuracy = model.evaluate(IMAGES, np.eye(10)[LABELS], verbose=0)
    assert tested["accuracy"] == pytest.approx(accuracy, abs=1e-6)
    assert tested["loss"] == pytest.approx(loss, rel=1e-4)


def test_flipping_averages_with_the_mirror_image():
    model = network()
    both = predict(model, IMAGES, flip=True)
    mirrored = predict(model, IMAGES[:, :, ::-1])
    np.testing.assert_allclose(both, (predict(model, IMAGES) + mirrored) / 2, atol=1e-6)
    np.testing.assert_allclose(both.sum(axis=1), 1, atol=1e-5)


def test_bytes_are_scaled_and_floats_are_not():
    images = (IMAGES * 255).astype(np.uint8)
    as_bytes, _ = Batches(images, LABELS, 10, 300, seed=0)[0]
    as_floats, _ = Batches(IMAGES * 255, LABELS, 10, 300, seed=0)[0]
    assert as_bytes.max() == 1
    assert as_floats.max() == 255
    assert as_bytes.dtype == as_floats.dtype == np.float32


def test_an_epoch_meets_each_image_once_in_an_order_of_its_own():
    numbered = np.arange(300, dtype=np.float32).reshape(-1, 1, 1, 1)

    def epoch(number):
        batches = Batches(numbered, LABELS, 10, 100, seed=0, epoch=number)
        return np.concatenate([batches[i][0].ravel() for i in range(len(batches))])

    first, second = epoch(0), epoch(1)
    assert sorted(first) == sorted(second) == list(range(300))
    assert (first != second).any()
    batch = Batches(numbered, LABELS, 10, 100, seed=0)[0]
    for image, label in zip(*batch, strict=True):
        assert label.argmax() == LABELS[int(image.item())]


def test_a_data_set_has_all_batches_in_order_and_no_thread_that_tunes_it():
    parts = [np.full((size, 2), size) for size in (3, 3, 1)]
    dataset = as_dataset(parts.__getitem__, len(parts))
    assert len(dataset) == len(parts)
    for got, wanted in zip(dataset.as_numpy_iterator(), parts, strict=True):
        np.testing.assert_array_equal(got, wanted)
    assert dataset.options().autotune.enabled is False


def test_one_cycle_rises_and_falls_to_nothing():
    model = network()
    fit(model, epochs=10, batch_size=100, schedule="one_cycle", learning_rate=0.5)
    rates = [float(model.optimizer._learning_rate(step)) for step in range(31)]
    assert max(rates) == pytest.approx(0.5)
    assert np.argmax(rates) == 6
    assert rates[30] == pytest.approx(0, abs=1e-6)
    assert all(np.diff(rates[:7]) > 0)
    assert all(np.diff(rates[6:]) < 0)


# Going on where it stopped


class Interrupted(Exception):
    pass


def interrupt_in_epoch(number, monkeypatch):
    """Let `Batches` fail in the middle of an epoch, as a reader's Ctrl-C would."""
    whole = Batches.__getitem__

    def getitem(self, index):
        if self.epoch == number and index == 1:
            raise Interrupted("Interrupted")
        return whole(self, index)

    monkeypatch.setattr(Batches, "__getitem__", getitem)


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_an_interrupted_training_ends_in_the_same_weights(
    optimizer, tmp_path, monkeypatch
):
    settings = {
        "optimizer": optimizer,
        "schedule": "one_cycle",
        "batch_size": 50,
        "augmentation": {"shift": 1},
        "epochs": 5,
    }
    whole = network()
    expected = fit(whole, **settings)
    with monkeypatch.context() as patch:
        interrupt_in_epoch(3, patch)
        with pytest.raises(Exception, match="Interrupted"):
            fit(network(), folder=tmp_path, **settings)
    resumed = network()
    history = fit(resumed, folder=tmp_path, **settings)
    for ours, theirs in zip(whole.weights, resumed.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    without_time = [
        [{k: v for k, v in epoch.items() if k != "seconds"} for epoch in epochs]
        for epochs in (expected, history)
    ]
    assert without_time[0] == without_time[1]


def test_a_killed_process_leaves_its_last_epoch(tmp_path):
    code = f"""
import os, sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import test_training as t
from helpers.training import _checkpoint
save = _checkpoint.save
def save_and_die(folder, model, notes, epochs):
    save(folder, model, notes, epochs)
    if len(epochs) == 2:
        os.kill(os.getpid(), 9)
_checkpoint.save = save_and_die
t.fit(t.network(), folder={str(tmp_path)!r})
"""
    died = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert died.returncode == -9, died.stderr.decode()
    resumed, whole = network(), network()
    assert len(fit(resumed, folder=tmp_path)) == 4
    fit(whole)
    for ours, theirs in zip(whole.weights, resumed.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_a_finished_training_is_loaded_and_not_run_again(tmp_path, monkeypatch):
    first, second = network(), network()
    history = fit(first, folder=tmp_path)
    monkeypatch.setattr(second, "fit", None)
    assert fit(second, folder=tmp_path) == history
    for ours, theirs in zip(first.weights, second.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_checkpoint_of_another_training_is_refused(tmp_path):
    fit(network(), folder=tmp_path, epochs=1)
    with pytest.raises(ValueError, match="made with epochs = 1, not 4"):
        fit(network(), folder=tmp_path)
    other = network(outputs=11)
    other.pop()
    other.add(keras.layers.Dense(10))
    other.add(keras.layers.Dense(10))
    with pytest.raises(ValueError, match="of another model"):
        fit(other, folder=tmp_path, epochs=1)


def test_a_damaged_checkpoint_is_refused(tmp_path):
    fit(network(), folder=tmp_path, epochs=1)
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ValueError, match=r"checkpoint .* is damaged .*; remove it"):
        fit(network(), folder=tmp_path, epochs=1)


# What is refused


def test_labels_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"labels must be from 0 to 9, .* got 10"):
        train(network(), IMAGES, np.where(LABELS == 9, 10, LABELS), epochs=1)
    with pytest.raises(ValueError, match=r"from 0 to 9, .* got -1"):
        train(network(), IMAGES, LABELS.astype(int) - 1, epochs=1)


def test_classes_without_an_image_are_refused_in_training_only():
    few = LABELS < 8
    with pytest.raises(ValueError, match=r"every class needs an image, .* 8, 9"):
        train(network(), IMAGES[few], LABELS[few], epochs=1)
    assert evaluate(network(), IMAGES[few], LABELS[few])["loss"] > 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_pixels_that_are_not_finite_are_refused(bad):
    images = IMAGES.copy()
    images[7, 2, 2, 0] = bad
    with pytest.raises(ValueError, match=f"must be finite, got {bad} in image 7"):
        train(network(), images, LABELS, epochs=1)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"channels come last: np.moveaxis"):
        train(network(), np.moveaxis(IMAGES, -1, 1), LABELS, epochs=1)
    with pytest.raises(ValueError, match=r"takes images of shape \(8, 8, 1\)"):
        train(network(), IMAGES[:, 1:], LABELS, epochs=1)
    with pytest.raises(ValueError, match=r"labels must have shape \(300,\)"):
        train(network(), IMAGES, LABELS[1:], epochs=1)
    with pytest.raises(TypeError, match="labels must be integers"):
        train(network(), IMAGES, LABELS / 1, epochs=1)
    inputs = keras.Input((8, 8, 1))
    with pytest.raises(ValueError, match=r"one output \[batch, classes\]"):
        train(keras.Model(inputs, inputs), IMAGES, LABELS, epochs=1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must be"),
        ({"epochs": 1.5}, "epochs must be"),
        ({"batch_size": 0}, "batch_size must be"),
        ({"learning_rate": 0}, "learning_rate must be"),
        ({"optimizer": "adam"}, "optimizer must be 'adamw' or 'sgd', got 'adam'"),
        ({"schedule": "step"}, "schedule must be 'constant' or 'one_cycle'"),
        ({"label_smoothing": 1}, "label_smoothing must be"),
        ({"augmentation": {"zoom": 2}}, "there is no change 'zoom'"),
        ({"speed": 2}, "speed"),
    ],
)
def test_settings_that_are_not_settings_are_refused(settings, message):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(network(), **settings)


# The progress bar


def test_a_log_file_gets_a_line_an_epoch(capsys):
    fit(network(), epochs=2, progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("epoch 2/2 [████")
    assert "accuracy 0." in lines[1]
