"""A figure for a page, as plotly draws it, in plain data."""

from __future__ import annotations

from html import escape
from typing import Any

from ngn_core.report.palette import GRAY, color, cycle, faint
from ngn_core.report.plot import Axis, Plot, Series

MANY = 3000
"""Points from which on a picture is drawn by WebGL."""

_FEW = 12
"""Whole numbers that each have a mark on an axis."""

_CROWDED = 30
"""Names beyond which they are written small and upright."""

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star")
_DASHES = ("solid", "dash", "dot", "dashdot")
_FRAME = "rgba(128,128,128,0.35)"


def as_plotly(plot: Plot) -> dict[str, Any]:
    """Return data and layout."""
    points = sum(len(series.x) for series in plot.series)
    scatter = "scattergl" if points > MANY else "scatter"
    traces: list[dict[str, Any]] = []
    if plot.diagonal:
        traces.append(_diagonal(plot))
    for series in plot.series:
        traces += _traces(series, scatter)
    return {"data": traces, "layout": _layout(plot)}


def _traces(series: Series, scatter: str) -> list[dict[str, Any]]:
    common = {
        "name": _said(series.name),
        "x": _values(series.x),
        "y": _values(series.y),
        "legendgroup": series.name,
        "showlegend": series.legend,
        "visible": True if series.shown else "legendonly",
    }
    if series.texts:
        common |= {
            "text": [_said(text) for text in series.texts],
            "hovertemplate": f"%{{text}}<extra>{_said(series.name)}</extra>",
        }
    if series.kind == "bars":
        return [_bars(series, common)]
    if series.kind == "points":
        return [_points(series, common, scatter)]
    line = {"color": color(series.color), "dash": cycle(series.color, _DASHES)}
    drawn = {**common, "type": "scatter", "mode": "lines", "line": line}
    return [*_band(series), drawn]


def _points(series: Series, common: dict[str, Any], scatter: str) -> dict[str, Any]:
    few = len(series.x) <= 200
    marker = {
        "color": color(series.color),
        "symbol": cycle(series.color, _SYMBOLS),
        "size": 9 if few else 5,
        "opacity": 1 if few else 0.6,
    }
    drawn = {**common, "type": scatter, "mode": "markers", "marker": marker}
    if series.low:
        drawn["error_y"] = _errors(series)
    return drawn


def _bars(series: Series, common: dict[str, Any]) -> dict[str, Any]:
    drawn = {**common, "type": "bar", "marker": {"color": color(series.color)}}
    drawn["textposition"] = "none"
    if series.base:
        drawn["base"] = list(series.base)
        drawn["y"] = [
            float(top) - start for top, start in zip(series.y, series.base, strict=True)
        ]
    if series.low:
        drawn["error_y"] = _errors(series)
    return drawn


def _errors(series: Series) -> dict[str, Any]:
    """Return the error bars, as lengths from the middle."""
    middles = [float(value) for value in series.y]
    return {
        "type": "data",
        "symmetric": False,
        "array": [a - b for a, b in zip(series.high, middles, strict=True)],
        "arrayminus": [b - a for a, b in zip(series.low, middles, strict=True)],
        "color": GRAY,
        "thickness": 1,
    }


def _band(series: Series) -> list[dict[str, Any]]:
    if not series.low:
        return []
    edge = {
        "x": [*series.x, *reversed(series.x)],
        "y": [*series.high, *reversed(series.low)],
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "fillcolor": faint(series.color, 0.2),
        "line": {"width": 0},
        "name": _said(series.name),
        "legendgroup": series.name,
        "showlegend": False,
        "hoverinfo": "skip",
        "visible": True if series.shown else "legendonly",
    }
    return [edge]


def _diagonal(plot: Plot) -> dict[str, Any]:
    """Return the line y = x, as far as there are values across."""
    across = [float(value) for series in plot.series for value in series.x]
    ends = [min(across, default=0.0), max(across, default=1.0)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": ends,
        "y": ends,
        "line": {"color": GRAY, "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _layout(plot: Plot) -> dict[str, Any]:
    named = [series for series in plot.series if series.legend]
    return {
        "xaxis": {**_axis(plot.x), **_whole(plot)},
        "yaxis": _axis(plot.y),
        "barmode": "group" if not any(s.base for s in plot.series) else "overlay",
        "margin": {"l": 70, "r": 20, "t": 20, "b": 60},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": len(named) > 1,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hovermode": "closest",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": GRAY},
        "font": {"color": GRAY, "size": 13},
    }


def _whole(plot: Plot) -> dict[str, Any]:
    """Return whole numbers under the figure where all values are, as epochs are."""
    values = [value for series in plot.series for value in series.x]
    if plot.x.log or not all(isinstance(value, int) for value in values):
        return {}
    span = max(map(int, values), default=0) - min(map(int, values), default=0)
    return {} if span > _FEW else {"tick0": 0, "dtick": 1}


def _axis(axis: Axis) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": {"text": _said(axis.heading)},
        "gridcolor": _FRAME,
        "linecolor": _FRAME,
        "zeroline": False,
        "automargin": True,
    }
    if axis.words:
        made |= {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [_said(word) for word in axis.words],
            "dtick": 1,
            "tickangle": -90 if len(axis.words) > _CROWDED else "auto",
            "tickfont": {"size": 10 if len(axis.words) > _CROWDED else 13},
        }
    elif axis.log:
        made["type"] = "log"
    if not axis.up:
        made["autorange"] = "reversed"
    return made


def _said(text: str) -> str:
    """Return plain text for plotly, which reads some HTML and `%{...}`."""
    return escape(text, quote=False).replace("%{", "% {").replace("\n", "<br>")


def _values(values: tuple[float | str, ...]) -> list[float | str]:
    return [_said(value) if isinstance(value, str) else value for value in values]
