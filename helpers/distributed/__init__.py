"""One model trained by several processes, with supervision; used in Chapter 16."""

from importlib import import_module

__all__ = ["Report", "WorkerError", "run_workers", "train_alone"]


def __dir__():
    return [*globals(), *__all__]


def __getattr__(name):
    # A worker, too, imports this package first, and must listen to its supervisor
    # before TensorFlow's import, which takes seconds.
    if name in __all__:
        return getattr(import_module("helpers.distributed._supervisor"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
