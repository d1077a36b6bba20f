"""What no crystal may be: without volume, not finite, with atoms on top of atoms."""

from __future__ import annotations

import numpy as np

from ngn_core.crystal.basis import inverse
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.lengths import lengths
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.errors import StructureError

CLOSEST_APPROACH = 0.5
"""Atoms nearer than this, Å, are taken for a mistake in the data."""

NEAR = CLOSEST_APPROACH * (1 + 1e-6)
"""Atoms farther than this, Å, are not that near, rounding or not."""

FEW = 64
"""Atoms, up to which comparing all is quicker than a search."""

THINNEST = 1e-6
"""Least volume of a cell, as a part of the product of its edges."""


def check_arrays(crystal: Crystal) -> None:
    """Check shapes, finite numbers, occupancies and volume.

    Raises:
        StructureError: where one of them is wrong.
    """
    atoms = len(crystal.species)
    for name, array, shape in (
        ("lattice", crystal.lattice, (3, 3)),
        ("frac", crystal.frac, (atoms, 3)),
    ):
        if array.shape != shape:
            raise StructureError(
                f"`{name}` must have shape {list(shape)}, got {list(array.shape)}; "
                f"the crystal has {_sites(atoms)}"
            )
        if not np.isfinite(array).all():
            raise StructureError(f"`{name}` has a number that is not finite")
    if atoms == 0:
        raise StructureError("the crystal has no site; it needs one at least")
    edges = lengths(crystal.lattice)
    if not crystal.volume > THINNEST * edges.prod():
        raise StructureError(
            f"the cell has no volume: edges {', '.join(f'{x:.4g}' for x in edges)} Å, "
            f"volume {crystal.volume:.3g} Å^3; its vectors must span space"
        )
    for name, column in crystal.columns.items():
        if len(column) != atoms:
            raise StructureError(
                f"site column `{name}` has {len(column)} "
                f"row{'' if len(column) == 1 else 's'} for {_sites(atoms)}"
            )
    for species in dict.fromkeys(crystal.species):
        weights = [weight for _, weight in species]
        right = all(0 < weight <= 1 + 1e-6 for weight in weights)
        if not weights or not right or sum(weights) > 1 + 1e-6:
            raise StructureError(
                f"site {crystal.species.index(species)} has occupancies {weights}; "
                "they lie in (0, 1] and sum to 1 at most"
            )


def check_numbers(name: str, column: np.ndarray) -> None:
    """Check that a site column holds finite numbers.

    Raises:
        StructureError: naming the first site that has none.
    """
    rows = column.reshape(len(column), -1)
    numeric = column.dtype.kind in "biuf"
    wrong = [] if numeric else [site for site, row in enumerate(rows) if None in row]
    if numeric:
        wrong = np.flatnonzero(~np.isfinite(rows).all(axis=1)).tolist()
    if wrong or not numeric:
        site = wrong[0] if wrong else 0
        found = f"{column[site]!r} at site {site}"
        raise StructureError(f"site column `{name}` is {found}; expected a number")


def check_distances(crystal: Crystal) -> None:
    """Check that no two atoms, periodic images included, lie on top of each other.

    Raises:
        StructureError: where two are nearer than `CLOSEST_APPROACH`; it names them.
    """
    if _plainly_apart(crystal):
        return
    sender, receiver, shift, length = neighbors_within(crystal, CLOSEST_APPROACH)
    if len(length):
        first = int(np.argmin(length))
        image = "" if not shift[first].any() else f" in cell {shift[first].tolist()}"
        raise StructureError(
            f"{crystal.site_name(receiver[first])} and "
            f"{crystal.site_name(sender[first])}{image} are {length[first]:.3g} Å "
            f"apart; atoms are at least {CLOSEST_APPROACH:g} Å apart{_remedy(crystal)}"
        )


def _remedy(crystal: Crystal) -> str:
    if crystal.is_ordered:
        return ""
    return ", and places of which one alone is taken are written as one shared site"


def _plainly_apart(crystal: Crystal) -> bool:
    """Return whether a quick look, where it is enough, finds the atoms apart.

    In a cell whose lattice planes are twice `CLOSEST_APPROACH` apart, two atoms nearer
    than that differ by less than a half in each fractional coordinate.
    """
    atoms = len(crystal.frac)
    normals = inverse(crystal.lattice)  # columns, 1 over the distance of planes
    if atoms > FEW or (normals * normals).sum(axis=0).max() * NEAR**2 >= 0.25:
        return False
    apart = (crystal.frac[:, None] - crystal.frac).reshape(-1, 3)
    apart -= np.rint(apart)
    near = lengths(apart @ crystal.lattice) < NEAR
    return bool(np.count_nonzero(near) == atoms)  # each one and itself


def _sites(count: int) -> str:
    return "1 site" if count == 1 else f"{count} sites"
