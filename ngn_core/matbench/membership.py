"""Which task of MatBench results are on, and whether on all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ngn_core.dataset.fixed_folds import OFFICIAL
from ngn_core.dataset.matbench import TASKS, task_of
from ngn_core.experiment.result import Result


@dataclass(frozen=True)
class Membership:
    """A task of MatBench, and how much of it is here.

    Attributes:
        name: of the task.
        crystals: how many are here.
        rows: how many the task has.
        official_folds: whether the folds are the task's.
    """

    name: str
    crystals: int
    rows: int
    official_folds: bool

    @property
    def is_whole(self) -> bool:
        """Return whether all crystals of the task are here."""
        return self.crystals == self.rows


def membership_of(results: Sequence[Result]) -> Membership | None:
    """Return the task that results of one table are on, None where on none.

    Where results were stored without facts, their crystals' ids say it.
    """
    for result in results:
        facts = result.facts
        if facts is not None:
            if facts.benchmark not in TASKS:
                return None
            official = facts.fold_source == OFFICIAL
            rows = facts.benchmark_rows
            return Membership(facts.benchmark, facts.crystals, rows, official)
    return _told_by_ids(results[0]) if results else None


def _told_by_ids(result: Result) -> Membership | None:
    names = [name for name, _, _ in result.predictions]
    task = task_of(names)
    if task is None or task.target != result.target:
        return None
    if not all(name in task.number for name in names):
        return None
    crystals = result.train_size + result.validation_size + len(names)
    official = all(task.official_fold(name) == result.fold for name in names)
    return Membership(task.name, crystals, task.rows, official)


def task_ids(result: Result) -> tuple[str, ...]:
    """Return MatBench's ids of the crystals that a trial tested, in their order."""
    names = [name for name, _, _ in result.predictions]
    if result.facts is None:
        return tuple(names)
    return tuple(result.facts.tested[name].official for name in names)
