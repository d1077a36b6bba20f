"""A screening on the terminal: its best rows, and what they rest on."""

from __future__ import annotations

from ngn_core.prediction.screened import COLUMNS, NUMBERS, Summary
from ngn_core.prediction.timing import Timing
from ngn_core.prediction.top_rows import TopRows
from ngn_core.report.console import plain, wide
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.numbers import plural
from ngn_core.summary.typed_table import Kind, TableColumn, TypedTable


def print_screening(summary: Summary, ranking: TopRows, seconds: float) -> None:
    """Print the best rows, if any are wanted, and what was screened."""
    console = wide()
    table = top_table(summary, ranking)
    if table is not None:
        print_table(console, table)
    sentences = [
        f"{plural(summary.structures, 'structure')} of {summary.source}: "
        f"{summary.target} [{summary.unit}] by "
        f"{plural(summary.trials, 'trial')} of {summary.spec}; {summary.failed:,} "
        f"failed, with the reason in their row. Written to {summary.out}.",
        _pace(summary.timing, seconds),
        summary.assumption,
    ]
    if not summary.has_domain:
        sentences.append(
            "No flags: these trials do not say which crystals they were trained on; "
            "the same comparison with --fresh keeps it."
        )
    for sentence in sentences:
        console.print(plain(sentence), soft_wrap=True)


def _pace(timing: Timing, seconds: float) -> str:
    """Return how quick this call was, and what it was busy with."""
    if not timing.new:
        return "All rows were there already."
    rate = f"{timing.new / seconds:,.0f} structures a second"
    if earlier := timing.done - timing.new:
        rate += f", {earlier:,} of earlier calls were there"
    return (
        f"{rate}; {timing.waited / seconds:.0%} of the time went to waiting for "
        f"graphs, {timing.networks / seconds:.0%} to networks."
    )


def top_table(summary: Summary, ranking: TopRows) -> TypedTable | None:
    """Return the table of the best rows, None where none are wanted."""
    rows = ranking.best()
    if not rows:
        return None
    used = [
        place for place, name in enumerate(COLUMNS) if any(row[place] for row in rows)
    ]
    used.sort(key=lambda place: (place > 0 and COLUMNS[place] in NUMBERS, place))
    which = "least" if ranking.least else "greatest"
    return TypedTable(
        "screening",
        f"The {len(rows)} {which} by {ranking.by}: {summary.target} [{summary.unit}]",
        tuple(_column(COLUMNS[place]) for place in used),
        (tuple(tuple(_cell(place, row[place]) for place in used) for row in rows),),
    )


def _column(name: str) -> TableColumn:
    kind: Kind = "score" if name in NUMBERS else "word"
    return TableColumn(name, name.replace("_", " "), kind=kind)


def _cell(place: int, text: str) -> str | float:
    return float(text) if text and COLUMNS[place] in NUMBERS else text
