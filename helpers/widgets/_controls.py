"""What a control offers: labels that the reader sees, values that `draw` gets."""

import math
import numbers
from collections.abc import Iterable, Mapping

TIGHT_UNITS = frozenset("°×")  # written next to the number, without a space


def labelled(values: Iterable, unit: str) -> dict:
    """Return values under labels that carry their unit; used from Chapter 1 on.

    Parameters
    ----------
    values : iterable of numbers
        What `draw` will get.
    unit : str
        Stands after a space, except for ``"°"`` and ``"×"``.

    Returns
    -------
    dict
        Label to value, ready to be a control of `explorer`.

    Examples
    --------
    >>> labelled([3, 5], "px")
    {'3 px': 3, '5 px': 5}
    >>> labelled([-45, 22.5], "°")
    {'−45°': -45, '22.5°': 22.5}
    """
    space = "" if unit in TIGHT_UNITS else " "
    pairs = [(f"{_text('values', value)}{space}{unit}", value) for value in values]
    _refuse_duplicates("labelled: values", [label for label, _ in pairs])
    return dict(pairs)


def options_of(name: str, values) -> dict:
    """Return one control's mapping of label to value, or say what is wrong with it."""
    if isinstance(values, Mapping):
        pairs = list(values.items())
        for label, _ in pairs:
            if not isinstance(label, str) or not label.strip():
                raise ValueError(
                    f"explorer: {name} has the label {label!r}; labels are texts"
                )
    elif isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(
            f"explorer: {name} is {values!r}; give a list, a range or a mapping of "
            "label to value"
        )
    else:
        pairs = [(_text(name, value), value) for value in values]
    if len(pairs) < 2:
        raise ValueError(
            f"explorer: {name} has {len(pairs)} values; a control needs at least two"
        )
    for _, value in pairs:
        if is_number(value) and not math.isfinite(value):
            raise ValueError(f"explorer: {name} has the value {value}")
    _refuse_duplicates(f"explorer: {name}", [label for label, _ in pairs])
    return dict(pairs)


def is_number(value) -> bool:
    """Tell numbers, NumPy's too, from everything else, bool included."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def is_scale(options: dict) -> bool:
    """Tell whether a slider suits: numbers, under labels that show numbers."""
    return all(map(is_number, options.values())) and all(
        any(character.isdigit() for character in label) for label in options
    )


def title(name: str) -> str:
    """Return the name as the reader sees it.

    Examples
    --------
    >>> title("filter_size")
    'Filter size'
    """
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _text(name: str, value) -> str:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_number(value):
        if not math.isfinite(value):
            raise ValueError(f"explorer: {name} has the value {value}")
        # A screen reader says "minus" to the true sign, and skips a hyphen.
        return f"{value:g}".replace("-", "−") if value % 1 else _whole(value)
    raise TypeError(
        f"explorer: {name} has the value {value!r}, which makes no label; give a "
        "mapping of label to value"
    )


def _whole(value) -> str:
    return str(int(value)).replace("-", "−")


def _refuse_duplicates(where: str, labels: list[str]) -> None:
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise ValueError(f"{where} has the label {twice[0]!r} more than once")
