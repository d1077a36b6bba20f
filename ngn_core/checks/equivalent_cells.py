"""The same crystal, written another way: turned, moved, renumbered, doubled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ngn_core.crystal.crystal import Crystal

Rewrite = Callable[[Crystal, np.random.Generator], Crystal]

MORE_VACUUM = 5.0
"""By how much `with_more_vacuum` widens a gap, Å."""

_VACUUM = 5.0
"""A gap between layers that is wider than this, Å, is vacuum."""


def rotated(crystal: Crystal, random: np.random.Generator) -> Crystal:
    """Return the crystal turned by a random rotation."""
    return _turned(crystal, random, 1.0)


def mirrored(crystal: Crystal, random: np.random.Generator) -> Crystal:
    """Return the crystal turned by a random rotation after an inversion."""
    return _turned(crystal, random, -1.0)


def translated(crystal: Crystal, random: np.random.Generator) -> Crystal:
    """Return the crystal moved, and each atom by lattice vectors of its own."""
    cells = random.integers(-2, 3, size=crystal.frac.shape)
    return replace(crystal, frac=crystal.frac + random.random(3) + cells)


def permuted(crystal: Crystal, random: np.random.Generator) -> Crystal:
    """Return the crystal with its sites in a random order."""
    return _sites(crystal, crystal.frac, random.permutation(len(crystal.frac)))


def doubled(crystal: Crystal, random: np.random.Generator) -> Crystal:
    """Return two cells side by side along the shortest lattice vector."""
    lattice = crystal.lattice.copy()
    axis = int(np.argmin(np.linalg.norm(lattice, axis=1)))
    lattice[axis] *= 2
    second = crystal.frac.copy()
    second[:, axis] += 1
    frac = np.concatenate([crystal.frac, second])
    frac[:, axis] /= 2
    twice = np.tile(np.arange(len(crystal.frac)), 2)
    return replace(_sites(crystal, crystal.frac, twice), lattice=lattice, frac=frac)


EQUIVALENT_CELLS: Mapping[str, Rewrite] = {
    "rotation": rotated,
    "mirror": mirrored,
    "translation": translated,
    "permutation": permuted,
    "supercell": doubled,
}
"""Ways to write a crystal that change nothing, by the name of the law."""


def with_more_vacuum(crystal: Crystal) -> Crystal | None:
    """Return a slab with its widest gap 5 Å wider; None where there is no vacuum.

    Gaps are looked for between the planes of two lattice vectors each.
    """
    inverse = np.linalg.inv(crystal.lattice)
    spacing = 1 / np.linalg.norm(inverse, axis=0)
    within = crystal.frac - np.floor(crystal.frac)
    levels = np.sort(within, axis=0)
    gap = np.diff(levels, axis=0, append=levels[:1] + 1) * spacing
    axis = int(np.argmax(gap.max(axis=0)))
    below = int(np.argmax(gap[:, axis]))
    if gap[below, axis] <= _VACUUM:
        return None
    frac = crystal.frac.copy()
    above_gap = levels[below, axis] + gap[below, axis] / spacing[axis]
    frac[:, axis] = within[:, axis] + (within[:, axis] < above_gap - 1e-12)
    lattice = crystal.lattice.copy()
    lattice[axis] += MORE_VACUUM * inverse[:, axis] * spacing[axis]
    points = frac @ crystal.lattice
    return replace(crystal, lattice=lattice, frac=points @ np.linalg.inv(lattice))


def _turned(crystal: Crystal, random: np.random.Generator, sign: float) -> Crystal:
    turn, _ = np.linalg.qr(random.normal(size=(3, 3)))
    turn *= sign * np.sign(np.linalg.det(turn))
    columns = {
        name: column @ turn if name in crystal.directional else column
        for name, column in crystal.columns.items()
    }
    return replace(crystal, lattice=crystal.lattice @ turn, columns=columns)


def _sites(crystal: Crystal, frac: np.ndarray, chosen: np.ndarray) -> Crystal:
    """Return a crystal of the chosen sites, with their species and columns."""
    return replace(
        crystal,
        frac=frac[chosen],
        species=tuple(crystal.species[site] for site in chosen),
        columns={
            name: np.asarray(column)[chosen] for name, column in crystal.columns.items()
        },
    )
