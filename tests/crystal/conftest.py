"""Crystals that many tests need."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

from ngn_core.crystal.reading import from_pymatgen

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def _known():
    build = Structure.from_spacegroup
    cubic, tetragonal, hexagonal = Lattice.cubic, Lattice.tetragonal, Lattice.hexagonal
    structures = {
        "NaCl": build("Fm-3m", cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]),
        "Si": build("Fd-3m", cubic(5.43), ["Si"], [[0, 0, 0]]),
        "SrTiO3": build(
            "Pm-3m",
            cubic(3.90),
            ["Sr", "Ti", "O"],
            [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0]],
        ),
        "rutile": build(
            "P4_2/mnm",
            tetragonal(4.59, 2.96),
            ["Ti", "O"],
            [[0, 0, 0], [0.305, 0.305, 0]],
        ),
        "Al2O3": build(
            "R-3c",
            hexagonal(4.76, 12.99),
            ["Al", "O"],
            [[0, 0, 0.352], [0.306, 0, 0.25]],
        ),
        "quartz": build(
            "P3_221",
            hexagonal(4.91, 5.40),
            ["Si", "O"],
            [[0.4697, 0, 2 / 3], [0.4135, 0.2669, 0.7858]],
        ),
        "Cu": build("Fm-3m", cubic(3.61), ["Cu"], [[0, 0, 0]]),
        "ZnO": build(
            "P6_3mc",
            hexagonal(3.25, 5.2),
            ["Zn", "O"],
            [[1 / 3, 2 / 3, 0], [1 / 3, 2 / 3, 0.382]],
        ),
    }
    return {name: from_pymatgen(structure) for name, structure in structures.items()}


@pytest.fixture(scope="session")
def known():
    """Well-known crystals in their conventional cells, by name."""
    return _known()


@pytest.fixture(scope="session")
def shared_rows():
    """A function that reads every `step`-th row of a shared data set."""

    def rows(name, step=1):
        path = SHARED / name / "data.jsonl.gz"
        if not path.exists():
            pytest.skip(f"the shared data are not here: {path}")
        with gzip.open(path, "rt") as lines:
            return [json.loads(line) for line in lines][::step]

    return rows


@pytest.fixture
def disguised():
    """A function that writes a crystal another way: rotated, moved, shuffled, tiled."""

    def disguise(crystal, seed, matrix=((1, 0, 0), (0, 1, 0), (0, 0, 1))):
        rng = np.random.default_rng(seed)
        structure = Structure(
            crystal.lattice,
            [species[0][0] for species in crystal.species],
            crystal.frac,
        )
        structure.make_supercell(np.array(matrix), to_unit_cell=False)
        order = rng.permutation(len(structure))
        turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        frac = structure.frac_coords[order] + rng.normal(size=3)
        frac += rng.integers(-2, 3, size=frac.shape)
        return type(crystal)(
            structure.lattice.matrix @ turn,
            frac,
            tuple(((structure[int(site)].specie.Z, 1.0),) for site in order),
        )

    return disguise
