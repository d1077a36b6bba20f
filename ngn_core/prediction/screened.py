"""One row of a screening, and what is said of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from ngn_core.prediction.applicability_domain import Flags
from ngn_core.prediction.timing import Timing
from ngn_core.statistics.interval import NOMINAL, promised
from ngn_core.statistics.residuals import Residuals


@dataclass(frozen=True)
class Cells:
    """What is said of a structure, in the order of the columns; empty where nothing.

    Attributes:
        id: of the input.
        mean: prediction, the mean over folds of the mean over seeds.
        fold_spread: deviation between folds.
        seed_spread: deviation between the seeds of a fold.
        lower: end of the interval.
        upper: end of the interval.
        unseen_elements: that no training crystal has.
        rare_elements: that fewer than ten of them have.
        volume_outside: volume per atom, where it is outside of theirs, Å^3.
        bond_outside: shortest bond, where it is outside of theirs, Å.
        formula_duplicate: id of a training crystal of the same formula.
        error: why there is no prediction.
    """

    id: str
    mean: float | None = None
    fold_spread: float | None = None
    seed_spread: float | None = None
    lower: float | None = None
    upper: float | None = None
    unseen_elements: str = ""
    rare_elements: str = ""
    volume_outside: float | None = None
    bond_outside: float | None = None
    formula_duplicate: str = ""
    error: str = ""

    @staticmethod
    def of(name: str, numbers: Sequence[float | None], flags: Flags) -> Cells:
        """Return the cells of a structure.

        Args:
            name: its id.
            numbers: mean, spread over folds and seeds, and both ends of the interval.
            flags: of it.
        """
        mean, folds, seeds, lower, upper = numbers
        return Cells(
            name,
            mean,
            folds,
            seeds,
            lower,
            upper,
            " ".join(flags.unseen),
            " ".join(flags.rare),
            flags.volume,
            flags.bond,
            flags.duplicate or "",
        )

    def plain(self) -> list[str]:
        """Return the cells as text."""
        return ["" if cell is None else str(cell) for cell in astuple(self)]


COLUMNS = tuple(field.name for field in fields(Cells))
NUMBERS = frozenset(
    field.name for field in fields(Cells) if field.type == "float | None"
)
"""Columns that hold numbers; the others hold texts."""


@dataclass(frozen=True)
class Summary:
    """What was screened.

    Attributes:
        out: file of the predictions.
        source: what was screened.
        spec: of the model.
        dataset: that it was trained on.
        target: what it predicts.
        unit: of the predictions.
        trials: of the model.
        structures: rows of the output.
        failed: those without a prediction.
        assumption: behind the intervals.
        has_domain: whether flags could be set.
        timing: where the time of this call went.
    """

    out: str
    source: str
    spec: str
    dataset: str
    target: str
    unit: str
    trials: int
    structures: int
    failed: int
    assumption: str
    has_domain: bool
    timing: Timing


def assumption(residuals: Residuals) -> str:
    """Return what the intervals rest on."""
    count = sum(map(len, residuals.values()))
    if not count:
        return "No interval: the model keeps no out-of-fold residuals."
    drawn = "if the structures were drawn as the training crystals were"
    if count < NOMINAL * (count + 1):
        return f"No interval: {count} out-of-fold residuals are too few for 90 %."
    if len(residuals) == 1:
        return (
            f"Interval: split conformal, from the {count:,} residuals of one test "
            f"part; it holds 90 % of the targets {drawn}. Flags say where they were "
            "not."
        )
    least = promised(count, len(residuals))
    return (
        f"Interval: CV+ (Barber et al. 2021), from {count:,} out-of-fold residuals of "
        f"{len(residuals)} folds; it holds about 90 % of the targets, and at least "
        f"{least:.0%}, {drawn}. Flags say where they were not."
    )
