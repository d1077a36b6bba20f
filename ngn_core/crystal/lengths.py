"""Lengths of vectors."""

from __future__ import annotations

import numpy as np

_ONES = np.ones(3)


def lengths(vectors: np.ndarray) -> np.ndarray:
    """Return the length of each vector, [...], given [..., 3]; quicker than `norm`."""
    length: np.ndarray = np.sqrt((vectors * vectors) @ _ONES)
    return length
