"""Executors: where the trials of a comparison are run."""

from __future__ import annotations

import ngn_core.api as ngn
from ngn_plugins.executors.local import LocalExecutor
from ngn_plugins.executors.ray import RayExecutor
from ngn_plugins.executors.slurm import SlurmExecutor


@ngn.hookimpl
def ngn_register_executors() -> list[type[ngn.Executor]]:
    """Return the executors of this package."""
    return [LocalExecutor, RayExecutor, SlurmExecutor]
