"""The way from one spec's error to another's, factor by factor, as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ngn_core.report.effects import SHARES, interval, outcome_of
from ngn_core.report.palette import NEUTRAL
from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.summary.numbers import signed

if TYPE_CHECKING:
    from ngn_core.attribution.attribution import Effect
    from ngn_core.attribution.explain import Explanation

_OUTCOMES = {"better": 2, "worse": 3, "undecided": 1}
"""Place in the palette of each outcome."""

_NULL = "symmetry (null)"


def waterfall(found: Explanation) -> Plot:
    """Return the way from one spec's error to the other's, factor by factor."""
    own, plan = found.attribution, found.plan
    start = next(worth for worth in own.worths if not worth.changed).mean
    end = start + own.total.mean
    drawn: dict[str, list[tuple[str, float, float, Effect]]] = {}
    level = start
    for share in own.shares:
        bar = (share.factors[0], level, level + share.mean, share)
        drawn.setdefault(outcome_of(share, own), []).append(bar)
        level += share.mean
    ends = Series(
        "specs", "points", (plan.first, plan.last), (start, end), color=NEUTRAL
    )
    series = [ends, *(_bars(kind, bars) for kind, bars in drawn.items())]
    words = [plan.first, *(bar.factors[0] for bar in own.shares), plan.last]
    if own.floor is not None:
        low, high = end - own.floor / 2, end + own.floor / 2
        null = Series(_NULL, "bars", (_NULL,), (high,), base=(low,), color=NEUTRAL)
        series, words = [*series, null], [*words, _NULL]
    return Plot(
        "waterfall",
        f"{own.metric}, factor by factor",
        Axis("", words=tuple(words)),
        Axis(own.metric, own.unit),
        tuple(series),
        f"{SHARES} The gray bar is as high as the noise floor.",
    )


def _bars(kind: str, bars: Sequence[tuple[str, float, float, Effect]]) -> Series:
    known = [bar for bar in bars if bar[3].interval is not None]
    whole = len(known) == len(bars)
    return Series(
        kind,
        "bars",
        tuple(name for name, _, _, _ in bars),
        tuple(top for _, _, top, _ in bars),
        tuple(base + e.interval.low for _, base, _, e in bars if e.interval)
        if whole
        else (),
        tuple(base + e.interval.high for _, base, _, e in bars if e.interval)
        if whole
        else (),
        base=tuple(base for _, base, _, _ in bars),
        texts=tuple(
            f"{name}: {signed(e.mean)} ({interval(e)})" for name, _, _, e in bars
        ),
        color=_OUTCOMES[kind],
    )
