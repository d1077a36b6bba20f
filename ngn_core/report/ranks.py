"""Ranks of specs over several tasks: a table, plain data."""

from __future__ import annotations

import csv
import io
import json

from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet
from ngn_core.report.verdicts import p_value
from ngn_core.summary.ranks import FEWEST_SPECS, FEWEST_TASKS, Ranks


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


def ranks_as_json(ranks: Ranks) -> str:
    """Return the ranks and what was tested as JSON; what was not tested is null."""
    by_spec = zip(ranks.specs, ranks.means, zip(*ranks.ranks, strict=True), strict=True)
    plain = {
        "tasks": ranks.tasks,
        "specs": [
            {
                "spec": spec,
                "mean_rank": mean,
                "ranks": own,
            }
            for spec, mean, own in by_spec
        ],
        "friedman_p": ranks.p,
        "critical_difference": ranks.critical_difference,
        "not_separated": ranks.groups,
        "not_ranked": ranks.left_out,
    }
    return json.dumps(plain, indent=1, ensure_ascii=False)


def ranks_as_csv(ranks: Ranks) -> str:
    """Return one row for each spec and task."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["spec", "mean_rank", "task", "rank"])
    for place, spec in enumerate(ranks.specs):
        for task, row in zip(ranks.tasks, ranks.ranks, strict=True):
            writer.writerow([spec, ranks.means[place], task, row[place]])
    return text.getvalue()
