"""Why one spec beats another: sheets, sentences, a waterfall, a page, JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from ngn_core.compare.explaining.attribution import Attribution, Effect
from ngn_core.compare.explaining.explain import Explanation
from ngn_core.compare.explaining.factors import Difference, Factor
from ngn_core.compare.explaining.walk import Walk
from ngn_core.compare.explaining.walk_cost import Cost
from ngn_core.report.html import as_page, write_whole
from ngn_core.report.numbers import counted, shown
from ngn_core.report.page import plain
from ngn_core.report.palette import NEUTRAL
from ngn_core.report.pictures import pictures_as_html, plotly_program
from ngn_core.report.plot import Axis, Plot, Series, plot_as_csv
from ngn_core.report.sheet import (
    Sheet,
    print_sheet,
    sheet_as_html,
    sheet_as_markdown,
)
from ngn_core.report.terminal import wide

_LISTED = 6
"""Differences of a factor that a sheet lists."""

_OUTCOMES = {"better": 2, "worse": 3, "undecided": 1}
"""Place in the palette of each outcome."""

_NULL = "symmetry (null)"

_SHARES = (
    "Shapley values: a factor's change, mean over the orders in which the factors can "
    "change; together they are the whole change. Intervals are Nadeau and Bengio's, "
    "over fold means. A factor whose interval holds 0 is undecided."
)

_INTERACTIONS = (
    "A factor's main effect is its mean change over all settings of the others; an "
    "interaction is how much one effect changes with the other factor."
)


def print_walk(walk: Walk, cost: Cost) -> None:
    """Print the factors, what cannot be parted, and what training will cost."""
    console = wide()
    print_sheet(console, factors_sheet(walk))
    for sentence in [*walk_sentences(walk), cost_sentence(cost)]:
        console.print(plain(sentence))


def print_explanation(found: Explanation) -> None:
    """Print what each factor changes."""
    console = wide()
    for sheet in sheets(found):
        print_sheet(console, sheet)
    console.print()
    for sentence in sentences(found):
        console.print(plain(sentence))


def write_explanation(found: Explanation, folder: Path) -> list[Path]:
    """Write the page, Markdown, JSON, and the waterfall's CSV; return the files."""
    texts = {
        "explanation.html": as_html(found),
        "explanation.md": as_markdown(found),
        "explanation.json": as_json(found),
        "waterfall.csv": plot_as_csv(waterfall(found)),
    }
    for name, text in texts.items():
        write_whole(text, folder / name)
    return [folder / name for name in texts]


def title(found: Explanation) -> str:
    """Return what is explained, on what."""
    walk, table = found.walk, found.table
    return f"{walk.first} to {walk.last} on {table.dataset}: {table.target}"


def sheets(found: Explanation) -> list[Sheet]:
    """Return interactions first where there are any, then shares and hybrids."""
    attribution = found.attribution
    interactions = [interactions_sheet(attribution)] if attribution.effects else []
    return [*interactions, shares_sheet(found), hybrids_sheet(found)]


def factors_sheet(walk: Walk) -> Sheet:
    """Return what changes with each factor."""
    rows = tuple((factor.name, _told(factor)) for factor in walk.hybrids.factors)
    heading = f"Factors from {walk.first} to {walk.last}"
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
    shares = tuple(
        _effect_row(share, _outcome(share, own), own.total.mean) for share in own.shares
    )
    nulls = tuple(_effect_row(null, "null", None) for null in own.nulls)
    whole = _effect_row(own.total, own.total.outcome, None)
    groups = (
        ((found.walk.first, "", shown(start.mean), *blank[1:]),),
        shares,
        (
            (found.walk.last, "", shown(end), *blank[1:]),
            ("the whole change", *whole[1:]),
        ),
        nulls,
    )
    heading = f"{own.metric}: {title(found)}"
    return Sheet(heading, columns, 2, groups, _SHARES)


