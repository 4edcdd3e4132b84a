"""The compact network's whole training beside one epoch of the usual first CNN.

``python -m benchmarks._training`` takes about six minutes on two idle cores, so that it
is not among the ratios of ``python -m benchmarks``. Both networks are trained by the
same function, on the same machine, in turn: the compact one by its recipe, with each of
its seeds, `fashion_cnn` for one epoch of 55,000 images in batches of 32. With
``--record``, what was measured is written to ``data/``: the chapter *A first CNN* shows
it.
"""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import statistics  # isort: skip
import sys
import time

EPOCH_IMAGES, EPOCH_BATCH = 55_000, 32
WANTED_ACCURACY = 0.92
WANTED_RATIO = 0.5


def main():
    _ratio.tensorflow()
    from helpers.training import evaluate, recipe, train

    compact, usual = recipe("compact"), recipe("fashion_cnn")
    training, _, test = compact.load()
    seconds, accuracies = [], []
    for seed in compact.seeds:
        model = compact.build(seed)
        taken = _seconds(train, model, *training, seed=seed, **compact.training)
        seconds.append(taken)
        accuracies.append(evaluate(model, *test)["accuracy"])
        print(f"compact, seed {seed}: {taken:6.1f} s, {accuracies[-1]:.2%}", flush=True)
    images, labels = (part[:EPOCH_IMAGES] for part in usual.load()[0])
    settings = usual.training | {"epochs": 1, "batch_size": EPOCH_BATCH}
    model = usual.build()
    epoch = _seconds(train, model, images, labels, **settings)
    tested = evaluate(model, *test)["accuracy"]
    print(f"fashion_cnn, one epoch: {epoch:6.1f} s, {tested:.2%}")
    accuracy, ratio = statistics.mean(accuracies), statistics.mean(seconds) / epoch
    print(f"compact, mean of {len(seconds)} seeds: {accuracy:.2%}, ratio {ratio:.2f}")
    if "--record" in sys.argv:
        _record(compact.seeds, seconds, accuracies, epoch, tested)
    return int(accuracy < WANTED_ACCURACY or ratio > WANTED_RATIO)


def _record(seeds, seconds, accuracies, epoch, tested):
    from tools.train import machine, write_record

    runs = [
        {"seed": seed, "seconds": round(taken, 1), "test_accuracy": round(accuracy, 4)}
        for seed, taken, accuracy in zip(seeds, seconds, accuracies, strict=True)
    ]
    write_record(
        "compact_beside_fashion_cnn",
        {
            "machine": machine(note="the machine did nothing else"),
            "compact": runs,
            "fashion_cnn_one_epoch": {
                "seconds": round(epoch, 1),
                "test_accuracy": round(tested, 4),
            },
        },
        shows="whole trainings of `compact` and one epoch of `fashion_cnn`, in one run",
        command="python -m benchmarks._training --record",
    )


def _seconds(train, *arguments, **settings):
    """Time a training, the first batch's tracing included."""
    start = time.perf_counter()
    train(*arguments, progress=False, **settings)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
