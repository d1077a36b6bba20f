"""Verdicts from numbers."""
