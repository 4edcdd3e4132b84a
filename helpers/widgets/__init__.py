"""Figures that answer to the reader: explorers, and quizzes that explain themselves.

Both are alive in Jupyter, in Colab and in the built book, where no Python runs. How
to read an explorer is said in the book's pages on how to use it.
"""

from ._container import Explorer
from ._controls import labelled
from ._explorer import explorer
from ._frames import Frame, encode
from ._quiz import quiz

__all__ = ["Explorer", "Frame", "encode", "explorer", "labelled", "quiz"]
