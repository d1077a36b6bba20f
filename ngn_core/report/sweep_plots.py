"""Figures of curves over what was swept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.summary.sweep import Curve, CurvePoint, Curves

_BAND = "Line: mean over trials. Band: their standard deviation (ddof 0)."
_EDGES = "Edges as they are stored: of symmetry-equivalent ones, one."


def sweep_plots(curves: Curves) -> list[Plot]:
    """Return figures of error over each swept key, of error and cost over edges."""
    error = Axis(curves.title, curves.unit)
    plots = []
    for key, own in curves.by_key.items():
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
