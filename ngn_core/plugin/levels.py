"""The names of the levels."""

LEVELS = ("node", "edge", "angle", "torsion")
"""Lowest first; an item points at two of the level below, its sender and receiver."""
