"""The edges of a crystal's picture, as plotly traces in plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ngn_core.inspection.cell_picture import CellPicture, EdgeGroup
from ngn_core.report.graph_places import places

COLORS = (
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
)
"""Colors of edges, over and over; readable on white and on black."""

LISTED = 20
"""Most bundles that have a color of their own; of more, elements have one."""

FAR = "far"
"""Name of the group of far edges and of the atoms that only they reach."""

_GRAY = "#888888"


@dataclass(frozen=True)
class _Strand:
    """Bundles, numbered from 0, that have one color and one entry in the legend."""

    name: str
    color: str
    edge_groups: Sequence[tuple[int, EdgeGroup]]
    far: bool = False


def edge_traces(picture: CellPicture) -> list[dict[str, Any]]:
    """Return lines with lengths in Å; far edges are hidden where there are many."""
    return [_trace(picture, strand) for strand in _strands(picture)]


def edge_title(picture: CellPicture) -> str:
    """Return what the colors of the edges tell."""
    crowded = len(picture.edge_groups) > LISTED
    return f"edges, by {'elements' if crowded else picture.what}"


def is_hidden(picture: CellPicture, edge_group: EdgeGroup) -> bool:
    """Return whether edges are hidden at first: far ones, where there are many."""
    return len(picture.edge_groups) > LISTED and not edge_group.near


def _strands(picture: CellPicture) -> list[_Strand]:
    groups: dict[str, list[tuple[int, EdgeGroup]]] = {}
    far = []
    for place, edge_group in enumerate(picture.edge_groups):
        pair = (edge_group.receiver, edge_group.sender)
        if is_hidden(picture, edge_group):
            far.append((place, edge_group))
        elif len(picture.edge_groups) > LISTED:
            groups.setdefault("-".join(sorted(pair)), []).append((place, edge_group))
        else:
            times = f"\N{MULTIPLICATION SIGN}{edge_group.multiplicity}"
            name = f"{place + 1}: {'-'.join(pair)} {edge_group.length:.3f} Å {times}"
            groups[name] = [(place, edge_group)]
    strands = [
        _Strand(name, COLORS[place % len(COLORS)], group)
        for place, (name, group) in enumerate(groups.items())
    ]
    if far:
        name = f"{len(far):,} farther {picture.what}s"
        strands.append(_Strand(name, _GRAY, far, far=True))
    return strands


def _trace(picture: CellPicture, strand: _Strand) -> dict[str, Any]:
    points: list[list[float] | None] = []
    texts: list[str] = []
    for place, edge_group in strand.edge_groups:
        text = (
            f"{edge_group.receiver}-{edge_group.sender} edge, {picture.what} "
            f"{place + 1}<br>multiplicity {edge_group.multiplicity}"
            f"<br>{edge_group.length:.4f} Å"
        )
        for sender, receiver in edge_group.edges:
            one = list(picture.atoms[receiver].position)
            two = list(picture.atoms[sender].position)
            middle = [(a + b) / 2 for a, b in zip(one, two, strict=True)]
            points += [one, middle, two, None]
            texts += [text] * 4
    return {
        **places(points),
        "type": "scatter3d",
        "mode": "lines",
        "line": {"color": strand.color, "width": 1 if strand.far else 4},
        "name": strand.name,
        "visible": "legendonly" if strand.far else True,
        "legendgroup": FAR if strand.far else "",
        "legend": "legend2",
        "text": texts,
        "hoverinfo": "text",
    }
