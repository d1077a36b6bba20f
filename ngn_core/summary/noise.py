"""What the mean error does not say: errors of crystals, and noise."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.statistics.verdicts import Verdicts
from ngn_core.summary.typed_table import TableColumn, TypedTable, data_column


def noise_table(verdicts: Verdicts, specs: Sequence[str], unit: str) -> TypedTable:
    """Return median error, error of the worst crystals, fold and seed spread.

    Args:
        verdicts: of the comparison.
        specs: in the order of the rows; published ones have none.
        unit: of the target, nothing for classes.
    """
    win_rate = {pair.spec: pair.win_rate for pair in verdicts.pairs}
    rows = []
    for spec in specs:
        errors, noise = verdicts.errors.get(spec), verdicts.noise.get(spec)
        if noise is None:  # published, and no part of the verdicts
            continue
        rows.append(
            (
                spec,
                None if errors is None else errors.median,
                win_rate.get(spec),
                None if errors is None else errors.worst,
                noise.fold,
                "not measured" if noise.seed is None else noise.seed,
                None if errors is None else errors.worst_count,
                noise.seeds,
            )
        )
    return TypedTable(
        "noise",
        f"Beside the mean {verdicts.metric}",
        (
            TableColumn("spec", "spec"),
            TableColumn("median_error", "median error", unit, "score"),
            TableColumn("won", "won", kind="share"),
            TableColumn("in_worst", "in the worst 1 %", kind="share"),
            TableColumn("fold_spread", "fold spread", verdicts.unit, "quantity"),
            TableColumn("seed_spread", "seed spread", verdicts.unit, "quantity"),
            data_column("worst_crystals"),
            data_column("seeds"),
        ),
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
