"""The names of the levels."""

LEVELS = ("node", "edge", "angle", "torsion")
"""Lowest first; a thing points at two of the level below, its sender and receiver."""
