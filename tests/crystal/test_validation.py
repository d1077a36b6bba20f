from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.validation import CLOSEST_APPROACH, check_arrays, check_distances
from ngn_core.errors import StructureError

GOOD = Crystal(
    np.eye(3) * 4, np.array([[0, 0, 0], [0.5, 0.5, 0.5]]), (((11, 1.0),),) * 2
)


def test_a_good_crystal_passes():
    check_arrays(GOOD)
    check_distances(GOOD)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lattice": np.eye(2)}, r"`lattice` must have shape \[3, 3\], got \[2, 2\]"),
        ({"lattice": np.diag([4, 4, np.nan])}, "`lattice` has a number that is not"),
        ({"lattice": np.diag([4.0, 4, 0])}, "no volume: edges 4, 4, 0 Å"),
        ({"lattice": np.ones((3, 3))}, "no volume"),
        ({"frac": np.zeros((3, 3))}, r"`frac` must have shape \[2, 3\], got \[3, 3\]"),
        ({"frac": np.full((2, 3), np.inf)}, "`frac` has a number that is not finite"),
        ({"species": (), "frac": np.zeros((0, 3))}, "no site"),
        ({"species": (((11, 1.0),), ())}, r"site 1 has occupancies \[\]"),
        ({"species": (((11, 1.0),), ((11, 0.6), (12, 0.6)))}, "sum to 1 at most"),
        ({"species": (((11, -1.0),), ((11, 1.0),))}, "site 0 has occupancies"),
        ({"columns": {"spin": np.zeros(3)}}, "column `spin` has 3 rows for 2 sites"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(change, message):
    with pytest.raises(StructureError, match=message):
        check_arrays(replace(GOOD, **change))


def test_one_site_is_counted_in_the_singular():
    alone = replace(GOOD, species=GOOD.species[:1])
    with pytest.raises(StructureError, match="the crystal has 1 site$"):
        check_arrays(alone)
    alone = replace(alone, frac=np.zeros((1, 3)), columns={"spin": np.zeros(2)})
    with pytest.raises(StructureError, match="has 2 rows for 1 site$"):
        check_arrays(alone)


def test_atoms_on_top_of_each_other_are_named():
    near = replace(GOOD, frac=np.array([[0, 0, 0.01], [0, 0, 0.96]]))
    with pytest.raises(
        StructureError, match=r"atom \d \(Na\) and atom \d \(Na\) in cell .* are 0.2 Å"
    ):
        check_distances(near)
    with pytest.raises(StructureError, match="are 0 Å apart; atoms are at least 0.5 Å"):
        check_distances(replace(GOOD, frac=np.zeros((2, 3))))
    with pytest.raises(StructureError, match=r"atom (\d) .* and atom \1 .* are 0.3 Å"):
        check_distances(replace(GOOD, lattice=np.diag([4.0, 4.0, 0.3])))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.6, 6.0))
def test_atoms_are_near_exactly_where_a_search_finds_them(seed, size):
    rng = np.random.default_rng(seed)
    lattice = size * rng.normal(size=(3, 3))
    assume(abs(np.linalg.det(lattice)) > 0.05)
    frac = rng.uniform(-2, 2, size=(rng.integers(1, 9), 3))
    crystal = Crystal(lattice, frac, (((6, 1.0),),) * len(frac))
    *_, length = neighbors_within(crystal, CLOSEST_APPROACH)
    if len(length):
        with pytest.raises(StructureError, match=f"are {length.min():.3g} Å apart"):
            check_distances(crystal)
    else:
        check_distances(crystal)
