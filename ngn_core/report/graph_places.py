"""Points in space as plotly wants them."""

from __future__ import annotations

from collections.abc import Iterable


def places(points: Iterable[list[float] | None]) -> dict[str, list[float | None]]:
    """Return coordinates by axis, Å; None ends a line."""
    rows = [
        [None] * 3 if point is None else [round(x, 4) for x in point]
        for point in points
    ]
    x, y, z = ([row[axis] for row in rows] for axis in range(3))
    return {"x": x, "y": y, "z": z}
