"""The shortest bond is the one that a search for neighbors finds, in any cell."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.neighbors import nearest_neighbors
from ngn_core.crystal.spacing import measure_spacing


@given(st.integers(1, 6), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_shortest_bond_is_found_in_skew_cells(atoms, seed):
    random = np.random.default_rng(seed)
    lattice = np.diag(random.uniform(2.5, 9.0, 3))
    lattice[1] += random.integers(-2, 3) * lattice[0] + random.uniform(-1, 1, 3)
    lattice[2] += random.integers(-2, 3) * lattice[1]
    frac = random.uniform(-1, 2, (atoms, 3))
    crystal = Crystal(lattice, frac, (((6, 1.0),),) * atoms)
    pairs = nearest_neighbors(crystal, 1, 0.0)
    wanted = np.linalg.norm(crystal.vectors(*pairs), axis=1).min()
    np.testing.assert_allclose(measure_spacing(crystal).bond, wanted, rtol=0, atol=1e-9)
