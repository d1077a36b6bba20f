"""Beside each result: what a table says of its dataset and its test crystals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.formula import formula
from ngn_core.crystal.symmetry import find_space_group
from ngn_core.dataset.composition_statistics import SYMPREC
from ngn_core.dataset.crystal_set import CrystalSet, with_columns
from ngn_core.errors import StructureError, TrialError
from ngn_core.experiment.facts import (
    DatasetFacts,
    Duplicate,
    TestedCrystal,
    write_facts,
)
from ngn_core.experiment.leakage import exposure
from ngn_core.experiment.result import Result
from ngn_core.experiment.sought_duplicates import SoughtDuplicates


def facts_of(
    crystals: CrystalSet, notes: Sequence[str], remark: str = ""
) -> DatasetFacts:
    """Return the facts of a dataset, its crystals not among them.

    Args:
        crystals: with a target and folds.
        notes: sentences for its table.
        remark: why structure duplicates were not sought, if so.
    """
    target, part = crystals.target, crystals.benchmark
    assert target is not None
    bare = with_columns(replace(crystals, state=None), frozenset(), frozenset())
    return DatasetFacts(
        data=bare.digest,
        crystals=len(crystals),
        fold_source=crystals.fold_source,
        held_out=0 if crystals.held_out is None else len(crystals.held_out.ids),
        per=target.declared.per,
        transform=target.declared.transform,
        benchmark=None if part is None else part.name,
        benchmark_rows=0 if part is None else part.rows,
        skipped=crystals.skipped,
        notes=tuple(notes),
        remark=remark,
    )


def add_facts(
    results: Sequence[Result],
    facts: DatasetFacts,
    own: Mapping[str, Sequence[str]],
    crystals: CrystalSet,
    duplicates: SoughtDuplicates,
    folder_of: Callable[[str], Path],
) -> list[Result]:
    """Return the results with facts, and write them into the trials' folders.

    Args:
        results: of trials on these crystals.
        facts: of the dataset.
        own: more sentences, by spec.
        crystals: with a target and folds.
        duplicates: of the crystals.
        folder_of: where a trial is, by its digest.

    Raises:
        TrialError: where facts cannot be written.
    """
    known = {
        name: one
        for result in results
        if result.facts is not None and result.facts.data == facts.data
        for name, one in result.facts.tested.items()
    }
    by_fold = {
        fold: _tested(crystals, fold, duplicates.numbers, known)
        for fold in sorted({result.fold for result in results})
    }
    annotated = []
    for result in results:
        notes = (*facts.notes, *own.get(result.spec, ()))
        found = replace(facts, notes=notes, tested=by_fold[result.fold])
        if found != result.facts:
            folder = folder_of(result.digest)
            try:
                write_facts(found, folder)
            except OSError as error:
                raise TrialError(
                    f"cannot write what is known of its crystals to {folder}: {error}"
                ) from error
        annotated.append(replace(result, facts=found))
    return annotated


def _tested(
    crystals: CrystalSet,
    fold: int,
    duplicates: Mapping[Duplicate, np.ndarray],
    known: Mapping[str, TestedCrystal],
) -> dict[str, TestedCrystal]:
    """Return what is known of the test crystals of a fold, by id."""
    _, _, test = crystals.parts(fold)
    copied = {
        duplicate: exposure(crystals, numbers, [fold]).copied.tolist()
        for duplicate, numbers in duplicates.items()
    }
    part = crystals.benchmark
    tested = {}
    for row, place in enumerate(test.tolist()):
        name, crystal = crystals.ids[place], crystals.crystals[place]
        old = known.get(name)
        tested[name] = TestedCrystal(
            formula(crystal.species),
            _space_group(crystal) if old is None else old.space_group,
            len(crystal.species),
            {duplicate: _number(means[row]) for duplicate, means in copied.items()},
            "" if part is None else part.ids[place],
        )
    return tested


def _space_group(crystal: Crystal) -> int | None:
    bare = Crystal(crystal.lattice, crystal.frac, crystal.species)
    try:
        return find_space_group(bare, SYMPREC).number
    except StructureError:
        return None


def _number(mean: float) -> float | None:
    return None if np.isnan(mean) else mean
