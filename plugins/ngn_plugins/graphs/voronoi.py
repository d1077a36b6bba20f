"""Edges through the facets of Voronoi cells."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class Voronoi(ngn.GraphConstructor):
    """Joins atoms whose Voronoi cells share a facet, and gives the facet's area.

    Enough periodic images are taken for any cell: an image farther from an atom than
    twice the farthest vertex of its region cannot touch that region.
    """

    name = "voronoi"
    gives = {"area": "Å^2"}

    class Options(ngn.Options):
        """Options of `Voronoi`."""

        min_area: Annotated[float, ngn.Unit("Å^2")] = Field(
            1.0e-6, ge=0, description="facets must be larger than this"
        )
        max_length: Annotated[float | None, ngn.Unit("Å")] = Field(
            None, gt=0, description="longest edge, included; none: any length"
        )

    options: Options

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        sender, receiver, shift, area = facets(crystal)
        kept = area > self.options.min_area
        if self.options.max_length is not None:
            length = np.linalg.norm(crystal.vectors(sender, receiver, shift), axis=1)
            kept &= length <= self.options.max_length
        degree = np.bincount(receiver[kept], minlength=len(crystal.frac))
        if not degree.all():
            atom = int(np.argmin(degree))
            raise ngn.StructureError(
                f"{crystal.site_name(atom)} has no neighbor through a facet larger "
                f"than min_area = {self.options.min_area:g} Å^2 and nearer than "
                f"max_length = {self.options.max_length} Å: use a smaller min_area or "
                "no max_length"
            )
        return ngn.Edges(
            sender[kept], receiver[kept], shift[kept], {"area": area[kept]}
        )


def facets(
    crystal: ngn.Crystal,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return all facets of the Voronoi cells of a crystal's atoms.

    Returns:
        sender [E], receiver [E], cell_shift [E, 3] of the sender, area [E], Å^2;
        sorted by receiver.
    """
    atoms = len(crystal.frac)
    home = np.zeros((atoms, 3), dtype=np.int64)
    spanning = float(np.linalg.norm(crystal.lattice, axis=1).max())
    reach = 2.5 * (crystal.volume / atoms) ** (1 / 3)
    while True:
        sender, _, shift, _ = ngn.neighbors_within(crystal, reach)
        images = np.column_stack([sender, shift])[shift.any(axis=1)]
        images = np.unique(images, axis=0)
        atom = np.concatenate([np.arange(atoms), images[:, 0]])
        cell = np.concatenate([home, images[:, 1:]])
        pair, area, farthest = _ridges(
            (crystal.frac[atom] + cell) @ crystal.lattice, atoms
        )
        if 2 * farthest <= reach:
            break
        if np.isinf(farthest) and reach > 4 * spanning:
            raise ngn.StructureError(
                "the Voronoi cells of this crystal have no end within "
                f"{reach:.3g} Å; its longest cell vector has {spanning:.3g} Å"
            )
        reach = min(1.5 * reach, 2 * farthest * (1 + 1e-9))
    receiver, neighbor = pair.T
    return atom[neighbor], receiver, cell[neighbor], area


def _ridges(points: np.ndarray, atoms: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the facets of the first atoms among points.

    Returns:
        pair [E, 2], (atom, other point), sorted by atom; area [E], Å^2; the largest
        distance of an atom to a vertex of its region, Å, infinite where a region has
        no end.
    """
    from scipy.spatial import QhullError
    from scipy.spatial import Voronoi as Diagram

    nothing = np.zeros((0, 2), dtype=np.int64), np.zeros(0), np.inf
    if len(points) < 5:
        return nothing
    try:
        diagram = Diagram(points)
    except QhullError:  # all points in one plane
        return nothing
    pair = np.asarray(diagram.ridge_points, dtype=np.int64)
    touching = np.flatnonzero((pair < atoms).any(axis=1))
    pair = pair[touching]
    rings = [diagram.ridge_vertices[ridge] for ridge in touching]
    count = np.array([len(ring) for ring in rings])
    vertex = np.concatenate(rings)
    if len(vertex) == 0 or vertex.min() < 0:
        return nothing
    corner = diagram.vertices[vertex] - np.repeat(points[pair[:, 0]], count, axis=0)

    start = np.cumsum(count) - count
    following = np.arange(1, len(vertex) + 1)
    following[start + count - 1] = start  # vertices go round the facet
    spanned = np.add.reduceat(np.cross(corner, corner[following]), start)
    area = np.linalg.norm(spanned, axis=1) / 2

    pair = np.concatenate([pair, pair[:, ::-1]])
    order = np.flatnonzero(pair[:, 0] < atoms)
    order = order[np.argsort(pair[order, 0], kind="stable")]
    return (
        pair[order],
        np.tile(area, 2)[order],
        float(np.linalg.norm(corner, axis=1).max()),
    )
