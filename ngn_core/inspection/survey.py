"""What is in a dataset before anyone trains on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from ngn_core.dataset.composition_statistics import (
    Polymorphs,
    Systems,
    crystal_systems,
    elements,
    polymorphs,
)
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.duplicate_cache import cached_duplicates
from ngn_core.dataset.grouping import group_by
from ngn_core.dataset.make_folds import share_out
from ngn_core.dataset.select import select
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.errors import DatasetError
from ngn_core.experiment.facts import Duplicate
from ngn_core.experiment.leakage import Leakage, exposure, leakage
from ngn_core.experiment.selection import select_target
from ngn_core.inspection.distribution import Distribution, distribution
from ngn_core.inspection.duplicate_groups import Duplicates, duplicate_groups, too_large
from ngn_core.inspection.error_floor import ErrorFloor, error_floor
from ngn_core.inspection.surveyed_rows import Rows, surveyed_rows
from ngn_core.inspection.surveyed_target import (
    TargetSurvey,
    first_target,
    surveyed_target,
)
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec


class SurveyReporter(Protocol):
    """Whoever watches a survey."""

    def step(self, name: str, done: int, total: int) -> None:
        """`done` of `total` crystals have been through a step."""


@dataclass(frozen=True)
class Survey:
    """What is in a dataset.

    Attributes:
        name: of the dataset.
        note: of the dataset.
        rows: and what becomes of them.
        elements: crystals with each element, the most frequent first.
        sites: of the given cells.
        volume: of the given cells an atom site, Å^3.
        systems: crystal systems.
        target: None where none is chosen.
        n_folds: 0 where there are none.
        fold_source: official, or how they were made.
        fold_sizes: crystals in the test part of each fold.
        duplicates: of formulas and of structures.
        leakage: duplicates between training and test parts; None without folds.
        polymorphs: of formulas.
        floor: of the spec; None without one.
        remarks: sentences.
    """

    name: str
    note: str | None
    rows: Rows
    elements: Mapping[str, int]
    sites: Distribution
    volume: Distribution
    systems: Systems
    target: TargetSurvey | None
    n_folds: int
    fold_source: str
    fold_sizes: tuple[int, ...]
    duplicates: tuple[Duplicates, ...]
    leakage: Leakage | None
    polymorphs: Polymorphs
    floor: ErrorFloor | None
    remarks: tuple[str, ...]


def survey(
    table: DatasetTable,
    target: str | None,
    split: SplitChoice,
    spec: Spec | None,
    registry: Registry,
    reporter: SurveyReporter,
    cache: Path | None = None,
    jobs: int = 1,
) -> Survey:
    """Return what is in a dataset.

    Rows that cannot be used are listed and left out; disordered ones are listed too,
    and surveyed with the others.

    Args:
        table: as its declaration has it.
        target: its column; None: the default one, where there is one.
        split: how it is split, where there are no official folds.
        spec: whose graphs are compared; None: no graphs are built.
        registry: for splits, metrics and components.
        reporter: watches.
        cache: folder of cached graphs.
        jobs: processes.

    Raises:
        DatasetError: where there is no such target, no row can be used, or the split
            that was asked for cannot be made; without one there are no folds then.
        SpecError: where the spec's graph cannot be built.
    """
    crystals, remarks = _selected(table, target, split, registry)
    formulas = group_by("formula", crystals.ids, crystals.crystals)
    structure = cached_duplicates(
        crystals.crystals,
        cache,
        lambda done, total: reporter.step("duplicates", done, total),
        jobs,
    )
    systems = crystal_systems(
        crystals.ids,
        crystals.crystals,
        lambda done: reporter.step("space groups", done, len(crystals)),
    )
    floor = None
    if spec is not None and crystals.target is not None:
        floor = error_floor(
            spec,
            crystals,
            formulas.numbers,
            registry,
            cache,
            lambda done, total: reporter.step(f"graphs of {spec.name}", done, total),
            jobs,
        )
    numbers: dict[Duplicate, np.ndarray] = {
        "formula": formulas.numbers,
        "structure": structure,
    }
    has_folds = crystals.fold is not None
    return Survey(
        name=crystals.name,
        note=crystals.note,
        rows=surveyed_rows(table, crystals),
        elements=elements(crystals.crystals),
        sites=distribution(
            np.array([float(len(one.species)) for one in crystals.crystals])
        ),
        volume=distribution(
            np.array([one.volume / len(one.species) for one in crystals.crystals])
        ),
        systems=systems,
        target=surveyed_target(crystals),
        n_folds=crystals.n_folds,
        fold_source=crystals.fold_source,
        fold_sizes=tuple(
            len(crystals.parts(fold)[2]) for fold in range(crystals.n_folds)
        ),
        duplicates=tuple(
            duplicate_groups(duplicate, found, crystals, formulas)
            for duplicate, found in numbers.items()
        ),
        leakage=_leakage(crystals, numbers, registry) if has_folds else None,
        polymorphs=polymorphs(formulas.labels, formulas.numbers, structure),
        floor=floor,
        remarks=(*remarks, *too_large(crystals)),
    )


def _leakage(
    crystals: CrystalSet, numbers: Mapping[Duplicate, np.ndarray], registry: Registry
) -> Leakage:
    assert crystals.target is not None
    folds = range(crystals.n_folds)
    found = {
        duplicate: exposure(crystals, own, folds) for duplicate, own in numbers.items()
    }
    return leakage(found, crystals.target, (), registry)


def _selected(
    table: DatasetTable, target: str | None, split: SplitChoice, registry: Registry
) -> tuple[CrystalSet, list[str]]:
    """Return the crystals with target and folds, where there are any, and why not."""
    remarks: list[str] = []
    if target is None:
        target, remarks = first_target(table)
    if target is None:
        found = select(table, None, on_bad_structure="skip", on_disorder="average")
        return found, remarks
    selection = select_target(
        table,
        target,
        split,
        registry,
        on_bad_structure="skip",
        on_disorder="average",
    )
    crystals = selection.sample(None)
    try:
        crystals = share_out(selection.table, crystals, split, registry)
    except DatasetError as error:
        if split != SplitChoice():
            raise
        remarks.append(f"No folds: {error}")
        crystals = replace(crystals, fold=None, roles=None, n_folds=0, fold_source="")
    remarks += crystals.remarks
    return replace(crystals, held_out=selection.held_out), remarks
