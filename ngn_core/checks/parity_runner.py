"""A reference's crystals through the network that its weights fill."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import torch

from ngn_core.checks.activations import Compared, reporter
from ngn_core.checks.own_graph import OwnGraph, build_own, compare_graphs, no_graph
from ngn_core.checks.parity_found import CaseParity, ParityNumber, ParityPrecision
from ngn_core.checks.reference import Ordered, graph_of
from ngn_core.errors import StructureError, WeightsError
from ngn_core.graph.graph import CrystalGraph
from ngn_core.network.architecture import architecture_of
from ngn_core.network.network import Network
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.pretrained.checkpoint import Checkpoint
from ngn_core.pretrained.importer import Given, Output
from ngn_core.spec.spec import Spec


class Runner:
    """Runs the cases of a folder.

    Args:
        published: the weights.
        registry: where components are looked up.
        name: of the spec; None: the importer's own.
        dtype: of the network.
        assignments: `key=value` overrides of the spec.
        cases: of the folder.

    Raises:
        SpecError: where the spec has problems.
        WeightsError: where the weights do not fit it.
    """

    def __init__(
        self,
        published: Checkpoint,
        registry: Registry,
        name: str | None,
        dtype: ParityPrecision,
        assignments: Sequence[str],
        cases: Sequence[Mapping[str, Any]],
    ) -> None:
        self.published = published
        self.registry = registry
        self.name = name
        self.dtype = getattr(torch, dtype)
        self.assignments = assignments
        own = published.spec(registry)
        self.rules = own.graph.options.nest
        with published.importing():
            self.taps = published.importer.taps(published.config)
        self.networks: dict[str, tuple[Spec, Network]] = {}
        self.specs: dict[str, Spec] = {}
        self.spec = self._spec({})
        self.unused = published.transfer(self.spec).unused
        recipe_of(self.spec, registry)
        self.scales = _medians(cases)

    def case(self, case: Mapping[str, Any], own_graph: bool) -> CaseParity:
        """Return what is found for a case.

        Args:
            case: of the folder.
            own_graph: whether the spec's own graphs are compared, too.
        """
        importer, config = self.published.importer, self.published.config
        with self.published.importing():
            given = importer.graphs(case, config)
            own = importer.own_graphs(config) if own_graph else {}
        values, seen = self._values(case, given)
        found, own_values = self._own(case, given, own)
        graph = given["graph"]
        return CaseParity(
            str(case["id"]),
            len(graph.numbers),
            len(graph.sender),
            tuple(values),
            seen,
            found,
            own_values,
        )

    def unseen(self, cases: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
        """Return the activations that have no tap."""
        return tuple(name for name in _activations(cases) if name not in self.taps)

    def _values(
        self, case: Mapping[str, Any], given: Mapping[str, Given]
    ) -> tuple[list[ParityNumber], tuple[Compared, ...]]:
        """Return the numbers of a case on the reference's graphs, and activations."""
        numbers: list[ParityNumber] = []
        seen: tuple[Compared, ...] = ()
        known: dict[str, float] = {}
        where = f"{self.published.folder}: case {case['id']}"
        for key, place, output in self._outputs(case):
            asked = json.dumps([output.graph, output.overrides, output.state])
            if asked not in known:
                wanted, network = self._network(output)
                ordered = self._ordered(wanted, given[output.graph], where)
                first = output.graph == "graph" and not seen
                listed = case.get("activations") or [] if first else []
                with reporter(
                    network, self.taps, listed, ordered.order, self.scales
                ) as found:
                    known[asked] = self._run(network, ordered.graph, output)
                seen = seen or tuple(found)
            value = known[asked] * output.std + output.mean
            numbers.append(self._number(case, key, place, value))
        return numbers, seen

    def _own(
        self,
        case: Mapping[str, Any],
        given: Mapping[str, Given],
        own: Mapping[str, Mapping[str, Any]],
    ) -> tuple[tuple[OwnGraph, ...], tuple[ParityNumber, ...]]:
        """Return the spec's own graphs, and what the network makes of them."""
        graphs: dict[str, CrystalGraph] = {}
        found = []
        for name, more in own.items():
            key = json.dumps(more, sort_keys=True)
            if key not in self.specs:
                self.specs[key] = self.published.spec(
                    self.registry, None, self.assignments, more
                )
            spec = self.specs[key]
            columns = architecture_of(self.spec).columns
            try:
                graph = build_own(spec, columns, case)
            except StructureError as error:
                found.append(no_graph(name, error, given[name], case))
                continue
            found.append(compare_graphs(name, graph, given[name], case))
            if not found[-1].doubt:
                graphs[name] = graph
        numbers = []
        for key, place, output in self._outputs(case) if graphs else ():
            if output.graph in graphs:
                _, network = self._network(output)
                raw = self._run(network, graphs[output.graph], output)
                value = raw * output.std + output.mean
                numbers.append(self._number(case, key, place, value))
        return tuple(found), tuple(numbers)

    def _outputs(self, case: Mapping[str, Any]) -> list[tuple[str, int, Output]]:
        """Return key, place and origin of each number of a case's output.

        Raises:
            WeightsError: where the importer does not know, or there are more or fewer.
        """
        importer, config = self.published.importer, self.published.config
        found = []
        for key, listed in case["output"].items():
            where = f"{self.published.folder}: case {case['id']}: output.{key}"
            with self.published.importing():
                outputs = importer.output(key, case, config)
            if outputs is None:
                raise WeightsError(
                    f"{where}: the importer {importer.name} does not know what it is"
                )
            if len(outputs) != len(listed):
                raise WeightsError(
                    f"{where}: found {len(listed)} numbers; the importer "
                    f"{importer.name} expects {len(outputs)}"
                )
            found += [(key, place, output) for place, output in enumerate(outputs)]
        return found

    def _number(
        self, case: Mapping[str, Any], key: str, place: int, value: float
    ) -> ParityNumber:
        listed = case["output"][key]
        title = key if len(listed) == 1 else f"{key}[{place}]"
        return ParityNumber.of(title, value, listed[place], self.scales[key])

    def _spec(self, overrides: Mapping[str, Any]) -> Spec:
        return self.published.spec(
            self.registry, self.name, self.assignments, overrides
        )

    def _network(self, output: Output) -> tuple[Spec, Network]:
        """Return the spec that an output needs, and its network."""
        key = json.dumps(output.overrides, sort_keys=True)
        if key not in self.networks:
            spec = self._spec(output.overrides) if output.overrides else self.spec
            self.networks[key] = spec, self.published.network(spec, self.dtype)
        return self.networks[key]

    def _ordered(self, spec: Spec, given: Given, where: str) -> Ordered:
        try:
            return graph_of(given, architecture_of(spec).columns, self.rules)
        except ValueError as error:
            raise WeightsError(f"{where}: {error}") from error

    @torch.no_grad()
    def _run(self, network: Network, graph: CrystalGraph, output: Output) -> float:
        """Return what the network gives for a graph, before it is scaled."""
        graphs = pack([graph])
        if output.state is not None:
            state = torch.tensor([output.state], dtype=torch.float64)
            graphs = graphs.with_crystal_column("state", state)
        batch = graphs.to("cpu", self.dtype).batch(torch.arange(1))
        return float(network(batch).double().item())


def _medians(cases: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the median size of the numbers under each key, and of activations."""
    sizes: dict[str, list[float]] = {}
    for case in cases:
        for key, listed in case["output"].items():
            sizes.setdefault(key, []).extend(abs(number) for number in listed)
    found = {key: median(numbers) for key, numbers in sizes.items() if numbers}
    largest: dict[str, float] = {}
    for name, every in _activations(cases).items():
        listed = [one["absmax"] for one in every if one["absmax"] is not None]
        largest[name] = median(listed) if listed else 0.0  # all of them are empty
    return largest | found


def _activations(
    cases: Sequence[Mapping[str, Any]],
) -> dict[str, list[Mapping[str, Any]]]:
    """Return the activations of all cases, by name."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for case in cases:
        for activation in case.get("activations") or []:
            found.setdefault(activation["name"], []).append(activation)
    return found
