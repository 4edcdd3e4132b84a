"""Keep notebooks in one form: ``python -m tools.notebooks COMMAND [PATHS]``.

- ``canonical`` rewrites notebooks in the form in which they are committed.
- ``check`` only tells which notebooks are not in that form.
- ``refresh`` runs notebooks, stores the outputs of pinned cells, says which moved, and
  writes the repository's address from ``_config.yml`` wherever else it must stand.
  With ``--trained [NAME ...]`` it runs the chapters that use these networks, or those
  whose weights or records changed since the last commit.
- ``environment`` prints the variables with which notebooks are run, for ``env``.
"""

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from nbformat.v4 import nbjson

from tools.canonical import PINNED, NotebookError, canonical, read, text_outputs

ROOT = Path(__file__).resolve().parents[1]
SETUP = "set-up"

# Every run of a notebook (here, in nbval, in the book) takes these.
ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # Sets print in the same order each time.
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # TensorFlow's C++ code logs before any level is in force. The kernel takes what is
    # written to file descriptors for outputs unless this is set, as it is under nbval.
    "PYTEST_CURRENT_TEST": "notebook",
}
TIMEOUT = 120

# nbval compares the first and skips the others; it would miss all else in the file.
COMPARABLE = {
    "text/plain",
    "image/png",
    "image/jpeg",
    "application/vnd.jupyter.widget-view+json",
}

# Where the address stands besides notebooks and pyproject.toml.
ADDRESSED = ("README.md", "CITATION.cff")
ADDRESS_LINE = re.compile(r'^(\s*source = )"https?://[^"]*"', re.MULTILINE)


def address(root=ROOT):
    """Return the repository's address, which stands in ``_config.yml`` alone."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf8"))
    return config["repository"]["url"].rstrip("/")


def set_up_cell(notebook):
    """Return the first code cell if it is the set-up cell, else None."""
    first = next((cell for cell in notebook.cells if cell.cell_type == "code"), None)
    tagged = first is not None and SETUP in first.metadata.get("tags", [])
    return first if tagged else None


def write_address(root=ROOT):
    """Write the repository's address into pyproject.toml, README.md and so on."""
    current = address(root)
    project = root / "pyproject.toml"
    text = project.read_text(encoding="utf8")
    found = re.search(r'^(Repository = )"([^"]*)"', text, re.MULTILINE)
    if found is None:
        raise NotebookError("pyproject.toml: no Repository under [project.urls]")
    old = found[2]
    if old == current:
        return
    short_old, short_new = (
        each.removeprefix("https://github.com") for each in (old, current)
    )
    # These first, for only pyproject.toml knows the old address.
    for path in filter(Path.exists, (root / name for name in ADDRESSED)):
        page = path.read_text(encoding="utf8").replace(old, current)
        page = page.replace(f"/github{short_old}/", f"/github{short_new}/")
        path.write_text(page, encoding="utf8")
    line = f'{found[1]}"{current}"'
    project.write_text(text.replace(found[0], line, 1), encoding="utf8")


def execute(notebook, timeout=TIMEOUT):
    """Run a notebook in place, in a new kernel, away from the repository."""
    from nbclient import NotebookClient
    from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

    reached = []
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name=CURRENT_ENV_KERNEL_NAME,
        store_widget_state=False,
        on_cell_start=lambda cell, cell_index: reached.append(cell_index),
    )
    # nbval's own way to this interpreter's kernel, whatever kernels are installed
    client.km = client.kernel_manager_class(
        kernel_name=CURRENT_ENV_KERNEL_NAME,
        kernel_spec_manager=NbvalKernelspecManager(),
    )
    with tempfile.TemporaryDirectory() as elsewhere:
        try:
            client.execute(
                cwd=elsewhere,
                env=os.environ | ENVIRONMENT,
                stderr=subprocess.DEVNULL,
                cleanup_kc=True,
            )
        except Exception as error:
            name = getattr(error, "ename", type(error).__name__)
            reason = getattr(error, "evalue", "") or str(error)
            where = describe(notebook, reached[-1]) if reached else "the kernel"
            raise NotebookError(f"{where}: {name}: {reason}") from error


def describe(notebook, index):
    """Name a cell: its place among all cells, its id and its first line."""
    cell = notebook.cells[index]
    line = cell.source.strip().partition("\n")[0]
    return f"cell {index + 1} ({cell.get('id', 'no id')}, `{line}`)"


