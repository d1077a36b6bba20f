"""The sentences that a careful reader would write over a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ngn_core.statistics.verdicts import Pair, Verdicts
from ngn_core.summary.cost_rows import CostRow
from ngn_core.summary.numbers import format_percent
from ngn_core.summary.ratio import as_much
from ngn_core.summary.verdict_sentences import conclusion, decision, selection

_FEW = 6
"""Pairs that have a sentence each; more are told together, by outcome."""


def conclusions(
    verdicts: Verdicts | None, costs: Sequence[CostRow], target: str
) -> list[str]:
    """Return the conclusion, and a sentence for each pair with what it costs.

    Args:
        verdicts: of the comparison.
        costs: of its specs.
        target: its name.
    """
    if verdicts is None or not verdicts.pairs:
        return []
    rows = {row.spec: row for row in costs}
    sentences = [conclusion(verdicts)]
    if len(verdicts.pairs) > _FEW:
        return [*sentences, *_together(verdicts, target)]
    sentences += [
        f"{_outcome(pair, verdicts, target)}{_cost(pair, rows)}.{_decision(pair)}"
        for pair in verdicts.pairs
    ]
    return sentences + selection(verdicts)


def _decision(pair: Pair) -> str:
    return "" if pair.required is None else f" {decision(pair.required)}"


def _outcome(pair: Pair, verdicts: Verdicts, target: str) -> str:
    """Return who is better, and by how much, or that it is not known."""
    both = f"{pair.spec} and {pair.other}"
    if pair.outcome == "undecided":
        return f"{both}: undecided on {target}"
    if pair.outcome == "equivalent":
        within = format_percent(verdicts.margin, "-")
        return f"{both}: equivalent on {target} within {within}"
    share = format_percent(abs(pair.relative), "-")
    return f"{pair.spec} is {pair.outcome} than {pair.other} by {share}"


def _cost(pair: Pair, rows: Mapping[str, CostRow]) -> str:
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


def _together(verdicts: Verdicts, target: str) -> list[str]:
    """Return a sentence for each outcome that pairs have."""
    sentences = []
    for outcome in ("better", "equivalent", "undecided", "worse"):
        specs = [pair.spec for pair in verdicts.pairs if pair.outcome == outcome]
        if specs:
            to = {"equivalent": "to", "undecided": "against"}.get(outcome, "than")
            named = f"{outcome.capitalize()} {to} {verdicts.baseline}"
            sentences.append(f"{named} on {target}: {', '.join(specs)}.")
    return sentences
