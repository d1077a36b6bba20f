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


_INTERFACES = "ngn_core.plugin.interfaces"

KINDS = {
    kind.name: kind
    for kind in (
        ComponentKind(
            "graph constructor",
            "ngn_register_graph_constructors",
            f"{_INTERFACES}.graph_constructor:GraphConstructor",
        ),
        ComponentKind(
            "message function",
            "ngn_register_message_functions",
            f"{_INTERFACES}.message_function:MessageFunction",
            ("repeat", "nest", "on"),
        ),
        ComponentKind(
            "embedding",
            "ngn_register_embeddings",
            f"{_INTERFACES}.embedding:Embedding",
        ),
        ComponentKind("gate", "ngn_register_gates", f"{_INTERFACES}.gate:Gate"),
        ComponentKind(
            "readout",
            "ngn_register_readouts",
            f"{_INTERFACES}.readout:Readout",
            ("against_target",),
        ),
        ComponentKind("head", "ngn_register_heads", f"{_INTERFACES}.head:Head"),
        ComponentKind(
            "initialization",
            "ngn_register_initializations",
            f"{_INTERFACES}.initialization:Initialization",
        ),
        ComponentKind("loss", "ngn_register_losses", f"{_INTERFACES}.loss:Loss"),
        ComponentKind("metric", "ngn_register_metrics", f"{_INTERFACES}.metric:Metric"),
        ComponentKind(
            "optimizer", "ngn_register_optimizers", f"{_INTERFACES}.optimizer:Optimizer"
        ),
        ComponentKind(
            "schedule", "ngn_register_schedules", f"{_INTERFACES}.schedule:Schedule"
        ),
        ComponentKind(
            "estimator",
            "ngn_register_estimators",
            f"{_INTERFACES}.estimator:BaselineEstimator",
        ),
        ComponentKind(
            "dataset", "ngn_register_datasets", f"{_INTERFACES}.dataset:Dataset"
        ),
        ComponentKind("split", "ngn_register_splits", f"{_INTERFACES}.split:Split"),
        ComponentKind(
            "importer", "ngn_register_importers", f"{_INTERFACES}.importer:Importer"
        ),
        ComponentKind(
            "executor", "ngn_register_executors", f"{_INTERFACES}.executor:Executor"
        ),
    )
}
