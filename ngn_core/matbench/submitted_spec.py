"""The results of one spec that a submission to MatBench is made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from ngn_core.dataset.matbench import TASKS
from ngn_core.errors import TrialError
from ngn_core.experiment.group_comparable import group_comparable
from ngn_core.experiment.result import Result
from ngn_core.matbench.membership import Membership, membership_of


@dataclass(frozen=True)
class SubmittedTask:
    """A whole task with all its folds.

    Attributes:
        name: of the task.
        folds: the result of each fold, in order.
        seeds: that the predictions are of; of several, they are the mean.
        known: all seeds that were trained on every fold.
    """

    name: str
    folds: tuple[Result, ...]
    seeds: tuple[int, ...]
    known: tuple[int, ...]


def submitted_tasks(
    results: Sequence[Result],
    spec: str | None,
    seed: int | None,
    *,
    mean: bool,
    tasks: Collection[str] = (),
) -> tuple[str, list[SubmittedTask]]:
    """Return the spec that is submitted, and its results by task.

    Args:
        results: of any specs and datasets.
        spec: which one; None: the only one there is.
        seed: which one; None: the first.
        mean: whether predictions are averaged over all seeds.
        tasks: of MatBench; none: all that there are results of.

    Raises:
        TrialError: naming every task that is not whole, or lacks a fold.
    """
    spec = _spec(results, spec)
    found, problems = [], []
    for group in group_comparable(
        [result for result in results if result.spec == spec]
    ):
        member = membership_of(group)
        if tasks and (member is None or member.name not in tasks):
            continue
        problem = _why_not(member, group)
        if problem is None:
            assert member is not None
            try:
                found.append(_task(member.name, group, seed, mean=mean))
            except TrialError as error:
                problem = str(error)
        if problem is not None:
            problems.append(f"  {problem}")
    absent = set(tasks) - {one.name for one in found}
    if not problems and absent:
        problems = [f"  {name}: no trial of {spec}" for name in sorted(absent)]
    if problems or not found:
        told = "\n".join(problems) or f"  no trial of {spec}"
        raise TrialError(
            f"{spec} cannot be submitted; a submission is of whole MatBench tasks with "
            f"all their official folds (--task chooses):\n{told}"
        )
    return spec, sorted(found, key=lambda one: list(TASKS).index(one.name))


def _spec(results: Sequence[Result], spec: str | None) -> str:
    names = sorted({result.spec for result in results})
    if spec is None and len(names) == 1:
        return names[0]
    if spec in names:
        assert spec is not None
        return spec
    found = "several specs" if spec is None else f"--spec {spec}"
    raise TrialError(f"{found}; expected --spec with one of {', '.join(names)}")


def _why_not(member: Membership | None, group: Sequence[Result]) -> str | None:
    """Return why results are no task's, None where they are."""
    about = f"{group[0].dataset}, {group[0].target}"
    if member is None:
        return f"{about}: no task of MatBench"
    if not member.is_whole:
        return (
            f"{about}: {member.crystals:,} of {member.rows:,} crystals of {member.name}"
        )
    if not member.official_folds:
        return f"{about}: the folds are not the official ones of {member.name}"
    return None


def _task(
    name: str, group: Sequence[Result], seed: int | None, *, mean: bool
) -> SubmittedTask:
    by_seed: dict[int, dict[int, Result]] = {}
    for result in group:
        by_seed.setdefault(result.seed, {})[result.fold] = result
    folds = range(group[0].n_folds)
    whole = tuple(sorted(s for s, own in by_seed.items() if own.keys() == set(folds)))
    if seed is not None and seed not in by_seed:
        told = ", ".join(map(str, sorted(by_seed)))
        raise TrialError(f"{name}: no seed {seed}; there are {told}")
    if not whole or (seed is not None and seed not in whole):
        first = min(by_seed) if seed is None else seed
        lacking = ", ".join(str(f) for f in folds if f not in by_seed[first])
        raise TrialError(f"{name}: no result of fold {lacking} with seed {first}")
    chosen = whole if mean else (whole[0] if seed is None else seed,)
    averaged = tuple(
        _mean([by_seed[number][fold] for number in chosen]) for fold in folds
    )
    return SubmittedTask(name, averaged, chosen, whole)


def _mean(results: Sequence[Result]) -> Result:
    """Return one result with the mean of the predictions."""
    rows = zip(*(result.predictions for result in results), strict=True)
    predictions = tuple(
        (row[0][0], row[0][1], fmean(prediction for _, _, prediction in row))
        for row in rows
    )
    return replace(results[0], predictions=predictions)
