"""One crystal's cell and edges as a plotly figure, in plain data."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from ngn_core.report.graph_atoms import atom_radius, atom_traces
from ngn_core.report.graph_edges import edge_title, edge_traces
from ngn_core.report.graph_places import places

if TYPE_CHECKING:
    from ngn_core.inspection.cell_picture import CellPicture

ZOOM = 1.6
"""Size of the picture in its frame."""

_GRAY = "#888888"


def figure(picture: CellPicture) -> dict[str, Any]:
    """Return data and layout: cell, edges, atoms."""
    traces = [_box(picture), *edge_traces(picture), *atom_traces(picture)]
    return {"data": traces, "layout": _layout(picture)}


def _box(picture: CellPicture) -> dict[str, Any]:
    """Return the twelve sides of the cell."""
    corners: list[list[float] | None] = []
    for axis in range(3):
        for others in product((0, 1), repeat=2):
            start = list(others)
            start.insert(axis, 0)
            end = list(others)
            end.insert(axis, 1)
            corners += [(start @ picture.lattice).tolist()]
            corners += [(end @ picture.lattice).tolist(), None]
    line = {"color": _GRAY, "width": 3}
    return {
        **places(corners),
        "type": "scatter3d",
        "mode": "lines",
        "line": line,
        "name": "cell",
        "hoverinfo": "skip",
    }


def _axes(picture: CellPicture, margin: float) -> dict[str, Any]:
    """Return equally scaled axes that are not seen, around all atoms and the cell."""
    corners = [corner @ picture.lattice for corner in product((0, 1), repeat=3)]
    axes: dict[str, Any] = {}
    spans: dict[str, float] = {}
    for place, axis in enumerate("xyz"):
        values = [atom.position[place] for atom in picture.atoms]
        values += [float(corner[place]) for corner in corners]
        low, high = min(values) - margin, max(values) + margin
        axes[f"{axis}axis"] = {"visible": False, "range": [low, high]}
        spans[axis] = high - low
    largest = max(spans.values())
    ratio = {axis: ZOOM * span / largest for axis, span in spans.items()}
    return {**axes, "aspectmode": "manual", "aspectratio": ratio}


def _layout(picture: CellPicture) -> dict[str, Any]:
    legend = {
        "itemsizing": "constant",
        "bgcolor": "rgba(0,0,0,0)",
        "tracegroupgap": 0,
        "yanchor": "top",
        "y": 0.94,
    }
    title = {"text": edge_title(picture), "font": {"size": 13}}
    camera = {
        "projection": {"type": "orthographic"},
        "eye": {"x": 1.9, "y": 0.68, "z": 0.54},
    }
    return {
        "scene": {
            **_axes(picture, atom_radius(picture)),
            "dragmode": "orbit",
            "camera": camera,
        },
        "legend": {**legend, "x": 0, "xanchor": "left"},
        "legend2": {**legend, "x": 1, "xanchor": "right", "title": title},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": _GRAY},
        "hoverlabel": {"font": {"size": 13}},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": _GRAY, "size": 13},
    }
