"""From spec files to specs: read, extend, override, resolve; all problems at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from ngn_core.errors import Problem, SpecError
from ngn_core.plugin.levels import LEVELS
from ngn_core.plugin.registry import Registry
from ngn_core.spec.document import Document, Path_
from ngn_core.spec.extend import override, read_extended
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.library import find_spec
from ngn_core.spec.resolve import Resolver
from ngn_core.spec.spec import (
    BlockSpec,
    GraphSpec,
    NetworkSpec,
    Reference,
    Spec,
    Task,
    TrainOptions,
)

_BLOCK_KEYS = ("repeat", "nest", "on")


def load_specs(
    names: Sequence[str], registry: Registry, assignments: Sequence[str] = ()
) -> list[Spec]:
    """Return the specs that paths or names of shipped specs mean.

    Args:
        names: paths of files, or names of shipped specs.
        registry: where components are looked up.
        assignments: `key=value` overrides, applied to each spec.

    Raises:
        SpecError: with every problem of every file.
    """
    specs: list[Spec] = []
    problems: list[Problem] = []
    for name in names:
        try:
            specs.append(_load(find_spec(name), registry, assignments))
        except SpecError as error:
            problems += error.problems
    problems += _equal_names(specs)
    if problems:
        raise SpecError(list(dict.fromkeys(problems)))
    return specs


def resolve_spec(data: Mapping[str, Any], registry: Registry, origin: str) -> Spec:
    """Return the spec of plain data, as `Spec.resolved` gives it.

    Raises:
        SpecError: with every problem; `origin` stands in place of the file.
    """
    from ngn_core.spec.document import Place

    return _resolve(Document(dict(data), {(): Place(origin, None)}), registry)


def _load(file: Path, registry: Registry, assignments: Sequence[str]) -> Spec:
    document = read_extended(file, find_spec)
    return _resolve(override(document, assignments), registry)


def _resolve(document: Document, registry: Registry) -> Spec:
    reader = _Reader(Resolver(registry, document))
    spec = reader.spec(document.data)
    if reader.resolver.problems or spec is None:
        raise SpecError(reader.resolver.problems)
    return spec


def _equal_names(specs: Sequence[Spec]) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for spec in specs:
        if spec.name in first:
            found = f"{spec.name!r}, the name of {first[spec.name]} too"
            expected = "a name of its own, for the tables"
            problems.append(Problem(spec.file, None, "name", found, expected))
        first.setdefault(spec.name, spec.file)
    return problems


class _Reader:
    """Reads the envelope; what stands beside a `use:` is the component's matter."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def spec(self, data: Mapping[str, Any]) -> Spec | None:
        required = ("name", "graph", "network", "train")
        section = self._section(data, (), required, ("reference",))
        if section is None:
            return None
        name = section.get("name")
        if name is not None and (not isinstance(name, str) or not name.strip()):
            self.resolver.report(("name",), repr(name), "a name, for the tables")
        reference = self.resolver.model(
            Reference, section.get("reference", {}), ("reference",)
        )
        graph = self._graph(section.get("graph"))
        network = self._network(section.get("network"))
        train = self._train(section.get("train"))
        if name is None or None in (reference, graph, network, train):
            return None
        file = self.resolver.document.place(()).file
        assert reference is not None and graph is not None  # noqa: PT018
        assert network is not None and train is not None  # noqa: PT018
        self._levels_fit(graph, network)
        return Spec(name, reference, graph, network, train, file)

    def _graph(self, values: Any) -> GraphSpec | None:
        if not isinstance(values, Mapping):
            return self._missing(("graph",), values)
        options = {key: value for key, value in values.items() if key != "edges"}
        checked = self.resolver.model(GraphOptions, options, ("graph",))
        edges = self.resolver.component(
            "graph constructor", values.get("edges"), ("graph", "edges")
        )
        if checked is None or edges is None:
            return None
        return GraphSpec(checked, edges)

    def _network(self, values: Any) -> NetworkSpec | None:
        path: Path_ = ("network",)
        section = self._section(
            values, path, ("embed", "blocks", "readout"), ("head", "init")
        )
        if section is None:
            return None
        embed_path: Path_ = (*path, "embed")
        embed = self._section(
            section.get("embed", {}), embed_path, (), (*LEVELS, "state")
        )
        uses = {
            level: self.resolver.component("embedding", value, (*embed_path, level))
            for level, value in (embed or {}).items()
        }
        blocks = self._blocks(section.get("blocks"), (*path, "blocks"))
        readout = self._component("readout", section, path)
        head = self._component("head", section, path)
        init = self._component("initialization", section, path, key="init")
        if embed is None or blocks is None or readout is None or None in uses.values():
            return None
        checked = {level: use for level, use in uses.items() if use is not None}
        return NetworkSpec(checked, blocks, readout, head, init)

    def _component(
        self, kind: str, section: Mapping[str, Any], path: Path_, key: str | None = None
    ) -> Any:
        key = key or kind
        if section.get(key) is None:
            return None
        return self.resolver.component(kind, section[key], (*path, key))

    def _blocks(self, values: Any, path: Path_) -> tuple[BlockSpec, ...] | None:
        if values is None:
            return None
        if not isinstance(values, list) or not values:
            return self._missing(path, values, "a list of blocks, each with `use:`")
        blocks = [
            self._block(value, (*path, position))
            for position, value in enumerate(values)
        ]
        if None in blocks:
            return None
        return tuple(block for block in blocks if block is not None)

    def _block(self, values: Any, path: Path_) -> BlockSpec | None:
        if not isinstance(values, Mapping):
            return self._missing(path, values, "a block with `use:`")
        options = {key: item for key, item in values.items() if key not in _BLOCK_KEYS}
        use = self.resolver.component("message function", options, path)
        repeat = values.get("repeat", 1)
        if not isinstance(repeat, int) or isinstance(repeat, bool) or repeat < 1:
            self.resolver.report((*path, "repeat"), repr(repeat), "a number from 1 on")
            return None
        nest, on = values.get("nest"), None
        inner = None
        if nest is not None:
            nest_path: Path_ = (*path, "nest")
            on = nest.get("on") if isinstance(nest, Mapping) else None
            if on not in ("edges", "messages"):
                found = "nothing" if on is None else repr(on)
                expected = "edges or messages: the nodes of the nested block"
                self.resolver.report((*nest_path, "on"), found, expected)
                return None
            inner = self._block(nest, nest_path)
        if use is None or (nest is not None and inner is None):
            return None
        return BlockSpec(use, repeat, on, inner)

    def _train(self, values: Any) -> dict[Task, TrainOptions] | None:
        if not isinstance(values, Mapping):
            return self._missing(("train",), values)
        path: Path_ = ("train",)
        common = {key: value for key, value in values.items() if key != "by_task"}
        by_task = self._section(
            values.get("by_task", {}), (*path, "by_task"), (), ("regression", "binary")
        )
        if by_task is None:
            return None
        losses = {"regression": "mae", "binary": "bce"}
        train: dict[Task, TrainOptions] = {}
        task: Task
        for task in ("regression", "binary"):
            own = by_task.get(task, {})
            if not isinstance(own, Mapping):
                return self._missing((*path, "by_task", task), own)
            loss = {"loss": losses[task]}
            if task == "regression":
                loss |= {key: common[key] for key in ("loss",) if key in common}
            merged = {**common, **loss, **own}
            options = self.resolver.model(TrainOptions, merged, path)
            if options is None:
                return None
            found = options.loss.component.task  # type: ignore[attr-defined]
            if found != task:
                where: Path_ = (*path, "loss")
                if task == "binary" or "loss" in own:
                    where = (*path, "by_task", task, "loss")
                self.resolver.report(where, f"a {found} loss", f"a {task} loss")
                return None
            if options.patience is not None and options.validation == 0:
                expected = "a share of the training part, for `patience` watches it"
                self.resolver.report((*path, "validation"), "0", expected)
                return None
            train[task] = options
        return train

    def _levels_fit(self, graph: GraphSpec, network: NetworkSpec) -> None:
        """Report nests without pairs, and embeddings of levels that are not there."""
        depth = 2 + len(graph.options.nest)
        if depth > len(LEVELS):
            expected = f"at most {len(LEVELS) - 2} pair rules"
            self.resolver.report(("graph", "nest"), f"{depth - 2} rules", expected)
        for level in network.embed:
            if level != "state" and level not in LEVELS[:depth]:
                place: Path_ = ("network", "embed", level)
                expected = "a level of the graph; `graph.nest` gives it no such level"
                self.resolver.report(place, f"the level {level!r}", expected)
        for position, block in enumerate(network.blocks):
            path: Path_ = ("network", "blocks", position)
            inner, level = block.nest, 2
            while inner is not None:
                path, level = (*path, "nest"), level + 1
                if level > depth:
                    found = f"a nest on level {level}, over {depth - 2} pair rules"
                    expected = "one pair rule in `graph.nest` for each nest"
                    self.resolver.report(path, found, expected)
                    break
                inner = inner.nest

    def _section(
        self,
        values: Any,
        path: Path_,
        required: Collection[str],
        optional: Collection[str],
    ) -> Mapping[str, Any] | None:
        if not isinstance(values, Mapping):
            return self._missing(path, values)
        known = [*required, *optional]
        for key in values:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                suggestion = f"Did you mean {close[0]!r}?" if close else None
                expected = f"one of the keys {', '.join(known)}"
                found = f"the unknown key {key!r}"
                self.resolver.report((*path, key), found, expected, suggestion)
        for key in required:
            if values.get(key) is None:
                self.resolver.report((*path, key), "nothing", f"a value for {key!r}")
        return {key: value for key, value in values.items() if key in known}

    def _missing(
        self, path: Path_, found: Any, expected: str = "a mapping of keys"
    ) -> None:
        self.resolver.report(path, "nothing" if found is None else repr(found), expected)
