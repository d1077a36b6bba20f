"""The report as Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ngn_core.compare.comparison import Line, Table
from ngn_core.report.leakage import (
    LEAKAGE_COLUMNS,
    leakage_as_plain,
    leakage_rows,
    leakage_sheet,
)
from ngn_core.report.rows import (
    COSTS,
    SIZES,
    Field,
    cost_fields,
    heading,
    remarks,
    score_fields,
)
from ngn_core.report.sheet import sheet_as_markdown


def write_report(tables: Sequence[Table], folder: Path) -> list[Path]:
    """Write the tables in every format and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "comparison.md": as_markdown(tables),
        "comparison.csv": as_csv(tables),
        "comparison.json": as_json(tables),
        "leakage.csv": leakage_as_csv(tables),
    }
    for name, text in texts.items():
        partial = folder / f"{name}.partial"
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, folder / name)
    return [folder / name for name in texts]


def as_markdown(tables: Sequence[Table]) -> str:
    """Return the tables as Markdown."""
    parts = []
    for table in tables:
        parts.append(f"## {heading(table)}\n")
        if table.lines:
            parts.append(_markdown(table, score_fields(table)))
            parts.append(_markdown(table, cost_fields(table)))
        if table.leakage is not None and table.leakage.leaks:
            parts.append(sheet_as_markdown(leakage_sheet(table.leakage)))
        parts.append("\n".join(f"- {sentence}" for sentence in remarks(table)) + "\n")
    return "\n".join(parts)


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


def leakage_as_csv(tables: Sequence[Table]) -> str:
    """Return one row for each spec, and for copying twins, with and without a twin."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["dataset", "target", *LEAKAGE_COLUMNS])
    for table in tables:
        if table.leakage is not None:
            for row in leakage_rows(table.leakage):
                writer.writerow([table.dataset, table.target, *row])
    return text.getvalue()


def as_json(tables: Sequence[Table]) -> str:
    """Return everything that the tables hold, as JSON."""
    return json.dumps([_plain(table) for table in tables], indent=1, ensure_ascii=False)


def _markdown(table: Table, fields: Sequence[Field]) -> str:
    head = " | ".join(field.heading for field in fields)
    rule = " | ".join("---" if place == 0 else "---:" for place in range(len(fields)))
    lines = [f"| {head} |", f"| {rule} |"]
    for line in table.lines:
        texts = [field.text(line) for field in fields]
        if line.best:
            texts[0] = f"**{texts[0]}**"
        lines.append(f"| {' | '.join(texts)} |")
    return "\n".join(lines) + "\n"


def _row(result: Any, line: Line) -> dict[str, Any]:
    row = {
        "dataset": result.dataset,
        "target": result.target,
        "spec": line.spec,
        "fold": result.fold,
        "seed": result.seed,
        "epochs": result.epochs,
        "train_size": result.train_size,
        "digest": result.digest,
    }
    for score in result.scores:
        unit = f" [{score.unit}]" if score.unit else ""
        row[f"{score.name}{unit}"] = score.value
    for name, _, unit, _ in COSTS:
        row[f"{name} [{unit}]" if unit else name] = result.cost.get(name)
    for name, title in SIZES:
        row[f"{title} [/crystal]"] = result.graph.get(name)
    row["graph build [s/crystal]"] = result.graph.get("build_seconds")
    return row


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
        "remarks": remarks(table),
        "specs": [
            {
                "spec": line.spec,
                "best": line.best,
                "scores": {
                    column.name: {
                        "title": column.title,
                        "unit": column.unit,
                        "better": column.better,
                        "mean": line.scores[column.name].mean,
                        "std": line.scores[column.name].std,
                        "trials": line.scores[column.name].count,
                    }
                    for column in table.columns
                },
                "cost": {
                    name: {"unit": unit, "value": line.cost(name)}
                    for name, _, unit, _ in COSTS
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
