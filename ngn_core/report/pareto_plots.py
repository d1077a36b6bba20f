"""Error against cost, with the front that no other spec beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.palette import NEUTRAL
from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.summary.comparison import Line, ScoreColumn
from ngn_core.summary.cost_rows import COST_FIELDS, CostField, CostRow
from ngn_core.summary.numbers import format_number
from ngn_core.summary.spread import Spread

_DRAWN = ("train_seconds", "inference_crystals_per_second", "parameters")


def pareto_plots(
    rows: Sequence[CostRow],
    lines: Sequence[Line],
    metric: ScoreColumn,
    colors: Mapping[str, int],
) -> list[Plot]:
    """Return a figure for each drawn cost that two specs or more have in common.

    Args:
        rows: costs of all lines.
        lines: of the comparison.
        metric: the deciding one.
        colors: of the specs.
    """
    fields = {field.name: field for field in COST_FIELDS}
    scores = {line.spec: line.scores[metric.name] for line in lines}
    plots = (_plot(metric, fields[name], rows, scores, colors) for name in _DRAWN)
    return [plot for plot in plots if plot is not None]


def _plot(
    column: ScoreColumn,
    field: CostField,
    rows: Sequence[CostRow],
    scores: Mapping[str, Spread],
    colors: Mapping[str, int],
) -> Plot | None:
    here = [row for row in rows if row.values[field.name] is not None]
    if field.measured:  # the first place is that of most specs
        here = [row for row in here if row.hardware == here[0].hardware]
    if len(here) < 2:
        return None
    series = [_front(here, field, scores)]
    for row in here:
        cost, score = _cost(row, field), scores[row.spec]
        text = (
            f"{row.spec}\n{column.title} {format_number(score.mean)} {column.unit}\n"
            f"{cell_text(cost, field.column)} {field.unit}"
        )
        series.append(
            Series(
                row.spec,
                "points",
                (cost,),
                (score.mean,),
                (score.mean - score.std,),
                (score.mean + score.std,),
                texts=(text,),
                color=colors[row.spec],
            )
        )
    drawn = {row.spec for row in here}
    left = [spec for spec in scores if spec not in drawn]
    note = "Bars: standard deviation over trials. Line: the Pareto front."
    if left:
        why = "not measured in the same place" if field.measured else "unknown"
        note += f" Not drawn: {', '.join(left)} ({why})."
    across = Axis(field.title, field.unit, log=True, up=not field.more)
    hardware = here[0].hardware
    if field.measured and hardware is not None:
        note += f" Measured on {hardware.words()}."
    return Plot(
        f"pareto_{field.name}",
        f"{column.title} against {across.heading}",
        across,
        Axis(column.title, column.unit, up=column.better == "lower"),
        tuple(series),
        note,
    )


def _cost(row: CostRow, field: CostField) -> float:
    value = row.values[field.name]
    assert value is not None
    return value


def _front(
    rows: Sequence[CostRow], field: CostField, scores: Mapping[str, Spread]
) -> Series:
    """Return the line through the front, from the cheapest on."""
    front = [row for row in rows if field.name in row.front]
    front.sort(key=lambda row: _cost(row, field))
    return Series(
        "Pareto front",
        "line",
        tuple(_cost(row, field) for row in front),
        tuple(scores[row.spec].mean for row in front),
        color=NEUTRAL,
        legend=False,
    )
