"""Everything that tables hold, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ngn_core.report.costs import costs_as_plain
from ngn_core.report.coverage import coverage_as_plain, rejection_as_plain
from ngn_core.report.leakage import leakage_as_plain
from ngn_core.report.rows import heading, remarks, title_of
from ngn_core.report.summary import summary
from ngn_core.report.sweep import sweep_as_plain
from ngn_core.report.verdicts import verdicts_as_plain
from ngn_core.summary.comparison import Table


def as_json(tables: Sequence[Table]) -> str:
    """Return everything that the tables hold, as JSON."""
    return json.dumps([_plain(table) for table in tables], indent=1, ensure_ascii=False)


def _plain(table: Table) -> dict[str, Any]:
    return {
        "heading": heading(table),
        "dataset": table.dataset,
        "target": table.target,
        "unit": table.unit,
        "task": table.task,
        "crystals": table.crystals,
        "n_folds": table.n_folds,
        "fold_source": table.fold_source,
        "held_out": table.held_out,
        "seeds": table.seeds,
        "summary": summary(table),
        "remarks": remarks(table),
        "specs": [
            {
                "spec": line.spec,
                "source": line.origin,
                "best": line.best,
                "scores": {
                    column.name: {
                        "title": title_of(column, table),
                        "unit": column.unit,
                        "better": column.better,
                        "mean": line.scores[column.name].mean,
                        "std": line.scores[column.name].std,
                        "trials": line.scores[column.name].count,
                    }
                    for column in table.columns
                },
                "trials": [
                    {
                        "digest": result.digest,
                        "fold": result.fold,
                        "seed": result.seed,
                        "scores": {score.name: score.value for score in result.scores},
                    }
                    for result in line.results
                ],
            }
            for line in table.lines
        ],
        "verdicts": verdicts_as_plain(table.verdicts),
        "coverage": coverage_as_plain(table),
        "rejection": rejection_as_plain(table),
        "costs": costs_as_plain(table) if table.lines else [],
        "sweep": None if table.curves is None else sweep_as_plain(table.curves),
        "leakage": None if table.leakage is None else leakage_as_plain(table.leakage),
        "failures": [
            {
                "spec": failure.trial.spec.name,
                "fold": failure.trial.fold,
                "seed": failure.trial.seed,
                "reason": failure.reason,
            }
            for failure in table.failures
        ],
        "skipped": [
            {"id": skipped.id, "where": skipped.where, "reason": skipped.reason}
            for skipped in table.skipped
        ],
    }
