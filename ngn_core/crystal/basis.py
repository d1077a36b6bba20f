"""Three vectors that span space: their determinant and their inverse.

For one matrix of 3 x 3, plain numbers are quicker than a call of a library.
"""

from __future__ import annotations

import numpy as np


def determinant(basis: np.ndarray) -> float:
    """Return the determinant of [3, 3]; for integers it is exact."""
    (a, b, c), (d, e, f), (g, h, i) = basis.tolist()
    product: float = a * (e * i - f * h) + b * (f * g - d * i) + c * (d * h - e * g)
    return product


def inverse(basis: np.ndarray) -> np.ndarray:
    """Return the inverse of [3, 3], whose determinant is not 0."""
    (a, b, c), (d, e, f), (g, h, i) = basis.tolist()
    u, v, w = e * i - f * h, f * g - d * i, d * h - e * g
    adjugate = [
        [u, c * h - b * i, b * f - c * e],
        [v, a * i - c * g, c * d - a * f],
        [w, b * g - a * h, a * e - b * d],
    ]
    inverted: np.ndarray = np.array(adjugate) / (a * u + b * v + c * w)
    return inverted
