"""Curves of error and cost over what was swept, from results alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Any

from scipy import stats

from ngn_core.costs.costs import Costs
from ngn_core.costs.time_to_error import training_seconds
from ngn_core.experiment.result import Result
from ngn_core.spec.sweep import TRAIN_SIZE
from ngn_core.statistics.corrected_t import correct_t_test
from ngn_core.statistics.verdicts import Interval

COSTS = (
    "parameters",
    "flops_per_crystal",
    "train_seconds",
    "inference_crystals_per_second",
)
"""Costs that have a curve; seconds and speeds are those of the exclusive pass."""


@dataclass(frozen=True)
class CurvePoint:
    """One swept spec: its error and what it costs.

    Attributes:
        spec: its name.
        value: of the swept key.
        edges: a crystal, mean over the dataset; None for a baseline.
        train_size: crystals trained on, mean over the folds.
        tested: crystals tested on, mean over the folds.
        mean: of the deciding metric over trials.
        std: over trials, ddof 0.
        folds: mean over seeds, by fold.
        costs: by name; None where it was not measured.
    """

    spec: str
    value: float
    edges: float | None
    train_size: float
    tested: float
    mean: float
    std: float
    folds: Mapping[int, float]
    costs: Mapping[str, float | None]


@dataclass(frozen=True)
class PowerLaw:
    """error = factor * n ** -exponent, n the crystals trained on.

    Attributes:
        exponent: mean over folds of minus the slope of log error over log n.
        interval: 95 % over folds, Nadeau and Bengio's; None with one fold.
        factor: in the unit of the metric.
    """

    exponent: float
    interval: Interval | None
    factor: float


@dataclass(frozen=True)
class Curve:
    """One spec over one swept key.

    Attributes:
        of: name of the spec that was swept.
        key: such as `graph.edges.neighbors`.
        fixed: other swept keys, and the values that they have on this curve.
        points: by value.
        power_law: where the size of the training part was swept and errors allow it.
    """

    of: str
    key: str
    fixed: Mapping[str, Any]
    points: tuple[CurvePoint, ...]
    power_law: PowerLaw | None

    @property
    def title(self) -> str:
        """Return the spec with the values that do not change along the curve."""
        told = ", ".join(f"{_end(key)}={value}" for key, value in self.fixed.items())
        return f"{self.of} ({told})" if told else self.of

    @property
    def across(self) -> str:
        """Return what is swept, in short."""
        return _end(self.key)


@dataclass(frozen=True)
class Curves:
    """All curves of a table.

    Attributes:
        title: of the deciding metric.
        unit: of it.
        better: lower or higher.
        curves: by swept key.
    """

    title: str
    unit: str
    better: str
    curves: tuple[Curve, ...]

    @property
    def by_key(self) -> dict[str, list[Curve]]:
        """Return the curves of each swept key."""
        found: dict[str, list[Curve]] = {}
        for curve in self.curves:
            found.setdefault(curve.key, []).append(curve)
        return found


def curves_of(results: Iterable[Result], costs: Costs) -> Curves | None:
    """Return the curves that results of one dataset and target make, None where none.

    Values that are no numbers part curves; each swept number has a curve for every
    combination of the others.

    Args:
        results: of trials.
        costs: of those that were measured.
    """
    by_spec: dict[str, list[Result]] = {}
    for result in results:
        if result.point is not None:
            by_spec.setdefault(result.spec, []).append(result)
    series: dict[tuple[str, str, str], list[tuple[dict[str, Any], CurvePoint]]] = {}
    required = None
    for spec, own in by_spec.items():
        point, required = own[0].point, own[0].scores[0]
        assert point is not None
        for key, value in point.values.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            fixed = {name: one for name, one in point.values.items() if name != key}
            place = (key, point.of, repr(sorted(fixed.items(), key=str)))
            at = _point(spec, float(value), own, costs)
            series.setdefault(place, []).append((fixed, at))
    curves = [
        _curve(of, key, found)
        for (key, of, _), found in series.items()
        if len(found) > 1
    ]
    if required is None or not curves:
        return None
    curves.sort(key=lambda curve: curve.key)
    return Curves(required.title, required.unit, required.better, tuple(curves))


def power_law(points: Sequence[CurvePoint]) -> PowerLaw | None:
    """Return the law fitted to each fold, None where the numbers allow none."""
    sizes = [point.train_size for point in points]
    folds = set.intersection(*(set(point.folds) for point in points))
    errors = [[point.folds[fold] for point in points] for fold in sorted(folds)]
    if len(set(sizes)) < 2 or not errors or min(map(min, errors)) <= 0:
        return None
    logs = [math.log(size) for size in sizes]
    fits = [stats.linregress(logs, [math.log(e) for e in fold]) for fold in errors]
    exponents = [-float(fit.slope) for fit in fits]
    factor = math.exp(fmean(float(fit.intercept) for fit in fits))
    return PowerLaw(fmean(exponents), _interval(exponents, points), factor)


def _interval(values: Sequence[float], points: Sequence[CurvePoint]) -> Interval | None:
    """Return the corrected interval, with the folds' largest training parts."""
    if len(values) < 2:
        return None
    largest = max(points, key=lambda point: point.train_size)
    return correct_t_test(values, largest.tested / largest.train_size).interval(0.95)


def _curve(
    of: str, key: str, found: Sequence[tuple[dict[str, Any], CurvePoint]]
) -> Curve:
    points = sorted((point for _, point in found), key=lambda point: point.value)
    law = power_law(points) if key == TRAIN_SIZE else None
    return Curve(of, key, found[0][0], tuple(points), law)


def _point(
    spec: str, value: float, results: Sequence[Result], costs: Costs
) -> CurvePoint:
    by_fold: dict[int, list[float]] = {}
    for result in results:
        by_fold.setdefault(result.fold, []).append(result.scores[0].value)
    scores = [result.scores[0].value for result in results]
    edges = [result.graph["edge"] for result in results if "edge" in result.graph]
    return CurvePoint(
        spec=spec,
        value=value,
        edges=fmean(edges) if edges else None,
        train_size=fmean(result.train_size for result in results),
        tested=fmean(len(result.predictions) for result in results),
        mean=fmean(scores),
        std=pstdev(scores),
        folds={fold: fmean(values) for fold, values in sorted(by_fold.items())},
        costs=_costs(results, costs),
    )


def _costs(results: Sequence[Result], costs: Costs) -> dict[str, float | None]:
    """Return what a spec costs; training is the mean over trials."""
    cost = costs.of(results)
    found = (
        _mean("parameters", results),
        _mean("flops_per_crystal", results),
        None if cost is None else fmean(training_seconds(r, cost) for r in results),
        None if cost is None else 1 / cost.infer,
    )
    return dict(zip(COSTS, found, strict=True))


def _mean(name: str, results: Sequence[Result]) -> float | None:
    values = [result.cost.get(name) for result in results]
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _end(key: str) -> str:
    return key.rpartition(".")[2]
