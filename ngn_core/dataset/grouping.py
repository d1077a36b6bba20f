"""Groupings: crystals so alike that a fair split keeps them together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ngn_core.crystal.cell import reduce_to
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.formula import composition, formula, whole_numbers
from ngn_core.crystal.symmetry import find_symmetry
from ngn_core.errors import DatasetError, StructureError
from ngn_core.graph.action import act_on_atoms
from ngn_core.graph.orbits import orbits

DEFAULT = "formula"
SYMPREC = 0.01
"""How far an image may lie from its atom where prototypes are told apart, Å."""

_LISTED = 20


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which crystals belong together.

    Attributes:
        by: what the crystals of a group share.
        numbers: [B], int64, from 0 in the order in which groups come first.
        labels: of each group.
    """

    by: str
    numbers: np.ndarray
    labels: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.labels)


def group_by(
    by: str,
    ids: Sequence[str],
    crystals: Sequence[Crystal],
    columns: Sequence[Any] | None = None,
) -> Grouping:
    """Return the groups of crystals.

    - `formula`: equal shares of the elements.
    - `chemsys`: the same elements.
    - `prototype`: space group, number of atoms in the primitive cell, ratio of the
      elements whichever they are, and sizes of the orbits of atoms are equal. Lattice
      parameters and positions within an orbit are not compared.
    - `structure`: duplicates of pymatgen's StructureMatcher, see
      `structure_duplicates`.
    - anything else is the name of a column.

    Args:
        by: one of them.
        ids: for messages.
        crystals: B crystals.
        columns: [B], the values of the column `by`; they win over a grouping of the
            same name.

    Raises:
        DatasetError: naming the crystals without a group.
    """
    keys: Sequence[tuple[Hashable, str]]
    if columns is not None:
        keys = _values(by, ids, columns)
    elif by == "structure":
        keys = _duplicates(ids, crystals)
    else:
        keys = _each(by, ids, crystals)
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(key, len(numbers)) for key, _ in keys]
    labels: dict[int, str] = {}
    for number, (_, label) in zip(found, keys, strict=True):
        labels.setdefault(number, label)
    array = np.array(found, dtype=np.int64)
    array.setflags(write=False)
    return Grouping(by, array, tuple(labels.values()))


def _formula(crystal: Crystal) -> tuple[Hashable, str]:
    return composition(crystal.species), formula(crystal.species)


def _chemsys(crystal: Crystal) -> tuple[Hashable, str]:
    elements = {z for site in crystal.species for z, _ in site}
    label = "-".join(sorted(symbol_of(z) for z in elements))
    return label, label


def _prototype(crystal: Crystal) -> tuple[Hashable, str]:
    bare = Crystal(crystal.lattice, crystal.frac, crystal.species)
    symmetry = find_symmetry(bare, SYMPREC)
    primitive, _ = reduce_to(bare, symmetry.primitive)
    group = find_symmetry(primitive, SYMPREC).group
    ratio = sorted(whole_numbers(composition(crystal.species)).values())
    sizes = sorted(Counter(orbits(act_on_atoms(primitive, group)).tolist()).values())
    label = (
        f"space group {group.number}, {':'.join(map(str, ratio))}, "
        f"{len(primitive.frac)} atoms in orbits of {'+'.join(map(str, sizes))}"
    )
    return label, label


_OF_A_CRYSTAL: dict[str, Callable[[Crystal], tuple[Hashable, str]]] = {
    "formula": _formula,
    "chemsys": _chemsys,
    "prototype": _prototype,
}
NAMES = (*_OF_A_CRYSTAL, "structure")
"""Groupings that need no column."""


def _each(
    by: str, ids: Sequence[str], crystals: Sequence[Crystal]
) -> list[tuple[Hashable, str]]:
    keys, failures = [], []
    for name, crystal in zip(ids, crystals, strict=True):
        try:
            keys.append(_OF_A_CRYSTAL[by](crystal))
        except StructureError as error:
            failures.append(f"{name}: {error}")
    _refuse(by, failures)
    return keys


def _duplicates(
    ids: Sequence[str], crystals: Sequence[Crystal]
) -> list[tuple[Hashable, str]]:
    from ngn_core.dataset.duplicates import structure_duplicates

    numbers = structure_duplicates(crystals).tolist()
    return [(n, f"duplicates of {name}") for n, name in zip(numbers, ids, strict=True)]


def _values(
    by: str, ids: Sequence[str], values: Sequence[Any]
) -> list[tuple[Hashable, str]]:
    keys: list[tuple[Hashable, str]] = []
    failures = []
    for name, value in zip(ids, values, strict=True):
        value = value.item() if isinstance(value, np.generic) else value
        empty = value is None or value == ""
        if empty or isinstance(value, float) and math.isnan(value):
            failures.append(f"{name}: no value")
        elif not isinstance(value, (str, int, float)):
            failures.append(f"{name}: {value!r}; expected a label or a number")
        else:
            keys.append((value, str(value)))
    _refuse(by, failures)
    return keys


def _refuse(by: str, failures: Sequence[str]) -> None:
    if failures:
        listed = "\n".join(f"  {line}" for line in failures[:_LISTED])
        if len(failures) > _LISTED:
            listed += f"\n  ... and {len(failures) - _LISTED} more"
        counted = "1 crystal has" if len(failures) == 1 else f"{len(failures)} have"
        raise DatasetError(f"--by {by}: {counted} no group:\n{listed}")
