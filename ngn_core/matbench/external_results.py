"""What stands in a table beside what was measured: submissions, and the leaderboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ngn_core.dataset.crystal_set import CrystalSet, TargetColumn
from ngn_core.dataset.matbench import TASKS
from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result
from ngn_core.matbench.against import (
    check_fits,
    recorded_results,
    results_against,
    submission_name,
)
from ngn_core.matbench.external_task import ExternalTask
from ngn_core.matbench.leaderboard import published_results, read_leaderboard
from ngn_core.matbench.membership import Membership, membership_of
from ngn_core.matbench.submission import Submission
from ngn_core.matbench.tested_part import TestedPart, parts_of, tested_parts
from ngn_core.plugin.registry import Registry


@dataclass(frozen=True)
class ExternalResults:
    """What was asked for.

    Attributes:
        submissions: to MatBench.
        leaderboard: whether published scores are shown.
    """

    submissions: tuple[Submission, ...] = ()
    leaderboard: bool = False

    def check(self, sets: Sequence[CrystalSet]) -> None:
        """Check, before anything is trained, that each submission fits some set.

        Args:
            sets: of crystals, with targets and folds.

        Raises:
            TrialError: where one fits none, or is damaged.
        """
        parts = [one.benchmark for one in sets]
        tasks = {part.name for part in parts if part is not None}
        told = ", ".join(f"{one.called} ({_target(one)})" for one in sets)
        for submission in self.submissions:
            if not tasks & set(submission.tasks):
                raise TrialError(_unfit(submission, told))
            for one, part in zip(sets, parts, strict=True):
                if part is not None and part.name in submission.tasks:
                    check_fits(submission, part.name, parts_of(one))

    def check_used(self, groups: Sequence[Sequence[Result]]) -> None:
        """Check that each submission is of a task that some trials are on.

        Args:
            groups: results, table by table.

        Raises:
            TrialError: naming the tasks.
        """
        if not groups:
            return
        memberships = [membership_of(results) for results in groups]
        tasks = {found.name for found in memberships if found is not None}
        for submission in self.submissions:
            if not tasks & set(submission.tasks):
                raise TrialError(_unfit(submission, _measured(groups)))


def collect_external_results(
    measured: Sequence[Result],
    target: TargetColumn,
    registry: Registry,
    wanted: ExternalResults,
) -> tuple[list[Result], list[str]]:
    """Return the results that stand beside trials, and sentences on them.

    Args:
        measured: trials of one table.
        target: how predictions are scored.
        registry: for the metrics.
        wanted: what is wanted.

    Raises:
        TrialError: where a submission does not fit the trials.
    """
    if not measured or not (wanted.submissions or wanted.leaderboard):
        return [], []
    first, found = measured[0], membership_of(measured)
    if found is None:
        if wanted.submissions:
            raise TrialError(_unfit(wanted.submissions[0], _measured([measured])))
        return [], [f"No published scores: {first.dataset} is no task of MatBench."]
    table = ExternalTask(
        first.dataset,
        first.target,
        first.unit,
        first.task,
        first.n_folds,
        first.scores,
    )
    parts = tested_parts(measured)
    results: list[Result] = []
    notes: list[str] = []
    for submission in wanted.submissions:
        if found.name not in submission.tasks:
            notes.append(f"{submission.name} submitted nothing to {found.name}.")
            continue
        results += results_against(
            submission, found.name, parts, table, target, registry
        )
        notes.append(_told(submission, found, parts))
    if wanted.leaderboard:
        published, said = _published(found, parts, table)
        results += published
        notes.append(said)
    return results, notes


def read_submitted(
    task: str, table: ExternalTask, wanted: ExternalResults
) -> tuple[list[Result], list[str]]:
    """Return submissions to a task as their files recorded them, and sentences.

    Args:
        task: of MatBench.
        table: that the results go into.
        wanted: what is wanted.

    Raises:
        TrialError: where a submission's folds are not whole.
    """
    results: list[Result] = []
    for submission in wanted.submissions:
        if task in submission.tasks:
            results += recorded_results(submission, task, table)
    if not results:
        return [], []
    notes = [
        "Scores as the submissions recorded them: their files hold no targets. For "
        "statistics over crystals train a spec, baselines/median say, --against them."
    ]
    if wanted.leaderboard:
        rows = TASKS[task].rows
        sizes = {result.fold: rows - result.train_size for result in results}
        published, said = _board_rows(task, sizes, table)
        results += published
        notes.append(said)
    return results, notes


def _told(
    submission: Submission, found: Membership, parts: Sequence[TestedPart]
) -> str:
    told = (
        f"{submission_name(submission)}: predictions of {submission.file.name}, not "
        "trained here."
    )
    if found.is_whole:
        return told
    tested = sum(len(part.ids) for part in parts)
    return (
        f"{told} It is scored on the {tested:,} crystals tested here; its training "
        f"parts are of the whole task of {found.rows:,} crystals, those of the specs "
        f"of {found.crystals:,}."
    )


def _published(
    found: Membership, parts: Sequence[TestedPart], table: ExternalTask
) -> tuple[list[Result], str]:
    """Return the rows of the leaderboard, or why there are none."""
    if not found.is_whole:
        return [], (
            f"No published scores: {found.crystals:,} of {found.rows:,} crystals of "
            f"{found.name} are here, and scores on a part are no scores of the task."
        )
    if not found.official_folds:
        return [], (
            f"No published scores: the folds are not the official ones of {found.name}."
        )
    sizes = {part.fold: len(part.ids) for part in parts}
    return _board_rows(found.name, sizes, table)


def _board_rows(
    task: str, sizes: Mapping[int, int], table: ExternalTask
) -> tuple[list[Result], str]:
    """Return the leaderboard's rows on some folds, of so many test crystals each."""
    folds = "" if len(sizes) == table.n_folds else f" of fold {_listed(sizes)}"
    return published_results(task, sizes, table), (
        f"Rows marked published: scores{folds} from {read_leaderboard().source}, not "
        "measured here; the report's files name their papers."
    )


def _listed(folds: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(folds)))


def _measured(groups: Sequence[Sequence[Result]]) -> str:
    told = []
    for results in groups:
        found = membership_of(results)
        name = results[0].dataset if found is None else found.name
        told.append(f"{name} ({results[0].target})")
    return ", ".join(told)


def _target(crystals: CrystalSet) -> str:
    assert crystals.target is not None
    return crystals.target.name


def _unfit(submission: Submission, measured: str) -> str:
    return (
        f"{submission.file}: a submission to {', '.join(submission.tasks)}; the trials "
        f"are on {measured}, to which it says nothing"
    )
