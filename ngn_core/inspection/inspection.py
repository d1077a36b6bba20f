"""What one crystal becomes under a spec: sizes, kept atoms, their neighbor shells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pydantic import ValidationError

from ngn_core.crystal.crystal import Crystal, symbols
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.formula import formula
from ngn_core.errors import SpecError, StructureError
from ngn_core.graph.build import GraphBuilder
from ngn_core.graph.graph import LEVELS, SHARE, SHARED, CrystalGraph, Level
from ngn_core.inspection.cell_picture import CellPicture, draw
from ngn_core.inspection.shells import Shell, shells
from ngn_core.network.architecture import architecture_of
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.spec import Spec

Symmetry = Literal["none", "asymmetric", "orbits"]
SETTINGS: tuple[Symmetry, ...] = ("none", "asymmetric", "orbits")
"""From nothing merged to everything that symmetry makes equal."""


@dataclass(frozen=True)
class Cell:
    """A cell: its atoms, lattice lengths (Å), angles (degrees) and volume (Å^3)."""

    atoms: int
    lengths: tuple[float, float, float]
    angles: tuple[float, float, float]
    volume: float


@dataclass(frozen=True)
class InspectedSymmetry:
    """The space group that is used, and how it was found.

    Attributes:
        number: of the International Tables; None where it was not sought.
        symbol: Hermann-Mauguin, short.
        symprec: Å.
        angle_tolerance: degrees; negative: the finder's own rule.
        finder: program and version.
        shift: farthest that idealizing moved an atom, Å.
        strain: largest strain by which it changed the lattice.
    """

    number: int | None
    symbol: str | None
    symprec: float
    angle_tolerance: float
    finder: str | None
    shift: float
    strain: float


@dataclass(frozen=True)
class Site:
    """A kept node.

    Attributes:
        element: symbol.
        multiplicity: atoms of the cell that it stands for.
        coordination: neighbors of one such atom, counted with multiplicity.
        shells: all of them, nearest first.
    """

    element: str
    multiplicity: int
    coordination: int
    shells: tuple[Shell, ...]


@dataclass(frozen=True)
class Inspection:
    """Everything that is shown of a crystal and its graph.

    Attributes:
        name: what the user called it.
        formula: reduced.
        given: the cell of the file.
        cell: the cell whose atoms become nodes.
        cell_rule: which one that is: given, primitive or conventional.
        space_group: of the crystal.
        spec: name of the spec.
        edges: name and options of the graph constructor.
        symmetry: the spec's own.
        sizes: items of each level by symmetry, of those that the spec allows.
        reduction: sizes under `none` over these, where there are any.
        refused: why a symmetry is not allowed, by symmetry.
        kept: the symmetry that merges most; `sites` are its nodes.
        sites: the kept nodes.
        remarks: what the builder had to say.
    """

    name: str
    formula: str
    given: Cell
    cell: Cell
    cell_rule: str
    space_group: InspectedSymmetry
    spec: str
    edges: Mapping[str, Any]
    symmetry: Symmetry
    sizes: Mapping[Symmetry, Mapping[str, int]]
    reduction: Mapping[Symmetry, Mapping[str, float]]
    refused: Mapping[Symmetry, str]
    kept: Symmetry
    sites: tuple[Site, ...]
    remarks: tuple[str, ...]


def inspect(name: str, crystal: Crystal, spec: Spec) -> tuple[Inspection, CellPicture]:
    """Return what a crystal becomes under a spec, and its picture.

    Args:
        name: what the user calls the crystal.
        crystal: as given.
        spec: says how graphs are built, and which site columns tell atoms apart.

    Raises:
        SpecError: where the spec's graph or network cannot be built.
        StructureError: where the crystal cannot become a graph.
    """
    needs = architecture_of(spec).columns
    columns = {
        "node": needs["node"] | {"atomic_number"},
        "edge": frozenset({"length"}),
    }
    builders, refused = _builders(spec, columns)
    try:
        graphs = {symmetry: build(crystal) for symmetry, build in builders.items()}
    except StructureError as error:
        raise StructureError(f"{name}: {error}") from error
    kept = list(graphs)[-1]
    options = builders[kept].options
    picture = draw(crystal, options, builders[kept].constructor, columns["node"])
    facts = graphs[kept].facts
    sizes = {symmetry: _sizes(graph) for symmetry, graph in graphs.items()}
    inspection = Inspection(
        name=name,
        formula=formula(crystal.species),
        given=_cell(crystal.lattice, len(crystal.frac)),
        cell=_cell(picture.lattice, facts["cell_atoms"]),
        cell_rule=_cell_rule(facts, options),
        space_group=InspectedSymmetry(
            facts["space_group_number"],
            facts["space_group_symbol"],
            options.symprec,
            options.angle_tolerance,
            facts["finder"],
            float(facts["shift"]),
            float(facts["strain"]),
        ),
        spec=spec.name,
        edges=spec.graph.edges.resolved(),
        symmetry=spec.graph.options.symmetry,
        sizes=sizes,
        reduction={
            symmetry: _over(sizes["none"], sizes[symmetry]) for symmetry in sizes
        },
        refused=refused,
        kept=kept,
        sites=_sites(graphs[kept]),
        remarks=_remarks(facts),
    )
    return inspection, picture


def _under(options: GraphOptions, symmetry: Symmetry) -> GraphOptions:
    return GraphOptions.model_validate({**options.model_dump(), "symmetry": symmetry})


def _builders(
    spec: Spec, columns: Mapping[str, frozenset[str]]
) -> tuple[dict[Symmetry, GraphBuilder], dict[Symmetry, str]]:
    """Return a builder for each symmetry, and why where the spec does not allow it."""
    builders: dict[Symmetry, GraphBuilder] = {}
    refused: dict[Symmetry, str] = {}
    for symmetry in SETTINGS:
        try:
            options = _under(spec.graph.options, symmetry)
        except ValidationError as error:
            refused[symmetry] = error.errors()[0]["msg"].removeprefix("Value error, ")
            continue
        constructor = spec.graph.edges.build()
        try:
            builders[symmetry] = GraphBuilder(options, constructor, columns)
        except ValueError as error:
            expected = "options that go together"
            raise SpecError([spec.problem("graph", str(error), expected)]) from error
    return builders, refused


def _sizes(graph: CrystalGraph) -> dict[str, int]:
    return dict(zip(LEVELS, map(len, graph.levels), strict=False))


def _over(whole: Mapping[str, int], merged: Mapping[str, int]) -> dict[str, float]:
    return {level: whole[level] / count for level, count in merged.items() if count}


def _cell(lattice: np.ndarray, atoms: int) -> Cell:
    a, b, c = lattice
    lengths = np.linalg.norm(lattice, axis=1)

    def angle(one: np.ndarray, two: np.ndarray) -> float:
        across = np.linalg.norm(np.cross(one, two))
        return float(np.degrees(np.arctan2(across, one @ two)))

    return Cell(
        atoms,
        (float(lengths[0]), float(lengths[1]), float(lengths[2])),
        (angle(b, c), angle(a, c), angle(a, b)),
        float(abs(np.linalg.det(lattice))),
    )


def _cell_rule(facts: Mapping[str, Any], options: GraphOptions) -> str:
    """Return which cell it is; without symmetry it is the given one."""
    unknown = "symmetry_failure" in facts or (
        "large_shift" in facts and facts["finder"] is None
    )
    return "given" if unknown else options.cell


def _sites(graph: CrystalGraph) -> tuple[Site, ...]:
    node, edge = graph.levels[:2]
    assert edge.index is not None
    sender, receiver = edge.index
    element, length = _elements(node), edge.columns["length"]
    starts = np.searchsorted(receiver, np.arange(len(node) + 1))
    sites = []
    for place in range(len(node)):
        into = slice(starts[place], starts[place + 1])
        multiplicity = edge.multiplicity[into]
        found = shells(element[sender[into]], length[into], multiplicity)
        sites.append(
            Site(
                str(element[place]),
                int(node.multiplicity[place]),
                int(multiplicity.sum()),
                found,
            )
        )
    return tuple(sites)


def _elements(node: Level) -> np.ndarray:
    """Return what each node is, [N], as text."""
    if SHARED not in node.columns:
        return np.array([symbol_of(int(z)) for z in node.columns["atomic_number"]])
    shares = zip(node.columns[SHARED], node.columns[SHARE], strict=True)
    return np.array(
        [
            symbols(tuple((int(z), w) for z, w in zip(*site, strict=True) if w > 0))
            for site in shares
        ]
    )


def _remarks(facts: Mapping[str, Any]) -> tuple[str, ...]:
    said = [
        str(facts[key]) for key in ("symmetry_failure", "large_shift") if key in facts
    ]
    removed = facts.get("vacuum_removed", 0.0)
    if removed:
        said.append(f"{removed:.4g} Å of vacuum removed")
    return tuple(said)
