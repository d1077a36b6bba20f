"""Coverage of intervals and error-rejection curves: tables, plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet
from ngn_core.statistics.coverage import KEPT, NOMINALS, Rejection
from ngn_core.summary.comparison import Table

COVERAGE_COLUMNS = ("spec", "nominal", "held", "width", "unit")
REJECTION_COLUMNS = ("spec", "left_out_by", "kept", "mae", "unit")

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
_ORDERS = ("spread over seeds", "error itself")
"""By what crystals are left out, as tables name it."""


def coverage_sheet(table: Table) -> Sheet | None:
    """Return the shares that intervals hold, None where no spec has any."""
    if not table.coverage:
        return None
    unit = f" [{table.unit}]" if table.unit else ""
    rows = tuple(
        (
            one.spec,
            *(_share(one.held[nominal]) for nominal in NOMINALS),
            _number(one.width[0.9]),
        )
        for one in table.coverage
    )
    note = _HELD
    if any(math.isnan(share) for one in table.coverage for share in one.held.values()):
        note += _FEW
    return Sheet(
        "Intervals: share of test crystals inside, by nominal share",
        ("spec", *(f"{nominal:.0%}" for nominal in NOMINALS), f"width of 90%{unit}"),
        1,
        (rows,),
        note if table.rejection else note + _ONE_SEED,
    )


def rejection_sheet(table: Table) -> Sheet | None:
    """Return errors of the crystals that are kept, None where no spec has seeds."""
    if not table.rejection:
        return None
    unit = f" [{table.unit}]" if table.unit else ""
    rows = tuple(
        (one.spec, order, *(_number(curve[share]) for share in KEPT))
        for one in table.rejection
        for order, curve in zip(_ORDERS, _curves(one), strict=True)
    )
    return Sheet(
        f"Error rejection: MAE{unit} of the crystals kept",
        ("spec", "left out first by greatest", *(f"{share:.0%}" for share in KEPT)),
        2,
        (rows,),
        _KEPT,
    )


def coverage_as_plain(table: Table) -> list[dict[str, Any]]:
    """Return the intervals of each spec for JSON; what is not defined is null."""
    return [
        {
            "spec": one.spec,
            "unit": table.unit,
            "intervals": [
                {
                    "nominal": nominal,
                    "held": _finite(one.held[nominal]),
                    "width": _finite(one.width[nominal]),
                }
                for nominal in NOMINALS
            ],
        }
        for one in table.coverage
    ]


def rejection_as_plain(table: Table) -> list[dict[str, Any]]:
    """Return the error-rejection curve of each spec for JSON."""
    return [
        {
            "spec": one.spec,
            "unit": table.unit,
            "kept": [
                {
                    "share": share,
                    "mae_by_spread": one.by_spread[share],
                    "mae_by_error": one.by_error[share],
                }
                for share in KEPT
            ],
        }
        for one in table.rejection
    ]


def coverage_rows(table: Table) -> Iterator[tuple[str | float, ...]]:
    """Yield rows under `COVERAGE_COLUMNS`; what is not defined is empty."""
    for one in table.coverage:
        for nominal in NOMINALS:
            values = (one.held[nominal], one.width[nominal])
            known = ("" if math.isnan(value) else value for value in values)
            yield (one.spec, nominal, *known, table.unit)


def rejection_rows(table: Table) -> Iterator[tuple[str | float, ...]]:
    """Yield rows under `REJECTION_COLUMNS`."""
    for one in table.rejection:
        for order, curve in zip(_ORDERS, _curves(one), strict=True):
            for share in KEPT:
                yield (one.spec, order, share, curve[share], table.unit)


def _curves(one: Rejection) -> tuple[Mapping[float, float], Mapping[float, float]]:
    """Return the curves in the order of `_ORDERS`."""
    return one.by_spread, one.by_error


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0%}"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else shown(value)


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else value
