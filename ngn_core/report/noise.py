"""What the mean error does not say, as text: errors of crystals, and noise."""

from __future__ import annotations

from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet
from ngn_core.statistics.verdicts import Verdicts
from ngn_core.summary.comparison import Table


def noise_sheet(table: Table) -> Sheet | None:
    """Return median error, error of the worst crystals, fold and seed spread."""
    verdicts = table.verdicts
    if verdicts is None:
        return None
    unit = f" [{verdicts.unit}]" if verdicts.unit else ""
    own = f" [{table.unit}]" if table.unit and table.task == "regression" else ""
    win_rate = {pair.spec: pair.win_rate for pair in verdicts.pairs}
    rows = []
    for line in table.lines:
        errors, noise = verdicts.errors.get(line.spec), verdicts.noise.get(line.spec)
        if noise is None:  # published, and no part of the verdicts
            continue
        closer = win_rate.get(line.spec)
        rows.append(
            (
                line.spec,
                shown(None if errors is None else errors.median),
                "-" if closer is None else f"{closer:.0%}",
                "-" if errors is None else f"{errors.worst:.0%}",
                shown(noise.fold, 3),
                "not measured" if noise.seed is None else shown(noise.seed, 3),
            )
        )
    return Sheet(
        f"Beside the mean {verdicts.metric}",
        (
            "spec",
            f"median error{own}",
            "won",
            "in the worst 1 %",
            f"fold spread{unit}",
            f"seed spread{unit}",
        ),
        1,
        (tuple(rows),),
        _note(verdicts),
    )


def _note(verdicts: Verdicts) -> str:
    told = (
        f"Won: share of crystals predicted closer than by {verdicts.baseline}. In the "
        "worst 1 %: share of all error that these crystals have. "
    )
    return told + _spread(verdicts)


def _spread(verdicts: Verdicts) -> str:
    if all(noise.seed is None for noise in verdicts.noise.values()):
        return (
            "Seed noise not measured: with one seed a fold it is part of the fold "
            "spread (--seeds 3 tells them apart)."
        )
    return (
        "Seed spread: standard deviation between seeds of a fold. Fold spread: between "
        "folds, that of the seeds taken off."
    )
