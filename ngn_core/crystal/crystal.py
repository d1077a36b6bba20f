"""The crystal that every dataset gives and every graph starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ngn_core.crystal.elements import symbol_of
from ngn_core.errors import StructureError

Species = tuple[tuple[int, float], ...]
"""What sits on one site: (atomic number, weight) pairs, one pair where ordered.

Weights sum to 1 at most; what they leave is vacant.
"""

FULL = 1.0 - 1e-6
"""Least weight of an element that fills its site."""


def symbols(species: Species) -> str:
    """Return what sits on a site in short: `Cu`, `Cu0.75Au0.25`, `Na0.9`.

    The greatest weight comes first; one of 1 is not written.
    """
    ordered = sorted(species, key=lambda pair: -pair[1])
    return "".join(
        f"{symbol_of(number)}{'' if weight >= FULL else f'{weight:.3g}'}"
        for number, weight in ordered
    )


@dataclass(frozen=True)
class Crystal:
    """A periodic structure.

    Attributes:
        lattice: [3, 3], rows are the cell vectors, Å.
        frac: [N, 3], fractional coordinates.
        species: N entries, see `Species`.
        columns: named site columns, each [N, ...].
        properties: named numbers of the crystal as a whole.
        directional: names of the columns, [N, 3], that turn with the crystal.
    """

    lattice: np.ndarray
    frac: np.ndarray
    species: tuple[Species, ...]
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    properties: Mapping[str, float] = field(default_factory=dict)
    directional: frozenset[str] = frozenset()

    @property
    def is_ordered(self) -> bool:
        """Return whether every site holds one element that fills it."""
        return all(len(site) == 1 and site[0][1] >= FULL for site in self.species)

    def disorder(self) -> str | None:
        """Return what is disordered first, None where the crystal is ordered."""
        for site, species in enumerate(self.species):
            if len(species) != 1 or species[0][1] < FULL:
                shares = ", ".join(
                    f"{symbol_of(z)}: {weight:g}" for z, weight in species
                )
                return f"site {site} is partly occupied or shared ({shares})"
        return None

    @property
    def occupancy(self) -> np.ndarray:
        """Return how full each site is, [N], 1 where nothing is vacant."""
        return np.array([sum(weight for _, weight in site) for site in self.species])

    def shares(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the atomic numbers of each site and their weights, both [N, K].

        K is the most that a site holds; sites that hold fewer repeat their first
        element with the weight 0.
        """
        most = max(map(len, self.species))
        padded = [
            (*site, *[(site[0][0], 0.0)] * (most - len(site))) for site in self.species
        ]
        pairs = np.array(padded, dtype=np.float64)
        return pairs[:, :, 0].astype(np.int64), pairs[:, :, 1]

    @property
    def numbers(self) -> np.ndarray:
        """Return the atomic numbers, [N].

        Raises:
            StructureError: where a site is partly occupied or shared.
        """
        disorder = self.disorder()
        if disorder is not None:
            raise StructureError(
                f"{disorder}; an ordered crystal has one atom of weight 1 on every site"
            )
        return np.array([species[0][0] for species in self.species], dtype=np.int64)

    @property
    def volume(self) -> float:
        """Return the cell's volume, Å^3."""
        return float(abs(np.linalg.det(self.lattice)))

    def site_name(self, site: int) -> str:
        """Return how a message names a site: `atom 3 (Na)`."""
        elements = "+".join(symbol_of(number) for number, _ in self.species[site])
        return f"atom {site} ({elements})"

    def vectors(
        self, sender: np.ndarray, receiver: np.ndarray, cell_shift: np.ndarray
    ) -> np.ndarray:
        """Return the vectors from receivers to translated senders, [E, 3], Å.

        Args:
            sender: [E], atoms.
            receiver: [E], atoms.
            cell_shift: [E, 3], integer translation of the sender.
        """
        apart = self.frac.take(sender, axis=0) + cell_shift
        apart -= self.frac.take(receiver, axis=0)
        vectors: np.ndarray = apart @ self.lattice
        return vectors
