"""Pieces of diagrams that show how networks are wired: boxes, arrows, signs."""

from matplotlib.patches import Circle, FancyBboxPatch

from helpers.plots._style import INK, MUTED


def box(ax, x, y, width, height, text, color, filled=False):
    """Draw a rounded box around its centre, with its text inside."""
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=color if filled else "white",
            edgecolor=color,
            linewidth=1.6,
            zorder=2,
        )
    )
    ax.text(
        x,
        y,
        text,
        ha="center",
        va="center",
        fontsize=9.5,
        linespacing=1.15,
        color="white" if filled else INK,
        zorder=3,
    )


def arrow(ax, start, end, color=MUTED):
    """Draw an arrow between two points."""
    look = {"arrowstyle": "-|>", "color": color, "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look, zorder=1)


def bend(ax, points, color=MUTED):
    """Draw a line through points that ends in an arrow."""
    ax.plot(*zip(*points[:-1], strict=True), color=color, lw=1.2, zorder=1)
    arrow(ax, points[-2], points[-1], color)


def sign(ax, x, y, text, color=INK, radius=0.22):
    """Draw an operation, such as a sum, as a circle with its sign."""
    look = {"facecolor": "white", "edgecolor": color, "linewidth": 1.6}
    ax.add_patch(Circle((x, y), radius, zorder=2, **look))
    ax.text(x, y, text, ha="center", va="center_baseline", fontsize=12, zorder=3)
