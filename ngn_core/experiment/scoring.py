"""Scores of predictions: in the declared unit, and in the transformed one beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ngn_core.dataset.crystal_set import TargetColumn
from ngn_core.dataset.dataset import Transform
from ngn_core.experiment.result import Score
from ngn_core.plugin.registry import Registry

_FORWARD: Mapping[Transform, Callable[[np.ndarray], np.ndarray]] = {
    "log10": np.log10,
    "log1p": np.log1p,
    "asinh": np.arcsinh,
}
"""Transforms of targets, element by element."""


def scores_of(
    predictions: np.ndarray,
    values: np.ndarray,
    target: TargetColumn,
    registry: Registry,
) -> tuple[Score, ...]:
    """Return the scores by every metric of the target's task; the first one decides.

    Args:
        predictions: [n], in the target's unit, or probabilities.
        values: [n], what is true.
        target: whose transform, if it has one, is scored in too.
        registry: for the metrics.
    """
    components: list[Any] = registry.components("metric")
    metrics = [
        component(component.Options())
        for component in components
        if component.task == target.task
    ]
    predictions, values = predictions.astype(np.float64), values.astype(np.float64)
    unit = error_unit("none", target.unit)
    scores = [_score(metric, predictions, values, unit) for metric in metrics]
    transform = target.declared.transform
    if target.task == "binary" or transform == "none":
        return tuple(scores)
    with np.errstate(divide="ignore", invalid="ignore"):  # NaN is a score
        predictions, values = (_FORWARD[transform](v) for v in (predictions, values))
    unit = error_unit(transform, target.unit)
    scores += [
        _score(metric, predictions, values, unit, f"_{transform}")
        for metric in metrics
        if metric.unit == "target"
    ]
    return tuple(scores)


def error_unit(transform: Transform, unit: str) -> str:
    """Return the unit of errors after a transform of values in `unit`.

    Errors of logarithms to base 10 are in dex: 0.3 dex are a factor of 2.
    """
    if transform == "none":
        return "dex" if unit.startswith("log10(") else unit
    return "dex" if transform == "log10" else transform


def _score(
    metric: Any,
    predictions: np.ndarray,
    values: np.ndarray,
    unit: str,
    suffix: str = "",
) -> Score:
    """Return one score; the suffix tells it from the one in the declared unit."""
    return Score(
        f"{metric.name}{suffix}",
        metric.title,
        metric.score(predictions, values),
        unit if metric.unit == "target" else metric.unit,
        metric.better,
    )
