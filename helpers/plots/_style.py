"""One look for all figures: sizes, type, colours."""

import sys
from functools import wraps

import matplotlib as mpl
import matplotlib.pyplot as plt

INK = "#1f2933"  # lines and words
MUTED = "#66727f"  # what stands back
ACCENT = "#0a6c74"  # what the figure is about; the book's one accent colour
SECOND = "#e08a00"  # what it is compared with; lighter than ACCENT in grey, too
PAPER = "#ffffff"

# A phone shows a figure about 350 CSS pixels wide. At this width (in inches of 96
# pixels) and size of type, words stay readable there.
WIDTH = 5.4

STYLE = {
    "figure.facecolor": PAPER,
    "figure.dpi": 96,
    "savefig.facecolor": PAPER,
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=[ACCENT, SECOND, INK, MUTED]),
    "lines.linewidth": 2,
    "image.cmap": "cividis",
    # Small arrays keep sharp cells; large ones shrink without aliasing.
    "image.interpolation": "auto",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
}


def _use_sharp_pictures():
    """Ask Jupyter for pictures with two pixels a CSS pixel."""
    if "IPython" in sys.modules:
        from IPython import get_ipython

        if get_ipython() is not None:
            from matplotlib_inline.backend_inline import set_matplotlib_formats

            # Quick to pack: the built book packs them anew, and much smaller.
            set_matplotlib_formats("retina", pil_kwargs={"compress_level": 1})


_use_sharp_pictures()


def book_figure(draw):
    """Give a function that draws a figure the book's look.

    The figure is taken out of pyplot's list, so that a notebook shows it once: as
    the value of its cell.
    """

    @wraps(draw)
    def wrapped(*args, **kwargs):
        with mpl.rc_context(STYLE):
            figure = draw(*args, **kwargs)
            _lay_out(figure)  # while the style holds
        figure.set_layout_engine(None)  # once is enough: explorers draw many frames
        plt.close(figure)
        return figure

    return wrapped


def _lay_out(figure):
    """Place the axes as a drawing would, without the time that drawing takes."""
    engine = figure.get_layout_engine()
    if engine is not None and figure.axes:
        engine.execute(figure)
