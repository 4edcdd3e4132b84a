"""Several workers train as one process does; a dead one ends in a message."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from helpers.data import digits
from helpers.distributed import WorkerError, _job, _supervisor, run_workers, train_alone

STEPS, BATCH = 12, 32
SETTINGS = {"steps": STEPS, "batch_size": BATCH, "checkpoint_every": 4, "seed": 3}


def small_cnn():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


@pytest.fixture(scope="module")
def data():
    found = digits()
    return found.train_images / np.float32(16), found.train_labels


@pytest.fixture(scope="module")
def alone(data):
    model = small_cnn()
    losses = train_alone(model, *data, **SETTINGS)
    return losses, model.get_weights()


def running(folder):
    """Return the processes whose command names a folder."""
    if not os.path.isdir("/proc"):  # macOS
        command = ["ps", "-axo", "pid=,command="]
        lines = subprocess.run(command, capture_output=True, text=True).stdout
        return [int(x.split()[0]) for x in lines.splitlines() if str(folder) in x]
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it may have ended
            command = Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0")
            if os.fsencode(folder) in command:
                found.append(int(name))
    return found


def test_the_loop_is_gradient_descent_with_momentum(data, alone):
    images, labels = data
    model = small_cnn()
    job = _job.Job(**SETTINGS)
    velocities = [np.zeros(w.shape, np.float32) for w in model.trainable_weights]
    losses = []
    for step in range(STEPS):
        chosen = job.indices(step, len(images))
        tape_model = model  # plain TensorFlow, no strategy
        loss, gradients = _gradients(tape_model, images[chosen], labels[chosen])
        losses.append(loss)
        for variable, velocity, gradient in zip(
            model.trainable_weights, velocities, gradients, strict=True
        ):
            velocity *= job.momentum
            velocity -= job.learning_rate * gradient
            variable.assign_add(velocity)
    np.testing.assert_allclose(alone[0], losses, rtol=1e-5)
    for ours, theirs in zip(alone[1], model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def _gradients(model, images, labels):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        answers = model(images, training=True)
        rows = tf.range(len(labels)), tf.constant(labels, tf.int32)
        right = tf.gather_nd(answers, tf.stack(rows, axis=1))
        loss = -tf.reduce_mean(tf.math.log(right))
    gradients = tape.gradient(loss, [w.value for w in model.trainable_weights])
    return float(loss), [g.numpy() for g in gradients]


def test_two_workers_are_one_process_even_if_one_of_them_is_killed(
    data, alone, tmp_path
):
    model = small_cnn()
    report = run_workers(
        model, *data, folder=tmp_path, restarts=1, kill=[(1, 6)], **SETTINGS
    )
    assert report.starts == [0, 4]
    assert report.failures == ["worker 1 was killed (SIGKILL) after step 6"]
    np.testing.assert_allclose(report.losses, alone[0], rtol=1e-5)
    for together, weights in zip(model.get_weights(), alone[1], strict=True):
        np.testing.assert_allclose(together, weights, atol=1e-5)
    assert running(tmp_path) == []
    # What was finished is finished: no step is taken again.
    again = run_workers(small_cnn(), *data, folder=tmp_path, **SETTINGS)
    assert again.losses == report.losses
    assert again.starts == [STEPS]


def test_a_dead_worker_ends_in_a_message_and_not_in_a_hang(data, tmp_path):
    with pytest.raises(WorkerError, match=r"worker 0 was killed .* after step 2; rest"):
        run_workers(small_cnn(), *data, folder=tmp_path, kill=[(0, 2)], **SETTINGS)
    last_words = (tmp_path / "worker-0.log").stat().st_mtime
    assert time.time() - last_words < 10
    assert running(tmp_path) == []


def test_a_worker_killed_from_outside_is_noticed(data, tmp_path):
    def kill():
        log = tmp_path / "worker-1.log"
        while not (log.exists() and "step 3 " in log.read_text()):
            time.sleep(0.05)
        for process in running(tmp_path)[:1]:
            os.kill(process, signal.SIGKILL)

    settings = SETTINGS | {"steps": 100_000}
    threading.Thread(target=kill, daemon=True).start()
    with pytest.raises(WorkerError, match=r"worker . was killed .SIGKILL. after step"):
        run_workers(small_cnn(), *data, folder=tmp_path, **settings)
    assert running(tmp_path) == []


def test_workers_with_the_same_share_see_half_of_the_images(data):
    half = SETTINGS | {"batch_size": BATCH // 2}
    model = small_cnn()
    report = run_workers(model, *data, shard=False, **SETTINGS)
    # Each gradient is that of the first half of the batch, counted twice.
    wrong, weights = _first_halves(data)
    np.testing.assert_allclose(report.losses, wrong, rtol=1e-5)
    for ours, theirs in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert not np.allclose(report.losses, train_alone(small_cnn(), *data, **half))


def _first_halves(data):
    model = small_cnn()
    optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    model.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
    job, losses = _job.Job(**SETTINGS), []
    for step in range(STEPS):
        chosen = job.indices(step, len(data[0]))[: BATCH // 2]
        losses.append(model.train_on_batch(data[0][chosen], data[1][chosen]))
        model.reset_metrics()
    return [float(np.ravel(loss)[0]) for loss in losses], model.get_weights()


SILENT = """
import sys, time
time.sleep(600)
"""


def test_silent_workers_are_given_up(data, tmp_path, monkeypatch):
    start = _supervisor.subprocess.Popen

    def silent(command, **more):
        return start([command[0], "-c", SILENT, *command[3:]], **more)

    monkeypatch.setattr(_supervisor.subprocess, "Popen", silent)
    with pytest.raises(WorkerError, match=r"a sign of life for 0.5"):
        run_workers(small_cnn(), *data, folder=tmp_path, patience=0.5, **SETTINGS)
    assert running(tmp_path) == []


def test_an_error_in_a_worker_is_quoted(data, tmp_path, monkeypatch):
    start = _supervisor.subprocess.Popen

    def failing(command, **more):
        return start([command[0], "-c", "raise SystemExit('no such device')"], **more)

    monkeypatch.setattr(_supervisor.subprocess, "Popen", failing)
    with pytest.raises(
        WorkerError,
        match=r"with an error before .*: no such device, and all 1 restarts",
    ):
        run_workers(small_cnn(), *data, folder=tmp_path, restarts=1, **SETTINGS)


def test_every_image_is_seen_once_an_epoch():
    job = _job.Job(steps=1, batch_size=8, seed=1)
    first = np.concatenate([job.indices(step, 43) for step in range(5)])
    second = np.concatenate([job.indices(step, 43) for step in range(5, 10)])
    for epoch in (first, second):
        assert len(set(epoch)) == 40
        assert epoch.max() < 43
    assert (first != second).any()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"workers": 3}, ValueError, "must divide by the 3 workers, got 32"),
        ({"workers": 0}, ValueError, "workers must be a positive int"),
        ({"batch_size": 2000}, ValueError, "must not exceed the 1500 images"),
        ({"steps": 0}, ValueError, "steps must be a positive int"),
        ({"speed": 2}, TypeError, "speed is no setting; there are batch_size"),
        ({"learning_rate": -1}, ValueError, "learning_rate must be a finite number"),
        ({"patience": 0}, ValueError, "patience must be a finite number above 0"),
    ],
)
def test_bad_settings_are_refused(change, error, message, data):
    with pytest.raises(error, match=message):
        run_workers(small_cnn(), *data, **(SETTINGS | change))


def test_another_training_does_not_go_on_in_this_folder(data, tmp_path):
    model = small_cnn()
    job = _job.Job(**SETTINGS)
    from helpers.distributed import _steps

    _steps.save(tmp_path, _steps.compiled(model, job), job, [1.0])
    with pytest.raises(ValueError, match="was made with seed = 3, not 4"):
        run_workers(small_cnn(), *data, folder=tmp_path, **(SETTINGS | {"seed": 4}))


def test_ports_are_free_and_different():
    ports = _supervisor.free_ports(3)
    assert len(set(ports)) == 3
