"""Why one spec beats another: hybrids are trained, and the change is shared out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ngn_core.attribution.ablation_plan import AblationPlan
from ngn_core.attribution.attribution import Attribution, attribute
from ngn_core.comparison.request import Request
from ngn_core.comparison.session import compare
from ngn_core.experiment.run_context import Run
from ngn_core.spec.plain_yaml import write_yaml
from ngn_core.summary.comparison import ComparisonTable

FOLDER = "explain"
"""Beside the trials: the hybrids' specs, and what was found."""


@dataclass(frozen=True)
class Explanation:
    """What makes the difference between two specs.

    Attributes:
        plan: what was trained.
        table: the comparison of all hybrids.
        attribution: of the change to the factors.
    """

    plan: AblationPlan
    table: ComparisonTable
    attribution: Attribution


def explain(plan: AblationPlan, request: Request, run: Run) -> Explanation:
    """Train the hybrids that are not in the store yet; return what each factor changes.

    The hybrids are written as spec files, so that `ngn-compare` trains any of them
    again.

    Raises:
        NGNError: where hybrids cannot be trained, or no fold has a score of all.
    """
    folder = request.out / FOLDER / "hybrids"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, spec in enumerate(plan.every):
        file = folder / f"{number:02}_{_file_name(spec.name)}.yaml"
        file.write_text(write_yaml(spec.resolved()), encoding="utf-8")
        files.append(str(file))
    asked = replace(
        request,
        specs=tuple(files),
        targets=(plan.target,),
        assignments=(),
        epochs=None,
    )
    (table,) = compare(asked, run)
    found = attribute(
        {changed: spec.name for changed, spec in plan.specs.items()},
        plan.factors,
        plan.orders,
        [(end.name, null.name) for end, null in plan.nulls],
        (result for line in table.lines for result in line.results),
    )
    return Explanation(plan, table, found)


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() or c in "+-." else "_" for c in name)
