"""Trials, store, statistics: the composition root."""
