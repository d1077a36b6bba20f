"""The surface of a ball as triangles."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

Point = tuple[float, float, float]


class Surface(NamedTuple):
    """Points on the unit sphere, and the triangles between them."""

    points: tuple[Point, ...]
    triangles: tuple[tuple[int, int, int], ...]


@cache
def sphere(rings: int) -> Surface:
    """Return the unit sphere, cut along circles of latitude.

    Args:
        rings: circles between the poles; each has twice as many points.
    """
    around = 2 * rings
    points: list[Point] = [(0.0, 0.0, 1.0), (0.0, 0.0, -1.0)]
    for ring in range(1, rings + 1):
        latitude = math.pi * ring / (rings + 1)
        for step in range(around):
            turn = 2 * math.pi * step / around
            flat = math.sin(latitude)
            points.append(
                (flat * math.cos(turn), flat * math.sin(turn), math.cos(latitude))
            )
    triangles = []
    for step in range(around):
        after = (step + 1) % around
        triangles.append((0, 2 + step, 2 + after))
        for ring in range(rings - 1):
            one, two = 2 + ring * around, 2 + (ring + 1) * around
            triangles.append((one + step, two + step, one + after))
            triangles.append((one + after, two + step, two + after))
        last = 2 + (rings - 1) * around
        triangles.append((1, last + after, last + step))
    return Surface(tuple(points), tuple(triangles))
