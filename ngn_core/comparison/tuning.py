"""`ngn tune`: the best spec of each fold, chosen inside of its training part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ngn_core.comparison.budget import parse_budget
from ngn_core.comparison.checking import asked_dataset, check_target
from ngn_core.comparison.device import check_devices
from ngn_core.comparison.fit_budget import within_trial
from ngn_core.comparison.request import Request
from ngn_core.comparison.search import Search
from ngn_core.comparison.space import Dimension
from ngn_core.comparison.tuned import TunedProtocol
from ngn_core.dataset.open import default_target
from ngn_core.errors import NGNError
from ngn_core.experiment.protocol import Chosen
from ngn_core.experiment.run_context import Run
from ngn_core.spec.load import load_one
from ngn_core.spec.plain_yaml import write_yaml
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class TunedFold:
    """What a study in one fold found.

    Attributes:
        fold: whose training part it saw.
        spec: the best one.
        chosen: what was tried.
        file: where the spec was written.
    """

    fold: int
    spec: Spec
    chosen: Chosen
    file: Path


def tune(
    request: Request,
    protocol: TunedProtocol,
    run: Run,
    folder: Path,
    folds: Sequence[int] = (),
) -> tuple[list[Dimension], list[TunedFold]]:
    """Return what was searched, and the best spec of each fold, written to a file each.

    Args:
        request: of one spec, with the dataset.
        protocol: the trials of each study, and the space.
        run: what they are run with.
        folder: for `NAME_fold0.yaml` and so on.
        folds: only these; none: all.

    Raises:
        NGNError: for anything that is wrong before the first trial, and where a study
            ends without a score.
        Stopped: where the work was asked to end.
    """
    assignments, registry = request.assignments, run.registry
    [spec] = protocol.lay_out(
        [load_one(request.specs[0], registry, assignments)], assignments, registry
    )
    dataset = asked_dataset(request, registry)
    targets = request.targets or (default_target(dataset),)
    if len(targets) > 1:
        raise NGNError("ngn tune: expected one --target")
    budget = None if request.budget is None else parse_budget(request.budget)
    if budget is not None and budget.of == "call":
        raise NGNError(
            f"--budget {budget.text}: expected epochs=N, steps=N or seconds=S of every "
            "trial; the trials of a study are given by --trials"
        )
    check_devices(run, budget)
    checked = check_target(request, targets[0], [spec], dataset, registry)
    unknown = [fold for fold in folds if fold not in range(checked.crystals.n_folds)]
    if unknown:
        raise NGNError(
            f"--fold {unknown[0]}: expected one of 0 to {checked.crystals.n_folds - 1}"
        )
    target = checked.crystals.target
    assert target is not None
    space = protocol.space_of(checked.specs[0], target.task, budget, registry)
    prepared = run.prepare(checked.specs, checked.crystals)
    specs = checked.specs
    if budget is not None:
        specs = within_trial(budget, specs, prepared, run, checked.notes)
    found = []
    for fold in folds or range(prepared.crystals.n_folds):
        trials = protocol.trials
        best = Search(specs[0], space, trials, fold, prepared, budget, run).best()
        assert best.chosen is not None
        named = replace(best.spec, name=f"{best.spec.name} (tuned on fold {fold})")
        file = folder / f"{Path(request.specs[0]).stem}_fold{fold}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(write_yaml(named.resolved()), encoding="utf-8")
        found.append(TunedFold(fold, named, best.chosen, file))
    return space, found
