"""Where the windows of a convolution or pooling lie along an axis: plain arithmetic.

The public face of this is `helpers.geometry`.
"""

from typing import NamedTuple


class Axis(NamedTuple):
    """The zeros before and after an axis, and the number of windows on it."""

    before: int
    after: int
    outputs: int


def span(filter_size, dilation):
    """Return how many pixels a dilated filter stretches over, gaps included.

    >>> span(3, 1), span(3, 4)
    (3, 9)
    """
    return (filter_size - 1) * dilation + 1


def lay_out(subject, size, filter_size, stride, padding, dilation):
    """Place the windows of checked arguments along one axis.

    Parameters
    ----------
    subject : str
        How a message starts when not one window fits, with braces for the filter's
        size: ``"output_size: filter_size is {}"``.
    size, filter_size, stride, dilation : int
        In pixels.
    padding : {"SAME", "VALID"} or (int, int)
        The rule, or the zeros before and after.
    """
    stretch = span(filter_size, dilation)
    if padding == "SAME":
        outputs = -(-size // stride)
        zeros = max((outputs - 1) * stride + stretch - size, 0)
        return Axis(zeros // 2, zeros - zeros // 2, outputs)
    before, after = (0, 0) if padding == "VALID" else padding
    padded = size + before + after
    if stretch > padded:
        dilated = f" ({stretch} with dilation {dilation})" if dilation > 1 else ""
        raise ValueError(
            f"{subject.format(filter_size)}{dilated}, the padded input has {padded}: "
            'not one window fits; take a smaller filter, a larger input or "SAME"'
        )
    return Axis(before, after, (padded - stretch) // stride + 1)


def lay_out_axes(subjects, size, filter_size, strides, padding, dilations):
    """Place windows along every axis of space, one `Axis` each.

    `padding` is already checked: a rule or a pair an axis; all else is one an axis.
    """
    if isinstance(padding, str):
        padding = (padding,) * len(subjects)
    axes = (subjects, size, filter_size, strides, padding, dilations)
    return tuple(map(lay_out, *axes))


def lay_out_plane(subject, *axes):
    """Place windows along height and width: `lay_out_axes` for two axes.

    `subject` has two pairs of braces, for the filter's size and for ``"high"`` or
    ``"wide"``.
    """
    return lay_out_axes([subject.format("{}", way) for way in ("high", "wide")], *axes)
