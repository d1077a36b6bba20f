"""The scores of the specs, mean and standard deviation over trials."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ngn_core.summary.comparison import Line, ScoreColumn
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import (
    FILES,
    Row,
    TableColumn,
    TypedTable,
    data_column,
)


def scores_table(
    lines: Sequence[Line], metrics: Sequence[ScoreColumn], has_benchmark: bool
) -> TypedTable:
    """Return a row for each spec; those not separated from the best stand out.

    Args:
        lines: of the specs, the best first.
        metrics: the one that decides first.
        has_benchmark: whether the target belongs to a published task.
    """
    elsewhere = any(line.origin != "measured" for line in lines)
    columns = [
        TableColumn("spec", "spec"),
        TableColumn("source", "source", shown=elsewhere),
    ]
    for place, metric in enumerate(metrics):
        title = title_of(metric, has_benchmark)
        priority = 20 + place if place else 0
        columns.append(TableColumn(metric.name, title, metric.unit, "score", priority))
    columns += [
        TableColumn("trials", "trials", kind="count", priority=77),
        TableColumn("epochs", "epochs", kind="count", priority=82),
        data_column("best"),
    ]
    return TypedTable(
        "scores",
        "Scores",
        tuple(columns),
        (tuple(_row(line, metrics) for line in lines),),
        _note(lines),
        frozenset(line.spec for line in lines if line.best),
        {"better": {metric.name: metric.better for metric in metrics}},
        FILES,
    )


def title_of(metric: ScoreColumn, has_benchmark: bool) -> str:
    """Return a metric's title, with the name that a benchmark has for it.

    MatBench thresholds the predictions before it takes their ROC-AUC.
    """
    if has_benchmark and metric.name == "balanced_accuracy":
        return f"{metric.title} (MatBench calls it rocauc)"
    return metric.title


def _row(line: Line, metrics: Sequence[ScoreColumn]) -> Row:
    return (
        line.spec,
        line.origin,
        *(_score(line, metric) for metric in metrics),
        len(line.results),
        _epochs([result.epochs for result in line.results]),
        line.best,
    )


def _score(line: Line, metric: ScoreColumn) -> Spread | None:
    found = line.scores[metric.name]
    return None if math.isnan(found.mean) and line.origin != "measured" else found


def _epochs(values: Sequence[int]) -> int | str | None:
    low, high = min(values), max(values)
    if high == 0:
        return None  # a baseline, or nobody trained it here
    return low if low == high else f"{low}-{high}"


def _note(lines: Sequence[Line]) -> str:
    """Return what marks and sources mean."""
    told = []
    if sum(line.best for line in lines) > 1:
        told.append("Bold: not separated from the best.")
    if any(line.origin == "leaderboard" for line in lines):
        told.append(
            "Published: scores that others told, without predictions; no verdict is "
            "drawn on them."
        )
    return " ".join(told)
