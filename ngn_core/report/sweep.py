"""Curves over what was swept: tables, pictures, plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from ngn_core.report.numbers import shown, spread
from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.report.sheet import Sheet
from ngn_core.summary.sweep import COSTS, Curve, CurvePoint, Curves

SWEEP_COLUMNS = (
    "of",
    "spec",
    "key",
    "value",
    "edges [/crystal]",
    "train_size",
    "metric",
    "unit",
    "mean",
    "std",
    *COSTS,
)

_BAND = "Line: mean over trials. Band: their standard deviation (ddof 0)."
_EDGES = "Edges as they are stored: of symmetry-equivalent ones, one."
_LAW = (
    "Exponents b of error = a n^-b are fitted to each fold with n the crystals trained "
    "on; their interval over folds is corrected for overlapping training parts."
)

_TWO = "A power law passes through any two sizes: only more can tell whether it holds."


def sweep_sheets(curves: Curves) -> list[Sheet]:
    """Return a table for each swept key, and one of the fitted exponents."""
    sheets = []
    for key, own in _by_key(curves):
        unit = f" [{curves.unit}]" if curves.unit else ""
        columns = (
            "spec",
            own[0].across,
            "edges [/crystal]",
            "trained on",
            f"{curves.title}{unit}",
            "parameters",
            "FLOPs [/crystal]",
            "training [s/trial]",
        )
        groups = tuple(
            tuple(_row(curve, point) for point in curve.points) for curve in own
        )
        told = Sheet(f"Sweep of {key}", columns, 1, groups, least=_least(own))
        sheets.append(told)
        laws = tuple(_law(curve) for curve in own if curve.power_law is not None)
        if laws:
            heads = ("spec", "exponent", "95 % interval")
            title = f"{curves.title} over the size of the training part"
            two = any(len(curve.points) == 2 for curve in own)
            note = f"{_LAW} {_TWO}" if two else _LAW
            sheets.append(Sheet(title, heads, 1, (laws,), note))
    return sheets


def sweep_plots(curves: Curves) -> list[Plot]:
    """Return figures of error over each swept key, of error and cost over edges."""
    error = Axis(curves.title, curves.unit)
    plots = []
    for key, own in _by_key(curves):
        is_law = any(curve.power_law is not None for curve in own)
        series = tuple(
            _errors(place, curve, [_across(point, is_law) for point in curve.points])
            for place, curve in enumerate(own)
        )
        across = Axis("crystals trained on", log=True) if is_law else Axis(key)
        name, title = f"sweep_{own[0].across}", f"{curves.title} over {key}"
        up = replace(error, log=is_law)
        plots.append(Plot(name, title, across, up, series, _BAND))
    over = [curve for curve in curves.curves if _has_edges(curve)]
    if over:
        edges = [[point.edges or 0.0 for point in curve.points] for curve in over]
        across = Axis("edges", "/crystal")
        pairs = list(zip(over, edges, strict=True))
        errors = tuple(_errors(n, curve, x) for n, (curve, x) in enumerate(pairs))
        costs = tuple(_costs(n, curve, x) for n, (curve, x) in enumerate(pairs))
        title, up = f"{curves.title} over edges", Axis("FLOPs", "/crystal")
        plots.append(Plot("sweep_edges", title, across, error, errors, _BAND))
        plots.append(Plot("sweep_cost", "Cost over edges", across, up, costs, _EDGES))
    return plots


def sweep_as_plain(curves: Curves) -> dict[str, Any]:
    """Return the curves for JSON."""
    return asdict(curves)


def sweep_rows(curves: Curves) -> Iterator[tuple[str | float, ...]]:
    """Yield rows under `SWEEP_COLUMNS`; what was not measured is empty."""
    for curve in curves.curves:
        for point in curve.points:
            yield (
                curve.of,
                point.spec,
                curve.key,
                point.value,
                _or_empty(point.edges),
                point.train_size,
                curves.title,
                curves.unit,
                point.mean,
                point.std,
                *(_or_empty(point.costs[name]) for name in COSTS),
            )


def _by_key(curves: Curves) -> list[tuple[str, list[Curve]]]:
    found: dict[str, list[Curve]] = {}
    for curve in curves.curves:
        found.setdefault(curve.key, []).append(curve)
    return list(found.items())


def _row(curve: Curve, point: CurvePoint) -> tuple[str, ...]:
    return (
        curve.title,
        f"{point.value:g}",
        shown(point.edges, 3),
        shown(round(point.train_size)),
        spread(point.mean, point.std),
        shown(point.costs["parameters"], 1),
        shown(point.costs["flops_per_crystal"], 3),
        shown(point.costs["train_seconds"], 3),
    )


def _least(curves: Sequence[Curve]) -> tuple[str, ...]:
    """Return the columns that say least of a swept key."""
    if any(curve.power_law is not None for curve in curves):
        return ("edges [/crystal]", "parameters", "FLOPs [/crystal]")
    return ("trained on", "parameters", "training [s/trial]")


def _law(curve: Curve) -> tuple[str, ...]:
    law = curve.power_law
    assert law is not None
    found = law.interval
    told = "-" if found is None else f"{shown(found.low, 3)} to {shown(found.high, 3)}"
    return (curve.title, shown(law.exponent, 3), told)


def _across(point: CurvePoint, is_law: bool) -> float:
    """Return where a point is: a whole number as such, which axes mark as whole."""
    if is_law:
        return point.train_size
    return int(point.value) if point.value.is_integer() else point.value


def _has_edges(curve: Curve) -> bool:
    """Return whether the number of edges changes along a curve."""
    return len({point.edges for point in curve.points}) > 1


def _errors(place: int, curve: Curve, x: Sequence[float]) -> Series:
    return Series(
        curve.title,
        "line",
        tuple(x),
        tuple(point.mean for point in curve.points),
        tuple(point.mean - point.std for point in curve.points),
        tuple(point.mean + point.std for point in curve.points),
        texts=tuple(point.spec for point in curve.points),
        color=place,
    )


def _costs(place: int, curve: Curve, x: Sequence[float]) -> Series:
    costs = [point.costs["flops_per_crystal"] for point in curve.points]
    known = [
        (across, cost, point.spec)
        for across, cost, point in zip(x, costs, curve.points, strict=True)
        if cost is not None
    ]
    return Series(
        curve.title,
        "line",
        tuple(across for across, _, _ in known),
        tuple(cost for _, cost, _ in known),
        texts=tuple(text for _, _, text in known),
        color=place,
    )


def _or_empty(value: float | None) -> float | str:
    return "" if value is None else value
