"""Predictions as a table and as CSV."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from ngn_core.report.console import plain, wide
from ngn_core.summary.numbers import counted, shown, spread

if TYPE_CHECKING:
    from ngn_core.prediction.predict import Prediction, Predictions

_SHOWN = 50


def print_predictions(predictions: Predictions) -> None:
    """Print a row for each structure and model, the first ones if there are many."""
    console = wide()
    made = Table()
    for title in ("id", "spec", "target"):
        made.add_column(title, overflow="fold")
    made.add_column("prediction ± spread over trials", justify="right", overflow="fold")
    for title in ("unit", "trials"):
        made.add_column(title, overflow="fold")
    for row in predictions.rows[:_SHOWN]:
        model = row.model
        cells = (
            row.id,
            model.spec,
            model.target,
            _spread(row),
            model.unit,
            str(model.trials),
        )
        made.add_row(*map(plain, cells))
    console.print(made)
    if len(predictions.rows) > _SHOWN:
        more = counted(len(predictions.rows) - _SHOWN, "more row")
        console.print(f"and {more}; see --out")
    if any(model.is_random for model in predictions.models):
        sentence = "These weights are random: the predictions mean nothing."
        console.print(plain(sentence, "bold red"))
    if any(row.model.trials == 1 for row in predictions.rows):
        console.print("One trial gives no spread.")
    for remark in predictions.remarks:
        console.print(plain(remark))
    for skipped in predictions.skipped:
        sentence = f"skipped {skipped.id}: {skipped.reason}"
        console.print(plain(sentence), soft_wrap=True)


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
                    "" if model.trials == 1 else row.std,
                    model.trials,
                ]
            )
    os.replace(partial, file)


def _spread(row: Prediction) -> str:
    """Return mean and spread; one trial has none."""
    if row.model.trials == 1:
        return f"{shown(row.mean)} ± -"
    return spread(row.mean, row.std)
