"""Folds that keep groups together."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

import ngn_core.api as ngn
from ngn_plugins.splits.tested_in import tested_in


class GroupSplit(ngn.Split):
    """Folds that keep each group of `--by` together, shuffled, of nearly equal size.

    Scikit-learn's StratifiedGroupKFold; targets of regression are one class. Its
    GroupKFold is not taken: shuffled, it balances the number of groups, whatever their
    sizes; not shuffled, it has no seed.
    """

    name: ClassVar[str] = "group"
    grouped: ClassVar[bool] = True

    def folds(self, pool: ngn.Pool, n_folds: int, seed: int) -> np.ndarray:  # noqa: D102
        from sklearn.model_selection import StratifiedGroupKFold

        made = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
        return tested_in(made.split(pool.classes, pool.classes, pool.groups))
