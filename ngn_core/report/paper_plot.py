"""Figures for a paper: PDF and SVG by matplotlib, whose one room this is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ngn_core.report.palette import GRAY, color, cycle
from ngn_core.report.plot import Axis, Plot, Series

COLUMNS = {"one": 3.35, "two": 6.9}
"""Width of a figure in one and in two columns, inches."""

_RATIO = 0.68
_CROWDED = 1500
"""Points from which on a figure holds them as pixels."""

_MARKERS = ("o", "s", "D", "^", "P", "X", "*")
_DASHES = ("-", "--", ":", "-.")
_STYLE: Any = {
    "font.size": 7.0,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.0,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.frameon": False,
    "pdf.fonttype": 42,
    "svg.hashsalt": "ngn",
    "savefig.dpi": 300,
}


def write_figure(plot: Plot, folder: Path) -> list[Path]:
    """Write a figure at both widths as PDF and SVG; equal data give equal files."""
    files = []
    for column, width in COLUMNS.items():
        with matplotlib.rc_context(_STYLE):
            figure = _figure(plot, width)
            figure.draw_without_rendering()  # lays it out, once for both files
            figure.set_layout_engine("none")
            for ending, unset in (("pdf", "CreationDate"), ("svg", "Date")):
                file = folder / f"{plot.name}_{column}_column.{ending}"
                figure.savefig(file, metadata={unset: None})
                files.append(file)
    return files


def _figure(plot: Plot, width: float) -> Figure:
    tall = min(width, COLUMNS["one"] * 1.4) if plot.diagonal else width * _RATIO
    figure = Figure((width, min(tall, 4.2)), layout="constrained")
    axes = figure.add_subplot()
    _scale(axes, plot)
    bars = [series for series in plot.series if series.kind == "bars"]
    for series in plot.series:
        if series.kind == "bars":
            _bars(axes, plot, series, bars)
        elif series.kind == "line":
            _line(axes, plot, series)
        else:
            _points(axes, plot, series)
    if plot.diagonal:
        axes.axline((0, 0), slope=1, color=GRAY, linewidth=0.6, zorder=0)
    axes.set_xlabel(_plain(plot.x.heading))
    axes.set_ylabel(_plain(plot.y.heading))
    axes.spines[["top", "right"]].set_visible(False)
    if sum(series.legend for series in plot.series) > 1:
        columns = max(1, round(width / 1.1))
        figure.legend(loc="outside upper left", ncols=columns, columnspacing=1)
    return figure


def _scale(axes: Axes, plot: Plot) -> None:
    """Set scales, and names in the place of numbers."""
    for axis, name, across in ((plot.x, "x", True), (plot.y, "y", False)):
        if axis.log:
            getattr(axes, f"set_{name}scale")("log")
        elif not axis.words and _whole(plot, name):
            getattr(axes, f"{name}axis").set_major_locator(MaxNLocator(integer=True))
        if axis.words:
            size = min(7.0, 7.0 * 24 / len(axis.words)) if across else 7.0
            crowded = across and sum(map(len, axis.words)) > 40
            getattr(axes, f"set_{name}ticks")(
                range(len(axis.words)),
                [_plain(word) for word in axis.words],
                rotation=90 if crowded else 0,
                fontsize=max(size, 3.5),
            )
        if not axis.up:
            getattr(axes, f"invert_{name}axis")()


def _whole(plot: Plot, name: str) -> bool:
    """Return whether all values on an axis are whole numbers, as epochs are."""
    return all(
        isinstance(value, int) for one in plot.series for value in getattr(one, name)
    )


def _at(values: Sequence[float | str], axis: Axis) -> list[float]:
    """Return where values are; a name is at its place."""
    place = {word: number for number, word in enumerate(axis.words)}
    return [
        float(place[value]) if isinstance(value, str) else float(value)
        for value in values
    ]


def _points(axes: Axes, plot: Plot, series: Series) -> None:
    x, y = _at(series.x, plot.x), _at(series.y, plot.y)
    few = len(x) <= 200
    look: dict[str, Any] = {
        "color": color(series.color),
        "marker": cycle(series.color, _MARKERS),
        "linestyle": "none",
        "label": _label(series),
        "alpha": 1.0 if few else 0.5,
        "markeredgewidth": 0,
        "markersize": 3.5 if few else 2.0,
        "rasterized": len(x) > _CROWDED,
    }
    if series.low:
        axes.errorbar(x, y, yerr=_errors(series, y), elinewidth=0.6, **look)
    else:
        axes.plot(x, y, **look)


def _line(axes: Axes, plot: Plot, series: Series) -> None:
    x, y = _at(series.x, plot.x), _at(series.y, plot.y)
    dash = cycle(series.color, _DASHES)
    axes.plot(x, y, dash, color=color(series.color), label=_label(series))
    if series.low:
        axes.fill_between(
            x,
            list(series.low),
            list(series.high),
            color=color(series.color),
            alpha=0.2,
            linewidth=0,
        )


def _bars(axes: Axes, plot: Plot, series: Series, bars: Sequence[Series]) -> None:
    """Draw bars, side by side where several begin at 0."""
    x, y = _at(series.x, plot.x), _at(series.y, plot.y)
    together = 1 if series.base else len(bars)
    width = 0.8 / together
    shift = 0.0 if series.base else (bars.index(series) + 0.5) * width - 0.4
    base = list(series.base) or [0.0] * len(x)
    axes.bar(
        [place + shift for place in x],
        [top - start for top, start in zip(y, base, strict=True)],
        width,
        base,
        color=color(series.color),
        label=_label(series),
        yerr=_errors(series, y) if series.low else None,
        error_kw={"elinewidth": 0.6},
    )


def _errors(series: Series, middles: Sequence[float]) -> list[list[float]]:
    """Return the lengths of the error bars, down and up."""
    down = [b - a for a, b in zip(series.low, middles, strict=True)]
    up = [a - b for a, b in zip(series.high, middles, strict=True)]
    return [down, up]


def _label(series: Series) -> str:
    return _plain(series.name) if series.legend else "_nolegend_"


def _plain(text: str) -> str:
    """Return text in which a dollar is a dollar."""
    return text.replace("$", r"\$")
