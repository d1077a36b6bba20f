"""A figure as data: a page, a paper and a CSV file draw the same one."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["points", "line", "bars"]


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        title: of what is on it.
        unit: of its numbers, or nothing.
        log: whether it is logarithmic.
        words: names in their order, where its values are names.
        up: whether larger is higher; a rank is not.
    """

    title: str
    unit: str = ""
    log: bool = False
    words: tuple[str, ...] = ()
    up: bool = True

    @property
    def heading(self) -> str:
        """Return the title with the unit."""
        return f"{self.title} [{self.unit}]" if self.unit else self.title


@dataclass(frozen=True)
class Series:
    """What is drawn in one color.

    Attributes:
        name: in the legend.
        kind: points, a line, or bars from `base`.
        x: numbers or names, [n].
        y: numbers or names, [n].
        low: lower ends of a band about a line, of error bars about all else; or none.
        high: upper ends.
        base: where bars begin; or none: at 0.
        texts: what is said of each, [n]; or none.
        color: place in the palette; the same for one spec in all figures.
        legend: whether the legend names it.
        shown: whether it is drawn before somebody asks for it.
    """

    name: str
    kind: Kind
    x: tuple[float | str, ...]
    y: tuple[float | str, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    base: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    color: int = 0
    legend: bool = True
    shown: bool = True


@dataclass(frozen=True)
class Plot:
    """One figure.

    Attributes:
        name: short, for files.
        title: over it.
        x: axis across.
        y: axis up.
        series: in the order of the legend.
        note: sentence under it, or nothing.
        diagonal: whether the line x = y is drawn.
        extra: columns of the CSV beside those that are drawn, by series and then name.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    note: str = ""
    diagonal: bool = False
    extra: Mapping[str, Mapping[str, tuple[str | float, ...]]] = field(
        default_factory=dict
    )


def plot_as_csv(plot: Plot) -> str:
    """Return one row for each thing that is drawn."""
    own = ("low", "high", "base")
    drawn = [name for name in own if any(getattr(s, name) for s in plot.series)]
    more = list(dict.fromkeys(key for kept in plot.extra.values() for key in kept))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["series", plot.x.heading, plot.y.heading, *drawn, *more])
    for series in plot.series:
        kept = plot.extra.get(series.name, {})
        columns = [series.x, series.y]
        columns += [getattr(series, name) or ("",) * len(series.x) for name in drawn]
        columns += [kept.get(key, ("",) * len(series.x)) for key in more]
        for row in zip(*columns, strict=True):
            writer.writerow([series.name, *row])
    return text.getvalue()
