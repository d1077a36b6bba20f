"""Verdicts as text: each spec against the best, or against the baseline."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet
from ngn_core.statistics.verdicts import Interval, Pair, Probabilities, Verdicts
from ngn_core.summary.comparison import Table

VERDICT_COLUMNS = (
    "spec",
    "other",
    "outcome",
    "metric",
    "unit",
    "folds",
    "score",
    "other_score",
    "difference",
    "low_95",
    "high_95",
    "low_90",
    "high_90",
    "margin",
    "t",
    "p",
    "holm_p",
    "holm_p_all_pairs",
    "bootstrap_low_95",
    "bootstrap_high_95",
    "p_better",
    "p_equivalent",
    "p_worse",
    "won",
    "seeds_to_decide",
    "folds_to_decide",
)

_HEADS = (
    "spec",
    "outcome",
    "error",
    "95 % interval",
    "90 % interval",
    "Holm p",
    "crystals 95 %",
    "better / equivalent / worse",
    "won",
)

_NOTE = (
    "Intervals are Nadeau and Bengio's, over fold means; the 90 % one inside ±{margin} "
    "is equivalence, Holm p below 0.05 is better or worse, all else is undecided. "
    "Crystals 95 %: bootstrap over test crystals{grouped}, given these trained models. "
    "Better / equivalent / worse: Bayesian correlated t-test. Won: share of crystals "
    "that the spec predicts closer."
)


def verdicts_sheet(table: Table) -> Sheet | None:
    """Return a row for each other spec, None where there is none."""
    verdicts = table.verdicts
    if verdicts is None or not verdicts.pairs:
        return None
    what = "the best" if verdicts.chosen else "the baseline"
    grouped = " grouped by formula" if verdicts.grouped else ""
    return Sheet(
        f"Verdicts: {error_name(verdicts)} against {verdicts.baseline} ({what})",
        _HEADS,
        2,
        (tuple((pair.spec, *_row(pair)) for pair in verdicts.pairs),),
        _NOTE.format(margin=percent(verdicts.margin, "-"), grouped=grouped),
    )


def all_pairs_sheet(table: Table) -> Sheet | None:
    """Return a row for each pair of all, None where they were not asked for."""
    verdicts = table.verdicts
    if verdicts is None or not verdicts.all_pairs:
        return None
    return Sheet(
        f"All pairs: {error_name(verdicts)}",
        (_HEADS[0], "against", *_HEADS[1:]),
        3,
        (tuple((pair.spec, pair.other, *_row(pair)) for pair in verdicts.all_pairs),),
        f"As above, Holm p over all {len(verdicts.all_pairs)} pairs.",
    )


def error_name(verdicts: Verdicts) -> str:
    """Return what percentages are of: the metric, or one minus it."""
    return verdicts.metric if verdicts.better == "lower" else f"1 - {verdicts.metric}"


def percent(share: float, sign: str = "+") -> str:
    """Return a share as a percentage, `+6.3 %`; the sign is `-` for none before it."""
    if not math.isfinite(share):
        return "undefined"
    value = 100 * share
    decimals = 0 if abs(value) >= 9.95 or value == round(value) else 1
    return f"{value:{sign}z,.{decimals}f} %"


def percents(interval: Interval) -> str:
    """Return `-1.0 % to +2.5 %`."""
    return f"{percent(interval.low)} to {percent(interval.high)}"


def p_value(value: float | None) -> str:
    """Return a p-value with two digits, `< 0.0001` below that."""
    if value is None:
        return "-"
    return "< 0.0001" if value < 1e-4 else shown(value, 2)


def verdicts_as_plain(verdicts: Verdicts | None) -> dict[str, Any] | None:
    """Return the verdicts for JSON; what is not defined is null."""
    if verdicts is None:
        return None
    plain = asdict(verdicts)
    for pairs, written in ((verdicts.pairs, "pairs"), (verdicts.all_pairs, "every")):
        for pair, row in zip(pairs, plain[written], strict=True):
            row["relative"] = pair.relative
    found: dict[str, Any] = _finite(plain)
    return found


def verdict_rows(verdicts: Verdicts) -> Iterator[tuple[str | float, ...]]:
    """Yield rows under `VERDICT_COLUMNS`; what is not defined is empty."""
    for pair in dict.fromkeys((*verdicts.pairs, *verdicts.all_pairs)):
        chances = pair.probabilities or Probabilities(math.nan, math.nan, math.nan)
        values: tuple[float | None, ...] = (
            pair.folds,
            pair.score,
            pair.other_score,
            pair.difference,
            *_ends(pair.interval),
            *_ends(pair.equivalence),
            pair.margin,
            pair.t,
            pair.p,
            pair.holm,
            pair.holm_all,
            *_ends(pair.bootstrap),
            chances.better,
            chances.equivalent,
            chances.worse,
            pair.win_rate,
            None if pair.required is None else pair.required.seeds,
            None if pair.required is None else pair.required.folds,
        )
        found = ["" if v is None or not math.isfinite(v) else v for v in values]
        yield (
            pair.spec,
            pair.other,
            pair.outcome,
            verdicts.metric,
            verdicts.unit,
            *found,
        )


def _row(pair: Pair) -> tuple[str, ...]:
    chances = pair.probabilities
    return (
        pair.outcome,
        percent(pair.relative),
        _interval(pair, pair.interval),
        _interval(pair, pair.equivalence),
        p_value(pair.holm),
        _interval(pair, pair.bootstrap),
        "-"
        if chances is None
        else f"{chances.better:.2f} / {chances.equivalent:.2f} / {chances.worse:.2f}",
        "-" if pair.win_rate is None else f"{pair.win_rate:.0%}",
    )


def _interval(pair: Pair, interval: Interval | None) -> str:
    return "-" if interval is None else percents(pair.shares(interval))


def _ends(interval: Interval | None) -> Sequence[float | None]:
    return (None, None) if interval is None else (interval.low, interval.high)


def _finite(value: Any) -> Any:
    """Return a value with null for every number that JSON has not."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
