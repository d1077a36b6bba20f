"""The walk between two specs as tables: factors, shares, interactions, hybrids."""

from __future__ import annotations

import json
from typing import Any

from ngn_core.attribution.ablation_plan import AblationPlan
from ngn_core.attribution.attribution import Attribution, Effect
from ngn_core.attribution.explain import Explanation
from ngn_core.attribution.factors import Difference, Factor
from ngn_core.report.effects import SHARES, interval, outcome_of, signed
from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet

_LISTED = 6
"""Differences of a factor that a sheet lists."""

_INTERACTIONS = (
    "A factor's main effect is its mean change over all settings of the others; an "
    "interaction is how much one effect changes with the other factor."
)


def title(found: Explanation) -> str:
    """Return what is explained, on what."""
    plan, table = found.plan, found.table
    return f"{plan.first} to {plan.last} on {table.dataset}: {table.target}"


def sheets(found: Explanation) -> list[Sheet]:
    """Return interactions first where there are any, then shares and hybrids."""
    attribution = found.attribution
    interactions = [interactions_sheet(attribution)] if attribution.effects else []
    return [*interactions, shares_sheet(found), hybrids_sheet(found)]


def factors_sheet(plan: AblationPlan) -> Sheet:
    """Return what changes with each factor."""
    rows = tuple((factor.name, _told(factor)) for factor in plan.hybrids.factors)
    heading = f"Factors from {plan.first} to {plan.last}"
    return Sheet(heading, ("factor", "what changes"), 2, (rows,))


def shares_sheet(found: Explanation) -> Sheet:
    """Return the waterfall as a table: each factor's share of the change."""
    own = found.attribution
    start = next(worth for worth in own.worths if not worth.changed)
    end = start.mean + own.total.mean
    unit = f" [{own.unit}]" if own.unit else ""
    columns = (
        "factor",
        "outcome",
        f"change{unit}",
        "95 % interval",
        "of the whole",
        "seeds ±",
        "orders ±",
    )
    blank = ("", "", "", "", "")
    decided = own.total.outcome != "undecided"
    shares = tuple(
        _effect_row(share, outcome_of(share, own), own.total.mean if decided else None)
        for share in own.shares
    )
    nulls = tuple(_effect_row(null, "null", None) for null in own.nulls)
    whole = _effect_row(own.total, own.total.outcome, None)
    groups = (
        ((found.plan.first, "", shown(start.mean), *blank[1:]),),
        shares,
        (
            (found.plan.last, "", shown(end), *blank[1:]),
            ("the whole change", *whole[1:]),
        ),
        nulls,
    )
    heading = f"{own.metric}: {title(found)}"
    least = ("of the whole", "orders ±")
    return Sheet(heading, columns, 2, groups, f"{SHARES}{_null(own)}", least=least)


def interactions_sheet(own: Attribution) -> Sheet:
    """Return main effects and interactions of the full factorial."""
    unit = f" [{own.unit}]" if own.unit else ""
    columns = ("effect", "outcome", f"change{unit}", "95 % interval", "seeds ±")
    rows = tuple(
        (
            " x ".join(effect.factors),
            effect.outcome,
            signed(effect.mean),
            interval(effect),
            shown(effect.seed, 2),
        )
        for effect in own.effects
    )
    return Sheet(f"{own.metric}: full factorial", columns, 2, (rows,), _INTERACTIONS)


def hybrids_sheet(found: Explanation) -> Sheet:
    """Return what each hybrid scored and how large it is, the best first."""
    own = found.attribution
    unit = f" [{own.unit}]" if own.unit else ""
    columns = ("hybrid", f"{own.metric}{unit}", "parameters", "edges [/crystal]")
    order = -1 if own.better == "higher" else 1
    rows = tuple(
        (
            worth.spec,
            shown(worth.mean),
            shown(worth.parameters, 1),
            shown(worth.edges, 3),
        )
        for worth in sorted(own.worths, key=lambda worth: order * worth.mean)
    )
    return Sheet("Hybrids", columns, 1, (rows,))


def _null(own: Attribution) -> str:
    return " Null: symmetry, which changes nothing that is computed." * bool(own.nulls)


def _effect_row(effect: Effect, outcome: str, whole: float | None) -> tuple[str, ...]:
    share = "" if not whole else f"{effect.mean / whole:.0%}"
    name = " x ".join(effect.factors)
    return (
        f"null: {name}" if outcome == "null" else name,
        "" if outcome == "null" else outcome,
        signed(effect.mean),
        interval(effect),
        share,
        shown(effect.seed, 2),
        shown(effect.order, 2),
    )


def _told(factor: Factor) -> str:
    told = [_change(one) for one in factor.differences[:_LISTED]]
    more = len(factor.differences) - _LISTED
    return "; ".join([*told, *([f"{more} more"] if more > 0 else [])])


def _change(one: Difference) -> str:
    key = one.key.removeprefix("network.").removeprefix("graph.")
    return f"{key} {_short(one.before)} -> {_short(one.after)}"


def _short(value: Any) -> str:
    return "none" if value is None else json.dumps(value).strip('"')
