"""Figures whose series are told apart by more than their hue."""

import itertools

LEAST_DIFFERENCE = 15  # of CIE lightness, 0 to 100


def lightness(colour):
    """How light a colour is in grey, 0 to 100, as CIE L*."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in to_rgb(colour)]  # fmt: skip
    luminance = sum(
        w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.0089 else 903.3 * luminance


def confusable(figure):
    """Names of series in one axes that differ by hue alone.

    Another dash, marker, filling or width tells lines apart, and so does lightness.
    """

    def look(line):
        return (line._dash_pattern, str(line.get_marker()), line.get_linewidth(),
                line.get_markerfacecolor() == "white")  # fmt: skip

    def series(axes):
        # What has no name or no data is a key of a legend, or belongs to another.
        return [
            line
            for line in axes.lines
            if len(line.get_xdata()) and not line.get_label().startswith("_")
        ]

    return [
        f"{one.get_label()} / {other.get_label()}"
        for axes in figure.axes
        for one, other in itertools.combinations(series(axes), 2)
        if look(one) == look(other)
        and one.get_color() != other.get_color()
        and abs(lightness(one.get_color()) - lightness(other.get_color()))
        < LEAST_DIFFERENCE
    ]
