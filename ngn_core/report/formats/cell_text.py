"""A cell as people read it: how each kind of value is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.numbers import (
    factor,
    format_duration,
    format_number,
    format_percent,
    format_spread,
    memory,
    p_value,
    signed,
)
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import Cell, Kind, Marked, TableColumn

_WRITTEN: Mapping[Kind, Callable[[float], str]] = {
    "score": format_number,
    "quantity": lambda value: format_number(value, 3),
    "deviation": lambda value: format_number(value, 2),
    "count": lambda value: format_number(value, 1),
    "share": lambda value: f"{value:.0%}",
    "change": format_percent,
    "difference": signed,
    "plain": lambda value: f"{value:g}",
    "decimal": lambda value: f"{value:.1f}",
    "hundredths": lambda value: f"{value:.2f}",
    "length": lambda value: f"{value:.4f}",
    "p": p_value,
    "power": lambda value: f"{value:.1e}",
    "fewer": lambda value: f"{value:.2f} x",
    "duration": format_duration,
    "memory": memory,
}


def cell_text(cell: Cell, column: TableColumn) -> str:
    """Return a cell of a column; what is not known is `-`."""
    match cell:
        case Marked(value, sign):
            text = cell_text(value, column)
            return f"{text} *" if sign == "*" else text
        case None:
            return "-"
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case Spread(mean, std):
            text = format_spread(mean, std)
            return f"{text} ({factor(mean)})" if column.unit == "dex" else text
        case Interval(low, high):
            write = _WRITTEN[column.kind]
            return f"{write(low)} to {write(high)}"
        case _:
            return _WRITTEN[column.kind](cell)
