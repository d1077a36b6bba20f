"""The error of a spec on each crystal, over all trials that tested on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from ngn_core.experiment.result import Result


@dataclass(frozen=True)
class CrystalError:
    """What a spec said of one test crystal.

    Attributes:
        id: of the crystal.
        target: what is true, in the target's unit.
        prediction: mean over the trials.
        error: mean of |target - prediction| over the trials.
    """

    id: str
    target: float
    prediction: float
    error: float


def crystal_errors(results: Sequence[Result]) -> tuple[CrystalError, ...]:
    """Return the error on each test crystal, in the order in which they are tested.

    Args:
        results: of one spec on one target.
    """
    found: dict[str, tuple[float, list[float]]] = {}
    for result in sorted(results, key=lambda result: (result.fold, result.seed)):
        for name, target, prediction in result.predictions:
            found.setdefault(name, (target, []))[1].append(prediction)
    return tuple(
        CrystalError(
            name,
            target,
            fmean(predictions),
            fmean(abs(target - prediction) for prediction in predictions),
        )
        for name, (target, predictions) in found.items()
    )


def worst(errors: Sequence[CrystalError], most: int) -> tuple[CrystalError, ...]:
    """Return the crystals with the largest errors, the worst first."""
    return tuple(sorted(errors, key=lambda one: (-one.error, one.id))[:most])
