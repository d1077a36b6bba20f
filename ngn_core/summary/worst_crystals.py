"""The crystals that each spec predicts worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ngn_core.experiment.facts import TestedCrystal
from ngn_core.statistics.crystal_errors import CrystalError, worst
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable

LISTED = 10
"""Crystals of a spec in the table."""


def worst_table(
    errors: Mapping[str, Sequence[CrystalError]],
    tested: Mapping[str, TestedCrystal],
    unit: str,
) -> TypedTable | None:
    """Return the crystals with the largest errors of each spec; None without any.

    Args:
        errors: on each test crystal, by spec.
        tested: what is known of the test crystals, by id.
        unit: of the target, nothing for classes.
    """
    if not errors:
        return None
    return TypedTable(
        "worst_crystals",
        "Worst crystals",
        (
            TableColumn("spec", "spec"),
            TableColumn("id", "id"),
            TableColumn("formula", "formula"),
            TableColumn("space_group", "space group"),
            TableColumn("atoms", "atoms", kind="count"),
            TableColumn("target", "target", unit, "score"),
            TableColumn("prediction", "prediction", unit, "score"),
            TableColumn("error", "error", unit, "score"),
        ),
        tuple(
            tuple(_row(spec, one, tested.get(one.id)) for one in worst(own, LISTED))
            for spec, own in errors.items()
        ),
        places=frozenset({"appendix", "data"}),
    )


def _row(spec: str, one: CrystalError, known: TestedCrystal | None) -> Row:
    return (
        spec,
        one.id,
        None if known is None else known.formula,
        None if known is None or known.space_group is None else str(known.space_group),
        None if known is None else known.atoms,
        one.target,
        one.prediction,
        one.error,
    )
