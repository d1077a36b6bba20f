"""The nine tasks of MatBench v0.1 that have crystals: ids, targets, official folds.

Dunn, Wang, Ganose, Dopp, Jain, npj Comput. Mater. 6, 138 (2020).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

import numpy as np

from ngn_core.dataset.dataset import Per

_FOLDS, _SEED = 5, 18012019


@dataclass(frozen=True)
class MatBenchTask:
    """What is known of a task without its data.

    Attributes:
        name: as MatBench calls it.
        rows: how many crystals it has.
        target: its column, with `_` for what is no letter, digit or underscore.
        unit: of the target.
        per: what the target is counted by.
        task: regression or binary.
    """

    name: str
    rows: int
    target: str
    unit: str
    per: Per
    task: Literal["regression", "binary"] = "regression"

    @cached_property
    def prefix(self) -> str:
        """Return what every id begins with, `mb-log-kvrh-`."""
        return self.name.replace("matbench_", "mb-").replace("_", "-") + "-"

    def id(self, number: int) -> str:
        """Return the id of a row, the first one is number 1."""
        return f"{self.prefix}{number:0{len(str(self.rows))}d}"

    @cached_property
    def number(self) -> dict[str, int]:
        """Return the number of the row by id."""
        return {self.id(number): number for number in range(1, self.rows + 1)}

    def official_fold(self, name: str) -> int | None:
        """Return the fold in whose test part an id lies.

        None for a class, whose folds share out the values: see `stratified_folds`.
        """
        if self.task == "binary":
            return None
        return int(_folds(self.rows)[self.number[name] - 1])


TASKS = {
    task.name: task
    for task in (
        MatBenchTask("matbench_dielectric", 4764, "n", "", "none"),
        MatBenchTask("matbench_jdft2d", 636, "exfoliation_en", "meV/atom", "atom"),
        MatBenchTask("matbench_log_gvrh", 10987, "log10_G_VRH", "log10(GPa)", "none"),
        MatBenchTask("matbench_log_kvrh", 10987, "log10_K_VRH", "log10(GPa)", "none"),
        MatBenchTask("matbench_mp_e_form", 132752, "e_form", "eV/atom", "atom"),
        MatBenchTask("matbench_mp_gap", 106113, "gap_pbe", "eV", "none"),
        MatBenchTask("matbench_mp_is_metal", 106113, "is_metal", "", "none", "binary"),
        MatBenchTask("matbench_perovskites", 18928, "e_form", "eV/cell", "cell"),
        MatBenchTask("matbench_phonons", 1265, "last_phdos_peak", "1/cm", "none"),
    )
}
"""By name."""

_BY_PREFIX = {task.prefix: task for task in TASKS.values()}


def task_of(ids: Iterable[str]) -> MatBenchTask | None:
    """Return the task that more than half of some ids are written as ids of.

    They need not be right: it is for the caller to look them up in `number`.
    """
    counts = Counter(re.sub(r"\d+$", "", name) for name in ids)
    if not counts:
        return None
    prefix, count = counts.most_common(1)[0]
    return _BY_PREFIX.get(prefix) if 2 * count > counts.total() else None


@cache
def _folds(rows: int) -> np.ndarray:
    """Return the test fold of each row of a regression, [rows].

    As the five folds of scikit-learn's KFold, shuffled with MatBench's seed.
    """
    order = np.arange(rows)
    np.random.RandomState(_SEED).shuffle(order)
    fold = np.empty(rows, dtype=np.int64)
    for number, part in enumerate(np.array_split(order, _FOLDS)):
        fold[part] = number
    fold.setflags(write=False)
    return fold


def stratified_folds(classes: np.ndarray) -> np.ndarray:
    """Return the test fold of each row of a whole classification, [rows].

    Args:
        classes: [rows], 0 and 1, in the order of the ids.
    """
    from sklearn.model_selection import StratifiedKFold

    fold = np.empty(len(classes), dtype=np.int64)
    split = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    for number, (_, test) in enumerate(split.split(classes, classes)):
        fold[test] = number
    return fold
