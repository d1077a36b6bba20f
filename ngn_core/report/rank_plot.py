"""The critical-difference diagram: mean ranks, and who is not separated."""

from __future__ import annotations

from collections.abc import Mapping

from ngn_core.report.palette import NEUTRAL
from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.summary.numbers import format_number
from ngn_core.summary.ranks import Ranks


def rank_plot(found: Ranks, colors: Mapping[str, int]) -> Plot:
    """Return the diagram: a point for each spec, a bar for each group below."""
    mean = dict(zip(found.specs, found.means, strict=True))
    groups = {f"group {chr(65 + n)}": own for n, own in enumerate(found.groups)}
    points = [
        Series(
            spec,
            "points",
            (mean[spec],),
            (spec,),
            texts=(f"{spec}: mean rank {format_number(mean[spec], 3)}",),
            color=colors.get(spec, NEUTRAL),
            legend=False,
        )
        for spec in found.specs
    ]
    bars = [
        Series(
            name,
            "line",
            (min(mean[spec] for spec in own), max(mean[spec] for spec in own)),
            (name, name),
            texts=(", ".join(own),) * 2,
            color=NEUTRAL,
            legend=False,
        )
        for name, own in groups.items()
    ]
    return Plot(
        "ranks",
        f"Mean ranks over {len(found.tasks)} tasks",
        Axis("mean rank (1 is the best)"),
        Axis("", words=(*reversed(groups), *reversed(found.specs))),
        (*points, *bars),
        _note(found),
    )


def _note(found: Ranks) -> str:
    if found.critical_difference is None:
        return "Too few tasks or specs to test the ranks."
    return (
        f"Critical difference {format_number(found.critical_difference, 3)} (Nemenyi, "
        "5 %): specs under one bar are not separated."
    )
