"""Read what was handed in, which may be anything."""

import json

LARGEST = 20 << 20
MOST_CELLS = 2000


class BadSubmission(Exception):
    """What was handed in is no notebook; the text says so to its author."""


def read_cells(path):
    """Return label and Python source of each code cell.

    Parameters
    ----------
    path : pathlib.Path
        The file as it was handed in.

    Raises
    ------
    BadSubmission
        If it is no notebook, or a huge one.
    """
    if path.is_symlink() or not path.is_file():
        raise BadSubmission("this is not a plain file")
    if path.stat().st_size > LARGEST:
        raise BadSubmission(
            f"the file is larger than {LARGEST >> 20} MB; clear outputs"
        )
    try:
        notebook = json.loads(path.read_bytes().decode("utf8"))
        cells = notebook["cells"]
        sources = [
            _text(cell["source"]) for cell in cells if cell["cell_type"] == "code"
        ]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise BadSubmission(
            "this is no notebook; hand in the .ipynb file (File, Download)"
        ) from None
    if len(sources) > MOST_CELLS:
        raise BadSubmission(f"there are more than {MOST_CELLS} cells")
    return [
        (f"cell {number}", as_python(source))
        for number, source in enumerate(sources, 1)
    ]


def _text(source):
    text = source if isinstance(source, str) else "".join(source)
    # Lone surrogates pass through JSON; no compiler takes them, and no pipe.
    return text.encode("utf8", "replace").decode("utf8")


def as_python(source):
    r"""Return a cell as Python, its magics and shell commands as calls.

    >>> as_python("%pip install x")
    "get_ipython().run_line_magic('pip', 'install x')\n"
    """
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return TransformerManager().transform_cell(source)
    except Exception:  # whatever it is, Python will say it as well, in the cell's name
        return source
