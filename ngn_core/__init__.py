"""Compare graph neural networks for crystals in one nested-graph template."""

__version__ = "0.1.0"

RESULTS_VERSION = 2
"""Raised by every change to the core that can change a number; part of every digest."""
