"""What a dataset is made of: elements, sizes of cells, crystal systems, polymorphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.symmetry import find_space_group
from ngn_core.crystal.systems import SYSTEMS, crystal_system
from ngn_core.errors import StructureError

SYMPREC = 0.01
"""How far an image may lie from its atom where crystal systems are told apart, Å."""


@dataclass(frozen=True)
class Systems:
    """The crystal systems of a dataset.

    Attributes:
        counts: crystals of each, all seven.
        unknown: the reason, by id, where no space group was found.
        symprec: Å.
    """

    counts: Mapping[str, int]
    unknown: Mapping[str, str]
    symprec: float = SYMPREC


@dataclass(frozen=True)
class Polymorphs:
    """How many different structures formulas have.

    Attributes:
        formulas: how many there are.
        counts: formulas by their number of structures, duplicates counted once.
        most: the formulas with the most structures, two or more, with that number.
    """

    formulas: int
    counts: Mapping[int, int]
    most: tuple[tuple[str, int], ...]


def elements(crystals: Sequence[Crystal]) -> dict[str, int]:
    """Return how many crystals hold each element, the most frequent first."""
    counts = Counter(
        number
        for crystal in crystals
        for number in {z for site in crystal.species for z, _ in site}
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {symbol_of(number): count for number, count in ordered}


def crystal_systems(
    ids: Sequence[str], crystals: Sequence[Crystal], progress: Callable[[int], None]
) -> Systems:
    """Return the crystal systems, told from the space groups."""
    counts = dict.fromkeys(SYSTEMS, 0)
    unknown = {}
    for done, (name, crystal) in enumerate(zip(ids, crystals, strict=True), start=1):
        bare = Crystal(crystal.lattice, crystal.frac, crystal.species)
        try:
            number = find_space_group(bare, SYMPREC).number
        except StructureError as error:
            unknown[name] = str(error)
        else:
            counts[crystal_system(number)] += 1
        progress(done)
    return Systems(counts, unknown)


def polymorphs(
    labels: Sequence[str], formula: np.ndarray, structure: np.ndarray, most: int = 50
) -> Polymorphs:
    """Return how many structures formulas have.

    Args:
        labels: of the formulas.
        formula: [B], number of each crystal's formula.
        structure: [B], equal for structure duplicates.
        most: so many formulas are listed.
    """
    pairs = np.unique(np.stack([formula, structure], axis=1), axis=0)
    count = np.bincount(pairs[:, 0], minlength=len(labels))
    order = np.argsort(-count, kind="stable")[:most]
    sizes, formulas = np.unique(count, return_counts=True)
    return Polymorphs(
        len(labels),
        dict(zip(sizes.tolist(), formulas.tolist(), strict=True)),
        tuple((labels[i], int(count[i])) for i in order if count[i] > 1),
    )
