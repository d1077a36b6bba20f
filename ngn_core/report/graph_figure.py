"""One crystal's cell and edges as a plotly figure, in plain data."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

from ngn_core.compare.scene import Atom, Bundle, Scene
from ngn_core.report.element_colors import element_color

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
    for image in (True, False):
        for element in dict.fromkeys(atom.element for atom in scene.atoms):
            chosen = [
                atom
                for atom in scene.atoms
                if atom.element == element and atom.image is image
            ]
            if chosen:
                traces.append(_balls(chosen, element, image))
    return {"data": traces, "layout": _layout(scene)}


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


def _balls(atoms: list[Atom], element: str, image: bool) -> dict[str, Any]:
    where = " (image)" if image else ""
    texts = [
        f"{element}{where}, orbit {atom.site + 1}<br>multiplicity {atom.multiplicity}"
        for atom in atoms
    ]
    marker = {
        "size": 9 if image else 16,
        "color": element_color(element),
        "opacity": 0.55 if image else 1.0,
        "line": {"color": "#555555", "width": 1},
    }
    return {
        **_places([list(atom.position) for atom in atoms]),
        "type": "scatter3d",
        "mode": "markers",
        "marker": marker,
        "name": f"{element} outside" if image else element,
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


def _layout(scene: Scene) -> dict[str, Any]:
    hidden = {"visible": False, "showspikes": False}
    legend = {"itemsizing": "constant", "bgcolor": "rgba(0,0,0,0)", "yanchor": "top"}
    title = f"edges, by {scene.what}"
    return {
        "scene": {
            "xaxis": hidden,
            "yaxis": hidden,
            "zaxis": hidden,
            "aspectmode": "data",
            "dragmode": "orbit",
            "camera": {
                "projection": {"type": "orthographic"},
                "eye": {"x": 1.1, "y": 0.8, "z": 0.5},
            },
        },
        "legend": {**legend, "x": 0, "y": 1, "xanchor": "left"},
        "legend2": {
            **legend,
            "x": 1,
            "y": 1,
            "xanchor": "right",
            "title": {"text": title},
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": _GRAY, "size": 13},
        "uirevision": "same",
    }
