"""Figures of coverage against nominal, and of error rejection."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.statistics.coverage import KEPT, NOMINALS, Coverage, Rejection
from ngn_core.summary.numbers import format_number


def coverage_plots(
    coverage: Sequence[Coverage],
    rejection: Sequence[Rejection],
    unit: str,
    colors: Mapping[str, int],
) -> list[Plot]:
    """Return the figures that there are data for."""
    found = (_coverage(coverage, unit, colors), _rejection(rejection, unit, colors))
    return [plot for plot in found if plot is not None]


def _coverage(
    coverage: Sequence[Coverage], unit: str, colors: Mapping[str, int]
) -> Plot | None:
    series = []
    for one in coverage:
        known = [n for n in NOMINALS if not math.isnan(one.held[n])]
        if not known:
            continue
        texts = tuple(
            f"{one.held[n]:.1%} inside intervals of {n:.0%}\n"
            f"{format_number(one.width[n])} {unit} wide"
            for n in known
        )
        across, held = tuple(known), tuple(one.held[n] for n in known)
        color = colors[one.spec]
        series.append(Series(one.spec, "line", across, held, texts=texts, color=color))
    if not series:
        return None
    return Plot(
        "coverage",
        "Coverage of intervals against nominal",
        Axis("nominal share"),
        Axis("share of test crystals inside"),
        tuple(series),
        "Diagonal: as promised. Below it intervals are too narrow, above it too wide.",
        diagonal=True,
    )


def _rejection(
    rejection: Sequence[Rejection], unit: str, colors: Mapping[str, int]
) -> Plot | None:
    if not rejection:
        return None
    left_out = tuple(round(1 - share, 12) for share in KEPT)
    series = []
    for one in rejection:
        color = colors[one.spec]
        by_spread = tuple(one.by_spread[share] for share in KEPT)
        by_error = tuple(one.by_error[share] for share in KEPT)
        bound = f"{one.spec}, by the error itself"
        series.append(Series(one.spec, "line", left_out, by_spread, color=color))
        series.append(Series(bound, "points", left_out, by_error, color=color))
    return Plot(
        "error_rejection",
        "Error rejection",
        Axis("share of test crystals left out"),
        Axis("MAE of the others", unit),
        tuple(series),
        "Line: those with the greatest spread over seeds are left out first. Points: "
        "those with the greatest error; no order can do better.",
    )
