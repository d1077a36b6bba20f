"""Ranks of specs over several tasks, and which of them are separated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ngn_core.summary.comparison import ComparisonTable

LEVEL = 0.05
FEWEST_TASKS, FEWEST_SPECS = 6, 3
"""Below these, ranks are told and not tested."""


@dataclass(frozen=True)
class Ranks:
    """Friedman's test over tasks, with Nemenyi's critical difference.

    After Demsar 2006 (Journal of Machine Learning Research 7, section 3.2). Tasks count
    as independent, which targets of one dataset are not.

    Attributes:
        tasks: dataset and target of each.
        specs: that all tasks have, the best mean rank first.
        ranks: [tasks, specs], 1 is the best; equals share their mean.
        means: [specs], mean rank.
        p: of Friedman's test; None with too few tasks or specs.
        critical_difference: of mean ranks at 5 %; None with too few.
        groups: largest runs of specs that are not separated, two or more in each.
        left_out: specs that some task has no score of.
    """

    tasks: tuple[str, ...]
    specs: tuple[str, ...]
    ranks: tuple[tuple[float, ...], ...]
    means: tuple[float, ...]
    p: float | None
    critical_difference: float | None
    groups: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...]


def ranks(tables: Sequence[ComparisonTable]) -> Ranks | None:
    """Return the ranks by mean deciding score; None for fewer than two tasks or specs.

    Args:
        tables: one a task.
    """
    tables = [table for table in tables if table.lines]
    errors = [_errors(table) for table in tables]
    every = list(dict.fromkeys(spec for found in errors for spec in found))
    shared = [spec for spec in every if all(spec in found for found in errors)]
    if len(tables) < 2 or len(shared) < 2:
        return None
    tasks = [f"{table.dataset}: {table.target}" for table in tables]
    scores = np.array([[found[spec] for spec in shared] for found in errors])
    left_out = tuple(spec for spec in every if spec not in shared)
    return ranked_tasks(tasks, shared, scores, left_out)


def ranked_tasks(
    tasks: Sequence[str],
    specs: Sequence[str],
    errors: np.ndarray,
    left_out: tuple[str, ...] = (),
) -> Ranks:
    """Return the ranks of errors, [tasks, specs], lower is better."""
    from scipy import stats

    found = stats.rankdata(errors, axis=1)
    order = np.argsort(found.mean(0), kind="stable")
    found, specs = found[:, order], [specs[place] for place in order]
    means = found.mean(0)
    count, wide = found.shape
    p = difference = None
    groups: tuple[tuple[str, ...], ...] = ()
    if count >= FEWEST_TASKS and wide >= FEWEST_SPECS:
        differ = bool((found != found[:, :1]).any())  # all equal: nothing to test
        p = float(stats.friedmanchisquare(*found.T).pvalue) if differ else 1.0
        q = stats.studentized_range.ppf(1 - LEVEL, wide, math.inf) / math.sqrt(2)
        difference = float(q * math.sqrt(wide * (wide + 1) / (6 * count)))
        groups = _groups(specs, means, difference if p < LEVEL else math.inf)
    return Ranks(
        tasks=tuple(tasks),
        specs=tuple(specs),
        ranks=tuple(tuple(row) for row in found.tolist()),
        means=tuple(means.tolist()),
        p=p,
        critical_difference=difference,
        groups=groups,
        left_out=left_out,
    )


def _errors(table: ComparisonTable) -> dict[str, float]:
    """Return the mean deciding score by spec, its sign such that lower is better.

    Published rows are not ranked: they never change what is said of the others.
    """
    column = table.columns[0]
    sign = 1.0 if column.better == "lower" else -1.0
    scores = {
        line.spec: line.scores[column.name].mean
        for line in table.lines
        if line.origin != "leaderboard"
    }
    return {spec: sign * mean for spec, mean in scores.items() if not math.isnan(mean)}


def _groups(
    specs: Sequence[str], means: np.ndarray, difference: float
) -> tuple[tuple[str, ...], ...]:
    """Return the largest runs of specs whose mean ranks differ by less."""
    found: list[tuple[str, ...]] = []
    end = 0
    for start in range(len(specs)):
        reach = start + int(np.sum(means[start:] - means[start] < difference))
        if reach > end and reach - start > 1:
            found.append(tuple(specs[start:reach]))
        end = max(end, reach)
    return tuple(found)
