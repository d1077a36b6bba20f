"""Edges through the facets of Voronoi cells."""

from __future__ import annotations

import itertools
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class Voronoi(ngn.GraphConstructor):
    """Joins atoms whose Voronoi cells share a facet.

    Gives the facet's area and the solid angle under which its two atoms see it, in
    steradian; those of all facets around an atom sum to 4 pi where none is left out.
    Right for any cell, flat, long or with vacuum: a facet is only taken when no image
    of any atom is nearer to one of its vertices than the two atoms it lies between.
    """

    name = "voronoi"
    gives = {"area": "Å^2", "solid_angle": "sr"}

    class Options(ngn.Options):
        """Options of `Voronoi`."""

        min_area: Annotated[float, ngn.Unit("Å^2")] = Field(
            1.0e-6, ge=0, description="facets must be larger than this"
        )
        max_length: Annotated[float | None, ngn.Unit("Å")] = Field(
            None, gt=0, description="longest edge, included; none: any length"
        )

    options: Options

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.longest = options.max_length

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        sender, receiver, shift, columns = facets(crystal)
        area = columns["area"]
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
            sender[kept],
            receiver[kept],
            shift[kept],
            {name: column[kept] for name, column in columns.items()},
        )


REACH = 1.8
"""Images this near are taken first, in edges of a cube with an atom's mean volume."""

NEARER = 1.0e-7
"""An atom is nearer to a vertex by more than this, Å, or rounding makes it so."""

AROUND = np.array(
    [step for step in itertools.product((-1, 0, 1), repeat=3) if any(step)]
)


