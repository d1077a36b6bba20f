"""Reading a whole spec: its sections are checked here, components by their options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ngn_core.spec.baseline import Baseline
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.levels import check_levels
from ngn_core.spec.network import read_network
from ngn_core.spec.plain_yaml import show
from ngn_core.spec.resolve import Resolver
from ngn_core.spec.spec import GraphSpec, Reference, Spec, Tuned
from ngn_core.spec.train import read_train

_REQUIRED = ("name", "graph", "network", "train")
_BASELINE = ("name", "estimator")


def read_spec(resolver: Resolver) -> Spec | Baseline | None:
    """Return the spec, or None where it has problems, which are reported."""
    data = resolver.document.data
    is_baseline = "estimator" in data
    required = _BASELINE if is_baseline else _REQUIRED
    section = (
        resolver.section(data, (), required, ("reference", "extends", "tuned")) or {}
    )
    if "extends" in data:
        expected = "`extends:` in a spec file alone"
        resolver.report(("extends",), show(data["extends"]), expected)
    name = section.get("name", "")
    if "name" in section and (not isinstance(name, str) or not name.strip()):
        resolver.report(("name",), show(name), "text, the name that tables print")
    reference = section.get("reference")
    checked = resolver.model(
        Reference, {} if reference is None else reference, ("reference",)
    )
    file = resolver.document.place(()).file
    if is_baseline:
        estimator = resolver.component(
            "estimator", section.get("estimator"), ("estimator",)
        )
        if resolver.problems or checked is None or estimator is None:
            return None
        return Baseline(name, checked, estimator, file, resolver.document)
    graph = _read_graph(resolver, section["graph"]) if "graph" in section else None
    network = (
        read_network(resolver, section["network"]) if "network" in section else None
    )
    train = read_train(resolver, section["train"]) if "train" in section else {}
    tuned = section.get("tuned")
    provenance = None if tuned is None else resolver.model(Tuned, tuned, ("tuned",))
    if resolver.problems or checked is None or graph is None or network is None:
        return None
    return Spec(
        name, checked, graph, network, train, file, resolver.document, tuned=provenance
    )


def _read_graph(resolver: Resolver, values: Any) -> GraphSpec | None:
    options = resolver.model(GraphOptions, values, ("graph",), ("edges",))
    if not isinstance(values, Mapping):
        return None
    if options is not None:
        check_levels(resolver, options, resolver.document.data.get("network"))
    path = ("graph", "edges")
    edges = resolver.component("graph constructor", values.get("edges"), path)
    return None if options is None or edges is None else GraphSpec(options, edges)
