"""The walk between two specs as tables: factors, shares, interactions, hybrids."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ngn_core.report.effects import SHARES, outcome_of
from ngn_core.summary.numbers import format_number
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.attribution.ablation_plan import AblationPlan
    from ngn_core.attribution.attribution import Attribution, Effect
    from ngn_core.attribution.explain import Explanation
    from ngn_core.attribution.factors import Difference, Factor

_LISTED = 6
"""Differences of a factor that a table lists."""

_INTERACTIONS = (
    "A factor's main effect is its mean change over all settings of the others; an "
    "interaction is how much one effect changes with the other factor."
)


def title(found: Explanation) -> str:
    """Return what is explained, on what."""
    plan, table = found.plan, found.table
    return f"{plan.first} to {plan.last} on {table.dataset}: {table.target}"


def explanation_tables(found: Explanation) -> list[TypedTable]:
    """Return interactions first where there are any, then shares and hybrids."""
    attribution = found.attribution
    interactions = [interactions_table(attribution)] if attribution.effects else []
    return [*interactions, shares_table(found), hybrids_table(found)]


def factors_table(plan: AblationPlan) -> TypedTable:
    """Return what changes with each factor."""
    rows = tuple((factor.name, _told(factor)) for factor in plan.hybrids.factors)
    heading = f"Factors from {plan.first} to {plan.last}"
    columns = (TableColumn("factor", "factor"), TableColumn("changes", "what changes"))
    return TypedTable("factors", heading, columns, (rows,))


def shares_table(found: Explanation) -> TypedTable:
    """Return the waterfall as a table: each factor's share of the change."""
    own = found.attribution
    start = next(worth for worth in own.worths if not worth.changed)
    decided = own.total.outcome != "undecided"
    shares = tuple(
        _effect_row(share, outcome_of(share, own), own.total.mean if decided else None)
        for share in own.shares
    )
    nulls = tuple(_effect_row(null, "null", None) for null in own.nulls)
    whole = _effect_row(own.total, own.total.outcome, None)
    groups = (
        (_end_row(found.plan.first, start.mean),),
        shares,
        (
            _end_row(found.plan.last, start.mean + own.total.mean),
            ("the whole change", *whole[1:]),
        ),
        nulls,
    )
    return TypedTable(
        "shares",
        f"{own.metric}: {title(found)}",
        (
            TableColumn("factor", "factor"),
            TableColumn("outcome", "outcome"),
            TableColumn("change", "change", own.unit, "difference"),
            TableColumn("change_95", "95 % interval", kind="difference"),
            TableColumn("share", "of the whole", kind="share", priority=2),
            TableColumn("seeds", "seeds ±", kind="deviation"),
            TableColumn("orders", "orders ±", kind="deviation", priority=1),
        ),
        groups,
        f"{SHARES}{_null(own)}",
    )


def interactions_table(own: Attribution) -> TypedTable:
    """Return main effects and interactions of the full factorial."""
    rows = tuple(
        (
            " x ".join(effect.factors),
            effect.outcome,
            effect.mean,
            effect.interval,
            effect.seed,
        )
        for effect in own.effects
    )
    return TypedTable(
        "interactions",
        f"{own.metric}: full factorial",
        (
            TableColumn("effect", "effect"),
            TableColumn("outcome", "outcome"),
            TableColumn("change", "change", own.unit, "difference"),
            TableColumn("change_95", "95 % interval", kind="difference"),
            TableColumn("seeds", "seeds ±", kind="deviation"),
        ),
        (rows,),
        _INTERACTIONS,
    )


def hybrids_table(found: Explanation) -> TypedTable:
    """Return what each hybrid scored and how large it is, the best first."""
    own = found.attribution
    order = -1 if own.better == "higher" else 1
    rows = tuple(
        (worth.spec, worth.mean, worth.parameters, worth.edges)
        for worth in sorted(own.worths, key=lambda worth: order * worth.mean)
    )
    return TypedTable(
        "hybrids",
        "Hybrids",
        (
            TableColumn("hybrid", "hybrid"),
            TableColumn("score", own.metric, own.unit, "score"),
            TableColumn("parameters", "parameters", kind="count"),
            TableColumn("edges", "edges", "/crystal", "quantity"),
        ),
        (rows,),
    )


def _null(own: Attribution) -> str:
    return " Null: symmetry, which changes nothing that is computed." * bool(own.nulls)


def _end_row(spec: str, error: float) -> Row:
    """Return a row with the error of a spec, at an end of the walk."""
    return (spec, "", format_number(error), "", "", "", "")


def _effect_row(effect: Effect, outcome: str, whole: float | None) -> Row:
    name = " x ".join(effect.factors)
    return (
        f"null: {name}" if outcome == "null" else name,
        "" if outcome == "null" else outcome,
        effect.mean,
        effect.interval,
        effect.mean / whole if whole else "",
        effect.seed,
        effect.order,
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
