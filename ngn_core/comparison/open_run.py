"""From what is asked for to what it is run with."""

from __future__ import annotations

from ngn_core.comparison.device import choose_device
from ngn_core.comparison.request import Request
from ngn_core.experiment.reporter import Reporter
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.store import Store
from ngn_core.plugin.registry import Registry
from ngn_core.training.stop import Stop


def open_run(
    request: Request, registry: Registry, reporter: Reporter, stop: Stop | None = None
) -> Run:
    """Return what a request is run with in this process.

    Args:
        request: what is asked for.
        registry: of components.
        reporter: is told of every step.
        stop: says when to end before all is done, None: nobody does.

    Raises:
        TrialError: for a device that is not there.
    """
    return Run(
        registry,
        Store(request.out),
        reporter,
        choose_device(request.device),
        request.devices,
        request.cache,
        request.jobs,
        request.on_bad_structure,
        request.fresh,
        collects=request.executor is not None,
        stop=stop or Stop(),
        log=request.log,
    )
