"""Coverage of intervals, and error-rejection curves, as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ngn_core.statistics.coverage import KEPT, NOMINALS, Coverage, Rejection
from ngn_core.summary.typed_table import (
    FILES,
    Row,
    TableColumn,
    TypedTable,
    data_column,
)

_HELD = (
    "The interval of a test crystal is its prediction plus and minus a quantile of "
    "the other folds' residuals. Held and nominal shares agree if the folds are "
    "drawn alike; they need not where a fold is of other chemistry."
)
_FEW = " -: too few residuals for this share."
_ONE_SEED = (
    " Error rejection not measured: that takes two seeds a fold or more (--seeds 2)."
)
_KEPT = (
    "Where spread over seeds tells of errors, its MAE falls from left to right; no "
    "order can fall faster than the error itself."
)
_WIDTH = 0.9
"""Nominal share of the intervals whose width people see."""


def coverage_table(
    coverage: Sequence[Coverage], unit: str, has_rejection: bool
) -> TypedTable | None:
    """Return the shares that intervals hold, None where no spec has any.

    Args:
        coverage: of the specs that have intervals.
        unit: of the target.
        has_rejection: whether some spec has an error-rejection curve.
    """
    if not coverage:
        return None
    held = (
        TableColumn(f"held_{nominal:.0%}", f"{nominal:.0%}", kind="share")
        for nominal in NOMINALS
    )
    widths = (
        TableColumn(
            f"width_{nominal:.0%}",
            f"width of {nominal:.0%}",
            unit,
            "score",
            shown=nominal == _WIDTH,
        )
        for nominal in NOMINALS
    )
    rows = tuple(
        (
            one.spec,
            *(_known(one.held[nominal]) for nominal in NOMINALS),
            *(_known(one.width[nominal]) for nominal in NOMINALS),
        )
        for one in coverage
    )
    note = _HELD
    if any(math.isnan(share) for one in coverage for share in one.held.values()):
        note += _FEW
    return TypedTable(
        "coverage",
        "Intervals: share of test crystals inside, by nominal share",
        (TableColumn("spec", "spec"), *held, *widths),
        (rows,),
        note if has_rejection else note + _ONE_SEED,
        places=FILES,
    )


def rejection_table(rejection: Sequence[Rejection], unit: str) -> TypedTable | None:
    """Return errors of the crystals that are kept, None where no spec has seeds."""
    if not rejection:
        return None
    rows: tuple[Row, ...] = tuple(
        (one.spec, order, *(curve[share] for share in KEPT), unit)
        for one in rejection
        for order, curve in (
            ("spread over seeds", one.by_spread),
            ("error itself", one.by_error),
        )
    )
    kept = (
        TableColumn(f"mae_of_{share:.0%}", f"{share:.0%}", kind="score")
        for share in KEPT
    )
    within = f" [{unit}]" if unit else ""
    return TypedTable(
        "rejection",
        f"Error rejection: MAE{within} of the crystals kept",
        (
            TableColumn("spec", "spec"),
            TableColumn("left_out_by", "left out first by greatest"),
            *kept,
            data_column("unit"),
        ),
        (rows,),
        _KEPT,
        places=FILES,
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
