"""Everything that comparisons found, as JSON."""

from __future__ import annotations

from typing import Any

from ngn_core.report.formats.json_file import as_json, table_as_plain
from ngn_core.summary.summary import ComparisonSummary, Findings


def summary_as_json(summary: ComparisonSummary) -> str:
    """Return everything that was found, as JSON."""
    return as_json([_plain(found) for found in summary.parts])


def _plain(found: Findings) -> dict[str, Any]:
    table = found.comparison
    return {
        "heading": found.heading,
        "dataset": table.dataset,
        "target": table.target,
        "unit": table.unit,
        "task": table.task,
        "crystals": table.crystals,
        "n_folds": table.n_folds,
        "fold_source": table.fold_source,
        "held_out": table.held_out,
        "seeds": table.seeds,
        "summary": found.conclusions,
        "remarks": found.remarks,
        "tables": [table_as_plain(one) for one in found.at("data")],
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
