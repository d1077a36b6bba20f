"""What each factor changes, from the results of hybrids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Literal

import numpy as np

from ngn_core.attribution.shapley import (
    Coalition,
    Values,
    along_orders,
    factorial_effects,
    shapley,
)
from ngn_core.errors import NGNError
from ngn_core.experiment.result import Result
from ngn_core.statistics.corrected_t import correct_t_test
from ngn_core.statistics.verdicts import Interval

FULL = 3
"""Factors up to which interactions are told."""

Orders = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Effect:
    """A change of the deciding metric, in its unit.

    Attributes:
        factors: one; of an interaction more.
        mean: over folds and seeds.
        folds: mean over seeds, by fold.
        interval: 95 % over folds, Nadeau and Bengio's; None with one fold.
        seed: standard deviation over seeds of the mean over folds; None with one seed.
        order: standard error over the orders that were walked; None where all were.
        outcome: of the change; undecided where the interval holds 0, or there is none.
    """

    factors: tuple[str, ...]
    mean: float
    folds: tuple[float, ...]
    interval: Interval | None
    seed: float | None
    order: float | None
    outcome: Literal["better", "worse", "undecided"]


@dataclass(frozen=True)
class ShapleyValue:
    """What a hybrid scored.

    Attributes:
        spec: its name.
        changed: the factors that it has of the last spec.
        mean: over folds and seeds.
        folds: mean over seeds, by fold.
        parameters: of its network.
        edges: a crystal.
    """

    spec: str
    changed: tuple[str, ...]
    mean: float
    folds: tuple[float, ...]
    parameters: float | None
    edges: float | None


@dataclass(frozen=True)
class Attribution:
    """How the change from one spec to another is shared out.

    Attributes:
        metric: title of the deciding one.
        unit: of it.
        better: lower or higher.
        folds: that every hybrid has a score on.
        seeds: that every hybrid has on these folds.
        total: last minus first.
        shares: Shapley value of each factor; together the total.
        effects: main effects and interactions, where there are up to three factors.
        nulls: the apparent effect of the symmetry, at each end that can have another.
        floor: mean size of these; None where there is none.
        worths: of every hybrid.
    """

    metric: str
    unit: str
    better: str
    folds: tuple[int, ...]
    seeds: tuple[int, ...]
    total: Effect
    shares: tuple[Effect, ...]
    effects: tuple[Effect, ...]
    nulls: tuple[Effect, ...]
    floor: float | None
    worths: tuple[ShapleyValue, ...]


def attribute(
    names: Mapping[Coalition, str],
    factors: Sequence[str],
    orders: Orders | None,
    nulls: Sequence[tuple[str, str]],
    results: Iterable[Result],
) -> Attribution:
    """Return what each factor changes.

    Args:
        names: of the trained hybrids.
        factors: in the order in which they are told.
        orders: that were walked; None: all, and every hybrid is there.
        nulls: names of a spec, and of the same with another symmetry.
        results: of the hybrids; others are not looked at.

    Raises:
        NGNError: where no fold has a score of every hybrid.
    """
    wanted = {*names.values(), *(name for pair in nulls for name in pair)}
    scores: dict[str, dict[tuple[int, int], Result]] = {name: {} for name in wanted}
    for result in results:
        if result.spec in wanted:
            scores[result.spec][result.fold, result.seed] = result
    folds, seeds = _common(list(scores.values()))
    if not folds:
        lacking = [name for name in sorted(wanted) if not scores[name]]
        told = f": {', '.join(lacking)} has none" if lacking else ""
        raise NGNError(f"no fold and seed has a score of every hybrid{told}")
    metric = scores[names[frozenset()]][folds[0], seeds[0]].scores[0]
    grids = {
        name: np.array([[own[f, s].scores[0].value for f in folds] for s in seeds])
        for name, own in scores.items()
    }  # [S, J]
    some = list(scores[names[frozenset()]].values())
    ratio = fmean(len(one.predictions) / one.train_size for one in some)
    teller = _Teller(ratio, metric.better == "lower")
    values = {changed: grids[name] for changed, name in names.items()}
    every = frozenset(factors)
    apparent = [
        teller.effect((name,), grids[other] - grids[name]) for name, other in nulls
    ]
    return Attribution(
        metric.title,
        metric.unit,
        metric.better,
        tuple(folds),
        tuple(seeds),
        teller.effect((), values[every] - values[frozenset()]),
        tuple(_shares(values, factors, orders, teller)),
        tuple(_effects(values, factors, orders, teller)),
        tuple(apparent),
        fmean(abs(one.mean) for one in apparent) if apparent else None,
        tuple(
            _worth(names[changed], changed, factors, values[changed], scores)
            for changed in names
        ),
    )


@dataclass(frozen=True)
class _Teller:
    """Turns changes into effects.

    Attributes:
        ratio: crystals tested over crystals trained on, of a fold.
        lower: whether lower is better.
    """

    ratio: float
    lower: bool

    def effect(
        self,
        factors: tuple[str, ...],
        grid: np.ndarray,
        order: float | None = None,
    ) -> Effect:
        """Return the effect whose changes are a grid, [S, J]."""
        folds = grid.mean(axis=0).tolist()
        over_seeds = grid.mean(axis=1).tolist()
        found = (
            correct_t_test(folds, self.ratio).interval(0.95) if len(folds) > 1 else None
        )
        outcome: Literal["better", "worse", "undecided"] = "undecided"
        if found is not None and not found.low <= 0 <= found.high:
            outcome = "better" if (found.high < 0) is self.lower else "worse"
        spread = stdev(over_seeds) if len(over_seeds) > 1 else None
        mean = float(grid.mean())
        return Effect(factors, mean, tuple(folds), found, spread, order, outcome)


def _shares(
    values: Values, factors: Sequence[str], orders: Orders | None, teller: _Teller
) -> Iterable[Effect]:
    if orders is None:
        for name, grid in shapley(values, factors).items():
            yield teller.effect((name,), grid)
        return
    for name, changes in along_orders(values, orders).items():
        means = changes.mean(axis=(1, 2))
        error = None
        if len(means) > 1:
            error = float(means.std(ddof=1) / np.sqrt(len(means)))
        yield teller.effect((name,), changes.mean(axis=0), error)


def _effects(
    values: Values, factors: Sequence[str], orders: Orders | None, teller: _Teller
) -> Iterable[Effect]:
    if orders is None and 1 < len(factors) <= FULL:
        for some, grid in factorial_effects(values, factors).items():
            yield teller.effect(some, grid)


def _worth(
    name: str,
    changed: Coalition,
    factors: Sequence[str],
    grid: np.ndarray,
    scores: Mapping[str, Mapping[tuple[int, int], Result]],
) -> ShapleyValue:
    one = next(iter(scores[name].values()))
    return ShapleyValue(
        name,
        tuple(factor for factor in factors if factor in changed),
        float(grid.mean()),
        tuple(grid.mean(axis=0).tolist()),
        one.cost.get("parameters"),
        one.graph.get("edge"),
    )


def _common(
    scores: Sequence[Mapping[tuple[int, int], Result]],
) -> tuple[list[int], list[int]]:
    """Return the folds on which every hybrid has every seed that all hybrids have."""
    both = set.intersection(*(set(own) for own in scores)) if scores else set()
    seeds = sorted({seed for _, seed in both})
    folds = sorted({fold for fold, _ in both})
    return [f for f in folds if all((f, s) in both for s in seeds)], seeds
