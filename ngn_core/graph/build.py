"""From a crystal to its graph: cell, symmetry, edges, pairs, quotient."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.validation import check_arrays, check_distances, check_numbers
from ngn_core.errors import StructureError
from ngn_core.graph.graph import LEVELS, SHARE, SHARED, CrystalGraph, Level
from ngn_core.graph.graph_constructor import GraphConstructor
from ngn_core.graph.levels import build_levels
from ngn_core.graph.quotient import ItemSelection, quotient
from ngn_core.graph.supercell import expand_to_supercell
from ngn_core.graph.symmetrized_crystal import symmetrize
from ngn_core.spec.graph import GraphOptions, sharpness

GEOMETRY: Mapping[str, Mapping[str, str]] = {
    "node": {"atomic_number": "", "occupancy": ""},
    "edge": {"length": "Å", "vector": "Å", "cell_shift": ""},
    "angle": {"angle": "rad"},
    "torsion": {"torsion": ""},
}
"""Columns that the core computes, by level, with their units.

An occupancy is the sum of what sits on a site, 1 without vacancies; a torsion is
sin(t1) sin(t2) cos(phi).
"""


class GraphBuilder:
    """Builds the graphs of crystals, with the columns that are asked for and no other.

    Symmetry, edges, pairs and orbits are found once, on the idealized primitive cell;
    other cells are filled with its translates.
    """

    def __init__(
        self,
        options: GraphOptions,
        constructor: GraphConstructor,
        columns: Mapping[str, frozenset[str]],
    ) -> None:
        """Check what is asked for.

        Args:
            options: how the graph is built.
            constructor: draws the edges.
            columns: names of the columns to store, by level; under `crystal` those of
                the crystal as a whole.

        Raises:
            ValueError: where a level or a column can never be there, or shells are
                told apart more sharply than symmetry is known.
        """
        if constructor.literal and options.closure != "literal":
            raise ValueError(
                f"{constructor.name} keeps to the letter of a reference, which closing "
                "its edges would undo: write closure: literal"
            )
        for tolerance in _tolerances(constructor.options.resolved()):
            problem = sharpness(options, tolerance)
            if problem is not None:
                raise ValueError(problem)
        levels = ("crystal", *LEVELS[: 2 + len(options.nest)])
        for level, names in columns.items():
            if level not in levels and names:
                raise ValueError(
                    f"columns {', '.join(sorted(names))} are asked of level {level!r}, "
                    f"but the graph has {', '.join(levels[1:])}; each rule of "
                    "graph.nest adds a level"
                )
            there = set(GEOMETRY.get(level, ()))
            there |= set(constructor.gives) if level == "edge" else set()
            missing = names - there
            if missing and level not in ("node", "crystal"):
                raise ValueError(
                    f"level {level!r} has no column {', '.join(sorted(missing))}; it "
                    f"has {', '.join(sorted(there))}"
                )
        self.options = options
        self.constructor = constructor
        self.columns = columns

    def __call__(self, crystal: Crystal) -> CrystalGraph:
        """Return the graph of a crystal.

        Raises:
            StructureError: where the crystal cannot become a graph under the options.
        """
        check_arrays(crystal)
        check_distances(crystal)
        symmetrized = symmetrize(self._read(crystal), self.options)
        levels = build_levels(symmetrized, self.constructor, self.options.nest)
        if self.options.symmetry == "none":
            taken = expand_to_supercell(levels.incidences, symmetrized.supercell)
        else:
            taken = quotient(levels.incidences, levels.labels, self.options.symmetry)
            copies = symmetrized.supercell.copies * taken[0].multiplicity
            taken[0] = replace(taken[0], multiplicity=copies)
        known = [self._node_columns(symmetrized.crystal), *levels.columns]
        stacked = tuple(
            self._level(*level) for level in zip(LEVELS, taken, known, strict=False)
        )
        facts = {**symmetrized.facts, "cell_atoms": len(symmetrized.supercell.atom)}
        names = self.columns.get("crystal", frozenset())
        _check_there("column", names, crystal.properties)
        columns = {name: crystal.properties[name] for name in sorted(names)}
        return CrystalGraph(stacked, len(crystal.frac), facts, columns)

    def _read(self, crystal: Crystal) -> Crystal:
        """Return the crystal with the site columns that are asked for."""
        names = self.columns.get("node", frozenset()) - set(GEOMETRY["node"])
        there = GEOMETRY["node"].keys() | crystal.columns.keys()
        _check_there("site column", names, there)
        directional = sorted(names & crystal.directional)
        if directional and self.options.symmetry != "none":
            raise StructureError(
                f"the site column {', '.join(directional)} has a direction, which "
                "differs between symmetry-equivalent atoms, so that one cannot stand "
                f"for the others; expected symmetry: none, not {self.options.symmetry}"
            )
        columns = {name: np.asarray(crystal.columns[name]) for name in sorted(names)}
        for name, column in columns.items():
            check_numbers(name, column)
        return replace(crystal, columns=columns)

    def _node_columns(self, crystal: Crystal) -> Mapping[str, np.ndarray]:
        """Return the columns of the sites, of a disordered crystal with its shares."""
        names = self.columns.get("node", frozenset())
        columns = dict(crystal.columns)
        if "occupancy" in names:
            columns["occupancy"] = crystal.occupancy
        if "atomic_number" in names and crystal.is_ordered:
            columns["atomic_number"] = crystal.numbers
        elif "atomic_number" in names:
            columns[SHARED], columns[SHARE] = crystal.shares()
        return columns

    def _level(
        self, name: str, taken: ItemSelection, known: Mapping[str, np.ndarray]
    ) -> Level:
        columns: dict[str, np.ndarray] = {}
        index = None
        if taken.incidence is not None:
            index = np.array([taken.incidence.sender, taken.incidence.receiver])
        names = set(self.columns.get(name, ()))
        if SHARED in known:
            names = (names - {"atomic_number"}) | {SHARED, SHARE}
        for column in sorted(names):
            if column == "cell_shift" and taken.incidence is not None:
                columns[column] = taken.incidence.cell_shift
            else:
                columns[column] = known[column].take(taken.items, axis=0)
        return Level(columns, index, taken.multiplicity)


def _tolerances(options: Any) -> Iterator[float]:
    """Yield the tolerance of an edge rule, and of the rules inside its options."""
    if isinstance(options, Mapping):
        if options.get("tolerance") is not None:
            yield options["tolerance"]
        options = list(options.values())
    for inner in options if isinstance(options, list) else ():
        yield from _tolerances(inner)


def _check_there(what: str, names: Set[str], there: Collection[str]) -> None:
    missing = names - set(there)
    if missing:
        raise StructureError(
            f"the crystal has no {what} {', '.join(sorted(missing))}; it has "
            f"{', '.join(sorted(there)) or 'none'}"
        )
