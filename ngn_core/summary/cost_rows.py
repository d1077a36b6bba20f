"""The costs of a comparison as numbers: from where, and who is on a Pareto front."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from ngn_core.costs.cost import Cost
from ngn_core.costs.costs import Costs
from ngn_core.costs.hardware import Hardware
from ngn_core.costs.time_to_error import (
    TimeToError,
    time_to_error,
    training_seconds,
)
from ngn_core.statistics.pareto import on_front
from ngn_core.summary.comparison import Line, ScoreColumn
from ngn_core.summary.typed_table import Kind, TableColumn


@dataclass(frozen=True)
class CostField:
    """One cost.

    Attributes:
        name: in JSON and CSV.
        title: as tables print it.
        unit: of its values.
        value: of a line, None where it was not measured.
        priority: of its column.
        kind: of its column.
        measured: whether it depends on the machine.
        more: whether more of it is better.
    """

    name: str
    title: str
    unit: str
    value: Callable[[Line, Cost | None], float | None]
    priority: int
    kind: Kind = "quantity"
    measured: bool = True
    more: bool = False

    @property
    def column(self) -> TableColumn:
        """Return its column in a table."""
        return TableColumn(self.name, self.title, self.unit, self.kind, self.priority)


def _of_cost(value: Callable[[Cost], float | None]) -> Callable[..., float | None]:
    return lambda line, cost: None if cost is None else value(cost)


def _trial(line: Line, cost: Cost | None) -> float | None:
    if cost is None or not line.results:
        return None
    return fmean(training_seconds(result, cost) for result in line.results)


COST_FIELDS = (
    CostField(
        "parameters",
        "parameters",
        "",
        lambda line, cost: line.cost("parameters"),
        priority=11,
        kind="count",
        measured=False,
    ),
    CostField(
        "flops_per_crystal",
        "FLOPs",
        "/crystal",
        lambda line, cost: line.cost("flops_per_crystal"),
        priority=79,
        measured=False,
    ),
    CostField(
        "graph_ms_per_crystal",
        "graph",
        "ms/crystal",
        _of_cost(lambda cost: 1e3 * cost.build),
        priority=80,
    ),
    CostField(
        "train_crystals_per_second",
        "training",
        "crystals/s",
        _of_cost(lambda cost: 1 / cost.train),
        priority=78,
        more=True,
    ),
    CostField(
        "inference_crystals_per_second",
        "inference",
        "crystals/s",
        _of_cost(lambda cost: 1 / cost.infer),
        priority=76,
        more=True,
    ),
    CostField(
        "peak_memory_mib",
        "peak memory",
        "MiB",
        _of_cost(lambda cost: cost.memory),
        priority=81,
    ),
    CostField("train_seconds", "training", "s/trial", _trial, priority=0),
)
"""Those that do not depend on the machine first."""


@dataclass(frozen=True)
class CostRow:
    """The costs of one spec.

    Attributes:
        spec: its name.
        error: its deciding score, turned so that lower is better.
        cost: from the exclusive pass, None where it was not measured.
        values: by name of the field; None where unknown.
        front: names of the fields on whose Pareto front with the error it is.
    """

    spec: str
    error: float
    cost: Cost | None
    values: Mapping[str, float | None]
    front: frozenset[str]

    @property
    def hardware(self) -> Hardware | None:
        """Return where it was measured."""
        return None if self.cost is None else self.cost.hardware


def cost_rows(
    lines: Sequence[Line], decides: ScoreColumn, costs: Costs
) -> tuple[CostRow, ...]:
    """Return a row for each line; rows of one place are together.

    Measured costs meet others of their place alone; parameters and FLOPs meet all.

    Args:
        lines: of a comparison.
        decides: the deciding metric.
        costs: that were measured.
    """
    sign = 1.0 if decides.better == "lower" else -1.0
    rows = []
    for line in lines:
        cost = costs.of(line.results)
        values = {field.name: field.value(line, cost) for field in COST_FIELDS}
        error = sign * line.scores[decides.name].mean
        rows.append(CostRow(line.spec, error, cost, values, frozenset()))
    places = [*costs.places, None]
    rows = [row for hardware in places for row in rows if row.hardware == hardware]
    groups = [
        [row for row in rows if row.hardware == hardware] for hardware in costs.places
    ]
    front: dict[str, set[str]] = {row.spec: set() for row in rows}
    for field in COST_FIELDS:
        for group in groups if field.measured else [rows]:
            for row, is_on in zip(group, _front(group, field), strict=True):
                if is_on:
                    front[row.spec].add(field.name)
    return tuple(
        CostRow(row.spec, row.error, row.cost, row.values, frozenset(front[row.spec]))
        for row in rows
    )


def time_to_common_error(lines: Sequence[Line], costs: Costs) -> TimeToError | None:
    """Return the time to the error that all specs of the first place reach."""
    if not costs.places:
        return None
    timed = {}
    for line in lines:
        cost = costs.of(line.results)
        here = cost is not None and cost.hardware == costs.places[0]
        timed[line.spec] = (line.results, cost if here else None)
    return time_to_error(timed)


def _front(rows: Sequence[CostRow], field: CostField) -> list[bool]:
    """Return which rows are on the front of one cost; a lone one is on none."""
    points = []
    for row in rows:
        value = row.values[field.name]
        known = math.nan if value is None else value
        points.append((row.error, -known if field.more else known))
    if sum(not math.isnan(cost) for _, cost in points) < 2:
        return [False] * len(rows)
    return on_front(points)
