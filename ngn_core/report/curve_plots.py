"""Losses by epoch, with the band of the folds."""

from __future__ import annotations

from collections.abc import Mapping

from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.summary.learning_curve import LearningCurve

_TITLES = {
    "train_loss": ("training", "Learning curves: training loss"),
    "validation_loss": ("validation", "Learning curves: validation loss"),
}


def curve_plots(
    found: Mapping[str, tuple[LearningCurve, ...]], colors: Mapping[str, int]
) -> list[Plot]:
    """Return a figure of the training losses and one of the validation losses."""
    return [
        plot for loss in _TITLES if (plot := _plot(loss, found, colors)) is not None
    ]


def _plot(
    loss: str,
    found: Mapping[str, tuple[LearningCurve, ...]],
    colors: Mapping[str, int],
) -> Plot | None:
    name, title = _TITLES[loss]
    series = [
        Series(
            spec,
            "line",
            curve.epoch,
            curve.mean,
            curve.low,
            curve.high,
            color=colors[spec],
        )
        for spec, curves in found.items()
        for curve in curves
        if curve.loss == loss
    ]
    if not series:
        return None
    positive = all(value > 0 for one in series for value in one.low)
    return Plot(
        f"{name}_loss",
        title,
        Axis("epoch"),
        Axis(f"{name} loss", log=positive),
        tuple(series),
        "Line: mean over folds. Band: from the lowest to the highest fold, each "
        "averaged over its seeds. Losses are of scaled targets, each spec's own.",
    )
