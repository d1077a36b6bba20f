"""The interface of splits: how crystals are shared out into folds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True, eq=False)
class Pool:
    """What a split may know of the B crystals that it shares out.

    Attributes:
        ids: in the order of the dataset.
        targets: [B], in the target's unit; 0 and 1 of binary ones.
        classes: [B], int64; of regression all 0, so that there is nothing to share out
            equally.
        groups: [B], int64 from 0; crystals of one group belong together.
    """

    ids: Sequence[str]
    targets: np.ndarray
    classes: np.ndarray
    groups: np.ndarray


class Split(ABC):
    """Shares crystals out into folds; each is tested on in one of them.

    Attributes:
        grouped: whether crystals of one group are never in two folds.
    """

    name: ClassVar[str]
    grouped: ClassVar[bool] = False

    @abstractmethod
    def folds(self, pool: Pool, n_folds: int, seed: int) -> np.ndarray:
        """Return the fold of each crystal, [B], 0 to n_folds - 1, none of them empty.

        Args:
            pool: the crystals; there are at least n_folds of them, and at least n_folds
                groups where the split is grouped.
            n_folds: how many folds, at least two.
            seed: same pool, same seed, same folds, on every machine.
        """
