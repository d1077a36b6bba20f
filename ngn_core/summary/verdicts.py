"""Verdicts as tables: each spec against the best, or against the baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ngn_core.statistics.verdicts import Interval, Pair, Probabilities, Verdicts
from ngn_core.summary.numbers import format_percent
from ngn_core.summary.typed_table import (
    FILES,
    Row,
    TableColumn,
    TypedTable,
    data_column,
)

_SPEC = TableColumn("spec", "spec")
_COLUMNS = (
    TableColumn("outcome", "outcome"),
    TableColumn("relative", "error", kind="change"),
    TableColumn("relative_95", "95 % interval", kind="change", priority=10),
    TableColumn("relative_90", "90 % interval", kind="change", priority=88),
    TableColumn("holm_p", "Holm p", kind="p", priority=87),
    TableColumn("relative_bootstrap_95", "crystals 95 %", kind="change", priority=92),
    TableColumn("p_better", "P better", kind="hundredths", priority=91),
    TableColumn("p_equivalent", "P equivalent", kind="hundredths", priority=90),
    TableColumn("p_worse", "P worse", kind="hundredths", priority=89),
    TableColumn("won", "won", kind="share", priority=93),
)
_DATA = tuple(
    map(
        data_column,
        (
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
            "holm_p_all_pairs",
            "bootstrap_low_95",
            "bootstrap_high_95",
            "seeds_to_decide",
            "folds_to_decide",
            "seed_noise_known",
            "folds_open",
            "folds_missing",
        ),
    )
)

_NOTE = (
    "Intervals are Nadeau and Bengio's, over fold means; the 90 % one inside ±{margin} "
    "is equivalence, Holm p below 0.05 is better or worse, all else is undecided. "
    "Crystals 95 %: bootstrap over test crystals{grouped}, given these trained models. "
    "P better, equivalent, worse: Bayesian correlated t-test. Won: share of crystals "
    "that the spec predicts closer."
)


def verdicts_table(verdicts: Verdicts) -> TypedTable | None:
    """Return a row for each other spec, None where there is none."""
    if not verdicts.pairs:
        return None
    what = "the best" if verdicts.chosen else "the baseline"
    grouped = " grouped by formula" if verdicts.grouped else ""
    return TypedTable(
        "verdicts",
        f"Verdicts: {error_name(verdicts)} against {verdicts.baseline} ({what})",
        (_SPEC, data_column("other"), *_COLUMNS, *_DATA),
        (tuple(_row(pair, verdicts) for pair in verdicts.pairs),),
        _NOTE.format(margin=format_percent(verdicts.margin, "-"), grouped=grouped),
        facts={
            "baseline": verdicts.baseline,
            "chosen": verdicts.chosen,
            "metric": verdicts.metric,
            "unit": verdicts.unit,
            "better": verdicts.better,
            "margin": verdicts.margin,
            "grouped": verdicts.grouped,
            "best": verdicts.best,
        },
        places=FILES,
    )


def all_pairs_table(verdicts: Verdicts) -> TypedTable | None:
    """Return a row for each pair of all, None where they were not asked for."""
    if not verdicts.all_pairs:
        return None
    return TypedTable(
        "all_pairs",
        f"All pairs: {error_name(verdicts)}",
        (_SPEC, TableColumn("other", "against"), *_COLUMNS, *_DATA),
        (tuple(_row(pair, verdicts) for pair in verdicts.all_pairs),),
        f"As above, Holm p over all {len(verdicts.all_pairs)} pairs.",
        places=FILES,
    )


def error_name(verdicts: Verdicts) -> str:
    """Return what percentages are of: the metric, or one minus it."""
    return verdicts.metric if verdicts.better == "lower" else f"1 - {verdicts.metric}"


def _row(pair: Pair, verdicts: Verdicts) -> Row:
    chances = pair.probabilities or Probabilities(math.nan, math.nan, math.nan)
    required = pair.required
    numbers = (chances.better, chances.equivalent, chances.worse)
    return (
        pair.spec,
        pair.other,
        pair.outcome,
        pair.relative,
        _shares(pair, pair.interval),
        _shares(pair, pair.equivalence),
        pair.holm,
        _shares(pair, pair.bootstrap),
        *(None if math.isnan(number) else number for number in numbers),
        pair.win_rate,
        verdicts.metric,
        verdicts.unit,
        pair.folds,
        pair.score,
        pair.other_score,
        pair.difference,
        *_ends(pair.interval),
        *_ends(pair.equivalence),
        pair.margin,
        pair.t,
        pair.p,
        pair.holm_all,
        *_ends(pair.bootstrap),
        None if required is None else required.seeds,
        None if required is None else required.folds,
        None if required is None else required.seeds_known,
        None if required is None else required.folds_open,
        " ".join(map(str, pair.missing)),
    )


def _shares(pair: Pair, interval: Interval | None) -> Interval | None:
    return None if interval is None else pair.shares(interval)


def _ends(interval: Interval | None) -> Sequence[float | None]:
    return (None, None) if interval is None else (interval.low, interval.high)
