"""Loss by epoch over the trials of a spec: its mean, and the band of its folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from ngn_core.experiment.result import Result


@dataclass(frozen=True)
class LearningCurve:
    """One loss by epoch.

    Attributes:
        loss: `train_loss` or `validation_loss`.
        epoch: [n], from 1 on.
        mean: [n], over the folds, each averaged over its seeds.
        low: [n], of the lowest fold.
        high: [n], of the highest fold.
        folds: how many.
    """

    loss: str
    epoch: tuple[int, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    folds: int


def learning_curves(results: Sequence[Result]) -> tuple[LearningCurve, ...]:
    """Return the curves of training and, where it was measured, validation.

    A trial that stopped early counts as far as it went.

    Args:
        results: of one spec on one target.
    """
    made = (_curve(results, loss) for loss in ("train_loss", "validation_loss"))
    return tuple(curve for curve in made if curve.epoch)


def _curve(results: Sequence[Result], loss: str) -> LearningCurve:
    by_epoch: dict[int, dict[int, list[float]]] = {}
    for result in results:
        for row in result.curve:
            value = row.get(loss)
            if value is not None:
                folds = by_epoch.setdefault(int(row["epoch"]), {})
                folds.setdefault(result.fold, []).append(float(value))
    epochs = sorted(by_epoch)
    means = [[fmean(seeds) for seeds in by_epoch[epoch].values()] for epoch in epochs]
    return LearningCurve(
        loss,
        tuple(epochs),
        tuple(fmean(folds) for folds in means),
        tuple(min(folds) for folds in means),
        tuple(max(folds) for folds in means),
        max((len(folds) for folds in means), default=0),
    )
