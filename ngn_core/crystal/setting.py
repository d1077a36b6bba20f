"""From a crystal as given to the cell on which its edges are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ngn_core.crystal.action import Action, act_on_atoms
from ngn_core.crystal.cell import Tiling, choose_cell, reduce_to, tile, untiled
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.idealize import idealize
from ngn_core.crystal.symmetry import find_space_group, find_symmetry, generators
from ngn_core.errors import StructureError
from ngn_core.spec.graph import GraphOptions


@dataclass(frozen=True)
class Setting:
    """A crystal ready for its edges.

    Attributes:
        crystal: in the cell on which edges are drawn.
        tiling: how that cell fills the chosen one.
        action: of its space group on its atoms; None where no symmetry is used.
        generators: which operations generate the group.
        facts: what is reported of it.
    """

    crystal: Crystal
    tiling: Tiling
    action: Action | None
    generators: np.ndarray
    facts: Mapping[str, Any]


def set_up(crystal: Crystal, options: GraphOptions) -> Setting:
    """Return a crystal in the cell and with the symmetry that the options ask for.

    Raises:
        StructureError: where no symmetry is found, or idealizing moves an atom too
            far, unless `on_symmetry_failure` is `p1`.
    """
    tolerances = options.symprec, options.angle_tolerance
    try:
        if options.idealize:
            return _ideal(crystal, options)
        return _plain(choose_cell(crystal, options.cell, *tolerances), options, {})
    except StructureError as error:
        if options.on_symmetry_failure == "error":
            raise
        p1 = {"space_group_number": 1, "space_group_symbol": "P1"}
        return _plain(crystal, options, {**p1, "symmetry_failure": str(error)})


def _plain(
    crystal: Crystal, options: GraphOptions, facts: Mapping[str, Any]
) -> Setting:
    """Return a crystal whose symmetry is not used."""
    unknown = {
        "space_group_number": None,
        "space_group_symbol": None,
        "finder": None,
        "symprec": options.symprec,
        "shift": 0.0,
        "strain": 0.0,
    }
    nothing = np.zeros(0, dtype=np.int64)
    return Setting(crystal, untiled(crystal), None, nothing, {**unknown, **facts})


def _ideal(crystal: Crystal, options: GraphOptions) -> Setting:
    """Return the primitive cell, averaged over the space group."""
    tolerances = options.symprec, options.angle_tolerance
    symmetry = find_symmetry(crystal, *tolerances)
    primitive, given = reduce_to(crystal, symmetry.primitive)
    if given.copies == 1:
        group = symmetry.group.in_basis(given.matrix)
    else:
        group = find_space_group(primitive, *tolerances)
    action = act_on_atoms(primitive, group)
    ideal, _, strain = idealize(primitive, group, action)

    moved = ideal.frac[given.atom] + given.cell_shift - crystal.frac @ given.matrix
    shift = float(np.linalg.norm(moved @ ideal.lattice, axis=1).max())
    if options.max_shift is not None and shift > options.max_shift:
        raise StructureError(
            f"idealizing to space group {group.number} ({group.symbol}) moves an atom "
            f"by {shift:.3g} Å; max_shift is {options.max_shift:g} Å"
        )
    if options.cell == "given":
        tiling = given
    elif options.cell == "primitive":
        tiling = untiled(primitive)
    else:
        tiling = tile(primitive, symmetry.conventional)
    facts = {
        "space_group_number": group.number,
        "space_group_symbol": group.symbol,
        "finder": group.finder,
        "symprec": options.symprec,
        "shift": shift,
        "strain": strain,
    }
    return Setting(ideal, tiling, action, generators(group), facts)
