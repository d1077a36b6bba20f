"""The fold in which each crystal is tested on, of scikit-learn's parts."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np


def tested_in(parts: Iterator[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return the fold of each crystal, [B].

    Args:
        parts: places of training and test crystals, fold by fold.
    """
    with warnings.catch_warnings():
        # a class with fewer crystals than folds: the core says so itself
        warnings.filterwarnings("ignore", "The least populated class")
        tests = [test for _, test in parts]
    fold = np.empty(sum(map(len, tests)), dtype=np.int64)
    for number, test in enumerate(tests):
        fold[test] = number
    return fold
