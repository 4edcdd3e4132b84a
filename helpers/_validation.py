"""Argument checks, in one place, for every public function of the NumPy modules.

Each check takes the name of the public function and of the argument, so that a message
says where the mistake is, what was given and what would be right. Only `ValueError`
(right type, wrong value) and `TypeError` are raised. Nothing is clipped or rounded.
"""

import math
from numbers import Integral, Real

import numpy as np

_FLOAT_KIND, _INTEGER_KINDS = "f", "iub"
LARGEST_SIDE = 10_000
LARGEST_ANSWER = 1 << 31
_NAMED_ORIENTATIONS = {"horizontal": 0.0, "vertical": 90.0}
_DIRECTIONS = {
    1: "(left to right,)",
    2: "(vertical, horizontal)",
    3: "(depth, vertical, horizontal)",
}
_SIDES = {
    1: "((left, right),)",
    2: "((top, bottom), (left, right))",
    3: "((front, back), (top, bottom), (left, right))",
}


def show(value):
    """Return a short text for a value in a message."""
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is_sequence(value):
    return isinstance(value, (tuple, list)) or (
        isinstance(value, np.ndarray) and value.ndim > 0
    )


def as_array(function, argument, value, axes, empty=False):
    """Return `value` as an array of numbers whose rank is allowed.

    The values keep their type: what they are computed in is `float_dtype`'s concern,
    and a copy of a large array of integers may never be needed.

    Parameters
    ----------
    function, argument : str
        Names for the messages.
    value : array_like
        What the caller gave.
    axes : tuple of str
        One description for each allowed rank: ``("height, width",)`` asks for two axes.
    empty : bool, optional
        Whether an axis may have the length 0.
    """
    if type(value) is not np.ndarray:
        value = _converted(function, argument, value)
    dtype = value.dtype
    is_float = dtype.kind == _FLOAT_KIND and dtype.itemsize in (4, 8)
    if not is_float and dtype.kind not in _INTEGER_KINDS:
        raise TypeError(
            f"{function}: {argument} must hold float32, float64, integers or bool, "
            f"got {dtype}"
        )
    if value.ndim not in [text.count(",") + 1 for text in axes]:
        wanted = " or ".join(f"[{text}]" for text in axes)
        raise ValueError(
            f"{function}: {argument} must have the axes {wanted}, "
            f"got {value.ndim} axes, shape {value.shape}"
        )
    if value.size == 0 and not empty:
        raise ValueError(
            f"{function}: {argument} must not be empty, got shape {value.shape}"
        )
    return value


def _converted(function, argument, value):
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(
            f"{function}: {argument} must be a plain array, got a masked array "
            "(its mask would be ignored); fill it first"
        )
    try:
        return np.asarray(value)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{function}: {argument} must be an array, or nested lists of equal "
            f"lengths, got {show(value)}"
        ) from error


def float_dtype(*arrays):
    """Return the type to compute in: the widest float, float32 for integers and bool.

    >>> float_dtype(np.zeros(1, np.uint8)), float_dtype(np.ones(1), np.zeros(1, bool))
    (dtype('float32'), dtype('float64'))
    """
    for array in arrays:
        if array.dtype.kind == _FLOAT_KIND and array.dtype.itemsize == 8:
            return np.dtype(np.float64)
    return np.dtype(np.float32)


def as_count(function, argument, value, maximum=math.inf, minimum=1):
    """Return a positive `int`; bool and fractions are no counts."""
    wanted = "a positive int" if minimum == 1 else f"an int of at least {minimum}"
    wanted += f" of at most {maximum}" if maximum < math.inf else ""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral):
        raise TypeError(f"{function}: {argument} must be {wanted}, got {show(value)}")
    if not minimum <= value <= maximum:
        raise ValueError(f"{function}: {argument} must be {wanted}, got {show(value)}")
    return int(value)


def as_side(function, argument, value):
    """Return a size for an array that is to be made: one that memory can hold."""
    return as_count(function, argument, value, maximum=LARGEST_SIDE)


def as_counts(function, argument, value, axes):
    """Return one positive `int` for each of `axes` axes, from an int or a sequence."""
    if type(value) is int and value > 0:
        return (value,) * axes
    if _is_sequence(value):
        if len(value) != axes:
            raise ValueError(
                f"{function}: {argument} must be a positive int or {axes} of them, "
                f"{_DIRECTIONS[axes]}, got {show(value)}"
            )
        return tuple(as_count(function, argument, count) for count in value)
    return (as_count(function, argument, value),) * axes


def as_shape(function, argument, value, axes):
    """Return a tuple of positive ints, one for each axis that `axes` names."""
    names = axes.split(", ")
    if not _is_sequence(value):
        raise TypeError(f"{function}: {argument} must be ({axes}), got {show(value)}")
    if len(value) != len(names):
        raise ValueError(f"{function}: {argument} must be ({axes}), got {show(value)}")
    return tuple(
        as_count(function, f"{argument} ({name})", count)
        for name, count in zip(names, value, strict=True)
    )


