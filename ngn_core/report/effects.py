"""What a factor changes, in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngn_core.summary.numbers import signed

if TYPE_CHECKING:
    from ngn_core.attribution.attribution import Attribution, Effect

SHARES = (
    "Shapley values: a factor's change, mean over the orders in which the factors can "
    "change; together they are the whole change. Intervals are Nadeau and Bengio's, "
    "over fold means. A factor whose interval holds 0 is undecided."
)
"""What the shares of the factors are."""


def interval(effect: Effect) -> str:
    """Return `-0.0331 to +0.0393`, the 95 % interval of a change."""
    found = effect.interval
    return "-" if found is None else f"{signed(found.low)} to {signed(found.high)}"


def outcome_of(share: Effect, own: Attribution) -> str:
    """Return an effect's outcome; below the noise floor it is undecided."""
    is_noise = own.floor is not None and abs(share.mean) <= own.floor
    return "undecided" if is_noise else share.outcome
