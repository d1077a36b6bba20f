"""Facts for results that were stored without them, from their dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ngn_core.dataset.averaged import averaged_remarks
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import open_declared
from ngn_core.dataset.identical import identical_remarks
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result, read_result
from ngn_core.experiment.selection import select_target
from ngn_core.experiment.sought_duplicates import seek_duplicates
from ngn_core.experiment.store import result_folders
from ngn_core.experiment.stored import order
from ngn_core.experiment.subjects import subjects
from ngn_core.experiment.watch import Watch
from ngn_core.plugin.registry import Registry
from ngn_core.summary.annotate import annotate, facts_of

_LISTED = 5


@dataclass(frozen=True)
class Source:
    """Where facts come from.

    Attributes:
        dataset: what `--dataset` names.
        said: of it, over its `dataset.yaml`.
        cache: folder of duplicates that were sought before, or None.
        jobs: processes that seek them.
    """

    dataset: str
    said: DeclarationFlags
    cache: Path | None
    jobs: int


def fill_facts(
    paths: Sequence[Path], source: Source, registry: Registry, watch: Watch
) -> None:
    """Write facts into the folders of trials that have none.

    The trials are those on all crystals of the dataset and its official folds, or those
    that it is given where it has none.

    Args:
        paths: folders of trials such as `runs`, or trials' own.
        source: of the facts.
        registry: for the dataset and its folds.
        watch: is told how many crystals are matched.

    Raises:
        NGNError: where the dataset cannot be read, or its crystals, targets or folds
            are not those of the trials.
    """
    found = {
        folder: read_result(folder) for path in paths for folder in result_folders(path)
    }
    folders = {
        result.digest: folder
        for folder, result in found.items()
        if result.facts is None
    }
    lacking = {found[folder].digest: found[folder] for folder in folders.values()}
    if not lacking:
        return
    table = open_declared(source.dataset, registry, source.said)
    for results in subjects(sorted(lacking.values(), key=order)):
        crystals = select_target(
            table, results[0].target, SplitChoice(), registry
        ).crystals(None)
        for result in results:
            _check_same(result, folders[result.digest], source.dataset, crystals)
        duplicates = seek_duplicates(
            crystals,
            source.cache,
            lambda done, total: watch.step("duplicates", done, total),
            source.jobs,
        )
        facts = facts_of(crystals, _notes(crystals), duplicates.remark)
        annotate(results, facts, {}, crystals, duplicates, folders.__getitem__)


def _notes(crystals: CrystalSet) -> list[str]:
    assert crystals.target is not None
    return [
        *([crystals.note] if crystals.note else []),
        *crystals.remarks,
        *averaged_remarks(crystals),
        *identical_remarks(crystals),
        *crystals.target.remarks(),
    ]


def _check_same(
    result: Result, folder: Path, dataset: str, crystals: CrystalSet
) -> None:
    """Check that a trial was on these crystals and folds.

    Raises:
        TrialError: saying what differs.
    """
    assert crystals.target is not None
    where = f"{folder}: {result.spec}, fold {result.fold}"
    right = "expected the dataset that it was trained on, whole and with its own folds"
    if result.n_folds != crystals.n_folds:
        raise TrialError(
            f"{where}: one of {result.n_folds} folds, and {dataset} has "
            f"{crystals.n_folds}; {right}"
        )
    train, validation, test = crystals.parts(result.fold)
    values = dict(
        zip(
            (crystals.ids[place] for place in test),
            crystals.target.values[test].tolist(),
            strict=True,
        )
    )
    tested = {name: value for name, value, _ in result.predictions}
    different = [
        name
        for name in {**tested, **values}
        if name not in tested or values.get(name) != tested[name]
    ]
    if different:
        more = f" and {len(different) - _LISTED} more" * (len(different) > _LISTED)
        raise TrialError(
            f"{where}: {len(different)} crystals are not tested there, or have other "
            f"targets, in {dataset}: {', '.join(different[:_LISTED])}{more}; {right}"
        )
    if result.validation_size is None:
        return  # an old result, which does not say on how many it validated
    seen, there = (
        result.train_size + result.validation_size,
        len(train) + len(validation),
    )
    if seen != there:
        raise TrialError(
            f"{where}: trained and validated on {seen:,} crystals, and {dataset} has "
            f"{there:,} for that; {right}"
        )
