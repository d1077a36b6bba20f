"""Measuring the costs of a comparison, after its trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ngn_core.costs.cost import Cost
from ngn_core.costs.cost_files import alone, cost_file, read_cost, write_cost
from ngn_core.costs.costs import Wanted
from ngn_core.costs.isolated_timing import (
    TURNS,
    TimedSpec,
    make_timed_specs,
    measure_in_turn,
)
from ngn_core.errors import TrialError
from ngn_core.experiment.environment import environment
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.result import Result
from ngn_core.experiment.run_context import Run
from ngn_core.spec.spec import Spec

SECONDS = 6.0
"""Seconds a spec after which no further round begins, on a machine that is slow."""

COSTS_SHARE = 0.1
"""Share of the time of a whole call that the costs may take."""


def measure_costs(
    results: Sequence[Result],
    specs: Sequence[Spec],
    prepared: Prepared,
    run: Run,
    wanted: Wanted = "missing",
    limit: float | None = None,
) -> None:
    """Measure the specs that have results and, at this place, no cost; keep the costs.

    Args:
        results: of the trials, which are over.
        specs: that are measured; a baseline is none.
        prepared: their graphs.
        run: what they were run with; the costs go beside the results.
        wanted: which costs.
        limit: seconds after which no further round begins; None: a few for each spec.

    Raises:
        TrialError: where costs cannot be kept.
    """
    models: dict[str, str] = {}
    for result in results:
        models.setdefault(result.spec, result.model)
    here, runs = environment(run.device), run.store.runs
    if wanted == "none" or not models:
        return
    with alone(runs):
        due = [
            spec
            for spec in specs
            if spec.name in models
            and (wanted == "fresh" or not _is_kept(runs, models[spec.name], here))
        ]
        if not due:
            return
        subjects = make_timed_specs(due, prepared, run.registry)

        def tell(done: int) -> None:
            run.reporter.step("costs", done, TURNS + 1)

        most = SECONDS * len(due)
        limit = most if limit is None else min(limit, most)
        measure_in_turn(subjects, run.device, tell, limit=limit)
        run.reporter.step("costs", TURNS + 1, TURNS + 1)
        for subject in subjects:
            if subject.turns:
                write_cost(_cost(subject, models[subject.spec.name], here), runs)
            if subject.failure is not None:
                reason = f"the cost could not be measured: {subject.failure}"
                run.reporter.note(f"{subject.spec.name}: {reason}")


def _is_kept(runs: Path, model: str, here: Mapping[str, object]) -> bool:
    """Return whether there is a whole cost of a model at this place."""
    try:
        read_cost(cost_file(runs, model, here))
    except TrialError:
        return False
    return True


def _cost(subject: TimedSpec, model: str, here: Mapping[str, object]) -> Cost:
    assert subject.throughput is not None
    return Cost(
        model=model,
        spec=subject.spec.name,
        environment=here,
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
        batch_size=subject.batch_size,
        crystals=subject.crystals,
        parameters=subject.throughput.parameters,
        flops=subject.throughput.flops,
        turns=tuple(subject.turns),
    )
