"""The crystals that each spec predicts worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ngn_core.experiment.facts import Tested
from ngn_core.statistics.crystal_errors import CrystalError, worst
from ngn_core.summary.typed_table import Column, Row, TypedTable

LISTED = 10
"""Crystals of a spec in the table."""


def worst_table(
    errors: Mapping[str, Sequence[CrystalError]],
    tested: Mapping[str, Tested],
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
            Column("spec", "spec"),
            Column("id", "id"),
            Column("formula", "formula"),
            Column("space_group", "space group"),
            Column("atoms", "atoms", kind="count"),
            Column("target", "target", unit, "score"),
            Column("prediction", "prediction", unit, "score"),
            Column("error", "error", unit, "score"),
        ),
        tuple(
            tuple(_row(spec, one, tested.get(one.id)) for one in worst(own, LISTED))
            for spec, own in errors.items()
        ),
        places=frozenset({"appendix", "data"}),
    )


def _row(spec: str, one: CrystalError, known: Tested | None) -> Row:
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
