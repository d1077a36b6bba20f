"""What becomes of the rows of a dataset."""

from __future__ import annotations

from dataclasses import dataclass

from ngn_core.dataset.crystal_set import CrystalSet, Skipped
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.identical import identical


@dataclass(frozen=True)
class Rows:
    """What becomes of the rows of a dataset.

    Attributes:
        total: how many there are.
        bad: cannot be used: broken structures, missing targets.
        disordered: with partly occupied or shared sites; surveyed all the same.
        identical: ids of crystals that are written the same way, in groups.
        held_out: set aside by `--holdout`, not surveyed.
    """

    total: int
    bad: tuple[Skipped, ...]
    disordered: tuple[Skipped, ...]
    identical: tuple[tuple[str, ...], ...]
    held_out: int


def surveyed_rows(table: DatasetTable, crystals: CrystalSet) -> Rows:
    """Return what becomes of the rows of a table, of which crystals are left."""
    disordered = [
        Skipped(name, where, disorder)
        for name, where, crystal in zip(
            crystals.ids, crystals.where, crystals.crystals, strict=True
        )
        if (disorder := crystal.disorder()) is not None
    ]
    return Rows(
        len(table.rows),
        crystals.skipped,
        tuple(disordered),
        tuple(
            tuple(crystals.ids[place] for place in group)
            for group in identical(crystals.crystals)
        ),
        0 if crystals.held_out is None else len(crystals.held_out.ids),
    )
