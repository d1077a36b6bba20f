"""Ranks of specs over several tasks, as text."""

from __future__ import annotations

from ngn_core.compare.statistics.ranks import FEWEST_SPECS, FEWEST_TASKS, Ranks
from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet
from ngn_core.report.verdicts import p_value


def ranks_sheet(ranks: Ranks) -> Sheet:
    """Return a row for each spec: its mean rank, and its rank on each task."""
    rows = tuple(
        (
            spec,
            f"{ranks.means[place]:.2f}",
            *(shown(row[place]) for row in ranks.ranks),
        )
        for place, spec in enumerate(ranks.specs)
    )
    title = f"Ranks over {len(ranks.tasks)} tasks"
    heads = ("spec", "mean rank", *ranks.tasks)
    return Sheet(title, heads, 1, (rows,), ranks_sentence(ranks))


def ranks_sentence(ranks: Ranks) -> str:
    """Return what the ranks separate, or why nothing is tested."""
    if ranks.p is None or ranks.critical_difference is None:
        said = (
            f"Not tested: that takes {FEWEST_TASKS} tasks and {FEWEST_SPECS} specs "
            "or more."
        )
    else:
        said = (
            f"Friedman p {p_value(ranks.p)}; critical difference of mean ranks "
            f"{ranks.critical_difference:.2f} (Nemenyi, 5 %)."
        )
        listed = [f"{', '.join(group)}" for group in ranks.groups]
        said += f" Not separated: {'; '.join(listed)}." if listed else ""
    if ranks.left_out:
        left_out = ", ".join(ranks.left_out)
        said += f" Not ranked, for some task has no score of them: {left_out}."
    return said
