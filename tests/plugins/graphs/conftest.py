"""Random crystals, and their neighbors found the straightforward way."""

import itertools

import numpy as np
import pytest

from ngn_core.crystal.crystal import Crystal


@pytest.fixture(scope="session")
def random_crystal():
    """A function that gives a skewed cell with a few atoms, none on top of another."""

    def crystal(seed, atoms):
        rng = np.random.default_rng(seed)
        while True:
            lattice = rng.normal(size=(3, 3)) * rng.uniform(2, 6, size=(3, 1))
            heights = 1 / np.linalg.norm(np.linalg.inv(lattice), axis=0)
            frac = rng.uniform(-1.5, 1.5, size=(atoms, 3))
            made = Crystal(lattice, frac, (((6, 1.0),),) * atoms)
            if heights.min() > 1.5 and nearest(made) > 0.5:
                return made

    def nearest(made):
        return min(length for *_, length in search(made, 1))

    return crystal


def search(crystal, cells):
    """(sender, receiver, shift, length) of every pair within some cells."""
    spread = np.ptp(crystal.frac, axis=0)
    reach = (cells + np.ceil(spread)).astype(int)
    shifts = list(itertools.product(*(range(-n, n + 1) for n in reach)))
    for r, s in itertools.product(range(len(crystal.frac)), repeat=2):
        apart = crystal.frac[s] + np.array(shifts) - crystal.frac[r]
        lengths = np.linalg.norm(apart @ crystal.lattice, axis=1)
        for shift, length in zip(shifts, lengths, strict=True):
            if r != s or any(shift):
                yield s, r, shift, length


@pytest.fixture(scope="session")
def straightforward():
    """A function that measures every pair of atoms in every cell within a radius."""

    def pairs(crystal, radius):
        heights = 1 / np.linalg.norm(np.linalg.inv(crystal.lattice), axis=0)
        cells = np.ceil(radius / heights)
        return [row for row in search(crystal, cells) if row[3] <= radius]

    return pairs


@pytest.fixture(scope="session")
def rows():
    """A function that writes edges as a list of (sender, receiver, shift)."""

    def as_rows(edges):
        shifts = map(tuple, edges.cell_shift.tolist())
        return list(
            zip(edges.sender.tolist(), edges.receiver.tolist(), shifts, strict=True)
        )

    return as_rows
