"""From a table to the crystals that are trained on, every bad row accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from ngn_core.dataset.benchmark import part_of
from ngn_core.dataset.columns import (
    Targets,
    read_states,
    read_targets,
    state_column,
    target_column,
)
from ngn_core.dataset.composition import check_formula_units
from ngn_core.dataset.crystal_set import (
    CrystalSet,
    check_folds_filled,
    classes_of,
)
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.fixed_folds import NOT_OFFICIAL, FixedFolds, official_folds
from ngn_core.dataset.folds import sample
from ngn_core.dataset.rows import (
    NO_COLUMNS,
    OnBadStructure,
    OnDisorder,
    ReadColumns,
    read_crystals,
)
from ngn_core.errors import DatasetError


def select(
    table: DatasetTable,
    target: str | None,
    state: str | None = None,
    given: FixedFolds | None = None,
    limit: int | None = None,
    on_bad_structure: OnBadStructure = "error",
    seed: int = 0,
    on_disorder: OnDisorder = "error",
    read: ReadColumns = NO_COLUMNS,
) -> CrystalSet:
    """Return the crystals of a table with their targets, folds and state.

    Folds are those that are given, or the target's official ones; else there are none
    yet, and `share_out` makes them.

    Args:
        table: as a dataset plugin gave it.
        target: its column; None where nothing is trained.
        state: column of numbers or labels for the global state.
        given: folds of all rows, in place of official ones.
        limit: at most so many rows, a sample by `seed` that keeps the folds' shares
            (of a binary target without folds the classes'); only these rows are read
            and checked.
        on_bad_structure: what becomes of rows whose crystal cannot be read, has unknown
            elements or atoms on top of each other, or whose target or state has no
            value.
        seed: of the sample.
        on_disorder: what becomes of rows whose crystal has sites that are partly
            occupied or shared; `average` keeps them, and a network gives such a site
            the weighted mean of its elements' embeddings.
        read: columns that networks read; a row without one of them cannot be used.

    Raises:
        DatasetError: for all bad and disordered rows together, unless they are skipped
            or averaged; for a column that is missing, a target as state, ids that occur
            twice, and numbers of folds and rows that do not fit.
    """
    _check_ids(table)
    targets = None if target is None else read_targets(table, target)
    states = None if state is None else read_states(table, state)
    if targets is not None and state == (targets.declared.column or target):
        raise DatasetError(
            f"{table.name}: the state is read from {state!r}, which holds the target "
            f"{target}; expected another column for the state"
        )
    task = None if targets is None else targets.declared.benchmark
    if given is None and targets is not None and targets.declared.folds is not None:
        column = targets.declared.folds
        given = official_folds(table, column)
        if task is not None and column != task.folds:
            given = replace(given, source=f"of the column {column}{NOT_OFFICIAL}")
    chosen = _sampled(table, targets, given, limit, seed)

    kept, crystals, skipped = read_crystals(
        table,
        chosen,
        read,
        [column.problems for column in (targets, states) if column is not None],
        on_bad_structure,
        on_disorder,
    )
    ids = tuple(table.rows[index].id for index in kept)
    if targets is not None and targets.declared.per == "formula_unit":
        check_formula_units(table.name, ids, crystals)
    fold, roles = (None, None) if given is None else given.of(ids)
    if fold is not None and given is not None:
        check_folds_filled(table.name, fold, given.n_folds)
    return CrystalSet(
        name=table.name,
        ids=ids,
        where=tuple(table.rows[index].where for index in kept),
        crystals=tuple(crystals),
        target=None if targets is None else target_column(targets, kept),
        fold=fold,
        roles=roles,
        n_folds=0 if given is None else given.n_folds,
        fold_source="" if given is None else given.source,
        state=None if states is None else state_column(states, kept),
        skipped=tuple(skipped),
        note=table.note,
        benchmark=None
        if task is None
        else part_of(task, [table.rows[i] for i in kept]),
    )


def _check_ids(table: DatasetTable) -> None:
    if not table.rows:
        raise DatasetError(f"{table.name}: the dataset is empty; expected rows")
    counts = Counter(row.id for row in table.rows)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        places: dict[str, list[str]] = {name: [] for name in twice}
        for row in table.rows:
            if row.id in places:
                places[row.id].append(row.where)
        listed = "\n".join(f"  {name}: {', '.join(places[name])}" for name in twice)
        counted = "1 id occurs" if len(twice) == 1 else f"{len(twice)} ids occur"
        raise DatasetError(
            f"{table.name}: {counted} more than once; every row needs an id of its "
            f"own:\n{listed}"
        )


def _sampled(
    table: DatasetTable,
    targets: Targets | None,
    given: FixedFolds | None,
    limit: int | None,
    seed: int,
) -> list[int]:
    if limit is None:
        return list(range(len(table.rows)))
    least = 1 if given is None else given.n_folds
    if limit < least:
        right = "one row" if given is None else f"one row for each of the {least} folds"
        rows = "1 row" if limit == 1 else f"{limit} rows"
        raise DatasetError(
            f"{table.name}: found a limit of {rows}; expected at least {right}"
        )
    if given is not None:
        shares, _ = given.of([row.id for row in table.rows])
    elif targets is None:
        shares = np.zeros(len(table.rows), dtype=np.int64)
    else:
        shares = classes_of(targets.task, np.nan_to_num(targets.values, nan=-1.0))
    return [int(index) for index in sample(shares, limit, seed)]
