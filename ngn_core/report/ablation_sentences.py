"""The walk between two specs in words: what it costs, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngn_core.report.effects import interval, outcome_of
from ngn_core.summary.numbers import format_number, plural, signed

if TYPE_CHECKING:
    from ngn_core.attribution.ablation_plan import AblationPlan
    from ngn_core.attribution.attribution import Attribution
    from ngn_core.attribution.explain import Explanation
    from ngn_core.attribution.plan_cost import PlanCost


def plan_sentences(plan: AblationPlan) -> list[str]:
    """Return what had to go together, what was made equal, and what is walked."""
    told = [
        f"{first} and {last} go together: {merge.hybrid} cannot be ({merge.reason})."
        for merge in plan.hybrids.merges
        for first, last in (merge.factors,)
    ]
    told += [f"{matched.spec}: {matched.said}." for matched in plan.matched]
    if plan.orders is not None:
        told.append(
            f"{plural(len(plan.orders), 'order')} of {len(plan.factors)} factors are "
            f"walked, {len(plan.specs)} of {2 ** len(plan.factors)} hybrids; --orders "
            "says how many."
        )
    return [*told, *plan.notes]


def cost_sentence(cost: PlanCost) -> str:
    """Return what the walk costs."""
    sentence = f"{plural(cost.hybrids, 'spec')} in {plural(cost.trials, 'trial')}"
    if cost.seconds is None:
        return f"{sentence}, all of them stored already."
    return (
        f"{sentence}, {cost.stored:,} of them stored; the others take about "
        f"{_duration(cost.seconds)} here, as measured on a few crystals."
    )


def sentences(found: Explanation) -> list[str]:
    """Return what was found in words, and what limits it."""
    own, plan = found.attribution, found.plan
    unit = f" {own.unit}" if own.unit else ""
    start = next(worth for worth in own.worths if not worth.changed)
    told = [
        f"From {plan.first} to {plan.last} the {own.metric} goes from "
        f"{format_number(start.mean)} to "
        f"{format_number(start.mean + own.total.mean)}{unit} over "
        f"{plural(len(own.folds), 'fold')} and {plural(len(own.seeds), 'seed')}."
    ]
    decided = [one for one in own.shares if outcome_of(one, own) in ("better", "worse")]
    for share in sorted(decided, key=lambda one: -abs(one.mean)):
        told.append(
            f"{share.factors[0]}: {share.outcome} by "
            f"{format_number(abs(share.mean), 3)}{unit} ({interval(share)})."
        )
    undecided = [one.factors[0] for one in own.shares if one not in decided]
    if undecided:
        told.append(f"Not separated from no change: {', '.join(undecided)}.")
    if own.floor is not None:
        told.append(
            "Noise floor: symmetry, which changes nothing that is computed, appears "
            f"to change {format_number(own.floor, 3)}{unit}; a factor below that is "
            "noise."
        )
    if own.effects:
        told += _interaction_sentences(own, unit)
    if len(own.seeds) == 1:
        told.append("One seed: the noise of seeds was not measured.")
    missing = found.table.n_folds - len(own.folds)
    if missing:
        told.append(f"{plural(missing, 'fold')} left out, where a hybrid has no score.")
    return [*told, *plan_sentences(plan)]


def _interaction_sentences(own: Attribution, unit: str) -> list[str]:
    told = []
    for effect in own.effects:
        if len(effect.factors) > 1:
            what = " x ".join(effect.factors)
            said = "undecided" if effect.outcome == "undecided" else "not 0"
            told.append(
                f"Interaction {what}: {signed(effect.mean)}{unit} "
                f"({interval(effect)}), {said}."
            )
    return told


def _duration(seconds: float) -> str:
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
