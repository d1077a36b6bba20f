"""Coverage of intervals and error-rejection curves as text."""

from __future__ import annotations

import math

from ngn_core.compare.screening.coverage import (
    KEPT,
    NOMINALS,
    coverage_of,
    rejection_of,
)
from ngn_core.compare.tables.comparison import Table
from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet


def coverage_sheet(table: Table) -> Sheet | None:
    """Return the shares that intervals hold, None where no spec has any."""
    found = [coverage_of(line.results) for line in table.lines]
    known = [one for one in found if one is not None]
    if not known:
        return None
    unit = f" [{table.unit}]" if table.unit else ""
    rows = tuple(
        (
            one.spec,
            *(_share(one.held[nominal]) for nominal in NOMINALS),
            _number(one.width[0.9]),
        )
        for one in known
    )
    return Sheet(
        "Intervals: targets of test crystals inside, by nominal share",
        ("spec", *(f"{nominal:.0%}" for nominal in NOMINALS), f"width of 90%{unit}"),
        1,
        (rows,),
        "The interval of a test crystal is its prediction plus and minus a quantile of "
        "the other folds' residuals. Held and nominal shares agree if the folds are "
        "drawn alike; they need not where a fold is of other chemistry.",
    )


def rejection_sheet(table: Table) -> Sheet | None:
    """Return errors of the crystals that are kept, None where no spec has seeds."""
    found = [rejection_of(line.results) for line in table.lines]
    known = [one for one in found if one is not None]
    if not known:
        return None
    unit = f" [{table.unit}]" if table.unit else ""
    rows = tuple(
        (one.spec, order, *(_number(curve[share]) for share in KEPT))
        for one in known
        for order, curve in (
            ("spread over seeds", one.by_spread),
            ("error itself", one.by_error),
        )
    )
    return Sheet(
        f"Error rejection: MAE{unit} of the crystals kept",
        ("spec", "left out first by greatest", *(f"{share:.0%}" for share in KEPT)),
        2,
        (rows,),
        "Where spread over seeds tells of errors, its MAE falls from left to right; no "
        "order can fall faster than the error itself.",
    )


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0%}"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else shown(value)
