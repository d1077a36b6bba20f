"""The global state of structures to predict: said for all, or of each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.values import shown
from ngn_core.errors import DatasetError
from ngn_core.experiment.result import Result
from ngn_core.packed.graphs import BuiltGraphs


def given_states(
    result: Result, built: BuiltGraphs, table: DatasetTable, state: str | None
) -> Tensor | None:
    """Return the states in the order of the graphs, [n]; None where none is read.

    Raises:
        DatasetError: where a structure has none, or none that the trials know.
    """
    if result.state is None:
        return None
    column, labels = result.state["column"], result.state["labels"]
    expected = f"one of {', '.join(labels)}" if labels else "a number"
    if state is not None:
        value = _state(state, labels)
        if value is None:
            raise DatasetError(f"--state {state!r}: expected {expected}")
        return torch.full((len(built.number),), value, dtype=torch.float64)
    given = {row.id: row.columns.get(column) for row in table.rows}
    ordered = sorted(built.number, key=built.number.__getitem__)
    values = [_state(given[name], labels) for name in ordered]
    bad = [name for name, value in zip(ordered, values, strict=True) if value is None]
    if bad:
        first = f"{bad[0]}: {shown(given[bad[0]])}"
        raise DatasetError(
            f"{result.spec} was trained with the state {column!r}, which {len(bad)} of "
            f"{len(ordered)} structures do not have ({first}); "
            f"give --state, {expected}, or a column {column!r} in their file"
        )
    return torch.tensor(values, dtype=torch.float64)


def _state(value: object, labels: Sequence[str]) -> float | None:
    """Return a state as the network reads it: a number, or the code of a label."""
    if labels:
        label = str(value).lower() if isinstance(value, bool) else value
        return float(labels.index(label)) if label in labels else None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
