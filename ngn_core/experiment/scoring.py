"""Scores of predictions: in the declared unit, and in the transformed one beside."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ngn_core.dataset.crystal_set import TargetColumn
from ngn_core.experiment.result import Score
from ngn_core.plugin.registry import Registry
from ngn_core.training.transform import TRANSFORMS, error_unit


def scores_of(
    predictions: Tensor, values: Tensor, target: TargetColumn, registry: Registry
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
    unit = error_unit("none", target.unit)
    scores = [_score(metric, predictions, values, unit) for metric in metrics]
    transform = target.declared.transform
    if target.task == "binary" or transform == "none":
        return tuple(scores)
    forward = TRANSFORMS[transform].forward
    unit = error_unit(transform, target.unit)
    scores += [
        _score(metric, forward(predictions), forward(values), unit, f"_{transform}")
        for metric in metrics
        if metric.unit == "target"
    ]
    return tuple(scores)


def _score(
    metric: Any, predictions: Tensor, values: Tensor, unit: str, suffix: str = ""
) -> Score:
    """Return one score; the suffix tells it from the one in the declared unit."""
    return Score(
        f"{metric.name}{suffix}",
        metric.title,
        metric.score(predictions, values),
        unit if metric.unit == "target" else metric.unit,
        metric.better,
    )
