"""Python processes that the book starts: their surroundings and their memory."""

import os
import sys
from pathlib import Path

HOST = "127.0.0.1"


def child_environment(threads=None):
    """Return the environment for a child that runs a module of `helpers`.

    Parameters
    ----------
    threads : int, optional
        How many of its own threads TensorFlow may use for one operation.
    """
    found = os.environ | {"KERAS_BACKEND": "tensorflow", "PYTHONUNBUFFERED": "1"}
    # A notebook may have found helpers by changing sys.path, which is not inherited.
    package = str(Path(__file__).resolve().parents[1])
    paths = [package, *found.get("PYTHONPATH", "").split(os.pathsep)]
    found["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    found.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # A kernel's drawing backend would be looked for, and need not be there.
    found.pop("MPLBACKEND", None)
    # What is measured is main memory; and each of several children would take the
    # whole of a graphics card.
    found["CUDA_VISIBLE_DEVICES"] = "-1"
    for name in ("no_proxy", "NO_PROXY"):  # children talk to each other directly
        found[name] = ",".join(filter(None, [found.get(name), HOST]))
    if threads:
        found["TF_NUM_INTRAOP_THREADS"] = str(threads)
    return found


def peak_resident():
    """Return the most memory that this process has held at any time, in bytes."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    # Not on Linux, where this number begins at what the parent held.
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
