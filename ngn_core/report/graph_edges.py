"""The edges of a crystal's picture, as plotly traces in plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ngn_core.inspection.scene import Bundle, Scene
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
    bundles: Sequence[tuple[int, Bundle]]
    far: bool = False


def edge_traces(scene: Scene) -> list[dict[str, Any]]:
    """Return lines with lengths in Å; far edges are hidden where there are many."""
    return [_trace(scene, strand) for strand in _strands(scene)]


def edge_title(scene: Scene) -> str:
    """Return what the colors of the edges tell."""
    crowded = len(scene.bundles) > LISTED
    return f"edges, by {'elements' if crowded else scene.what}"


def is_hidden(scene: Scene, bundle: Bundle) -> bool:
    """Return whether edges are hidden at first: far ones, where there are many."""
    return len(scene.bundles) > LISTED and not bundle.near


def _strands(scene: Scene) -> list[_Strand]:
    groups: dict[str, list[tuple[int, Bundle]]] = {}
    far = []
    for place, bundle in enumerate(scene.bundles):
        pair = (bundle.receiver, bundle.sender)
        if is_hidden(scene, bundle):
            far.append((place, bundle))
        elif len(scene.bundles) > LISTED:
            groups.setdefault("-".join(sorted(pair)), []).append((place, bundle))
        else:
            times = f"\N{MULTIPLICATION SIGN}{bundle.multiplicity}"
            name = f"{place + 1}: {'-'.join(pair)} {bundle.length:.3f} Å {times}"
            groups[name] = [(place, bundle)]
    strands = [
        _Strand(name, COLORS[place % len(COLORS)], group)
        for place, (name, group) in enumerate(groups.items())
    ]
    if far:
        name = f"{len(far):,} farther {scene.what}s"
        strands.append(_Strand(name, _GRAY, far, far=True))
    return strands


def _trace(scene: Scene, strand: _Strand) -> dict[str, Any]:
    points: list[list[float] | None] = []
    texts: list[str] = []
    for place, bundle in strand.bundles:
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