def facets(
    crystal: ngn.Crystal,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Return all facets of the Voronoi cells of a crystal's atoms.

    Returns:
        sender [E], receiver [E], cell_shift [E, 3] of the sender, and the columns
        `area` [E], Å^2, and `solid_angle` [E], sr; sorted by receiver.
    """
    taken, diagram = _complete(crystal)
    receiver = np.concatenate([diagram.pair[:, 0], diagram.pair[:, 1]])
    neighbor = np.concatenate([diagram.pair[:, 1], diagram.pair[:, 0]])
    order = np.flatnonzero(receiver < len(crystal.frac))
    order = order[np.argsort(receiver[order], kind="stable")]
    far = taken[neighbor[order]]
    area, angle = diagram.area(), diagram.solid_angle()
    columns = {"area": np.tile(area, 2)[order], "solid_angle": np.tile(angle, 2)[order]}
    return far[:, 0], receiver[order], far[:, 1:], columns


def _complete(crystal: ngn.Crystal) -> tuple[np.ndarray, _Diagram]:
    """Return images of atoms, and the facets of the crystal's own atoms among them.

    The cells among a few images contain the true ones. They are the true ones where no
    atom of the crystal is nearer to a vertex than the atom whose cell it belongs to;
    atoms that are nearer join the images.

    Returns:
        taken [P, 4], (atom, cell), the crystal's own atoms first; the diagram.
    """
    atoms = len(crystal.frac)
    edges = np.linalg.norm(crystal.lattice, axis=1)
    reach = REACH * (crystal.volume / atoms) ** (1 / 3)
    farthest = edges.sum() / 2  # that a point of space is from an atom's translates
    sender, _, shift, _ = ngn.neighbors_within(crystal, reach)
    home = np.column_stack([np.arange(atoms), np.zeros((atoms, 3), dtype=np.int64)])
    images = np.column_stack([sender, shift])[shift.any(axis=1)]
    images = np.unique(images, axis=0)
    walled = False
    while True:
        taken = np.concatenate([home, images])
        points = (crystal.frac[taken[:, 0]] + taken[:, 1:]) @ crystal.lattice
        diagram = _diagram(points, atoms)
        if not walled and (diagram is None or diagram.radius().max() > farthest):
            walled = True  # an atom's own translates give its cell an end
            own = np.repeat(home, len(AROUND), axis=0)
            own[:, 1:] = np.tile(AROUND, (atoms, 1))
            images = np.unique(np.concatenate([images, own]), axis=0)
            continue
        if diagram is None:
            raise ngn.StructureError(
                "the Voronoi cells of this crystal have no end; its cell has edges of "
                f"{', '.join(f'{edge:.4g}' for edge in edges)} Å and "
                f"a volume of {crystal.volume:.4g} Å^3"
            )
        nearer = _nearer(crystal, diagram, reach)
        known, images = images, np.unique(np.concatenate([images, nearer]), axis=0)
        if len(images) == len(known):
            return taken, diagram


class _Diagram(NamedTuple):
    """The facets of the first atoms among points, each with its vertices in a ring.

    Attributes:
        pair: [F, 2], the points a facet lies between.
        sides: [F], how many vertices it has.
        vertex: [V], of all facets.
        corner: [V, 3], from the first of the two points to the vertex, Å.
        place: [V, 3], Å.
    """

    pair: np.ndarray
    sides: np.ndarray
    vertex: np.ndarray
    corner: np.ndarray
    place: np.ndarray

    def radius(self) -> np.ndarray:
        """Return the distance of each vertex to the points of its facet, [V], Å."""
        radius: np.ndarray = np.linalg.norm(self.corner, axis=1)
        return radius

    def area(self) -> np.ndarray:
        """Return the area of each facet, [F], Å^2."""
        start = np.cumsum(self.sides) - self.sides
        following = np.arange(1, len(self.vertex) + 1)
        following[start + self.sides - 1] = start  # vertices go round the facet
        spanned = np.cross(self.corner, self.corner[following])
        area: np.ndarray = np.linalg.norm(np.add.reduceat(spanned, start), axis=1) / 2
        return area

    def solid_angle(self) -> np.ndarray:
        """Return the solid angle of each facet at either of its points, [F], sr.

        The sum over triangles that have one vertex in common; each by van Oosterom and
        Strackee 1983 (doi 10.1109/TBME.1983.325207).
        """
        start = np.cumsum(self.sides) - self.sides
        following = np.arange(1, len(self.vertex) + 1)
        following[start + self.sides - 1] = start
        a = self.corner[np.repeat(start, self.sides)]
        b, c = self.corner, self.corner[following]
        one, two, three = (np.linalg.norm(side, axis=1) for side in (a, b, c))
        volume = np.abs((a * np.cross(b, c)).sum(axis=1))
        plane = one * two * three + (a * b).sum(axis=1) * three
        plane += (a * c).sum(axis=1) * two + (b * c).sum(axis=1) * one
        angle: np.ndarray = np.add.reduceat(2 * np.arctan2(volume, plane), start)
        return angle


def _diagram(points: np.ndarray, atoms: int) -> _Diagram | None:
    """Return the facets of the first atoms; None where a cell of theirs has no end."""
    from scipy.spatial import QhullError
    from scipy.spatial import Voronoi as Diagram

    if len(points) < 5:
        return None
    try:
        diagram = Diagram(points)
    except QhullError:  # all points in one plane
        return None
    pair = np.asarray(diagram.ridge_points, dtype=np.int64)
    touching = np.flatnonzero((pair < atoms).any(axis=1))
    pair = pair[touching]
    rings = [diagram.ridge_vertices[ridge] for ridge in touching.tolist()]
    sides = np.array([len(ring) for ring in rings])
    vertex = np.concatenate(rings)
    if len(vertex) == 0 or vertex.min() < 0:
        return None
    place = diagram.vertices[vertex]
    corner = place - np.repeat(points[pair[:, 0]], sides, axis=0)
    return _Diagram(pair, sides, vertex, corner, place)


def _nearer(crystal: ngn.Crystal, diagram: _Diagram, reach: float) -> np.ndarray:
    """Return images, [I, 4], nearer to a vertex than the atom whose vertex it is.

    Some of them, where there are any: those that a short search finds.

    Args:
        crystal: the crystal.
        diagram: of some of its images.
        reach: all images within it are known, Å.
    """
    each = np.unique(diagram.vertex, return_index=True)[1]
    radius, place = diagram.radius()[each], diagram.place[each]
    doubtful = 2 * radius > reach
    while doubtful.any():
        radius, place = radius[doubtful], place[doubtful]
        within = min(reach, float(radius.max()))
        atom, vertex, shift, length = ngn.neighbors_within(crystal, within, place)
        nearer: np.ndarray = length < radius[vertex] - NEARER
        if nearer.any():
            return np.column_stack([atom[nearer], shift[nearer]])
        doubtful = radius > reach
        reach *= 2
    return np.zeros((0, 4), dtype=np.int64)
