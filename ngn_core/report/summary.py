"""The sentences that a careful reader would write over a table."""

from __future__ import annotations

from ngn_core.report.cost_rows import CostRow, cost_rows
from ngn_core.report.ratio import as_much
from ngn_core.report.verdict_sentences import conclusion, decision, selection
from ngn_core.report.verdicts import percent
from ngn_core.statistics.verdicts import Pair, Verdicts
from ngn_core.summary.comparison import Table

_FEW = 6
"""Pairs that have a sentence each; more are told together, by outcome."""


def summary(table: Table) -> list[str]:
    """Return the conclusion, and a sentence for each pair with what it costs."""
    verdicts = table.verdicts
    if verdicts is None or not verdicts.pairs:
        return []
    rows = {row.spec: row for row in cost_rows(table)}
    sentences = [conclusion(verdicts)]
    if len(verdicts.pairs) > _FEW:
        return [*sentences, *_together(verdicts, table)]
    sentences += [
        f"{_outcome(pair, verdicts, table)}{_cost(pair, rows)}.{_decision(pair)}"
        for pair in verdicts.pairs
    ]
    return sentences + selection(verdicts)


def _decision(pair: Pair) -> str:
    return "" if pair.required is None else f" {decision(pair.required)}"


def _outcome(pair: Pair, verdicts: Verdicts, table: Table) -> str:
    """Return who is better, and by how much, or that it is not known."""
    both = f"{pair.spec} and {pair.other}"
    if pair.outcome == "undecided":
        return f"{both}: undecided on {table.target}"
    if pair.outcome == "equivalent":
        within = percent(verdicts.margin, "-")
        return f"{both}: equivalent on {table.target} within {within}"
    share = percent(abs(pair.relative), "-")
    return f"{pair.spec} is {pair.outcome} than {pair.other} by {share}"


def _cost(pair: Pair, rows: dict[str, CostRow]) -> str:
    """Return how much cheaper training one of the two is, where both were measured."""
    one, other = rows[pair.spec], rows[pair.other]
    seconds = one.values["train_seconds"], other.values["train_seconds"]
    if one.hardware != other.hardware or not seconds[0] or not seconds[1]:
        return ""
    ratio = seconds[0] / seconds[1]
    if ratio > 1:
        one, other, ratio = other, one, 1 / ratio
    words = as_much(ratio)
    told = f"; {one.spec} costs {words}" + (" to train" if words == "as much" else "")
    noisy = any(row.cost is not None and row.cost.noisy for row in (one, other))
    return f"{told} (measured on a busy machine)" if noisy else told


def _together(verdicts: Verdicts, table: Table) -> list[str]:
    """Return a sentence for each outcome that pairs have."""
    sentences = []
    for outcome in ("better", "equivalent", "undecided", "worse"):
        specs = [pair.spec for pair in verdicts.pairs if pair.outcome == outcome]
        if specs:
            to = {"equivalent": "to", "undecided": "against"}.get(outcome, "than")
            named = f"{outcome.capitalize()} {to} {verdicts.baseline}"
            sentences.append(f"{named} on {table.target}: {', '.join(specs)}.")
    return sentences
