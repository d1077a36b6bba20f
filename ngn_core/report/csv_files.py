"""A comparison as CSV: a file for each kind of row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ngn_core.experiment.result import Result
from ngn_core.report.costs import COSTS_COLUMNS, SIZES, costs_rows
from ngn_core.report.coverage import (
    COVERAGE_COLUMNS,
    REJECTION_COLUMNS,
    coverage_rows,
    rejection_rows,
)
from ngn_core.report.leakage import LEAKAGE_COLUMNS, leakage_rows
from ngn_core.report.sweep import SWEEP_COLUMNS, sweep_rows
from ngn_core.report.verdicts import VERDICT_COLUMNS, verdict_rows
from ngn_core.summary.comparison import Line, Table

Row = tuple[str | float, ...]


def as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each trial: what it was, its scores and its costs."""
    rows: list[dict[str, Any]] = []
    for table in tables:
        for line in table.lines:
            rows += [_row(result, line) for result in line.results]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def verdicts_as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each pair of specs."""
    return _rows_as_csv(tables, VERDICT_COLUMNS, _verdicts)


def costs_as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each spec and cost."""
    return _rows_as_csv(tables, COSTS_COLUMNS, costs_rows)


def leakage_as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each spec, and for copying, with and without a duplicate."""
    return _rows_as_csv(tables, LEAKAGE_COLUMNS, _leakage)


def coverage_as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each spec and nominal share of its intervals."""
    return _rows_as_csv(tables, COVERAGE_COLUMNS, coverage_rows)


def rejection_as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each spec, order and share of crystals that are kept."""
    return _rows_as_csv(tables, REJECTION_COLUMNS, rejection_rows)


def sweep_as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each point of a sweep."""
    return _rows_as_csv(tables, SWEEP_COLUMNS, _sweep)


def _row(result: Result, line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {
        "dataset": result.dataset,
        "target": result.target,
        "spec": line.spec,
        "fold": result.fold,
        "seed": result.seed,
        "source": result.origin,
        "epochs": result.epochs or "",
        "train_size": result.train_size,
        "digest": result.digest,
    }
    for score in result.scores:
        unit = f" [{score.unit}]" if score.unit else ""
        row[f"{score.name}{unit}"] = score.value
    for name in ("parameters", "flops_per_crystal"):
        row[name] = result.cost.get(name)
    for name, title in SIZES:
        row[f"{title} [/crystal]"] = result.graph.get(name)
    return row


def _rows_as_csv(
    tables: Sequence[Table],
    columns: Sequence[str],
    rows: Callable[[Table], Iterable[Row]],
) -> str:
    """Return the rows of all tables, each with its dataset and target."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["dataset", "target", *columns])
    for table in tables:
        for row in rows(table):
            writer.writerow([table.dataset, table.target, *row])
    return text.getvalue()


def _verdicts(table: Table) -> Iterable[Row]:
    return () if table.verdicts is None else verdict_rows(table.verdicts)


def _leakage(table: Table) -> Iterable[Row]:
    return () if table.leakage is None else leakage_rows(table.leakage)


def _sweep(table: Table) -> Iterable[Row]:
    return () if table.curves is None else sweep_rows(table.curves)
