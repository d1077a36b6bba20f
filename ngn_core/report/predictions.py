"""Predictions as a table and as CSV."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ngn_core.report.console import plain, wide
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.numbers import format_number, plural
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.prediction.predict import Prediction, Predictions

_SHOWN = 50


def print_predictions(predictions: Predictions) -> None:
    """Print a row for each structure and model, the first ones if there are many."""
    console = wide()
    print_table(console, predictions_table(predictions))
    if len(predictions.rows) > _SHOWN:
        more = plural(len(predictions.rows) - _SHOWN, "more row")
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


def predictions_table(predictions: Predictions) -> TypedTable:
    """Return a row for each structure and model, the first ones if there are many."""
    rows = tuple(
        (
            row.id,
            row.model.spec,
            row.model.target,
            _spread(row),
            row.model.unit,
            row.model.trials,
        )
        for row in predictions.rows[:_SHOWN]
    )
    return TypedTable(
        "predictions",
        "",
        (
            TableColumn("id", "id"),
            TableColumn("spec", "spec"),
            TableColumn("target", "target"),
            TableColumn("prediction", "prediction ± spread over trials", kind="score"),
            TableColumn("unit", "unit"),
            TableColumn("trials", "trials", kind="count"),
        ),
        (rows,),
    )


def _spread(row: Prediction) -> Spread | str:
    """Return mean and spread; one trial has none."""
    if row.model.trials == 1:
        return f"{format_number(row.mean)} ± -"
    return Spread(row.mean, row.std, row.model.trials)
