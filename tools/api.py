"""What `helpers` offers to chapters, and what each chapter takes of it."""

import ast
import importlib
import inspect
import pkgutil
from collections import defaultdict

import helpers
from tools.cells import code_tree


def modules():
    """Return the names of the public modules and packages of `helpers`."""
    found = (module.name for module in pkgutil.iter_modules(helpers.__path__))
    return [f"helpers.{name}" for name in found if not name.startswith("_")]


def exports(module):
    """Return the public names of a module.

    Parameters
    ----------
    module : str
        Such as ``"helpers.conv"``.

    Returns
    -------
    list of str
        Its ``__all__``, or else what has no underscore in front and was defined in it.

    Examples
    --------
    >>> exports("helpers.quantization")
    ['quantize', 'dequantize']
    """
    module = importlib.import_module(module)
    if hasattr(module, "__all__"):
        return list(module.__all__)
    body = ast.parse(inspect.getsource(module)).body
    names = (name for statement in body for name in _defined(statement))
    return [name for name in names if not name.startswith("_")]


def _defined(statement):
    """Yield the names that a statement of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))


def taken(notebook):
    """Return what a notebook takes of the public modules of `helpers`.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    dict of str to list of str
        For each module the names, as they are imported or stand behind the module's
        own name; both sorted. Figures, which are the chapters' own, are left out.
    """
    public, found, modules_at = set(modules()), defaultdict(set), {}
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    for node in (node for source in code for node in ast.walk(code_tree(source))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if node.module in public - {"helpers.plots"}:
                    found[node.module].add(alias.name)
                elif f"{node.module}.{alias.name}" in public:
                    modules_at[alias.asname or alias.name] = f"helpers.{alias.name}"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules_at.get(node.value.id)
            # A variable may have a module's name, too.
            if module and node.attr in exports(module):
                found[module].add(node.attr)
    return {module: sorted(found[module]) for module in sorted(found)}
