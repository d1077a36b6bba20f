"""From a crystal to its graph: cell, symmetry, edges, pairs, quotient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.graph import LEVELS, CrystalGraph, Level
from ngn_core.crystal.lift import lift
from ngn_core.crystal.quotient import Selection, quotient
from ngn_core.crystal.sanity import check_arrays, check_distances
from ngn_core.crystal.setting import set_up
from ngn_core.crystal.tower import build_tower
from ngn_core.errors import StructureError
from ngn_core.plugin.interfaces.graph_constructor import GraphConstructor
from ngn_core.spec.graph import GraphOptions, sharpness

GEOMETRY: Mapping[str, frozenset[str]] = {
    "node": frozenset({"atomic_number"}),
    "edge": frozenset({"length", "vector", "cell_shift"}),
    "angle": frozenset({"angle"}),
    "torsion": frozenset({"torsion"}),
}
"""Columns that the core computes, by level."""


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
            columns: names of the columns to store, by level.

        Raises:
            ValueError: where a level or a column can never be there, or shells are
                told apart more sharply than symmetry is known.
        """
        problem = sharpness(options, constructor.options.resolved().get("tolerance"))
        if problem is not None:
            raise ValueError(problem)
        levels = LEVELS[: 2 + len(options.nest)]
        for level, names in columns.items():
            if level not in levels and names:
                raise ValueError(
                    f"columns {', '.join(sorted(names))} are asked of level {level!r}, "
                    f"but the graph has {', '.join(levels)}; each rule of graph.nest "
                    "adds a level"
                )
            there = set(GEOMETRY.get(level, ()))
            there |= set(constructor.gives) if level == "edge" else set()
            missing = names - there
            if missing and level != "node":
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
        setting = set_up(self._read(crystal), self.options)
        tower = build_tower(setting, self.constructor, self.options.nest)
        if self.options.symmetry == "none":
            taken = lift(tower.incidences, setting.tiling)
        else:
            taken = quotient(tower.incidences, tower.labels, self.options.symmetry)
            copies = setting.tiling.copies * taken[0].multiplicity
            taken[0] = replace(taken[0], multiplicity=copies)
        known = [self._node_columns(setting.crystal), *tower.columns]
        levels = tuple(
            self._level(*level) for level in zip(LEVELS, taken, known, strict=False)
        )
        facts = {**setting.facts, "cell_atoms": len(setting.tiling.atom)}
        return CrystalGraph(levels, len(crystal.frac), facts)

    def _read(self, crystal: Crystal) -> Crystal:
        """Return the crystal with the site columns that are asked for."""
        names = self.columns.get("node", frozenset()) - GEOMETRY["node"]
        missing = names - set(crystal.columns)
        if missing:
            there = sorted(GEOMETRY["node"] | set(crystal.columns))
            raise StructureError(
                f"the crystal has no site column {', '.join(sorted(missing))}; it has "
                f"{', '.join(there)}"
            )
        columns = {name: np.asarray(crystal.columns[name]) for name in sorted(names)}
        return replace(crystal, columns=columns)

    def _node_columns(self, crystal: Crystal) -> Mapping[str, np.ndarray]:
        if "atomic_number" not in self.columns.get("node", ()):
            return crystal.columns
        return {**crystal.columns, "atomic_number": crystal.numbers}

    def _level(
        self, name: str, taken: Selection, known: Mapping[str, np.ndarray]
    ) -> Level:
        columns: dict[str, np.ndarray] = {}
        index = None
        if taken.incidence is not None:
            index = np.stack([taken.incidence.sender, taken.incidence.receiver])
        for column in sorted(self.columns.get(name, ())):
            if column == "cell_shift" and taken.incidence is not None:
                columns[column] = taken.incidence.cell_shift
            else:
                columns[column] = known[column][taken.things]
        return Level(columns, index, taken.multiplicity)
