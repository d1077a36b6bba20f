"""Which results can stand in one table: those on the same crystals and folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result
from ngn_core.experiment.stored import order

_SHOWN = 16

Key = tuple[str, str, str, int, str | None]
Tests = tuple[tuple[str, float], ...]


@dataclass
class _Group:
    """Results of one table.

    Attributes:
        key: target, unit, task, folds and hold-out.
        data: digest of the crystals, None where no result knows it.
        dataset: its name.
        tests: (id, target) of the crystals tested in each fold.
        results: its trials.
    """

    key: Key
    data: str | None
    dataset: str
    tests: dict[int, Tests] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    def takes(self, result: Result) -> bool:
        """Return whether a result is on the same crystals, as far as it says."""
        if self.key != _key(result):
            return False
        if result.facts is not None and self.data is not None:
            return result.facts.data == self.data
        tests = self.tests.get(result.fold)
        return self.dataset == result.dataset and tests in (None, _tests(result))

    def add(self, result: Result) -> None:
        """Add a result that the group takes."""
        self.results.append(result)
        self.tests.setdefault(result.fold, _tests(result))


def group_comparable(results: Sequence[Result]) -> list[list[Result]]:
    """Return the results table by table, each table's in an order of their own.

    Raises:
        TrialError: where a spec has two trials on one fold with one seed.
    """
    groups: list[_Group] = []
    known = [result for result in results if result.facts is not None]
    others = [result for result in results if result.facts is None]
    for result in [*sorted(known, key=order), *sorted(others, key=order)]:
        group = next((group for group in groups if group.takes(result)), None)
        if group is None:
            data = None if result.facts is None else result.facts.data
            group = _Group(_key(result), data, result.dataset)
            groups.append(group)
        group.add(result)
    for group in groups:
        _check_once(group)
    found = [sorted(group.results, key=order) for group in groups]
    return sorted(found, key=lambda results: order(results[0]))


def _check_once(group: _Group) -> None:
    cells: dict[tuple[str, int, int], Result] = {}
    specs: dict[str, Result] = {}
    where = f"{group.dataset}, {group.key[0]}"
    for result in sorted(group.results, key=order):
        first = specs.setdefault(result.spec, result)
        if first.model != result.model and _recipe(first) != _recipe(result):
            raise TrialError(
                f"{where}: two different specs are called {result.spec}: trial "
                f"{_about(first)} and trial {_about(result)}; give the folders of one "
                "of them alone, or rename the spec and train again"
            )
        cell = result.spec, result.fold, result.seed
        duplicate = cells.setdefault(cell, result)
        if duplicate is not result:
            raise TrialError(
                f"{where}: {result.spec} has two results of fold {result.fold}, seed "
                f"{result.seed}, with different versions of a component: trial "
                f"{_about(duplicate)} and trial {_about(result)}; give the folder of "
                "one of them alone"
            )


def _recipe(result: Result) -> tuple[str, ...]:
    """Return what is the same in all trials of a spec.

    Where its training was chosen inside of each fold, that is how it was chosen.
    """
    training = result.training
    if training.get("choice") is None:
        return (result.written,)
    return str(training["protocol"]), str(training["budget"])


def _about(result: Result) -> str:
    return f"{result.digest[:_SHOWN]} (fold {result.fold}, {result.epochs} epochs)"


def _key(result: Result) -> Key:
    about = result.target, result.unit, result.task
    return *about, result.n_folds, result.held_out


def _tests(result: Result) -> Tests:
    return tuple(sorted((name, target) for name, target, _ in result.predictions))
