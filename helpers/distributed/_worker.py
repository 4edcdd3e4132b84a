"""One worker of `run_workers`: ``python -m helpers.distributed._worker FOLDER``.

``TF_CONFIG`` says where all workers are to be found, and which of them this one is.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

SETTINGS = "job.json"


def main(folder):
    threading.Thread(target=_end_with_parent, daemon=True).start()
    task = json.loads(os.environ["TF_CONFIG"])
    index, count = task["task"]["index"], len(task["cluster"]["worker"])
    settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    fatal = {tuple(one) for one in settings["kill"]}
    _die_at(fatal, index, 0)

    _give_a_sign("TensorFlow is being imported")
    import keras
    import tensorflow as tf

    import helpers.layers  # noqa: F401  registers the book's layers
    from helpers._children import peak_resident
    from helpers.distributed import _job, _steps

    job, images, labels, more = _job.read(folder)
    _give_a_sign("the other workers are being looked for")
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    with strategy.scope():
        model = keras.models.load_model(folder / _job.MODEL, compile=False)
        _steps.compiled(model, job)
    _give_a_sign("the first step begins")

    before, clock = peak_resident(), time.perf_counter()

    def note(step, losses):
        nonlocal clock
        now = time.perf_counter()
        grown = peak_resident() - before
        print(f"step {step} {now - clock:.4f} {grown} {losses[-1]:.6f}", flush=True)
        if index == 0 and (step % job.checkpoint_every == 0 or step == job.steps):
            _steps.save(folder, model, job, losses)
        _die_at(fatal, index, step)
        clock = time.perf_counter()

    size = job.batch_size // count
    place = index if more["shard"] else 0
    share = slice(place * size, (place + 1) * size)
    _steps.train_steps(strategy, model, images, labels, job, share, folder, note)
    _wait_for_all(strategy, tf)


def _give_a_sign(text):
    """Write to the log, on which the supervisor has an eye."""
    print(text, flush=True)


def _wait_for_all(strategy, tf):
    """Return when every worker is here: one that leaves early looks like a dead one."""

    @tf.function
    def meet():
        context = tf.distribute.get_replica_context()
        return context.all_reduce(tf.distribute.ReduceOp.SUM, tf.ones(()))

    strategy.run(meet)


def _die_at(fatal, index, step):
    """End as a machine does that loses its power, if this is the worker and step."""
    if (index, step) in fatal:
        os.kill(os.getpid(), signal.SIGKILL)


def _end_with_parent():
    """End when the supervisor does, however it ends: its pipe to here closes then."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)  # TensorFlow's own farewell can take seconds
