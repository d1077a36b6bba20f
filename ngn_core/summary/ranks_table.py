"""Ranks of specs over several tasks as a table."""

from __future__ import annotations

from ngn_core.summary.numbers import p_value
from ngn_core.summary.ranks import FEWEST_SPECS, FEWEST_TASKS, Ranks
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable


def ranks_table(ranks: Ranks) -> TypedTable:
    """Return a row for each spec: its mean rank, and its rank on each task."""
    rows: tuple[Row, ...] = tuple(
        (spec, ranks.means[place], *(row[place] for row in ranks.ranks))
        for place, spec in enumerate(ranks.specs)
    )
    return TypedTable(
        "ranks",
        f"Ranks over {len(ranks.tasks)} tasks",
        (
            TableColumn("spec", "spec"),
            TableColumn("mean_rank", "mean rank", kind="hundredths"),
            *(TableColumn(task, task, kind="score") for task in ranks.tasks),
        ),
        (rows,),
        ranks_sentence(ranks),
        facts={
            "tasks": ranks.tasks,
            "friedman_p": ranks.p,
            "critical_difference": ranks.critical_difference,
            "not_separated": ranks.groups,
            "not_ranked": ranks.left_out,
        },
    )


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
