"""A progress bar for notebooks, terminals and log files alike."""

import sys
import time

import keras

WIDTH = 24
EVERY = 0.2  # seconds between two drawings


class ProgressBar(keras.callbacks.Callback):
    """Show epoch, share done, loss, accuracy and seconds.

    A notebook gets one line that is drawn anew, a terminal the same by a carriage
    return, and a log file one line an epoch.
    """

    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs
        self.start = time.perf_counter()
        self.drawn = 0.0
        self.handle = _notebook_handle()
        self.live = self.handle is not None or sys.stderr.isatty()

    def on_epoch_begin(self, epoch, logs=None):
        """Note the epoch's number."""
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Draw the line, but not more often than can be read."""
        if self.live and time.perf_counter() - self.drawn > EVERY:
            self._draw((batch + 1) / self.params["steps"], logs or {})

    def on_epoch_end(self, epoch, logs=None):
        """Draw the epoch's last state."""
        self._draw(1.0, logs or {})

    def close(self):
        """Leave the line."""
        if self.handle is None and self.live:
            print(file=sys.stderr)

    def _draw(self, share, logs):
        self.drawn = time.perf_counter()
        filled = round(WIDTH * share)
        figures = "  ".join(f"{name} {value:.3f}" for name, value in logs.items())
        line = (
            f"epoch {self.epoch + 1}/{self.epochs} "
            f"[{'█' * filled}{'·' * (WIDTH - filled)}] "
            f"{self.drawn - self.start:4.0f} s  {figures}"
        )
        if self.handle is not None:
            self.handle.update({"text/plain": line}, raw=True)
        elif self.live:
            print(f"\r{line}\033[K", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)


def _notebook_handle():
    """Return a display that can be updated, or None outside of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display({"text/plain": ""}, raw=True, display_id=True)
