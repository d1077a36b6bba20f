"""Every trial of a comparison: what it was, its scores and its costs."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.experiment.result import Result
from ngn_core.summary.comparison import Line, ScoreColumn
from ngn_core.summary.costs import SIZES
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable, data_column

_COSTS = ("parameters", "flops_per_crystal")


def trials_table(lines: Sequence[Line], metrics: Sequence[ScoreColumn]) -> TypedTable:
    """Return a row for each trial, for CSV and JSON alone.

    Args:
        lines: of the specs.
        metrics: the one that decides first.
    """
    about = ("spec", "fold", "seed", "source", "epochs", "train_size", "digest")
    return TypedTable(
        "comparison",
        "Trials",
        (
            *map(data_column, about),
            *(
                TableColumn(one.name, one.title, one.unit, "score", shown=False)
                for one in metrics
            ),
            *map(data_column, _COSTS),
            *(data_column(title, "/crystal") for _, title, _ in SIZES),
        ),
        (tuple(_row(line, own, metrics) for line in lines for own in line.results),),
        places=frozenset({"data"}),
    )


def _row(line: Line, result: Result, metrics: Sequence[ScoreColumn]) -> Row:
    scores = {score.name: score.value for score in result.scores}
    return (
        line.spec,
        result.fold,
        result.seed,
        result.origin,
        result.epochs or None,
        result.train_size,
        result.digest,
        *(scores.get(metric.name) for metric in metrics),
        *(result.cost.get(name) for name in _COSTS),
        *(result.graph.get(name) for name, _, _ in SIZES),
    )
