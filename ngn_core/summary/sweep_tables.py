"""Curves over what was swept, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.summary.spread import Spread
from ngn_core.summary.sweep import COSTS, Curve, CurvePoint, Curves
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable, data_column

_LAW = (
    "Exponents b of error = a n^-b are fitted to each fold with n the crystals trained "
    "on; their interval over folds is corrected for overlapping training parts."
)

_TWO = "A power law passes through any two sizes: only more can tell whether it holds."


def sweep_tables(curves: Curves) -> list[TypedTable]:
    """Return a table for each swept key, and one of the fitted exponents."""
    tables = []
    for key, own in curves.by_key.items():
        fixed = list(dict.fromkeys(key for curve in own for key in curve.fixed))
        columns = (*_columns(own, curves), *map(data_column, fixed))
        groups = tuple(
            tuple(
                (*_row(curve, point, curves), *(curve.fixed.get(one) for one in fixed))
                for point in curve.points
            )
            for curve in own
        )
        tables.append(TypedTable("sweep", f"Sweep of {key}", columns, groups))
        laws = tuple(_law(curve) for curve in own if curve.power_law is not None)
        if laws:
            two = any(len(curve.points) == 2 for curve in own)
            tables.append(
                TypedTable(
                    "power_laws",
                    f"{curves.title} over the size of the training part",
                    (
                        TableColumn("curve", "spec"),
                        TableColumn("exponent", "exponent", kind="quantity"),
                        TableColumn("exponent_95", "95 % interval", kind="quantity"),
                        data_column("factor", curves.unit),
                    ),
                    (laws,),
                    f"{_LAW} {_TWO}" if two else _LAW,
                )
            )
    return tables


def _columns(own: Sequence[Curve], curves: Curves) -> tuple[TableColumn, ...]:
    """Return the columns; those that say least of a swept key go first."""
    by_size = any(curve.power_law is not None for curve in own)
    size, edges, flops, seconds = (0, 3, 1, 0) if by_size else (3, 0, 0, 1)
    return (
        TableColumn("curve", "spec"),
        TableColumn("value", own[0].across, kind="plain"),
        TableColumn("edges", "edges", "/crystal", "quantity", edges),
        TableColumn("train_size", "trained on", kind="count", priority=size),
        TableColumn("mean", curves.title, curves.unit, "score"),
        TableColumn("parameters", "parameters", kind="count", priority=2),
        TableColumn("flops_per_crystal", "FLOPs", "/crystal", "quantity", flops),
        TableColumn("train_seconds", "training", "s/trial", "quantity", seconds),
        data_column("inference_crystals_per_second"),
        *map(data_column, ("of", "spec", "key", "metric", "unit")),
    )


def _row(curve: Curve, point: CurvePoint, curves: Curves) -> Row:
    return (
        curve.title,
        point.value,
        point.edges,
        point.train_size,
        Spread(point.mean, point.std, len(point.folds)),
        *(point.costs[name] for name in COSTS),
        curve.of,
        point.spec,
        curve.key,
        curves.title,
        curves.unit,
    )


def _law(curve: Curve) -> Row:
    law = curve.power_law
    assert law is not None
    return (curve.title, law.exponent, law.interval, law.factor)
