"""How far a difference depends on which crystals were tested on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ngn_core.experiment.result import Result
from ngn_core.statistics.crystal_errors import CrystalError
from ngn_core.statistics.verdicts import Interval

RESAMPLES = 2000
_AT_ONCE = 2_000_000
"""Crystals that are drawn at once, so that memory is bounded."""

_ROUNDING = 1e-4
"""Relative; predictions are stored in float32."""


def is_mean_error(results: Sequence[Result]) -> bool:
    """Return whether the deciding score is the mean of the crystals' absolute errors.

    Told from the numbers, whatever the metric is called. Without predictions it is not.
    """
    return all(
        bool(result.predictions)
        and np.isclose(
            result.scores[0].value,
            np.mean([abs(target - guess) for _, target, guess in result.predictions]),
            rtol=_ROUNDING,
        )
        for result in results
    )


def bootstrap(
    spec: Sequence[CrystalError],
    other: Sequence[CrystalError],
    formulas: Mapping[str, str],
) -> Interval:
    """Return the 95 % interval of the difference in mean error, spec - other.

    A paired bootstrap (Efron & Tibshirani 1993, ch. 13, percentiles) over groups of
    crystals of one formula. The trained models are given: what other training crystals
    or seeds would change is not in it.

    Args:
        spec: errors of one spec.
        other: errors of the other one; crystals that both have are drawn.
        formulas: by id; a crystal without one is a group of its own.
    """
    from scipy import stats

    sums, counts = _groups(spec, other, formulas)
    if len(sums) == 1:  # nothing to draw from
        mean = float(sums[0] / counts[0])
        return Interval(mean, mean)
    drawn = stats.bootstrap(
        (sums, counts),
        lambda total, count, axis: total.sum(axis) / count.sum(axis),
        n_resamples=RESAMPLES,
        batch=max(_AT_ONCE // len(sums), 1),
        vectorized=True,
        paired=True,
        method="percentile",
        rng=np.random.default_rng(0),
    )
    low, high = drawn.confidence_interval
    return Interval(float(low), float(high))


def win_rate(
    spec: Sequence[CrystalError], other: Sequence[CrystalError]
) -> float | None:
    """Return the share of crystals that the spec predicts closer, halves for draws."""
    differences = [mine - theirs for mine, theirs in _shared(spec, other).values()]
    if not differences:
        return None
    return float(np.mean([(d < 0) + 0.5 * (d == 0) for d in differences]))


def _groups(
    spec: Sequence[CrystalError],
    other: Sequence[CrystalError],
    formulas: Mapping[str, str],
) -> tuple[np.ndarray, np.ndarray]:
    """Return sums of differences and numbers of crystals, both [groups]."""
    sums: dict[str, float] = {}
    counts: dict[str, int] = {}
    for name, (mine, theirs) in _shared(spec, other).items():
        group = formulas.get(name, f"id {name}")
        sums[group] = sums.get(group, 0.0) + mine - theirs
        counts[group] = counts.get(group, 0) + 1
    return np.array(list(sums.values())), np.array(list(counts.values()), float)


def _shared(
    spec: Sequence[CrystalError], other: Sequence[CrystalError]
) -> dict[str, tuple[float, float]]:
    theirs = {one.id: one.error for one in other}
    return {one.id: (one.error, theirs[one.id]) for one in spec if one.id in theirs}
