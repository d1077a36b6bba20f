"""The kinds of component: everything that a spec names by `use:` or a flag chooses."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class ComponentKind:
    """One kind of component.

    Attributes:
        name: as messages call it.
        hook: the plugin hook that returns its classes.
        interface: `module:class` that its classes derive from.
        beside: keys that stand beside `use:` and are the core's own.
    """

    name: str
    hook: str
    interface: str
    beside: tuple[str, ...] = ()

    def interface_class(self) -> type:
        """Return the interface; only now is its module imported."""
        module, _, name = self.interface.partition(":")
        found: type = getattr(import_module(module), name)
        return found


KINDS = {
    kind.name: kind
    for kind in (
        ComponentKind(
            "graph constructor",
            "ngn_register_graph_constructors",
            "ngn_core.graph.graph_constructor:GraphConstructor",
        ),
        ComponentKind(
            "message function",
            "ngn_register_message_functions",
            "ngn_core.network.message_function:MessageFunction",
            ("repeat", "nest", "on"),
        ),
        ComponentKind(
            "embedding",
            "ngn_register_embeddings",
            "ngn_core.network.embedding:Embedding",
        ),
        ComponentKind(
            "gate",
            "ngn_register_gates",
            "ngn_core.network.gate:Gate",
        ),
        ComponentKind(
            "readout",
            "ngn_register_readouts",
            "ngn_core.network.readout:Readout",
            ("against_target",),
        ),
        ComponentKind(
            "head",
            "ngn_register_heads",
            "ngn_core.network.head:Head",
        ),
        ComponentKind(
            "initialization",
            "ngn_register_initializations",
            "ngn_core.network.initialization:Initialization",
        ),
        ComponentKind(
            "loss",
            "ngn_register_losses",
            "ngn_core.training.loss:Loss",
        ),
        ComponentKind(
            "metric",
            "ngn_register_metrics",
            "ngn_core.training.metric:Metric",
        ),
        ComponentKind(
            "optimizer",
            "ngn_register_optimizers",
            "ngn_core.training.optimizer:Optimizer",
        ),
        ComponentKind(
            "schedule",
            "ngn_register_schedules",
            "ngn_core.training.schedule:Schedule",
        ),
        ComponentKind(
            "estimator",
            "ngn_register_estimators",
            "ngn_core.experiment.estimator:BaselineEstimator",
        ),
        ComponentKind(
            "dataset",
            "ngn_register_datasets",
            "ngn_core.dataset.dataset:Dataset",
        ),
        ComponentKind(
            "split",
            "ngn_register_splits",
            "ngn_core.dataset.split:Split",
        ),
        ComponentKind(
            "importer",
            "ngn_register_importers",
            "ngn_core.pretrained.importer:Importer",
        ),
        ComponentKind(
            "executor",
            "ngn_register_executors",
            "ngn_core.plugin.executor:Executor",
        ),
    )
}