def as_padding(function, value, axes):
    """Return ``"SAME"``, ``"VALID"``, or one pair (before, after) for each axis."""
    wanted = f'padding must be "SAME", "VALID" or {_SIDES[axes]} in whole pixels'
    if isinstance(value, str):
        if value.upper() not in ("SAME", "VALID"):
            raise ValueError(f"{function}: {wanted}, got {show(value)}")
        return value.upper()
    if not _is_sequence(value) or not all(_is_sequence(pair) for pair in value):
        raise TypeError(f"{function}: {wanted}, got {show(value)}")
    if len(value) != axes or any(len(pair) != 2 for pair in value):
        raise ValueError(f"{function}: {wanted}, got {show(value)}")
    for side in (side for pair in value for side in pair):
        if isinstance(side, (bool, np.bool_)) or not isinstance(side, Integral):
            raise TypeError(f"{function}: {wanted}, got {show(value)}")
        if side < 0:
            raise ValueError(f"{function}: {wanted}, none negative, got {show(value)}")
    return tuple((int(before), int(after)) for before, after in value)


def as_number(
    function, argument, value, minimum=-math.inf, maximum=math.inf, above=-math.inf
):
    """Return a `float` from `minimum` to `maximum` and strictly above `above`."""
    bounds = {"above": above, "of at least": minimum, "of at most": maximum}
    wanted = "a finite number"
    for words, bound in bounds.items():
        wanted += f" {words} {bound}" if math.isfinite(bound) else ""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise TypeError(f"{function}: {argument} must be {wanted}, got {show(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and minimum <= number <= maximum and number > above):
        raise ValueError(f"{function}: {argument} must be {wanted}, got {show(value)}")
    return number


def as_orientation(function, value):
    """Return an angle in degrees from a number, ``"vertical"`` or ``"horizontal"``."""
    if not isinstance(value, str):
        return as_number(function, "orientation", value)
    if value not in _NAMED_ORIENTATIONS:
        raise ValueError(
            f'{function}: orientation must be "vertical", "horizontal" or an angle in '
            f"degrees, got {show(value)}"
        )
    return _NAMED_ORIENTATIONS[value]


def as_kernels(function, value):
    """Return a list of checked arrays [height, width] of one shape."""
    if not _is_sequence(value):
        raise TypeError(
            f"{function}: kernels must be a list of arrays [height, width], "
            f"got {show(value)}"
        )
    if len(value) == 0:
        raise ValueError(f"{function}: kernels must hold at least one, got none")
    kernels = [
        as_array(function, f"kernels[{index}]", kernel, ("height, width",))
        for index, kernel in enumerate(value)
    ]
    shapes = {kernel.shape: None for kernel in kernels}
    if len(shapes) > 1:
        raise ValueError(f"{function}: kernels must have one shape, got {[*shapes]}")
    return kernels


def check_channels(function, filters, inputs, arguments=("filters", "images"), axis=-2):
    """Refuse filters whose input channels (their axis before last) are not the inputs'.

    Both are checked arrays, channels last; `arguments` are their names.
    """
    taken, given = filters.shape[axis], inputs.shape[-1]
    if taken != given:
        s = "" if taken == 1 else "s"
        raise ValueError(
            f"{function}: {arguments[0]} take {taken} input channel{s}, "
            f"{arguments[1]} have {given}"
        )


def check_size(function, shape):
    """Refuse an answer that no memory holds, as absurd padding would make it."""
    if math.prod(shape) > LARGEST_ANSWER:
        raise ValueError(
            f"{function}: the answer would have the shape {show(shape)}, more than "
            f"{LARGEST_ANSWER} numbers; take smaller arrays, strides or padding"
        )


def as_bias(function, value, out_channels):
    """Return a checked bias of one value for each output channel."""
    bias = as_array(function, "bias", value, ("out_channels",))
    if len(bias) != out_channels:
        raise ValueError(
            f"{function}: bias must have one value for each of the {out_channels} "
            f"filters, got {len(bias)}"
        )
    return bias


def check_windows_see_pixels(function, pool_size, size, padding, outputs, strides):
    """Refuse a pooling some window of which would hold padding only.

    Each argument but the first has one entry for each of the two axes; `padding` is
    (before, after) on each. Starts and ends of windows only grow along an axis, so it
    is enough to look at the first window and at the last.
    """
    sides = (("top", "bottom"), ("left", "right"))
    for axis, (before, after) in enumerate(padding):
        last_start = (outputs[axis] - 1) * strides[axis] - before
        if before >= pool_size[axis] or last_start >= size[axis]:
            side, zeros = (0, before) if before >= pool_size[axis] else (1, after)
            raise ValueError(
                f"{function}: padding must leave each window a pixel of the images, "
                f"got {zeros} at the {sides[axis][side]} with pool_size "
                f"{pool_size[axis]}: a window would hold padding only"
            )


def as_factors(function, value):
    """Return an upsampling factor for height and for width."""
    return tuple(
        as_side(function, "factor", factor)
        for factor in as_counts(function, "factor", value, axes=2)
    )
