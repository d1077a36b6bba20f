"""`ngn parity`: a network with a reference's weights, against its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ngn_core.checks.parity_found import Parity, ParityPrecision
from ngn_core.checks.parity_runner import Runner
from ngn_core.checks.reference import lists_edges, read_cases
from ngn_core.errors import WeightsError
from ngn_core.plugin.registry import Registry
from ngn_core.pretrained.checkpoint import read_published

FLOAT32 = 1.0e-4
"""Largest deviation in float32."""


def parity(
    folder: Path,
    registry: Registry,
    name: str | None = None,
    dtype: ParityPrecision = "float64",
    own_graph: bool = False,
    assignments: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Parity:
    """Return how near a spec's network comes to a folder of reference data.

    The network runs on the reference's own edges.

    Args:
        folder: of the reference.
        registry: where components are looked up.
        name: of the spec; None: the importer's own.
        dtype: of the network.
        own_graph: whether the graphs that the importer's spec builds are compared, too.
        assignments: `key=value` overrides of the spec.
        progress: is told how many cases are done, and of how many.

    Raises:
        WeightsError: where weights or cases cannot be used.
        SpecError: where the spec has problems.
    """
    published = read_published(folder, registry)
    every = list(read_cases(folder))
    cases = [case for case in every if lists_edges(case)]
    if not cases:
        raise WeightsError(f"{folder}: there is no case with edges to compare")
    runner = Runner(published, registry, name, dtype, assignments, cases)
    found = []
    for done, case in enumerate(cases):
        progress(done, len(cases))
        found.append(runner.case(case, own_graph))
    progress(len(cases), len(cases))
    tolerance = published.importer.tolerance if dtype == "float64" else FLOAT32
    return Parity(
        runner.spec.name,
        str(folder),
        published.importer.name,
        dtype,
        tolerance,
        runner.unused,
        runner.unseen(cases),
        tuple(str(case["id"]) for case in every if not lists_edges(case)),
        tuple(found),
    )