def output_problems(notebook):
    """Yield what is wrong with the outputs of a notebook that was just run."""
    for index, cell in enumerate(notebook.cells):
        where = describe(notebook, index)
        outputs = cell.get("outputs", [])
        types = [set(output.get("data", {})) for output in outputs]
        images = sum(any(kind.startswith("image/") for kind in each) for each in types)
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
        if images and not alt:
            yield f"{where}: draws and has no text alternative"
        if alt and images != 1:
            yield f"{where}: one text alternative for {images} pictures"
        if PINNED not in cell.metadata.get("tags", []):
            continue
        if rich := set().union(*types) - COMPARABLE:
            yield f"{where}: pinned, but shows {', '.join(sorted(rich))}; print it"
        if any(output.get("name") == "stderr" for output in outputs):
            yield f"{where}: pinned, but writes to stderr"
        if not text_outputs(outputs):
            yield f"{where}: pinned, but prints nothing"


def sanitiser(root=ROOT):
    """Return nbval's rules for what may vary, as (pattern, replacement)."""
    from nbval.plugin import get_sanitize_patterns

    rules = (root / "tests" / "nbval_sanitize.cfg").read_text(encoding="utf8")
    return get_sanitize_patterns(rules)


def sanitised(value, rules):
    """Return outputs as nbval compares them."""
    if isinstance(value, str):
        for pattern, replacement in rules:
            value = re.sub(pattern, replacement, value)
        return value
    if isinstance(value, dict):
        return {key: sanitised(each, rules) for key, each in value.items()}
    if isinstance(value, list):
        return [sanitised(each, rules) for each in value]
    return value


def refresh(path, root=ROOT):
    """Run a notebook and write it anew; return whether its text changed."""
    notebook = nbjson.reads(canonical(read(path), path.name))
    stored = {cell.id: cell.get("outputs", []) for cell in notebook.cells}
    if cell := set_up_cell(notebook):
        cell.source = ADDRESS_LINE.sub(rf'\1"{address(root)}"', cell.source)
    try:
        execute(notebook)
    except NotebookError as error:
        raise NotebookError(f"{path}, {error}") from error
    if problems := list(output_problems(notebook)):
        raise NotebookError("\n".join(f"{path}, {problem}" for problem in problems))
    rules = sanitiser(root)
    result = nbjson.reads(canonical(notebook, path.name))
    for cell in result.cells:  # what may vary makes no difference in git either
        old, new = (sanitised(o, rules) for o in (stored[cell.id], cell.get("outputs")))
        if new and old == new:
            cell.outputs = stored[cell.id]
    return _write(path, canonical(result, path.name))


def moved(before, after):
    """Yield what is printed otherwise in a notebook's pinned cells, as a difference."""
    stored = {cell.id: cell.get("outputs", []) for cell in before.cells}
    for index, cell in enumerate(after.cells):
        old, new = (_printed(o) for o in (stored.get(cell.id), cell.get("outputs")))
        if old != new:
            yield describe(after, index)
            lines = difflib.ndiff(old, new)
            yield from (f"  {line}" for line in lines if line[0] in "-+")


def _printed(outputs):
    """Return the lines of a pinned cell's outputs."""
    texts = (
        output.get("text")
        or output.get("evalue")
        or output.get("data", {}).get("text/plain", "")
        for output in outputs or []
    )
    return "\n".join(text.rstrip("\n") for text in texts).splitlines()


def is_canonical(path):
    """Tell whether a notebook is in canonical form, to the last byte."""
    return path.read_bytes().decode("utf8") == canonical(read(path), path.name)


def _write(path, text):
    if changed := path.read_bytes().decode("utf8") != text:
        path.write_text(text, encoding="utf8", newline="\n")
    return changed


def _run(command, path):
    if command == "refresh":
        before = read(path)
        written = refresh(path)
        for line in moved(before, read(path)):
            print(line)
        return written
    if command == "canonical":
        return _write(path, canonical(read(path), path.name))
    if not is_canonical(path):
        raise NotebookError(f"{path}: not in canonical form; run `make notebooks`")
    return False


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = ["canonical", "check", "refresh", "environment"]
    parser.add_argument("command", choices=commands)
    parser.add_argument("paths", nargs="*", type=Path, help="default: all chapters")
    parser.add_argument("--trained", nargs="*", metavar="NAME", help="see above")
    options = parser.parse_args(arguments)
    if options.command == "environment":
        print("\n".join(f"{name}={value}" for name, value in ENVIRONMENT.items()))
        return 0
    failed = 0
    try:
        if options.command == "refresh":
            write_address()
        paths = options.paths or sorted((ROOT / "chapters").glob("*.ipynb"))
        if options.trained is not None:
            from tools import trained  # with more packages than a commit's hook has

            paths = trained.stale_chapters(options.trained)
    except NotebookError as error:
        sys.exit(str(error))
    for path in paths:
        try:
            if _run(options.command, path):
                print(f"{path}: written")
        except (OSError, NotebookError) as error:
            print(error, file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
