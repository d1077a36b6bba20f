"""One crystal's cell and edges as a plotly figure, in plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from ngn_core.compare.scene import Atom, Bundle, Scene
from ngn_core.report.element_colors import element_color
from ngn_core.report.sphere import sphere

LINES = [
    "#4c78a8",
    "#f58518",
    "#54a24b",
    "#e45756",
    "#72b7b2",
    "#b279a2",
    "#d6a300",
    "#9d755d",
    "#ff6fa5",
    "#6f6fd8",
]
"""Colors of bundles of edges, over and over; readable on white and on black."""

LISTED = 20
"""Bundles with an entry of their own in the legend; the rest share one."""

SEEN, APART = 0.045, 0.28
"""Largest radius of an atom over the picture's width, and over the shortest edge."""

OUTSIDE = 0.6
"""Radius of an image over that of an atom of the cell."""

ZOOM = 1.6
"""Size of the picture in its frame."""

FINE, COARSE, MANY = 9, 4, 200
"""How round atoms are, and from how many atoms on they are less so."""

LIGHT = {"ambient": 0.5, "diffuse": 0.55, "specular": 0.15, "roughness": 0.5}

_GRAY = "#888888"


def figure(scene: Scene) -> dict[str, Any]:
    """Return data and layout: cell, edges by bundle, atoms by element."""
    listed, rest = scene.bundles[:LISTED], scene.bundles[LISTED:]
    traces = [_box(scene)]
    for place, bundle in enumerate(listed):
        color = LINES[place % len(LINES)]
        name = (
            f"{bundle.receiver}-{bundle.sender} {bundle.length:.3f} Å "
            f"\N{MULTIPLICATION SIGN}{bundle.multiplicity}"
        )
        traces.append(_lines(scene, [(place, bundle)], name, color))
    if rest:
        name = f"{len(rest)} more {scene.what}s"
        numbered = list(enumerate(rest, start=len(listed)))
        traces.append(_lines(scene, numbered, name, _GRAY))
    radius = _radius(scene)
    rings = FINE if len(scene.atoms) <= MANY else COARSE
    kinds = dict.fromkeys((atom.image, atom.element) for atom in scene.atoms)
    for image, element in kinds:
        chosen = [a for a in scene.atoms if (a.image, a.element) == (image, element)]
        traces.append(_balls(chosen, element, rings, radius))
    return {"data": traces, "layout": _layout(scene, radius)}


def _box(scene: Scene) -> dict[str, Any]:
    """Return the twelve sides of the cell."""
    corners: list[list[float] | None] = []
    for axis in range(3):
        for others in product((0, 1), repeat=2):
            start = list(others)
            start.insert(axis, 0)
            end = list(others)
            end.insert(axis, 1)
            corners += [(start @ scene.lattice).tolist()]
            corners += [(end @ scene.lattice).tolist(), None]
    line = {"color": _GRAY, "width": 3}
    return {
        **_places(corners),
        "type": "scatter3d",
        "mode": "lines",
        "line": line,
        "name": "cell",
        "hoverinfo": "skip",
    }


def _lines(
    scene: Scene, bundles: list[tuple[int, Bundle]], name: str, color: str
) -> dict[str, Any]:
    points: list[list[float] | None] = []
    texts: list[str] = []
    for place, bundle in bundles:
        text = (
            f"{bundle.receiver}-{bundle.sender} edge, {scene.what} {place + 1}"
            f"<br>multiplicity {bundle.multiplicity}<br>{bundle.length:.4f} Å"
        )
        for sender, receiver in bundle.edges:
            one = list(scene.atoms[receiver].position)
            two = list(scene.atoms[sender].position)
            middle = [(a + b) / 2 for a, b in zip(one, two, strict=True)]
            points += [one, middle, two, None]
            texts += [text] * 4
    return {
        **_places(points),
        "type": "scatter3d",
        "mode": "lines",
        "line": {"color": color, "width": 4},
        "name": name,
        "legend": "legend2",
        "text": texts,
        "hoverinfo": "text",
    }


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
        **_places(points),
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


def _places(points: Iterable[list[float] | None]) -> dict[str, list[float | None]]:
    rows = [
        [None] * 3 if point is None else [round(x, 4) for x in point]
        for point in points
    ]
    x, y, z = ([row[axis] for row in rows] for axis in range(3))
    return {"x": x, "y": y, "z": z}


def _axes(scene: Scene, margin: float) -> dict[str, Any]:
    """Return equally scaled axes that are not seen, around all atoms and the cell."""
    corners = [corner @ scene.lattice for corner in product((0, 1), repeat=3)]
    axes: dict[str, Any] = {}
    spans: dict[str, float] = {}
    for place, axis in enumerate("xyz"):
        values = [atom.position[place] for atom in scene.atoms]
        values += [float(corner[place]) for corner in corners]
        low, high = min(values) - margin, max(values) + margin
        axes[f"{axis}axis"] = {"visible": False, "range": [low, high]}
        spans[axis] = high - low
    largest = max(spans.values())
    ratio = {axis: ZOOM * span / largest for axis, span in spans.items()}
    return {**axes, "aspectmode": "manual", "aspectratio": ratio}


def _layout(scene: Scene, radius: float) -> dict[str, Any]:
    legend = {
        "itemsizing": "constant",
        "bgcolor": "rgba(0,0,0,0)",
        "yanchor": "top",
        "y": 0.94,
    }
    title = {"text": f"edges, by {scene.what}", "font": {"size": 13}}
    camera = {
        "projection": {"type": "orthographic"},
        "eye": {"x": 1.9, "y": 0.68, "z": 0.54},
    }
    return {
        "scene": {**_axes(scene, radius), "dragmode": "orbit", "camera": camera},
        "legend": {**legend, "x": 0, "xanchor": "left"},
        "legend2": {**legend, "x": 1, "xanchor": "right", "title": title},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": _GRAY},
        "hoverlabel": {"font": {"size": 13}},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": _GRAY, "size": 13},
    }


def _radius(scene: Scene) -> float:
    """Return the radius of the atoms of the cell, Å: seen, and not touching."""
    places = zip(*(atom.position for atom in scene.atoms), strict=True)
    largest: float = max(max(axis) - min(axis) for axis in places)
    shortest = min(bundle.length for bundle in scene.bundles)
    return min(SEEN * largest, APART * shortest)
