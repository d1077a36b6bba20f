"""From a crystal as given to the cell on which its edges are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ngn_core.crystal.cell import (
    Supercell,
    choose_cell,
    identity_supercell,
    reduce_to,
    supercell_of,
)
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.lengths import lengths
from ngn_core.crystal.space_group import generators
from ngn_core.crystal.symmetry import FinderName, find_space_group, find_symmetry
from ngn_core.crystal.vacuum import close_vacuum
from ngn_core.errors import StructureError
from ngn_core.graph.action import Action, act_on_atoms
from ngn_core.graph.idealize import idealize
from ngn_core.graph.orbits import orbits_of_group
from ngn_core.spec.graph import GraphOptions

P1: Mapping[str, Any] = {"space_group_number": 1, "space_group_symbol": "P1"}


@dataclass(frozen=True)
class SymmetrizedCrystal:
    """A crystal ready for its edges.

    Attributes:
        crystal: in the cell on which edges are drawn.
        supercell: how that cell fills the chosen one.
        orbits: [N], of its atoms; each its own where no symmetry is used.
        action: of its space group on its atoms; None where edges are not closed.
        generators: which operations generate the group.
        facts: what is reported of it: `space_group_number`, `space_group_symbol`,
            `finder`, `symprec`, `shift` (Å) and `strain` of idealizing; a sentence
            under `symmetry_failure` or `large_shift` where there was one; under
            `vacuum_removed` how much (Å) where `vacuum` is a number.
    """

    crystal: Crystal
    supercell: Supercell
    orbits: np.ndarray
    action: Action | None
    generators: np.ndarray
    facts: Mapping[str, Any]


def symmetrize(crystal: Crystal, options: GraphOptions) -> SymmetrizedCrystal:
    """Return a crystal in the cell and with the symmetry that the options ask for.

    Raises:
        StructureError: where no symmetry is found, unless `on_symmetry_failure` is
            `p1`, or idealizing moves an atom too far and `on_large_shift` is `error`.
    """
    facts: dict[str, Any] = {}
    if options.vacuum != "given":
        crystal, facts["vacuum_removed"] = close_vacuum(crystal, options.vacuum)
    try:
        if options.idealize:
            symmetrized = _ideal(crystal, options)
        else:
            whole = choose_cell(crystal, options.cell, *_how(options))
            symmetrized = _plain(whole, options)
    except StructureError as error:
        if options.on_symmetry_failure == "error":
            raise
        facts |= {**P1, "symmetry_failure": str(error)}
        symmetrized = _plain(crystal, options)
    excess = _excess(symmetrized.facts, options)
    if excess and options.on_large_shift == "error":
        raise StructureError(f"{excess}; on_large_shift is error")
    if excess and options.on_large_shift == "p1":
        facts |= {**P1, "large_shift": f"{excess}: taken as given, without symmetry"}
        symmetrized = _plain(crystal, options)
    elif excess:
        facts["large_shift"] = f"{excess}: kept"
    return replace(symmetrized, facts={**symmetrized.facts, **facts})


def _how(options: GraphOptions) -> tuple[float, float, FinderName]:
    return options.symprec, options.angle_tolerance, options.finder


def _excess(facts: Mapping[str, Any], options: GraphOptions) -> str:
    """Return what idealizing changed beyond the limits; nothing where it did not."""
    by = []
    if options.max_shift is not None and facts["shift"] > options.max_shift:
        by.append(
            f"moves an atom by {facts['shift']:.3g} Å; max_shift is "
            f"{options.max_shift:g} Å"
        )
    if options.max_strain is not None and facts["strain"] > options.max_strain:
        by.append(
            f"strains the lattice by {facts['strain']:.3g}; max_strain is "
            f"{options.max_strain:g}"
        )
    group = f"{facts['space_group_number']} ({facts['space_group_symbol']})"
    return f"idealizing to space group {group} {', and '.join(by)}" if by else ""


def _plain(crystal: Crystal, options: GraphOptions) -> SymmetrizedCrystal:
    """Return a crystal whose symmetry is not used."""
    unknown = {
        "space_group_number": None,
        "space_group_symbol": None,
        "finder": None,
        "symprec": options.symprec,
        "shift": 0.0,
        "strain": 0.0,
    }
    return _open(crystal, np.arange(len(crystal.frac)), unknown)


def _ideal(crystal: Crystal, options: GraphOptions) -> SymmetrizedCrystal:
    """Return the primitive cell, averaged over the space group."""
    symmetry = find_symmetry(crystal, *_how(options))
    primitive, given = reduce_to(crystal, symmetry.primitive)
    if given.copies == 1:
        group = symmetry.group.in_basis(given.matrix)
    else:
        group = find_space_group(primitive, *_how(options))
    action = act_on_atoms(primitive, group)
    ideal, _, strain = idealize(primitive, group, action)

    moved = ideal.frac.take(given.atom, axis=0) + given.cell_shift
    moved -= crystal.frac @ given.matrix
    if options.cell == "given":
        supercell = given
    elif options.cell == "primitive":
        supercell = identity_supercell(primitive)
    else:
        supercell = supercell_of(primitive, symmetry.conventional)
    facts = {
        "space_group_number": group.number,
        "space_group_symbol": group.symbol,
        "finder": group.finder,
        "symprec": options.symprec,
        "shift": float(lengths(moved @ ideal.lattice).max()),
        "strain": strain,
    }
    chosen = generators(group)
    labels = orbits_of_group(action)
    if options.closure == "group":
        return SymmetrizedCrystal(ideal, supercell, labels, action, chosen, facts)
    whole = supercell.fill(ideal)
    if options.symmetry == "none":
        return _open(whole, np.arange(len(whole.frac)), facts)
    return _open(whole, labels[supercell.atom], facts)


def _open(
    crystal: Crystal, labels: np.ndarray, facts: Mapping[str, Any]
) -> SymmetrizedCrystal:
    """Return a crystal whose edges are drawn on this cell and not closed."""
    nothing = np.zeros(0, dtype=np.int64)
    return SymmetrizedCrystal(
        crystal, identity_supercell(crystal), labels, None, nothing, facts
    )
