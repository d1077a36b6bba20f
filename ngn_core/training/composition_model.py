"""What of a target is linear in the composition, fitted on the training part alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ngn_core.crystal.elements import SYMBOLS, number_of

_STRENGTHS = np.logspace(-10, 2, 25)
"""Ridge penalties to choose from, in squares of the largest singular value."""


@dataclass(frozen=True)
class CompositionModel:
    """A value for each element, whose weighted sum is a crystal's reference.

    Attributes:
        elements: by symbol, in the target's unit, of those in the training part.
        others: of all other elements: the mean atom of the training part.
    """

    elements: Mapping[str, float]
    others: float

    @classmethod
    def fit(cls, values: Tensor, weights: Tensor) -> CompositionModel:
        """Return the reference of least squares, held to the mean atom where it must.

        The values of the elements are the mean atom's and deviations from it under a
        ridge penalty: of the strengths the one with the least error when each crystal
        is left out (Allen 1974, Technometrics 16, 125). With many crystals an element
        that is next to none; elements that always come together share their deviation;
        one that never came has none.

        Args:
            values: [n], of the training part.
            weights: [n, elements], counts or fractions.
        """
        given, target = weights.double().numpy(), values.double().numpy()
        atoms = given.sum(axis=1)
        mean = float((atoms @ target) / (atoms @ atoms))
        seen = np.flatnonzero(given.any(axis=0))
        deviations = _ridge(given[:, seen], target - mean * atoms)
        pairs = zip(seen.tolist(), deviations.tolist(), strict=True)
        return cls({SYMBOLS[place]: mean + found for place, found in pairs}, mean)

    def of(self, weights: Tensor) -> Tensor:
        """Return the reference of each crystal, [n], from counts or fractions."""
        values = torch.full((len(SYMBOLS),), self.others, dtype=torch.float64)
        for symbol, value in self.elements.items():
            values[number_of(symbol) - 1] = value
        return weights.double() @ values


def _ridge(given: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return coefficients, [k], from [n, k] and [n], by the strength that predicts."""
    left, sizes, right = np.linalg.svd(given, full_matrices=False)
    inside = left.T @ target
    best, chosen = np.inf, np.zeros(len(sizes))
    for strength in _STRENGTHS * sizes[0] ** 2:
        kept = sizes**2 / (sizes**2 + strength)
        left_out = (target - left @ (kept * inside)) / (1 - left**2 @ kept)
        error = float(np.square(left_out).mean())
        if error < best:
            best, chosen = error, kept * inside / np.maximum(sizes, 1e-300)
    coefficients: np.ndarray = right.T @ chosen
    return coefficients
