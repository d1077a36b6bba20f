"""Every hook a plugin may implement; each is called once, to build the registry."""

from __future__ import annotations

import pluggy

PROJECT = "ngn"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def ngn_register_graph_constructors() -> list[type]:  # type: ignore[empty-body]
    """Return GraphConstructor classes: which atoms are joined by an edge."""


@hookspec
def ngn_register_message_functions() -> list[type]:  # type: ignore[empty-body]
    """Return MessageFunction classes: the hooks of a block."""


@hookspec
def ngn_register_embeddings() -> list[type]:  # type: ignore[empty-body]
    """Return Embedding classes: raw columns to first features, at any level."""


@hookspec
def ngn_register_gates() -> list[type]:  # type: ignore[empty-body]
    """Return Gate classes: how a new feature and the old one become one."""


@hookspec
def ngn_register_readouts() -> list[type]:  # type: ignore[empty-body]
    """Return Readout classes: features of levels to one vector a crystal."""


@hookspec
def ngn_register_heads() -> list[type]:  # type: ignore[empty-body]
    """Return Head classes: the crystal's vector to the prediction."""


@hookspec
def ngn_register_initializations() -> list[type]:  # type: ignore[empty-body]
    """Return Initialization classes: how fresh weights are drawn."""


@hookspec
def ngn_register_losses() -> list[type]:  # type: ignore[empty-body]
    """Return Loss classes: what training makes small."""


@hookspec
def ngn_register_metrics() -> list[type]:  # type: ignore[empty-body]
    """Return Metric classes: what a test fold is scored by."""


@hookspec
def ngn_register_optimizers() -> list[type]:  # type: ignore[empty-body]
    """Return Optimizer classes."""


@hookspec
def ngn_register_schedules() -> list[type]:  # type: ignore[empty-body]
    """Return Schedule classes: the learning rate over the steps."""


@hookspec
def ngn_register_estimators() -> list[type]:  # type: ignore[empty-body]
    """Return BaselineEstimator classes: baselines without a graph."""


@hookspec
def ngn_register_datasets() -> list[type]:  # type: ignore[empty-body]
    """Return Dataset classes: what `--dataset` can open."""


@hookspec
def ngn_register_splits() -> list[type]:  # type: ignore[empty-body]
    """Return Split classes: how `--split` shares crystals out into folds."""


@hookspec
def ngn_register_importers() -> list[type]:  # type: ignore[empty-body]
    """Return Importer classes: published checkpoints to specs with weights."""


@hookspec
def ngn_register_executors() -> list[type]:  # type: ignore[empty-body]
    """Return Executor classes: where `--executor` runs the trials."""
