"""The book's figures: a module a chapter, a function a figure.

Each function takes data and returns a matplotlib ``Figure``. Import the module of
the chapter: ``from helpers.plots import convolutional_layers as plots``.
"""

from helpers.plots._style import ACCENT, INK, MUTED, SECOND, book_figure

__all__ = ["ACCENT", "INK", "MUTED", "SECOND", "book_figure"]
