"""What studies found, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ngn_core.comparison.space import Dimension
from ngn_core.comparison.tuning import TunedFold
from ngn_core.report.fitting import print_sheet
from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet
from ngn_core.report.terminal import wide
from ngn_core.spec.plain_yaml import show

_NOTE = (
    "Each fold's spec was chosen on inner rows of that fold's own training part. On "
    "other folds its selection saw the labels, and ngn-compare marks that. The same "
    "trials for every spec: ngn-compare --protocol tuned."
)


def print_tuned(space: Sequence[Dimension], found: Sequence[TunedFold]) -> None:
    """Print the space, and the best of each fold."""
    console = wide()
    searched = tuple((one.key, _values(one), "log" if one.log else "") for one in space)
    print_sheet(console, Sheet("Space", ("key", "values", "scale"), 3, (searched,)))
    rows = []
    for fold in found:
        tuned = fold.spec.tuned
        assert tuned is not None
        scored = [score for _, score in fold.chosen.candidates if score is not None]
        chosen = fold.chosen.chosen
        rows.append(
            (
                str(fold.fold),
                *(_short(chosen[one.key]) for one in space),
                str(fold.file),
                shown(tuned.score),
                str(len(fold.chosen.candidates)),
                str(len(scored)),
                shown(fold.chosen.seconds, 3),
            )
        )
    metric = found[0].spec.tuned.metric if found and found[0].spec.tuned else ""
    columns = (
        "fold",
        *(one.key for one in space),
        "spec",
        f"inner {metric}",
        "trials",
        "finished",
        "seconds",
    )
    left = len(space) + 2
    print_sheet(
        console, Sheet("Best of each fold", columns, left, (tuple(rows),), _NOTE)
    )


def _values(dimension: Dimension) -> str:
    if dimension.choices:
        return ", ".join(show(choice) for choice in dimension.choices)
    return f"{_short(dimension.low)} to {_short(dimension.high)}"


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else show(value)
