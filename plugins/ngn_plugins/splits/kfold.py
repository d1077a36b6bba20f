"""Folds of equal size, shuffled."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

import ngn_core.api as ngn
from ngn_plugins.splits.tested_in import tested_in


class KFoldSplit(ngn.Split):
    """Folds of equal size, shuffled, with equal shares of the classes.

    Scikit-learn's KFold, of binary targets StratifiedKFold. The folds of MatBench are
    made like this, with the seed 18012019.
    """

    name: ClassVar[str] = "kfold"

    def folds(self, pool: ngn.Pool, n_folds: int, seed: int) -> np.ndarray:  # noqa: D102
        from sklearn.model_selection import KFold, StratifiedKFold

        stratified = len(np.unique(pool.classes)) > 1
        splitter = StratifiedKFold if stratified else KFold
        made = splitter(n_folds, shuffle=True, random_state=seed)
        return tested_in(made.split(pool.classes, pool.classes))
