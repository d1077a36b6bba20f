"""Predictions as a table and as CSV."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ngn_core.compare.predict import Predictions
from ngn_core.report.numbers import spread

_SHOWN = 50


def print_predictions(predictions: Predictions) -> None:
    """Print a row for each structure and model, the first ones if there are many."""
    console = Console()
    made = Table()
    for title in ("id", "spec", "target"):
        made.add_column(title)
    made.add_column("prediction ± spread over trials", justify="right")
    for title in ("unit", "trials"):
        made.add_column(title)
    for row in predictions.rows[:_SHOWN]:
        model = row.model
        made.add_row(
            row.id,
            model.spec,
            model.target,
            spread(row.mean, row.std),
            model.unit,
            str(model.trials),
        )
    console.print(made)
    if len(predictions.rows) > _SHOWN:
        console.print(f"and {len(predictions.rows) - _SHOWN} more rows; see --out")
    for skipped in predictions.skipped:
        console.print(f"skipped {skipped.id}: {skipped.reason}", markup=False)


def write_predictions(predictions: Predictions, file: Path) -> None:
    """Write a row for each structure and model as CSV, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    with partial.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            [
                "id",
                "spec",
                "dataset",
                "target",
                "unit",
                "prediction",
                "spread",
                "trials",
            ]
        )
        for row in predictions.rows:
            model = row.model
            writer.writerow(
                [
                    row.id,
                    model.spec,
                    model.dataset,
                    model.target,
                    model.unit,
                    row.mean,
                    row.std,
                    model.trials,
                ]
            )
    os.replace(partial, file)
