"""How long a spec trains until its validation error is what all specs reach."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, median_high

from ngn_core.costs.cost import Cost
from ngn_core.experiment.result import Result
from ngn_core.spec.plain_yaml import PlainYAMLError, read_yaml


@dataclass(frozen=True)
class TimeToError:
    """Seconds of training until a validation error is reached.

    Attributes:
        error: mean absolute error of the validation part, in the target's unit, that
            every spec's median trial reaches.
        seconds: of the median trial, by spec.
    """

    error: float
    seconds: Mapping[str, float]


def training_seconds(result: Result, cost: Cost, epochs: int | None = None) -> float:
    """Return what a trial's epochs last, validation included, with nothing beside.

    Args:
        result: of the trial.
        cost: of its spec.
        epochs: None: as many as were trained.
    """
    epoch = result.train_size * cost.train
    epoch += result.validation_size * cost.infer
    return (result.epochs if epochs is None else epochs) * epoch


def time_to_error(
    lines: Mapping[str, tuple[Sequence[Result], Cost | None]],
) -> TimeToError | None:
    """Return how long each spec trains until the error that the worst of them reaches.

    A trial is there in the first epoch whose validation error is not larger: noise
    helps a little, every spec alike. Only specs count whose validation loss is a mean
    absolute error in the target's unit: those trained with `mae` on a target that is
    not transformed, each trial with a validation part.

    Args:
        lines: trials and cost by spec; the costs are of one place.

    Returns:
        None where fewer than two specs can be compared.
    """
    curves = {
        spec: [errors for result in results if (errors := validation_errors(result))]
        for spec, (results, cost) in lines.items()
        if cost is not None
    }
    whole = {
        spec: found
        for spec, found in curves.items()
        if found and len(found) == len(lines[spec][0])
    }
    if len(whole) < 2:
        return None
    error = max(median_high(map(min, found)) for found in whole.values())
    seconds = {}
    for spec, found in whole.items():
        results, cost = lines[spec]
        assert cost is not None
        seconds[spec] = median(
            _seconds(result, cost, errors, error)
            for result, errors in zip(results, found, strict=True)
        )
    return TimeToError(error, seconds)


def validation_errors(result: Result) -> list[float]:
    """Return the mean absolute validation error of each epoch, in the target's unit.

    Nothing where there is no validation part, or where the loss is another one.
    """
    scaling = result.scaling
    plain = (
        result.task == "regression"
        and scaling.get("per") not in ("cell", "formula_unit")
        and scaling.get("transform") == "none"
        and _loss(result) == "mae"
    )
    losses = [row.get("validation_loss") for row in result.curve]
    if not plain or not losses:
        return []
    known = [loss for loss in losses if loss is not None and math.isfinite(loss)]
    if len(known) < len(losses):
        return []
    return [loss * float(scaling["std"]) for loss in known]


def _seconds(
    result: Result, cost: Cost, errors: Sequence[float], error: float
) -> float:
    for epoch, found in enumerate(errors, start=1):
        if found <= error:
            return training_seconds(result, cost, epoch)
    return math.inf


def _loss(result: Result) -> str | None:
    """Return the name of the loss that was trained with, None where nobody knows."""
    try:
        spec, _ = read_yaml(result.written)
        loss = spec["train"]["loss"]
        return str(loss["use"])
    except (PlainYAMLError, KeyError, TypeError):
        return None
