"""A target before any trial: its crystals selected, its specs fitted to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ngn_core.comparison.budget import Budget, parse_budget
from ngn_core.comparison.request import Request
from ngn_core.dataset.crystal_set import CrystalSet, HeldOut
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.declare import declared, open_declared
from ngn_core.errors import ExecutorError, NGNError
from ngn_core.experiment.holdout_source import HeldOutSource, keep_source
from ngn_core.experiment.pooling import with_pooling
from ngn_core.experiment.prepare import with_state
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.selection import Selection, select_target
from ngn_core.packed.needs import check_columns
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class CheckedTarget:
    """A target with all that is needed of it, nothing wrong so far.

    Attributes:
        target: its name.
        specs: as they are trained on it.
        selection: of its rows.
        crystals: with its values.
        notes: sentences for its table.
    """

    target: str
    specs: list[Spec]
    selection: Selection
    crystals: CrystalSet
    notes: list[str]


def budget_of(request: Request) -> Budget | None:
    """Return how much training there may be; `--epochs N` is short for `epochs=N`.

    Raises:
        NGNError: for a number below 1, and where the protocol wants a budget.
    """
    for name, number in (
        ("--seeds", request.seeds),
        ("--epochs", request.epochs),
    ):
        if number is not None and number < 1:
            raise NGNError(f"{name} {number}: expected a number from 1 on")
    text = request.budget
    if request.epochs is not None:
        if text is not None:
            raise NGNError(
                f"--epochs {request.epochs} and --budget {text}: expected one of them"
            )
        return Budget("epochs", request.epochs, f"epochs={request.epochs}", short=True)
    if text is None and request.protocol.needs_budget:
        raise NGNError(
            f"--protocol {request.protocol.name}: expected --budget epochs=N, steps=N, "
            "seconds=S or a time of the whole call, the same for every spec"
        )
    return None if text is None else parse_budget(text)


def asked_dataset(request: Request, registry: Registry) -> DatasetTable:
    """Return the dataset of a request, as it is declared and as flags have it.

    Raises:
        DatasetError: where nothing opens it; with every problem of the declaration.
    """
    if isinstance(request.dataset, str):
        return open_declared(request.dataset, registry, request.flags, request.targets)
    return declared(request.dataset, None, request.flags, request.targets)


def check_target(
    request: Request,
    target: str,
    specs: Sequence[Spec],
    dataset: DatasetTable,
    registry: Registry,
) -> CheckedTarget:
    """Select the crystals of a target and say what is wrong, before any trial.

    Raises:
        NGNError: for anything that is wrong with the dataset, or a spec on it.
    """
    selection = select_target(
        dataset,
        target,
        request.split,
        registry,
        state=request.state,
        on_bad_structure=request.on_bad_structure,
        on_disorder=request.on_disorder,
        read=check_columns(specs, dataset, target, request.state is not None),
    )
    crystals = selection.crystals(request.limit)
    if selection.held_out is not None:
        keep_source(_source(request, target, selection.held_out), request.out)
    notes = [crystals.note] if crystals.note else []
    for spec in specs:
        if with_state(spec, crystals.state, registry) is None:
            notes.append(f"{spec.name} has no global state and does not see --state.")
    fitted = [fit_spec(spec, crystals, registry) for spec in specs]
    return CheckedTarget(target, fitted, selection, crystals, notes)


def fit_spec(spec: Spec, crystals: CrystalSet, registry: Registry) -> Spec:
    """Return a spec with the state's column and the pooling that the target wants."""
    stated = with_state(spec, crystals.state, registry) or spec
    return with_pooling([stated], crystals, registry)[0]


def _source(request: Request, target: str, held_out: HeldOut) -> HeldOutSource:
    """Return what `ngn holdout` needs to find the crystals again."""
    dataset = request.dataset
    return HeldOutSource(
        held_out,
        dataset if isinstance(dataset, str) else None,
        request.flags,
        target,
        request.state,
        request.on_disorder,
    )


def check_executor(request: Request, budget: Budget | None, run: Run) -> None:
    """Check that workers can do what is asked for.

    Raises:
        ExecutorError: for what each of them would understand in its own way, or not
            see.
    """
    if request.executor is None:
        return
    name = f"--executor {request.executor.name}"
    if not isinstance(request.dataset, str):
        raise ExecutorError(
            f"{name}: workers do not see a dataset that was made from objects; "
            "expected the name, folder or file of one"
        )
    if request.fresh:
        raise ExecutorError(
            f"{name} and --fresh: a trial that goes on would begin anew; expected "
            "another --out"
        )
    if budget is not None and budget.timed:
        raise ExecutorError(
            f"{name} and --budget {budget.text}: every worker would measure another "
            "number of epochs; expected epochs=N or steps=N"
        )
    if run.device.index is not None:
        raise ExecutorError(
            f"{name} and --device {request.device}: it chooses the GPU of each trial; "
            "expected auto, cpu or cuda"
        )
