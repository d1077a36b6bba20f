"""The crystal that every dataset gives and every graph starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ngn_core.crystal.elements import symbol_of
from ngn_core.errors import StructureError

Species = tuple[tuple[int, float], ...]
"""What sits on one site: (atomic number, weight) pairs, one pair where ordered."""


@dataclass(frozen=True)
class Crystal:
    """A periodic structure.

    Attributes:
        lattice: [3, 3], rows are the cell vectors, Å.
        frac: [N, 3], fractional coordinates.
        species: N entries, see `Species`.
        columns: named site columns, each [N, ...].
    """

    lattice: np.ndarray
    frac: np.ndarray
    species: tuple[Species, ...]
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def numbers(self) -> np.ndarray:
        """Return the atomic numbers, [N].

        Raises:
            StructureError: where a site is partly occupied or shared.
        """
        for site, species in enumerate(self.species):
            if len(species) != 1 or abs(species[0][1] - 1.0) > 1e-6:
                shares = ", ".join(
                    f"{symbol_of(z)}: {weight:g}" for z, weight in species
                )
                raise StructureError(
                    f"site {site} is partly occupied or shared ({shares}); "
                    "an ordered crystal has one atom of weight 1 on every site"
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
        apart = self.frac[sender] + cell_shift - self.frac[receiver]
        vectors: np.ndarray = apart @ self.lattice
        return vectors
