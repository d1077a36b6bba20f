"""From results to the columns, lines and verdicts of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ngn_core.dataset.make_folds import are_made
from ngn_core.experiment.result import Result
from ngn_core.statistics.compute_verdicts import compute_verdicts
from ngn_core.statistics.verdict_options import VerdictOptions
from ngn_core.statistics.verdicts import Verdicts
from ngn_core.summary.comparison import Line, ScoreColumn, lines_of


def ranked(
    results: Sequence[Result],
    *,
    fold_source: str,
    formulas: Mapping[str, str],
    verdict_options: VerdictOptions,
) -> tuple[tuple[ScoreColumn, ...], tuple[Line, ...], Verdicts | None]:
    """Return a table's metrics, its lines, those not separated from the best marked.

    Args:
        results: of one target of one dataset.
        fold_source: official, or how they were made.
        formulas: reduced, of the test crystals, by id; one without is drawn alone.
        verdict_options: what is compared.

    Returns:
        Columns, the one that decides first; lines, the best mean first; and verdicts,
        None where there are no results.
    """
    columns, lines = lines_of(results)
    if not lines:
        return (), (), None
    verdicts = compute_verdicts(
        {line.spec: line.results for line in lines},
        folds_open=are_made(fold_source),
        formulas=formulas,
        verdict_options=verdict_options,
    )
    marked = tuple(replace(line, best=line.spec in verdicts.best) for line in lines)
    return columns, marked, verdicts
