"""Scores, verdicts and costs in one table: what fits on a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from ngn_core.compare.tables.comparison import Table
from ngn_core.report.cost_sentences import costs_sentences
from ngn_core.report.costs import costs_sheet
from ngn_core.report.rows import scores_sheet
from ngn_core.report.sheet import Sheet, two_lines
from ngn_core.report.verdicts import verdicts_sheet

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
_GAP = 3


@dataclass(frozen=True)
class _Column:
    """A column: its heading, and its texts by spec."""

    heading: str
    texts: dict[str, str]
    is_word: bool

    def width(self) -> int:
        """Return how many letters it takes; a heading may have two lines."""
        parts = (*two_lines(self.heading).split("\n"), *self.texts.values())
        return max(map(len, parts))


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
    kept = _fitting(columns, width, [column.heading for column in scores[1:]])
    specs = [line.spec for line in table.lines]
    rows = tuple(
        tuple(column.texts.get(spec, "-") for column in kept) for spec in specs
    )
    left = sum(column.is_word for column in kept)
    words = sorted(kept, key=lambda column: not column.is_word)
    order = [kept.index(column) for column in words]
    return Sheet(
        "",
        tuple(kept[place].heading for place in order),
        left,
        (tuple(tuple(row[place] for place in order) for row in rows),),
        _note(table),
        frozenset(line.spec for line in table.lines if line.best),
    )


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


def _fitting(columns: list[_Column], width: int, scores: list[str]) -> list[_Column]:
    """Return the columns without those that matter least, until the rest fits."""
    kept = list(columns)
    for heading in (*_LEAST, *reversed(scores), "parameters", "95 % interval"):
        if sum(column.width() + _GAP for column in kept) + 1 <= width:
            break
        kept = [column for column in kept if column.heading != heading]
    return kept


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
