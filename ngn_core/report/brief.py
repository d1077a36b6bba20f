"""Scores, verdicts and costs in one table: what fits on a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from ngn_core.report.cost_sentences import costs_sentences
from ngn_core.report.costs import costs_sheet
from ngn_core.report.fitting import fitted
from ngn_core.report.rows import scores_sheet
from ngn_core.report.sheet import Sheet
from ngn_core.report.verdicts import verdicts_sheet
from ngn_core.summary.comparison import Table

_LEAST = (
    "crystals 95 %",
    "better / equivalent / worse",
    "90 % interval",
    "Holm p",
    "nodes [/crystal]",
    "angles [/crystal]",
    "torsions [/crystal]",
    "edges [/crystal]",
    "epochs",
    "peak memory [MiB]",
    "graph [ms/crystal]",
    "FLOPs [/crystal]",
    "training [crystals/s]",
    "trials",
    "inference [crystals/s]",
    "place",
)
"""Columns that go first where there is no room; files have them all."""

_NEVER = ("won",)


@dataclass(frozen=True)
class _Column:
    """A column: its heading, and its texts by spec."""

    heading: str
    texts: dict[str, str]
    is_word: bool


def brief_sheet(table: Table, width: int) -> Sheet:
    """Return a row for each spec, with as many columns as fit.

    Args:
        table: with one line or more.
        width: of the terminal, letters.
    """
    first, *others = _columns(scores_sheet(table))
    columns = [first]
    verdicts = verdicts_sheet(table)
    scores = [column for column in others if column.heading not in _LEAST]
    counts = [column for column in others if column.heading in _LEAST]
    columns += scores
    if verdicts is not None:
        columns += _columns(verdicts)[1:]
    columns += [*_columns(costs_sheet(table))[1:], *counts]
    columns = [column for column in columns if column.heading not in _NEVER]
    columns.sort(key=lambda column: not column.is_word)
    specs = [line.spec for line in table.lines]
    whole = Sheet(
        "",
        tuple(column.heading for column in columns),
        sum(column.is_word for column in columns),
        (
            tuple(
                tuple(column.texts.get(spec, "-") for column in columns)
                for spec in specs
            ),
        ),
        _note(table),
        frozenset(line.spec for line in table.lines if line.best),
        (
            *_LEAST,
            *(column.heading for column in reversed(scores[1:])),
            "parameters",
            "95 % interval",
        ),
    )
    return fitted(whole, width)[0]


def _columns(sheet: Sheet) -> list[_Column]:
    rows = [row for group in sheet.groups for row in group]
    return [
        _Column(
            heading,
            {row[0]: row[place] for row in reversed(rows)},
            place < sheet.left,
        )
        for place, heading in enumerate(sheet.columns)
    ]


def _note(table: Table) -> str:
    """Return what the marks mean, and how costs were measured."""
    sentences = []
    verdicts = table.verdicts
    if verdicts is not None and verdicts.pairs:
        sentences.append(
            "Bold: not separated from the best. Outcome and error: against "
            f"{verdicts.baseline}, on fold means (Nadeau and Bengio, Holm)."
        )
    return " ".join([*sentences, *costs_sentences(table)])
