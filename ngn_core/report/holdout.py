"""Readings of hold-outs on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ngn_core.report.console import plain, wide
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.numbers import plural
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.prediction.holdout_score import Reading


def print_readings(readings: Sequence[Reading]) -> None:
    """Print the scores of each reading, and how often it was read before."""
    console = wide()
    for reading in readings:
        console.print()
        console.print(plain(_heading(reading), "bold"))
        print_table(console, reading_table(reading))
        for skipped in reading.skipped:
            sentence = f"Skipped {skipped.id} ({skipped.where}): {skipped.reason}"
            console.print(plain(sentence), soft_wrap=True)
        if reading.unread:
            names = ", ".join(reading.unread)
            sentence = f"Not read: {names}; baselines keep nothing that could predict."
            console.print(plain(sentence), soft_wrap=True)
        console.print(plain(_history(reading)), soft_wrap=True)


def _heading(reading: Reading) -> str:
    held_out = reading.held_out
    unit = f", {reading.unit}" if reading.unit else ""
    return (
        f"{reading.dataset}: {reading.target}{unit}, "
        f"{plural(len(held_out.ids), 'crystal')} held out "
        f"({plural(held_out.n_groups, 'group')} by {held_out.by})"
    )


def reading_table(reading: Reading) -> TypedTable:
    """Return the scores of each spec."""
    first = reading.lines[0].scores
    rows: tuple[Row, ...] = tuple(
        (line.spec, *(one.value for one in line.scores), line.alone, line.trials)
        for line in reading.lines
    )
    return TypedTable(
        "holdout",
        "",
        (
            TableColumn("spec", "spec"),
            *(TableColumn(one.name, one.title, one.unit, "score") for one in first),
            TableColumn("alone", f"{first[0].title} of one trial", kind="score"),
            TableColumn("trials", "trials", kind="count"),
        ),
        (rows,),
    )


def _history(reading: Reading) -> str:
    if not reading.before:
        return (
            "First reading of this hold-out; it is recorded. Scores are of the mean "
            "over the trials of a spec."
        )
    times = plural(len(reading.before), "time")
    dates = ", ".join(dict.fromkeys(date[:10] for date in reading.before))
    return (
        f"This hold-out was read {times} before ({dates}): whatever was chosen since "
        "by what it showed is no longer tested by it. This reading is recorded too."
    )
