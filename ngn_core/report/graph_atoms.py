"""The atoms of a crystal's picture, as plotly traces in plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ngn_core.inspection.cell_picture import Atom, CellPicture
from ngn_core.report.element_colors import element_color
from ngn_core.report.graph_edges import FAR, is_hidden
from ngn_core.report.graph_places import places
from ngn_core.report.sphere import sphere

SEEN, APART = 0.045, 0.28
"""Largest radius of an atom over the picture's width, and over the shortest edge."""

OUTSIDE = 0.6
"""Radius of an image over that of an atom of the cell."""

FINE, COARSE, MANY = 9, 4, 200
"""How round atoms are, and from how many atoms on they are less so."""

LIGHT = {"ambient": 0.5, "diffuse": 0.55, "specular": 0.15, "roughness": 0.5}


def atom_traces(picture: CellPicture) -> list[dict[str, Any]]:
    """Return balls by element; those at the ends of hidden edges are hidden as well."""
    radius = atom_radius(picture)
    rings = FINE if len(picture.atoms) <= MANY else COARSE
    far = _far_atoms(picture)
    kinds: dict[tuple[bool, bool, str], list[Atom]] = {}
    for place, atom in enumerate(picture.atoms):
        kind = (place in far, atom.image, atom.element)
        kinds.setdefault(kind, []).append(atom)
    traces = []
    for (is_far, _, element), atoms in kinds.items():
        trace = _balls(atoms, element, rings, radius)
        if is_far:
            hidden = {"visible": "legendonly", "showlegend": False}
            trace |= {**hidden, "legend": "legend2", "legendgroup": FAR}
        traces.append(trace)
    return traces


def atom_radius(picture: CellPicture) -> float:
    """Return the radius of the atoms of the cell, Å: seen, and not touching."""
    axes = zip(*(atom.position for atom in picture.atoms), strict=True)
    largest: float = max(max(axis) - min(axis) for axis in axes)
    shortest = min(edge_group.length for edge_group in picture.edge_groups)
    return min(SEEN * largest, APART * shortest)


def _far_atoms(picture: CellPicture) -> set[int]:
    """Return the places of images that only hidden edges reach."""
    reached: dict[bool, set[int]] = {True: set(), False: set()}
    for edge_group in picture.edge_groups:
        senders = {sender for sender, _ in edge_group.edges}
        reached[is_hidden(picture, edge_group)] |= senders
    only = reached[True] - reached[False]
    return {place for place in only if picture.atoms[place].image}


def _balls(
    atoms: Sequence[Atom], element: str, rings: int, radius: float
) -> dict[str, Any]:
    """Return the atoms of one element, all in the cell or all outside."""
    image = atoms[0].image
    surface = sphere(rings)
    radius *= OUTSIDE if image else 1
    points: list[list[float] | None] = []
    corners: list[tuple[int, int, int]] = []
    texts: list[str] = []
    for atom in atoms:
        start = len(points)
        points += [
            [x + radius * dx for x, dx in zip(atom.position, point, strict=True)]
            for point in surface.points
        ]
        corners += [(start + i, start + j, start + k) for i, j, k in surface.triangles]
        where = " outside the cell" if image else ""
        text = f"{element}{where}, orbit {atom.site + 1}"
        texts += [f"{text}<br>multiplicity {atom.multiplicity}"] * len(surface.points)
    i, j, k = zip(*corners, strict=True)
    return {
        **places(points),
        "i": i,
        "j": j,
        "k": k,
        "type": "mesh3d",
        "color": element_color(element),
        "lighting": LIGHT,
        "lightposition": {"x": -60000, "y": 90000, "z": -80000},
        "name": f"{element} outside" if image else element,
        "showlegend": True,
        "legend": "legend",
        "text": texts,
        "hoverinfo": "text",
    }
