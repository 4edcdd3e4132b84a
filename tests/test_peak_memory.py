"""The measured memory of a training step follows what it must."""

import keras
import pytest

from helpers.accounting import account
from helpers.peak_memory import training_step


def stack(side=64, layers=4):
    images = maps = keras.Input((side, side, 3))
    for _ in range(layers):
        maps = keras.layers.Conv2D(16, 3, padding="same", activation="relu")(maps)
    features = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(images, keras.layers.Dense(10, activation="softmax")(features))


@pytest.fixture(scope="module")
def measured():
    return {batch: training_step(stack(), batch) for batch in (64, 128)}


def test_memory_is_about_that_of_the_outputs(measured):
    outputs = account(stack(), 128).totals.activation_bytes_training
    assert 0.6 * outputs < measured[128].peak_bytes < 3 * outputs


def test_twice_the_batch_takes_about_twice_the_memory(measured):
    assert 1.5 < measured[128].peak_bytes / measured[64].peak_bytes < 2.6


def test_what_this_process_holds_plays_no_part(measured):
    ballast = bytearray(b"x" * 600_000_000)
    found = training_step(stack(), 64)
    assert len(ballast) == 600_000_000
    assert found.peak_bytes < 1.6 * measured[64].peak_bytes


def test_a_step_learns_and_takes_time(measured):
    assert 0 < measured[64].seconds < measured[128].seconds * 1.5
    assert 1.5 < measured[64].loss < 4


def test_what_goes_wrong_is_said():
    with pytest.raises(ValueError, match="training_step: batch_size must be a pos"):
        training_step(stack(), 0)
    images = keras.Input((8, 8, 1))
    answers = keras.layers.Lambda(lambda x: x)(keras.layers.Flatten()(images))
    with pytest.raises(RuntimeError, match="the process ended with 1"):
        training_step(keras.Model(images, answers), 4)
