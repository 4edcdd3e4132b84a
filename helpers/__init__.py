"""Tested implementations behind the book *Seeing with Convolutions*.

Import the module that you need: ``from helpers import conv``. The NumPy modules
(``filters``, ``conv``, ``pooling``, ``upsampling``, ``geometry``) import NumPy and
nothing else. ``import helpers`` alone imports neither TensorFlow nor matplotlib.
"""

__version__ = "0.1.0"
