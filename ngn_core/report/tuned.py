"""What studies found, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ngn_core.report.console import wide
from ngn_core.report.formats.terminal import print_table
from ngn_core.spec.plain_yaml import show
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.comparison.space import Dimension
    from ngn_core.comparison.tuning import TunedFold

_NOTE = (
    "Each fold's spec was chosen on inner rows of that fold's own training part. On "
    "other folds its selection saw the labels, and ngn-compare marks that. The same "
    "trials for every spec: ngn-compare --protocol tuned."
)


def print_tuned(space: Sequence[Dimension], found: Sequence[TunedFold]) -> None:
    """Print the space, and the best of each fold."""
    console = wide()
    print_table(console, space_table(space))
    print_table(console, tuned_table(space, found))


def space_table(space: Sequence[Dimension]) -> TypedTable:
    """Return what was searched."""
    columns = (TableColumn("key", "key"), TableColumn("values", "values"))
    rows = tuple((one.key, _values(one), "log" if one.log else "") for one in space)
    return TypedTable(
        "space", "Space", (*columns, TableColumn("scale", "scale")), (rows,)
    )


def tuned_table(space: Sequence[Dimension], found: Sequence[TunedFold]) -> TypedTable:
    """Return the best of each fold."""
    metric = found[0].spec.tuned.metric if found and found[0].spec.tuned else ""
    return TypedTable(
        "tuned",
        "Best of each fold",
        (
            TableColumn("fold", "fold"),
            *(TableColumn(one.key, one.key) for one in space),
            TableColumn("spec", "spec"),
            TableColumn("inner_score", f"inner {metric}", kind="score"),
            TableColumn("trials", "trials", kind="count"),
            TableColumn("finished", "finished", kind="count"),
            TableColumn("seconds", "seconds", kind="quantity"),
        ),
        (tuple(_row(space, fold) for fold in found),),
        _NOTE,
    )


def _row(space: Sequence[Dimension], fold: TunedFold) -> Row:
    tuned = fold.spec.tuned
    assert tuned is not None
    scored = [score for _, score in fold.chosen.candidates if score is not None]
    return (
        str(fold.fold),
        *(_short(fold.chosen.chosen[one.key]) for one in space),
        str(fold.file),
        tuned.score,
        len(fold.chosen.candidates),
        len(scored),
        fold.chosen.seconds,
    )


def _values(dimension: Dimension) -> str:
    if dimension.choices:
        return ", ".join(show(choice) for choice in dimension.choices)
    return f"{_short(dimension.low)} to {_short(dimension.high)}"


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else show(value)
