"""Stepwell compiles Python functions, one IR level at a time, and lets you look and build at each."""

from stepwell._stepwell import __version__

__all__ = ["__version__"]
