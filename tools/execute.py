"""Execute the book's notebooks, two at a time: ``python -m tools.execute``.

Sphinx would execute one after the other. What it finds in the cache it takes as it is.
"""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from tempfile import TemporaryDirectory

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from sphinx_external_toc.parsing import parse_toc_yaml

from tools import fingerprint

ROOT = fingerprint.ROOT
AT_ONCE = 2  # a chapter keeps little more than one core busy


def notebooks():
    """Return the notebooks that the table of contents names, in its order."""
    pages = parse_toc_yaml(ROOT / "_toc.yml")
    paths = [(ROOT / page).with_suffix(".ipynb") for page in pages]
    return [path for path in paths if path.exists()]


class ExecutionError(RuntimeError):
    """A notebook failed; what it is raised from says how."""


def execute(notebook, timeout):
    """Execute a notebook in a folder of its own; return it with its time."""
    with TemporaryDirectory() as folder:
        result = single_nb_execution(notebook, folder, timeout, allow_errors=False)
    if result.err is not None:
        raise result.err
    return result


def main():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    timeout = settings["execute"]["timeout"]
    cache = get_cache(fingerprint.execution_cache())

    def is_missing(notebook):
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            return True
        return False

    found = [(path, nbformat.read(path, as_version=4)) for path in notebooks()]
    missing = [(path, notebook) for path, notebook in found if is_missing(notebook)]
    start = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as workers:
        running = {
            workers.submit(execute, notebook, timeout): path
            for path, notebook in missing
        }
        for task in as_completed(running):
            path = running[task]
            try:
                result = task.result()
            except Exception as error:
                workers.shutdown(cancel_futures=True)
                # As myst-nb says it; tools.book looks for the last such line.
                print(f"{path}: Executing notebook using temporary CWD", flush=True)
                raise ExecutionError(path) from error
            keep(cache, path, result)
            seconds = f"{result.time:.2f} seconds"
            print(f"{path}: Executed notebook in {seconds}", flush=True)
    if missing:
        print(f"All were executed in {time.monotonic() - start:.2f} seconds")


def keep(cache, path, result):
    """Put an executed notebook into the cache, as myst-nb would."""
    bundle = CacheBundleIn(
        result.nb, str(path), data={"execution_seconds": result.time}
    )
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


if __name__ == "__main__":
    main()