def interactions_sheet(own: Attribution) -> Sheet:
    """Return main effects and interactions of the full factorial."""
    unit = f" [{own.unit}]" if own.unit else ""
    columns = ("effect", "outcome", f"change{unit}", "95 % interval", "seeds ±")
    rows = tuple(
        (
            " x ".join(effect.factors),
            effect.outcome,
            signed(effect.mean),
            _interval(effect),
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


def walk_sentences(walk: Walk) -> list[str]:
    """Return what had to go together, what was made equal, and what is walked."""
    told = [
        f"{first} and {last} go together: {merge.hybrid} cannot be ({merge.reason})."
        for merge in walk.hybrids.merges
        for first, last in (merge.factors,)
    ]
    told += [f"{matched.spec}: {matched.said}." for matched in walk.matched]
    if walk.orders is not None:
        told.append(
            f"{counted(len(walk.orders), 'order')} of {len(walk.factors)} factors are "
            f"walked, {len(walk.specs)} of {2 ** len(walk.factors)} hybrids; --orders "
            "says how many."
        )
    return [*told, *walk.notes]


def cost_sentence(cost: Cost) -> str:
    """Return what the walk costs."""
    sentence = f"{counted(cost.hybrids, 'spec')} in {counted(cost.trials, 'trial')}"
    if cost.seconds is None:
        return f"{sentence}, all of them stored already."
    return (
        f"{sentence}, {cost.stored:,} of them stored; the others take about "
        f"{_duration(cost.seconds)} here, as measured on a few crystals."
    )


def sentences(found: Explanation) -> list[str]:
    """Return what was found in words, and what limits it."""
    own, walk = found.attribution, found.walk
    unit = f" {own.unit}" if own.unit else ""
    start = next(worth for worth in own.worths if not worth.changed)
    told = [
        f"From {walk.first} to {walk.last} the {own.metric} goes from "
        f"{shown(start.mean)} to {shown(start.mean + own.total.mean)}{unit} over "
        f"{counted(len(own.folds), 'fold')} and {counted(len(own.seeds), 'seed')}."
    ]
    decided = [one for one in own.shares if _outcome(one, own) in ("better", "worse")]
    for share in sorted(decided, key=lambda one: -abs(one.mean)):
        told.append(
            f"{share.factors[0]}: {share.outcome} by {shown(abs(share.mean), 3)}{unit} "
            f"({_interval(share)})."
        )
    undecided = [one.factors[0] for one in own.shares if one not in decided]
    if undecided:
        told.append(f"Not separated from no change: {', '.join(undecided)}.")
    if own.floor is not None:
        told.append(
            "Noise floor: symmetry, which changes nothing that is computed, appears "
            f"to change {shown(own.floor, 3)}{unit}; a factor below that is noise."
        )
    if own.effects:
        told += _interaction_sentences(own, unit)
    if len(own.seeds) == 1:
        told.append("One seed: the noise of seeds was not measured.")
    missing = found.table.n_folds - len(own.folds)
    if missing:
        told.append(
            f"{counted(missing, 'fold')} left out, where a hybrid has no score."
        )
    return [*told, *walk_sentences(walk)]


def waterfall(found: Explanation) -> Plot:
    """Return the way from one spec's error to the other's, factor by factor."""
    own, walk = found.attribution, found.walk
    start = next(worth for worth in own.worths if not worth.changed).mean
    end = start + own.total.mean
    drawn: dict[str, list[tuple[str, float, float, Effect]]] = {}
    level = start
    for share in own.shares:
        bar = (share.factors[0], level, level + share.mean, share)
        drawn.setdefault(_outcome(share, own), []).append(bar)
        level += share.mean
    ends = Series(
        "specs", "points", (walk.first, walk.last), (start, end), color=NEUTRAL
    )
    series = [ends, *(_bars(kind, bars) for kind, bars in drawn.items())]
    words = [walk.first, *(bar.factors[0] for bar in own.shares), walk.last]
    if own.floor is not None:
        low, high = end - own.floor / 2, end + own.floor / 2
        null = Series(_NULL, "bars", (_NULL,), (high,), base=(low,), color=NEUTRAL)
        series, words = [*series, null], [*words, _NULL]
    return Plot(
        "waterfall",
        f"{own.metric}: {title(found)}",
        Axis("", words=tuple(words)),
        Axis(own.metric, own.unit),
        tuple(series),
        f"{_SHARES} The gray bar is as high as the noise floor.",
    )


def as_html(found: Explanation) -> str:
    """Return the page; nothing in it is loaded from anywhere."""
    told = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in sentences(found))
    picture = pictures_as_html([waterfall(found)], "explain")
    tables = [sheet_as_html(s) for s in [*sheets(found), factors_sheet(found.walk)]]
    body = "\n".join([plotly_program(), told, picture, *tables])
    return as_page(title(found), body)


def as_markdown(found: Explanation) -> str:
    """Return everything but the picture."""
    told = "\n".join(f"- {sentence}" for sentence in sentences(found))
    parts = [*sheets(found), factors_sheet(found.walk)]
    tables = "\n".join(map(sheet_as_markdown, parts))
    return f"## {title(found)}\n\n{told}\n\n{tables}"


def as_json(found: Explanation) -> str:
    """Return everything that was found, as JSON."""
    walk = found.walk
    data: dict[str, Any] = {
        "title": title(found),
        "first": walk.first,
        "last": walk.last,
        "factors": [
            {"factor": one.name, "differences": list(map(asdict, one.differences))}
            for one in walk.hybrids.factors
        ],
        "merges": list(map(asdict, walk.hybrids.merges)),
        "matched": list(map(asdict, walk.matched)),
        "orders": walk.orders,
        "sentences": sentences(found),
        **asdict(found.attribution),
    }
    return json.dumps(data, indent=1, ensure_ascii=False)


def signed(value: float) -> str:
    """Return a change with its sign."""
    return f"{'+' if value > 0 else ''}{shown(value, 3)}"


def _interaction_sentences(own: Attribution, unit: str) -> list[str]:
    told = []
    for effect in own.effects:
        if len(effect.factors) > 1:
            what = " x ".join(effect.factors)
            said = "undecided" if effect.outcome == "undecided" else "not 0"
            told.append(
                f"Interaction {what}: {signed(effect.mean)}{unit} "
                f"({_interval(effect)}), {said}."
            )
    return told


def _outcome(share: Effect, own: Attribution) -> str:
    """Return an effect's outcome; below the noise floor it is undecided."""
    is_noise = own.floor is not None and abs(share.mean) <= own.floor
    return "undecided" if is_noise else share.outcome


def _effect_row(effect: Effect, outcome: str, whole: float | None) -> tuple[str, ...]:
    share = "" if not whole else f"{effect.mean / whole:.0%}"
    name = " x ".join(effect.factors)
    return (
        f"{_NULL}: {name}" if outcome == "null" else name,
        "" if outcome == "null" else outcome,
        signed(effect.mean),
        _interval(effect),
        share,
        shown(effect.seed, 2),
        shown(effect.order, 2),
    )


def _bars(kind: str, bars: Sequence[tuple[str, float, float, Effect]]) -> Series:
    known = [bar for bar in bars if bar[3].interval is not None]
    whole = len(known) == len(bars)
    return Series(
        kind,
        "bars",
        tuple(name for name, _, _, _ in bars),
        tuple(top for _, _, top, _ in bars),
        tuple(base + e.interval.low for _, base, _, e in bars if e.interval)
        if whole
        else (),
        tuple(base + e.interval.high for _, base, _, e in bars if e.interval)
        if whole
        else (),
        base=tuple(base for _, base, _, _ in bars),
        texts=tuple(
            f"{name}: {signed(e.mean)} ({_interval(e)})" for name, _, _, e in bars
        ),
        color=_OUTCOMES[kind],
    )


def _interval(effect: Effect) -> str:
    found = effect.interval
    return "-" if found is None else f"{signed(found.low)} to {signed(found.high)}"


def _told(factor: Factor) -> str:
    told = [_change(one) for one in factor.differences[:_LISTED]]
    more = len(factor.differences) - _LISTED
    return "; ".join([*told, *([f"{more} more"] if more > 0 else [])])


def _change(one: Difference) -> str:
    key = one.key.removeprefix("network.").removeprefix("graph.")
    return f"{key} {_short(one.before)} -> {_short(one.after)}"


def _short(value: Any) -> str:
    return "none" if value is None else json.dumps(value).strip('"')


def _duration(seconds: float) -> str:
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
